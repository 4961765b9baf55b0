use store::{Query, args, sql};

pub const COUNT_SEEN: &str =
    "INSERT INTO event_seen (source_id, day, kind, name, data, events, last_at) VALUES";
pub const ADD_SEEN: &str = "ON CONFLICT (source_id, day, kind, name) DO UPDATE SET
    events = event_seen.events + excluded.events,
    last_at = CASE WHEN excluded.last_at > event_seen.last_at THEN excluded.last_at ELSE event_seen.last_at END";

pub const COUNT_BREACHES: &str = "INSERT INTO plan_breach
    (source_id, day, kind, name, field, reason, found, expected, events, last_at) VALUES";
pub const ADD_BREACHES: &str = "ON CONFLICT (source_id, day, kind, name, field, reason, found) DO UPDATE SET
    events = plan_breach.events + excluded.events, expected = excluded.expected,
    last_at = CASE WHEN excluded.last_at > plan_breach.last_at THEN excluded.last_at ELSE plan_breach.last_at END";

sql! {
    /// Grows with every change: events are never taken away, and their versions count up.
    pub PLAN_VERSION = "SELECT CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM planned_event";

    pub IN_FORCE = "SELECT e.kind, e.name, v.definition
        FROM planned_event e JOIN planned_event_version v ON v.event_id = e.id AND v.number = e.version
        WHERE e.state <> 'draft'";

    pub MODE = "SELECT plan FROM event_source WHERE id = $1";

    pub SEEN_NAMES = "SELECT name FROM event_seen WHERE source_id = $1 AND day = $2 AND kind = 'track'";

    pub EXTRA_FIELDS = "SELECT DISTINCT field FROM plan_breach
        WHERE source_id = $1 AND day = $2 AND reason = 'extra'";

    pub FORGET_SEEN = "DELETE FROM event_seen WHERE day < $1";

    pub FORGET_BREACHES = "DELETE FROM plan_breach WHERE day < $1";

    pub COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM planned_event";

    pub INSERT = "INSERT INTO planned_event (id, kind, name, state, version, updated_at)
        VALUES ($1, $2, $3, $4, 1, $5)";

    pub CHANGE = "UPDATE planned_event SET state = $3, updated_at = $4, version = version + 1
        WHERE id = $1 AND version = $2";

    pub INSERT_VERSION = "INSERT INTO planned_event_version
        (event_id, number, definition, reason, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6)";

    pub VERSIONS = "SELECT number, definition, reason, created_at, created_by FROM planned_event_version
        WHERE event_id = $1 ORDER BY number DESC LIMIT 100";
}

/// Index planned_event_name.
pub fn events() -> Query {
    Query::new(
        "SELECT e.id, e.kind, e.name, v.definition, v.reason, v.created_at AS updated_at, v.created_by AS updated_by,
            e.version
         FROM planned_event e JOIN planned_event_version v ON v.event_id = e.id AND v.number = e.version WHERE TRUE",
        args![],
    )
}

/// How many of these sources there are.
pub fn known_sources() -> Query {
    Query::new("SELECT CAST(COUNT(*) AS BIGINT) FROM event_source WHERE TRUE", args![])
}

/// Names that nobody planned since a day; what the product sends itself needs no plan. The rest of each source comes
/// first.
pub fn unplanned(since: &str) -> Query {
    Query::new(
        "SELECT n.source_id, s.name AS source_name, NULLIF(n.name, '') AS name,
            CAST(SUM(n.events) AS BIGINT) AS events, MAX(n.last_at) AS last_at
         FROM event_seen n JOIN event_source s ON s.id = n.source_id
         WHERE n.kind = 'track' AND s.kind <> 'internal'
           AND NOT EXISTS (SELECT 1 FROM planned_event p WHERE p.kind = 'track' AND p.name = n.name) AND n.day >= $1",
        args![since],
    )
}

pub fn top_unplanned(query: &mut Query, limit: i64) {
    query.push(
        " GROUP BY n.source_id, s.name, n.name
         ORDER BY CASE WHEN n.name = '' THEN 0 ELSE 1 END, SUM(n.events) DESC, n.name, n.source_id LIMIT ",
    );
    query.bind(limit);
}

/// Breaches since a day.
pub fn breaches(since: &str) -> Query {
    Query::new(
        "SELECT b.source_id, s.name AS source_name, b.kind, NULLIF(b.name, '') AS name, NULLIF(b.field, '') AS field,
            b.reason, MAX(b.expected) AS expected, NULLIF(b.found, '') AS found,
            CAST(SUM(b.events) AS BIGINT) AS events, MAX(b.last_at) AS last_at
         FROM plan_breach b JOIN event_source s ON s.id = b.source_id
         WHERE b.reason <> 'absent' AND b.day >= $1",
        args![since],
    )
}

pub fn top_breaches(query: &mut Query, limit: i64) {
    query.push(
        " GROUP BY b.source_id, s.name, b.kind, b.name, b.field, b.reason, b.found
         ORDER BY SUM(b.events) DESC, b.source_id, b.kind, b.name, b.field, b.reason, b.found LIMIT ",
    );
    query.bind(limit);
}
