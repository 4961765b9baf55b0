use kernel::Id;
use store::{Query, args, sql};

pub const INSERT_IDENTIFIERS: &str =
    "INSERT INTO erased_identifier (node_id, erasure_id, kind, digest, erased_at) VALUES";
/// Whoever was let in again and erased again is in the list by the last time.
pub const LAST_COUNTS: &str = "ON CONFLICT (node_id) DO UPDATE SET erasure_id = excluded.erasure_id,
    digest = excluded.digest, erased_at = excluded.erased_at";
pub const INSERT_EMPTY_NODES: &str =
    "INSERT INTO identifier_node (id, kind, value, created_at, erased_at) VALUES";
pub const INSERT_EMPTY_PROFILE: &str =
    "INSERT INTO profile (id, source, created_at, updated_at, archived_at, erased_at) VALUES";
pub const INSERT_EMPTY_MAP: &str = "INSERT INTO profile_node (id, node_id, profile_id, since) VALUES";
pub const KEEP: &str = "ON CONFLICT DO NOTHING";

sql! {
    pub INSERT = "INSERT INTO erasure (id, profile_id, request_id, cause, step, nodes, reason, erased_at, erased_by,
            lake_events, proof, sought, version)
        VALUES ($1, $2, $3, $4, 'erased', $5, $6, $7, $8, 0, $9, $10, 1)";

    pub NOTE = "UPDATE erasure SET step = $2, finished_at = $3, lake_events = $4, proof = $5, sought = $6,
        version = version + 1 WHERE id = $1";

    pub SOUGHT = "SELECT sought FROM erasure WHERE id = $1";

    pub OF_REQUEST = "SELECT id FROM erasure WHERE request_id = $1";

    pub NODES = "SELECT node_id FROM erased_identifier WHERE erasure_id = $1 ORDER BY node_id";

    pub READMIT = "UPDATE erasure SET readmitted_at = $3, readmitted_by = $4, readmitted_because = $5,
        version = version + 1 WHERE id = $1 AND version = $2 AND readmitted_at IS NULL";
    pub READMIT_PROFILE = "UPDATE profile SET erased_at = NULL, source = 'observed', updated_at = $2, version = version + 1
        WHERE id = $1";
    pub READMIT_IDENTIFIERS = "DELETE FROM erased_identifier WHERE erasure_id = $1";

    /// Everybody in the list that restores obey.
    pub LISTED = "SELECT e.id AS erasure_id, e.profile_id, i.node_id, i.kind, i.digest, e.erased_at
        FROM erasure e JOIN erased_identifier i ON i.erasure_id = e.id
        WHERE e.readmitted_at IS NULL ORDER BY e.erased_at, e.id, i.node_id";
    /// Erasures that do not hold any more.
    pub READMITTED = "SELECT id FROM erasure WHERE readmitted_at IS NOT NULL";
    pub KNOWN = "SELECT id FROM erasure WHERE id = $1";

    pub ERASED_AT = "SELECT erased_at FROM profile WHERE id = $1 AND erased_at IS NOT NULL";

    /// Who became this one, one step back.
    pub BECAME = "SELECT id FROM profile WHERE merged_into = $1 ORDER BY id";

    pub STREETS = "SELECT DISTINCT r.address FROM profile_node m JOIN profile_record r ON r.node_id = m.node_id
        WHERE m.profile_id = $1 AND m.until IS NULL AND r.address IS NOT NULL";
    pub STREET = "SELECT address FROM profile WHERE id = $1 AND address IS NOT NULL";

    pub GRANTED = "SELECT c.node_id, c.brand_id, c.purpose, c.channel FROM profile_node m
        JOIN consent c ON c.node_id = m.node_id
        WHERE m.profile_id = $1 AND m.until IS NULL AND c.state = 'granted' ORDER BY c.id";

    pub EMPTY_PROFILE = "UPDATE profile SET name = NULL, given_name = NULL, address = NULL, city = NULL, district = NULL,
        language = NULL, time_zone = NULL, member_node_id = NULL, email_node_id = NULL, mobile_node_id = NULL,
        age_band = NULL, income_band = NULL, household_size = NULL, children = NULL, homeowner = NULL, married = NULL,
        source = 'erased', import_id = NULL, import_version = NULL, attributes = '{}', tier = NULL, tier_since = NULL,
        brand_id = NULL, department_id = NULL, owner_id = NULL, created_by = NULL, no_automated_since = NULL,
        restricted_since = NULL, erased_at = $2, archived_at = $2, updated_at = $2, version = version + 1
        WHERE id = $1";
    /// The same, but for what says nothing about who it was.
    pub ANONYMISE_PROFILE = "UPDATE profile SET name = NULL, given_name = NULL, address = NULL, district = NULL,
        language = NULL, time_zone = NULL, member_node_id = NULL, email_node_id = NULL, mobile_node_id = NULL,
        source = 'erased', import_id = NULL, import_version = NULL, attributes = '{}', tier = NULL, tier_since = NULL,
        brand_id = NULL, department_id = NULL, owner_id = NULL, created_by = NULL, no_automated_since = NULL,
        restricted_since = NULL, erased_at = $2, archived_at = $2, updated_at = $2, version = version + 1
        WHERE id = $1";
    pub EMPTY_NODE = "UPDATE identifier_node SET value = 'erased:' || id, erased_at = $2 WHERE id = $1 AND erased_at IS NULL";
    /// What lies in quarantine, behind an id.
    pub QUARANTINED = "SELECT id, body FROM quarantined_event WHERE id > $1 ORDER BY id LIMIT $2";
    pub DELETE_RECORDS = "DELETE FROM profile_record WHERE node_id = $1";
    pub CLEAR_CONSENTS = "UPDATE consent_event SET ip_hash = NULL, reason = NULL
        WHERE node_id = $1 AND (ip_hash IS NOT NULL OR reason IS NOT NULL)";
    pub CLEAR_SUPPRESSIONS = "UPDATE suppression SET detail = NULL WHERE node_id = $1 AND detail IS NOT NULL";
    pub DELETE_TIERS = "DELETE FROM tier_change WHERE profile_id = $1";
    pub DELETE_AUDIENCES = "DELETE FROM audience_member WHERE profile_id = $1";
    pub DELETE_SCORES = "DELETE FROM profile_score WHERE profile_id = $1";
    pub DELETE_PERSONAS = "DELETE FROM persona_member WHERE profile_id = $1";
    pub DELETE_BEHAVIOUR = "DELETE FROM behaviour_exception WHERE profile_id = $1";
    pub DELETE_MEMBERSHIPS = "DELETE FROM segment_member WHERE profile_id = $1";
    pub DELETE_MEMBER_CHANGES = "DELETE FROM segment_change WHERE profile_id = $1";
    pub DELETE_WORKLIST = "DELETE FROM worklist_item WHERE profile_id = $1";
    pub DELETE_CHECKS = "DELETE FROM profile_check WHERE profile_id = $1";
    pub CLEAR_MERGES = "UPDATE profile_merge SET reason = NULL, undo_reason = NULL
        WHERE (kept_id = $1 OR merged_id = $1) AND (reason IS NOT NULL OR undo_reason IS NOT NULL)";
    pub DELETE_CANDIDATES = "DELETE FROM match_candidate WHERE left_node_id = $1 OR right_node_id = $1";
    pub COUNT_REDEMPTIONS = "SELECT CAST(COUNT(*) AS BIGINT) FROM profile_node m
        JOIN loyalty_redemption r ON r.customer_node_id = m.node_id WHERE m.profile_id = $1 AND m.until IS NULL";
    pub COUNT_CONSENTS = "SELECT CAST(COUNT(*) AS BIGINT) FROM profile_node m
        JOIN consent_event e ON e.node_id = m.node_id WHERE m.profile_id = $1 AND m.until IS NULL";
    pub COUNT_ORDERS = "SELECT CAST(COUNT(*) AS BIGINT) FROM profile_node m
        JOIN v_sales_order o ON o.customer_node_id = m.node_id WHERE m.profile_id = $1 AND m.until IS NULL";
}

/// Events in quarantine that name somebody.
pub fn delete_quarantined(events: &[Id]) -> Query {
    let mut query = Query::new("DELETE FROM quarantined_event WHERE TRUE", args![]);
    query.and_in("id", events);
    query
}

/// Erasures; index `erasure_newest`.
pub fn list() -> Query {
    Query::new(
        "SELECT e.id, e.profile_id, e.request_id, e.cause, e.step, e.nodes, e.reason, e.erased_at, e.erased_by,
            e.finished_at, e.lake_events, e.proof, e.readmitted_at, e.readmitted_because, e.version
         FROM erasure e WHERE TRUE",
        args![],
    )
}

/// Of these nodes those that are there and hold a value, with whose they are.
pub fn alive(nodes: &[Id]) -> Query {
    let mut query = Query::new(
        "SELECT n.id AS node_id, m.profile_id FROM identifier_node n
         JOIN profile_node m ON m.node_id = n.id AND m.until IS NULL WHERE n.erased_at IS NULL",
        args![],
    );
    query.and_in("n.id", nodes);
    query
}
