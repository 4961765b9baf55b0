use store::{Query, args, sql};

sql! {
    /// When conditions were decided last.
    pub DECIDED = "SELECT id, decided_at, used_at FROM behaviour_condition";

    /// Unless somebody keeps the condition true who was heard of since.
    pub KEEP = "INSERT INTO behaviour_condition (id, definition, decided_at, watermark, used_at)
        VALUES ($1, $2, $3, $4, $3) ON CONFLICT (id) DO UPDATE SET decided_at = excluded.decided_at,
        watermark = excluded.watermark, used_at = excluded.used_at, live_by = NULL
        WHERE behaviour_condition.live_by IS NULL OR NOT EXISTS (SELECT 1 FROM behaviour_upkeep u
            WHERE u.id = behaviour_condition.live_by AND u.as_of >= $5)";

    pub USE = "UPDATE behaviour_condition SET used_at = $2 WHERE id = $1";

    pub EXCEPTIONS = "SELECT profile_id FROM behaviour_exception WHERE condition_id = $1";

    pub FORGET_EXCEPTIONS = "DELETE FROM behaviour_exception WHERE condition_id IN
        (SELECT id FROM behaviour_condition WHERE used_at < $1)";

    pub FORGET = "DELETE FROM behaviour_condition WHERE used_at < $1";

    /// Whose nodes are: every person's, those that nothing was told about left out.
    pub OWNERS = "SELECT node_id, profile_id FROM profile_node WHERE until IS NULL";

    pub NODES = "SELECT node_id FROM profile_node WHERE profile_id = $1 AND until IS NULL";

    /// Until where what `identify` calls say was read.
    pub IDENTIFIED = "SELECT after_at FROM event_projection WHERE stream = 'identify'";

    pub SET_IDENTIFIED = "INSERT INTO event_projection (stream, after_at, after_id, updated_at) VALUES ('identify', $1, '', $2)
        ON CONFLICT (stream) DO UPDATE SET after_at = excluded.after_at, updated_at = excluded.updated_at";

    /// Definitions of the segments in use, and of those that are tried out.
    pub IN_USE = "SELECT v.definition FROM segment s JOIN segment_version v ON v.id = s.version_id WHERE s.state = 'active'";
}

pub const ADD: &str = "INSERT INTO behaviour_exception (condition_id, profile_id) VALUES";
pub const KEEP_EXCEPTION: &str = "ON CONFLICT (condition_id, profile_id) DO NOTHING";

/// Takes out people of whom a condition is like of everybody else again.
pub fn remove(condition: &str, profiles: &[kernel::Id]) -> Query {
    let mut query = Query::new("DELETE FROM behaviour_exception WHERE condition_id = $1", args![condition]);
    query.and_in("profile_id", profiles.iter().copied());
    query
}
