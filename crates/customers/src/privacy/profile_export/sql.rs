use store::{Query, args, sql};

pub const INSERT_DECOYS: &str = "INSERT INTO decoy_export (export_id, decoy_id) VALUES";

sql! {
    pub INSERT = "INSERT INTO profile_export (id, at, actor_id, actor_name, format, filter, rows, people_hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    pub DECOYS = "SELECT profile_id, id FROM decoy";

    pub PEOPLE = "SELECT people_hash FROM profile_export WHERE id = $1";

    /// Lists of people that were kept long enough.
    pub OLD = "SELECT id, people_hash FROM profile_export WHERE at < $1 AND people_hash IS NOT NULL ORDER BY at, id LIMIT 500";
    pub COUNT_OLD = "SELECT CAST(COUNT(*) AS BIGINT) FROM profile_export WHERE at < $1 AND people_hash IS NOT NULL";
    pub FORGET = "UPDATE profile_export SET people_hash = NULL WHERE id = $1";
    pub USED = "SELECT CAST(COUNT(*) AS BIGINT) FROM profile_export WHERE people_hash = $1";
}

pub fn list() -> Query {
    Query::new(
        "SELECT x.id, x.at, x.actor_id, x.actor_name, x.format, x.rows, x.filter, x.people_hash IS NOT NULL AS available
         FROM profile_export x WHERE TRUE",
        args![],
    )
}
