use kernel::Id;
use store::{Query, args, sql};

pub const INSERT_TEXTS: &str = "INSERT INTO consent_text (id, text_version, body, created_at) VALUES";
pub const KEEP: &str = "ON CONFLICT DO NOTHING";
pub const INSERT_EVENTS: &str = "INSERT INTO consent_event
    (id, node_id, brand_id, purpose, channel, state, happened_at, recorded_at, recorded_by, given_by, source,
     text_id, ip_hash, reason, import_id) VALUES";
pub const UPSERT_CURRENT: &str =
    "INSERT INTO consent (id, node_id, brand_id, purpose, channel, state, event_id, happened_at) VALUES";
/// The latest statement decides, not the latest to arrive; of two at the same moment, the refusal.
pub const LATEST_WINS: &str = "ON CONFLICT (node_id, brand_id, purpose, channel) DO UPDATE SET
    state = excluded.state, event_id = excluded.event_id, happened_at = excluded.happened_at
    WHERE excluded.happened_at > consent.happened_at
       OR (excluded.happened_at = consent.happened_at AND excluded.state = 'withdrawn')";

sql! {
    pub OF_PROFILE = "SELECT c.id, c.node_id, c.brand_id, c.purpose, c.channel, c.state, c.event_id, c.happened_at
        FROM profile_node m JOIN consent c ON c.node_id = m.node_id
        WHERE m.profile_id = $1 AND m.until IS NULL
        ORDER BY c.channel, c.brand_id, c.purpose, c.id";

    pub OF_IMPORT = "SELECT e.node_id, e.brand_id, e.purpose, e.channel
        FROM consent_event e JOIN consent c ON c.event_id = e.id
        WHERE e.import_id = $1 AND c.state = 'granted'
        ORDER BY e.id LIMIT $2";
}

pub fn history(profile: Id) -> Query {
    Query::new(
        "SELECT e.id, e.node_id, e.brand_id, e.purpose, e.channel, e.state, e.happened_at, e.recorded_at,
                e.recorded_by, e.given_by, e.source, e.text_id, t.text_version, t.body AS text, e.ip_hash, e.reason
         FROM profile_node m
         JOIN consent_event e ON e.node_id = m.node_id
         LEFT JOIN consent_text t ON t.id = e.text_id
         WHERE m.profile_id = $1 AND m.until IS NULL",
        args![profile],
    )
}

/// Kinds of nodes, as (node, kind).
pub fn kinds(nodes: &[Id]) -> Query {
    let mut query = Query::new("SELECT id, kind FROM identifier_node WHERE TRUE", args![]);
    query.and_in("id", nodes);
    query
}

/// Brands to which something was said, as (node, brand).
pub fn brands_of(nodes: &[Id]) -> Query {
    let mut query = Query::new("SELECT node_id, brand_id FROM consent WHERE TRUE", args![]);
    query.and_in("node_id", nodes);
    query
}

/// Statements about these nodes to one brand, as (node, channel, state, time).
pub fn statements_of(nodes: &[Id], brand: Id) -> Query {
    let mut query = Query::new(
        "SELECT node_id, channel, state, happened_at FROM consent_event WHERE purpose = 'marketing'",
        args![],
    );
    query.and("brand_id =", brand).and_in("node_id", nodes);
    query
}
