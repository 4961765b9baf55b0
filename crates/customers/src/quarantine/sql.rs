use store::{Query, args, sql};

pub const INSERT: &str = "INSERT INTO quarantined_event
    (id, source_id, received_at, message_id, fault, field, detail, expected, found, body, body_digest, state, version) VALUES";
/// What is sent again is the same event.
pub const KEEP: &str = "ON CONFLICT (source_id, body_digest) DO NOTHING";

sql! {
    pub SETTLE = "UPDATE quarantined_event SET state = $3, reason = $4, decided_at = $5, decided_by = $6,
        body = $7, version = version + 1 WHERE id = $1 AND version = $2 AND state = 'open'";

    /// How many wait.
    pub OPEN = "SELECT CAST(COUNT(*) AS BIGINT) FROM quarantined_event WHERE state = 'open'";

    /// How many of a source wait.
    pub WAITING = "SELECT CAST(COUNT(*) AS BIGINT) FROM quarantined_event WHERE source_id = $1 AND state = 'open'";
}

pub fn events() -> Query {
    Query::new(
        "SELECT q.id, q.source_id, s.name AS source_name, q.received_at, q.message_id, q.fault, q.field, q.detail, q.expected,
            q.found, q.body,
            q.state, q.reason, q.decided_at, q.decided_by, q.version
         FROM quarantined_event q JOIN event_source s ON s.id = q.source_id WHERE TRUE",
        args![],
    )
}
