use kernel::{Id, Timestamp};
use store::{Query, args, sql};

pub const INSERT_PEOPLE: &str = "INSERT INTO leak_person (leak_id, profile_id, named_by, added_at) VALUES";
/// Whoever is named twice is one person.
pub const ONCE: &str = "ON CONFLICT DO NOTHING";

sql! {
    pub INSERT = "INSERT INTO leak (id, number, title, what_happened, discovered_at, state, fields, affected_count,
            authority_due_at, reminded, created_at, created_by, version)
        VALUES ($1, $2, $3, $4, $5, 'open', $6, 0, $7, 'running', $8, $9, 1)";
    pub COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM leak";
    pub UPDATE = "UPDATE leak SET title = $3, what_happened = $4, fields = $5, state = $6, authority_reported_at = $7,
        authority_reference = $8, authority_waived_because = $9, people_informed_at = $10, people_informed_how = $11,
        closed_at = $12, closed_because = $13, version = version + 1 WHERE id = $1 AND version = $2";
    pub RECOUNT = "UPDATE leak SET affected_count = (SELECT COUNT(*) FROM leak_person p WHERE p.leak_id = leak.id),
        version = version + 1 WHERE id = $1 AND version = $2";
    pub INSERT_STEP = "INSERT INTO leak_step (id, leak_id, kind, at, note, by_user, count)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    pub STEPS = "SELECT s.id, s.at, s.kind, s.note, s.by_user AS by, u.name AS by_name, s.count
        FROM leak_step s LEFT JOIN v_identity_user_address u ON u.id = s.by_user
        WHERE s.leak_id = $1 ORDER BY s.at, s.id LIMIT 1000";
    /// Everybody whom a source told about.
    pub BY_SOURCE = "INSERT INTO leak_person (leak_id, profile_id, named_by, added_at)
        SELECT $1, p.id, 'source', CAST($2 AS BIGINT) FROM profile p
        WHERE p.merged_into IS NULL AND p.erased_at IS NULL AND NOT p.is_decoy AND (p.source = $3 OR EXISTS (
            SELECT 1 FROM profile_node m JOIN profile_record r ON r.node_id = m.node_id
            WHERE m.profile_id = p.id AND m.until IS NULL AND r.source = $3))
        ON CONFLICT DO NOTHING";
    pub REMINDED = "UPDATE leak SET reminded = $2 WHERE id = $1";
}

macro_rules! columns {
    () => {
        "SELECT l.id, l.number, l.title, l.what_happened, l.discovered_at, l.state, l.fields, l.affected_count,
            l.authority_due_at, l.authority_reported_at, l.authority_reference, l.authority_waived_because,
            l.people_informed_at, l.people_informed_how, l.closed_at, l.closed_because, l.created_at, l.created_by,
            l.version FROM leak l WHERE TRUE"
    };
}

/// Leaks; index `leak_newest`.
pub fn list() -> Query {
    Query::new(columns!(), args![])
}

/// Leaks whose clock is nearly over, or over, and of which the desk was not told.
pub fn to_remind(until: Timestamp) -> Query {
    let mut query = list();
    query
        .push(" AND l.authority_reported_at IS NULL AND l.authority_waived_because IS NULL AND l.reminded <> 'overdue'")
        .and("l.authority_due_at <=", until)
        .push(" ORDER BY l.authority_due_at, l.id LIMIT 200");
    query
}

/// Everybody in a segment; its condition follows.
pub fn by_segment(leak: Id, now: Timestamp) -> Query {
    Query::new(
        "INSERT INTO leak_person (leak_id, profile_id, named_by, added_at)
         SELECT $1, p.id, 'segment', CAST($2 AS BIGINT) FROM profile p
         WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND NOT p.is_decoy",
        args![leak, now],
    )
}

/// Of these people those who are there, whatever became of them.
pub fn known(ids: &[Id]) -> Query {
    let mut query = Query::new("SELECT id FROM profile WHERE erased_at IS NULL AND NOT is_decoy", args![]);
    query.and_in("id", ids);
    query
}

/// Affected people as they are known now; whoever was joined with another is there under the other.
pub fn affected(leak: Id) -> Query {
    Query::new(
        "SELECT a.profile_id, p.name, e.value AS email, m.value AS mobile, a.named_by AS by, a.added_at
         FROM leak_person a JOIN profile p ON p.id = a.profile_id
         LEFT JOIN identifier_node e ON e.id = p.email_node_id
         LEFT JOIN identifier_node m ON m.id = p.mobile_node_id
         WHERE a.leak_id = $1",
        args![leak],
    )
}
