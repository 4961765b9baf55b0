use kernel::Id;
use store::{Query, args, sql};

const SELECT: &str =
    "SELECT s.id, s.node_id, m.profile_id, CASE WHEN n.erased_at IS NULL THEN n.value END AS address,
       s.channel, s.reason, s.detail, s.source, s.happened_at, s.expires_at, s.lifted_at, s.lifted_by,
       s.lifted_because, s.created_at, s.version
FROM suppression s
JOIN identifier_node n ON n.id = s.node_id
JOIN profile_node m ON m.node_id = s.node_id AND m.until IS NULL
WHERE TRUE";

pub const INSERT: &str = "INSERT INTO suppression
    (id, node_id, channel, reason, detail, source, happened_at, expires_at, created_at, created_by) VALUES";
/// A second report of the same can lengthen an entry, never shorten it.
pub const LENGTHEN: &str = "ON CONFLICT (node_id, channel, reason) WHERE lifted_at IS NULL DO UPDATE SET
    expires_at = CASE WHEN suppression.expires_at IS NULL OR excluded.expires_at IS NULL THEN NULL
                      WHEN excluded.expires_at > suppression.expires_at THEN excluded.expires_at
                      ELSE suppression.expires_at END,
    happened_at = excluded.happened_at, detail = excluded.detail, version = suppression.version + 1";

sql! {
    pub NODE_KIND = "SELECT kind FROM identifier_node WHERE id = $1";

    pub LIFT = "UPDATE suppression SET lifted_at = $3, lifted_by = $4, lifted_because = $5, version = version + 1
        WHERE id = $1 AND version = $2 AND lifted_at IS NULL";

    pub LIFT_EXPIRED = "UPDATE suppression SET lifted_at = expires_at, lifted_because = 'expired',
        version = version + 1
        WHERE lifted_at IS NULL AND expires_at <= $1";

    /// Index suppression_expiring.
    pub SOME_EXPIRED = "SELECT id FROM suppression WHERE lifted_at IS NULL AND expires_at <= $1 LIMIT 1";
}

/// Index suppression_newest.
pub fn list() -> Query {
    Query::new(SELECT, args![])
}

pub fn one(id: Id) -> Query {
    let mut query = list();
    query.and("s.id =", id);
    query
}

pub fn of_profile(profile: Id) -> Query {
    let mut query = list();
    query
        .and("m.profile_id =", profile)
        .push(" AND s.lifted_at IS NULL ORDER BY s.created_at DESC, s.id DESC");
    query
}
