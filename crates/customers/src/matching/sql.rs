use kernel::{Id, Timestamp};
use serde::Deserialize;
use store::{Query, args, sql};

use super::{CandidateRule, CandidateState, FieldAgreement};

/// The one model of this company's customers.
pub const MODEL: &str = "customers";

pub const INSERT: &str = "INSERT INTO match_candidate
    (id, left_node_id, right_node_id, rule, probability, weight, agreements, state, found_at, version) VALUES";
/// What somebody decided stays; what still waits gets its new weight.
pub const FIND_AGAIN: &str = "ON CONFLICT (left_node_id, right_node_id) DO UPDATE SET
    probability = excluded.probability, weight = excluded.weight, agreements = excluded.agreements,
    version = match_candidate.version + 1
    WHERE match_candidate.state = 'open' AND match_candidate.weight <> excluded.weight";

sql! {
    pub DECIDE = "UPDATE match_candidate SET state = $3, decided_at = $4, decided_by = $5, reason = $6,
        version = version + 1 WHERE id = $1 AND version = $2 AND state = 'open'";

    pub STANDING = "SELECT standing FROM match_model WHERE id = $1";

    pub STORE_STANDING = "INSERT INTO match_model (id, trained_at, standing) VALUES ($1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET trained_at = excluded.trained_at, standing = excluded.standing";

    pub WAITING = "SELECT CAST(COUNT(*) AS BIGINT) FROM match_candidate WHERE state = 'open'";

    /// Pairs that somebody found to be different, by their people now, as (profile, profile).
    pub DIFFERENT = "SELECT l.profile_id AS one, r.profile_id AS other FROM match_candidate c
        JOIN profile_node l ON l.node_id = c.left_node_id AND l.until IS NULL
        JOIN profile_node r ON r.node_id = c.right_node_id AND r.until IS NULL
        WHERE c.state = 'distinct' AND l.profile_id <> r.profile_id";
}

/// A person as the match reads them.
#[derive(Debug, Deserialize)]
pub struct Person {
    pub id: Id,
    pub name: Option<String>,
    pub given_name: Option<String>,
    pub email: Option<String>,
    pub mobile: Option<String>,
    pub address: Option<String>,
    pub city: Option<String>,
    pub district: Option<String>,
    pub attributes: std::collections::BTreeMap<String, serde_json::Value>,
}

/// Everybody, by id, after a place.
pub fn people(after: Option<Id>, limit: u32) -> Query {
    let mut query = Query::new(
        "SELECT p.id, p.name, p.given_name, e.value AS email, m.value AS mobile, p.address, p.city, p.district,
            p.attributes
         FROM profile p
         LEFT JOIN identifier_node e ON e.id = p.email_node_id
         LEFT JOIN identifier_node m ON m.id = p.mobile_node_id
         WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND p.restricted_since IS NULL AND NOT p.is_decoy",
        args![],
    );
    query.and_some("p.id >", after).push(" ORDER BY p.id LIMIT ").bind(i64::from(limit));
    query
}

/// A pair with both its people.
#[derive(Debug, Deserialize)]
pub struct Row {
    pub id: Id,
    pub left_node_id: Id,
    pub right_node_id: Id,
    pub rule: CandidateRule,
    pub probability: f64,
    pub weight: f64,
    pub agreements: Vec<FieldAgreement>,
    pub state: CandidateState,
    pub found_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    pub decided_by: Option<Id>,
    pub decided_by_name: Option<String>,
    pub reason: Option<String>,
    pub version: i64,
}

/// Pairs, with the people that they were found about: what became of these narrows to what a caller may see.
pub fn candidates() -> Query {
    Query::new(
        "SELECT c.id, c.left_node_id, c.right_node_id, c.rule, c.probability, c.weight, c.agreements, c.state, c.found_at,
            c.decided_at, c.decided_by, u.name AS decided_by_name, c.reason, c.version
         FROM match_candidate c
         JOIN profile l ON l.id = c.left_node_id
         JOIN profile r ON r.id = c.right_node_id
         LEFT JOIN v_identity_user_address u ON u.id = c.decided_by
         WHERE TRUE",
        args![],
    )
}

/// Both sides of pairs.
pub fn sides(profiles: &[Id]) -> Query {
    let mut query = Query::new(
        "SELECT p.id AS profile_id, p.name, p.given_name, c.value AS member_number, e.value AS email, m.value AS mobile,
            p.address, p.city, p.district, p.source, p.created_at
         FROM profile p
         LEFT JOIN identifier_node c ON c.id = p.member_node_id
         LEFT JOIN identifier_node e ON e.id = p.email_node_id
         LEFT JOIN identifier_node m ON m.id = p.mobile_node_id
         WHERE TRUE",
        args![],
    );
    query.and_in("p.id", profiles);
    query
}
