use store::{Query, args, sql};

sql! {
    pub INSERT = "INSERT INTO legal_hold (id, profile_id, reason, until, created_at, created_by, version)
        VALUES ($1, $2, $3, $4, $5, $6, 1)";

    pub LIFT = "UPDATE legal_hold SET lifted_at = $3, lifted_by = $4, lifted_because = $5, version = version + 1
        WHERE id = $1 AND version = $2 AND lifted_at IS NULL";

    /// Index legal_hold_profile.
    pub IN_FORCE = "SELECT id FROM legal_hold WHERE profile_id = $1 AND lifted_at IS NULL
        AND (until IS NULL OR until > $2) LIMIT 1";
}

pub fn list() -> Query {
    Query::new(
        "SELECT h.id, h.profile_id, h.reason, h.until, h.created_at, h.created_by, h.lifted_at, h.lifted_because, h.version
         FROM legal_hold h WHERE TRUE",
        args![],
    )
}
