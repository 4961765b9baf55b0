use kernel::{Id, Timestamp};
use store::{Query, args, sql};

sql! {
    /// Conditions that somebody keeps who was heard of since.
    pub LIVE = "SELECT c.id FROM behaviour_condition c JOIN behaviour_upkeep u ON u.id = c.live_by WHERE u.as_of >= $1";

    /// Up to when somebody keeps conditions who was heard of since.
    pub AS_OF = "SELECT MAX(as_of) AS as_of FROM behaviour_upkeep WHERE as_of >= $1";

    /// Changes whenever a segment does: each change counts its version up.
    pub FINGERPRINT = "SELECT CAST(COUNT(*) AS BIGINT) AS segments, CAST(COALESCE(SUM(version), 0) AS BIGINT) AS versions
        FROM segment";

    pub ACTIVE = "SELECT s.id, s.version_id, v.definition FROM segment s JOIN segment_version v ON v.id = s.version_id
        WHERE s.state = 'active' ORDER BY s.id";

    pub KEPT = "SELECT segment_id, version_id, full_at FROM segment_live";

    /// Index profile_node_since.
    pub CAME = "SELECT node_id, profile_id FROM profile_node WHERE until IS NULL AND since >= $1";

    /// Identifiers that are nobody's any more; index profile_node_until.
    pub LEFT = "SELECT DISTINCT m.node_id FROM profile_node m WHERE m.until >= $1
        AND NOT EXISTS (SELECT 1 FROM profile_node o WHERE o.node_id = m.node_id AND o.until IS NULL)";

    /// Says that somebody keeps conditions, and up to when.
    pub BEAT = "INSERT INTO behaviour_upkeep (id, as_of) VALUES ($1, $2)
        ON CONFLICT (id) DO UPDATE SET as_of = excluded.as_of";

    pub HELD = "SELECT CAST(COUNT(*) AS BIGINT) FROM behaviour_condition WHERE live_by = $1";

    /// Takes a condition over.
    pub TAKE = "INSERT INTO behaviour_condition (id, definition, decided_at, watermark, used_at, live_by)
        VALUES ($1, $2, $3, $4, $3, $5) ON CONFLICT (id) DO UPDATE SET decided_at = excluded.decided_at,
        watermark = excluded.watermark, used_at = excluded.used_at, live_by = excluded.live_by";

    /// What is kept is asked for.
    pub USE = "UPDATE behaviour_condition SET used_at = $2 WHERE live_by = $1";

    pub LET_GO = "UPDATE behaviour_condition SET live_by = NULL WHERE id = $1 AND live_by = $2";
    pub LET_ALL_GO = "UPDATE behaviour_condition SET live_by = NULL WHERE live_by = $1";
    pub FORGET_SELF = "DELETE FROM behaviour_upkeep WHERE id = $1";
    /// Those who ended without saying so.
    pub FORGET_DEAD = "DELETE FROM behaviour_upkeep WHERE as_of < $1";

    pub LIVE_MEMBERS = "SELECT members FROM segment_live WHERE segment_id = $1";
    pub COUNT_MEMBERS = "SELECT CAST(COUNT(*) AS BIGINT) FROM segment_member WHERE segment_id = $1";
    pub KEEP_LIVE = "INSERT INTO segment_live (segment_id, version_id, members, full_at, follows_events)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (segment_id) DO UPDATE SET version_id = excluded.version_id, members = excluded.members,
        full_at = excluded.full_at, follows_events = excluded.follows_events";
    pub COUNTED = "UPDATE segment SET member_count = $3, counted_at = $4 WHERE id = $1 AND version_id = $2";
    pub SIZE = "INSERT INTO segment_size (segment_id, day, members) VALUES ($1, $2, $3)
        ON CONFLICT (segment_id, day) DO UPDATE SET members = excluded.members";
    pub FORGET_MEMBERS = "DELETE FROM segment_member WHERE segment_id = $1";
    pub FORGET_LIVE = "DELETE FROM segment_live WHERE segment_id = $1";
    pub FORGET_CHANGES = "DELETE FROM segment_change WHERE at < $1";
}

pub const ADD_MEMBERS: &str = "INSERT INTO segment_member (segment_id, profile_id, since) VALUES";
pub const ADD_CHANGES: &str = "INSERT INTO segment_change (id, segment_id, profile_id, change, at) VALUES";
/// Two who do the same at the same time do it once.
pub const KEEP_MEMBER: &str = "ON CONFLICT (segment_id, profile_id) DO NOTHING";

/// People who are there; a condition follows.
pub fn people() -> Query {
    Query::new(
        "SELECT p.id FROM profile p WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND NOT p.is_decoy",
        args![],
    )
}

/// Whoever is in a segment when it is kept first; a condition follows.
pub fn first_members(segment: Id, now: Timestamp) -> Query {
    Query::new(
        "INSERT INTO segment_member (segment_id, profile_id, since)
         SELECT CAST($1 AS TEXT), p.id, CAST($2 AS BIGINT) FROM profile p
         WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND NOT p.is_decoy",
        args![segment, now],
    )
}

/// Leaves out people who are in a segment.
pub fn and_not_in(people: &mut Query, segment: Id) {
    people
        .push(" AND NOT EXISTS (SELECT 1 FROM segment_member x WHERE x.profile_id = p.id")
        .and("x.segment_id =", segment)
        .push(CLOSE);
}

/// Members of a segment who are not there any more, or of whom its condition does not hold; this and [`CLOSE`] follow.
pub fn members_without(segment: Id) -> Query {
    Query::new(
        "SELECT x.profile_id FROM segment_member x WHERE x.segment_id = $1 AND NOT EXISTS (SELECT 1 FROM profile p
         WHERE p.id = x.profile_id AND p.merged_into IS NULL AND p.archived_at IS NULL AND NOT p.is_decoy",
        args![segment],
    )
}

pub const CLOSE: &str = ")";

/// Members of a segment among these people.
pub fn members_among(segment: Id, among: &[Id]) -> Query {
    let mut query = Query::new("SELECT profile_id FROM segment_member WHERE segment_id = $1", args![segment]);
    query.and_in("profile_id", among.iter().copied());
    query
}

pub fn remove_members(segment: Id, gone: &[Id]) -> Query {
    let mut query = Query::new("DELETE FROM segment_member WHERE segment_id = $1", args![segment]);
    query.and_in("profile_id", gone.iter().copied());
    query
}

/// A row of who came or went.
pub fn change(segment: Id, profile: Id, change: &'static str, at: Timestamp) -> Vec<store::Value> {
    args![Id::new(), segment, profile, change, at]
}
