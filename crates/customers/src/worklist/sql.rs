use kernel::{Id, Timestamp};
use serde::Deserialize;
use store::{Query, args, sql};

use super::DataProblem;

pub const INSERT: &str =
    "INSERT INTO worklist_item (id, profile_id, problem, state, found_at, version) VALUES";
/// What was mended and is wrong again is open again; what may stay, stays.
pub const FIND_AGAIN: &str = "ON CONFLICT (profile_id, problem) DO UPDATE SET state = 'open',
    found_at = excluded.found_at, decided_at = NULL, decided_by = NULL, version = worklist_item.version + 1
    WHERE worklist_item.state = 'fixed'";

sql! {
    pub DECIDE = "UPDATE worklist_item SET state = $3, decided_at = $4, decided_by = $5, reason = $6,
        version = version + 1 WHERE id = $1 AND version = $2 AND state = 'open'";

    pub CONFIRM = "INSERT INTO profile_check (profile_id, checked_at, checked_by) VALUES ($1, $2, $3)
        ON CONFLICT (profile_id) DO UPDATE SET checked_at = excluded.checked_at, checked_by = excluded.checked_by";

    pub INSERT_RUN = "INSERT INTO worklist_run (id, happened_at, people, found, mended) VALUES ($1, $2, $3, $4, $5)";

    /// Whether a number was ever on the list for this; who was taken off it stays off.
    pub SUPPRESSED = "SELECT id FROM suppression WHERE node_id = $1 AND channel = 'sms' AND reason = 'invalid' LIMIT 1";
}

/// Somebody as the search reads them.
#[derive(Debug, Deserialize)]
pub struct Person {
    pub id: Id,
    pub name: Option<String>,
    pub email: Option<String>,
    pub mobile: Option<String>,
    pub mobile_node_id: Option<Id>,
    pub household_size: Option<i64>,
    pub children: Option<i64>,
    pub bounced: Option<Id>,
    pub updated_at: Timestamp,
    pub checked_at: Option<Timestamp>,
}

/// Everybody, by id, after a place.
pub fn people(after: Option<Id>, limit: i64) -> Query {
    let mut query = Query::new(
        "SELECT p.id, p.name, e.value AS email, m.value AS mobile, p.mobile_node_id, p.household_size, p.children,
            (SELECT MIN(s.id) FROM suppression s WHERE s.node_id = p.email_node_id AND s.reason = 'hard_bounce'
                AND s.lifted_at IS NULL) AS bounced, p.updated_at, c.checked_at
         FROM profile p
         LEFT JOIN identifier_node e ON e.id = p.email_node_id
         LEFT JOIN identifier_node m ON m.id = p.mobile_node_id
         LEFT JOIN profile_check c ON c.profile_id = p.id
         WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND NOT p.is_decoy",
        args![],
    );
    query.and_some("p.id >", after);
    query.push(" ORDER BY p.id LIMIT ").bind(limit);
    query
}

/// An item that waits.
#[derive(Debug, Deserialize)]
pub struct Waiting {
    pub id: Id,
    pub profile_id: Id,
    pub problem: DataProblem,
}

/// What waits of some people.
pub fn waiting(profiles: &[Id]) -> Query {
    let mut query =
        Query::new("SELECT id, profile_id, problem FROM worklist_item WHERE state = 'open'", args![]);
    query.and_in("profile_id", profiles.iter().copied());
    query
}

/// Says that items were mended.
pub fn mended(items: &[Id], now: Timestamp) -> Query {
    let mut query = Query::new(
        "UPDATE worklist_item SET state = 'fixed', decided_at = $1, version = version + 1 WHERE state = 'open'",
        args![now],
    );
    query.and_in("id", items.iter().copied());
    query
}

pub fn items() -> Query {
    Query::new(
        "SELECT w.id, w.profile_id, p.name, w.problem,
            CASE WHEN w.problem = 'mobile_invalid' THEN m.value
                 WHEN w.problem IN ('email_disposable', 'email_bounced') THEN e.value END AS value,
            w.state, w.found_at, w.decided_at, w.decided_by, w.reason, w.version
         FROM worklist_item w
         JOIN profile p ON p.id = w.profile_id
         LEFT JOIN identifier_node e ON e.id = p.email_node_id
         LEFT JOIN identifier_node m ON m.id = p.mobile_node_id
         WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND NOT p.is_decoy",
        args![],
    )
}

pub fn counts() -> Query {
    Query::new(
        "SELECT w.problem, CAST(SUM(CASE WHEN w.state = 'open' THEN 1 ELSE 0 END) AS BIGINT) AS open,
            CAST(SUM(CASE WHEN w.state = 'ignored' THEN 1 ELSE 0 END) AS BIGINT) AS ignored,
            CAST(SUM(CASE WHEN w.state = 'fixed' THEN 1 ELSE 0 END) AS BIGINT) AS fixed
         FROM worklist_item w JOIN profile p ON p.id = w.profile_id
         WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND NOT p.is_decoy",
        args![],
    )
}

/// How many people there are, and about how many something is open.
pub fn people_counts() -> Query {
    Query::new(
        "SELECT CAST(COUNT(*) AS BIGINT) AS people,
            CAST(COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM worklist_item w
                WHERE w.profile_id = p.id AND w.state = 'open') THEN 1 ELSE 0 END), 0) AS BIGINT) AS unsound
         FROM profile p WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND NOT p.is_decoy",
        args![],
    )
}
