use kernel::Id;
use store::{Query, args, sql};

macro_rules! select {
    () => {
        "SELECT a.id, a.segment_id, v.number AS version_number, a.count, a.watermark, a.used_by, a.reason, a.created_at,
            a.created_by
        FROM audience a JOIN segment_version v ON v.id = a.segment_version_id WHERE TRUE"
    };
}

sql! {
    pub BY_USE = "SELECT id, count, watermark FROM audience WHERE used_by = $1";

    pub INSERT = "INSERT INTO audience
        (id, segment_id, segment_version_id, used_by, count, watermark, created_at, created_by, reason)
        VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8)";

    pub ONE = concat!(select!(), " AND a.id = $1");

    pub STORE_COUNT = "UPDATE audience SET count = $2 WHERE id = $1";
}

/// Index audience_segment.
pub fn of_segment(segment: Id) -> Query {
    let mut query = Query::new(select!(), args![]);
    query.and("a.segment_id =", segment);
    query
}

/// Copies members in one statement; conditions and scope follow.
pub fn insert_members(audience: Id) -> Query {
    Query::new(
        "INSERT INTO audience_member (audience_id, profile_id, email_node_id, mobile_node_id)
         SELECT $1, p.id, p.email_node_id, p.mobile_node_id
         FROM profile p
         WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND p.restricted_since IS NULL AND NOT p.is_decoy",
        args![audience],
    )
}
