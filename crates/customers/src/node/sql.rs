use kernel::{Id, Timestamp};
use serde::Deserialize;
use store::{Query, args, sql};

pub const INSERT_NODES: &str = "INSERT INTO identifier_node (id, kind, value, created_at) VALUES";
pub const INSERT_PROFILES: &str =
    "INSERT INTO profile (id, source, created_at, updated_at, created_by) VALUES";
pub const INSERT_MAP: &str = "INSERT INTO profile_node (id, node_id, profile_id, since) VALUES";
pub const INSERT_EDGES: &str = "INSERT INTO match_edge
    (id, left_node_id, right_node_id, rule, score, source, decided_at, decided_by) VALUES";
/// Another transaction may have made the same row meanwhile: ids are digests, so it is the same.
pub const KEEP: &str = "ON CONFLICT DO NOTHING";

sql! {
    pub CLOSE = "UPDATE profile_node SET until = $2 WHERE profile_id = $1 AND until IS NULL";

    /// Facts that the staying profile lacks come from the other.
    pub TAKE_FACTS = "UPDATE profile SET
        name = COALESCE(profile.name, o.name),
        given_name = COALESCE(profile.given_name, o.given_name),
        address = COALESCE(profile.address, o.address),
        city = COALESCE(profile.city, o.city),
        district = COALESCE(profile.district, o.district),
        language = COALESCE(profile.language, o.language),
        time_zone = COALESCE(profile.time_zone, o.time_zone),
        age_band = COALESCE(profile.age_band, o.age_band),
        income_band = COALESCE(profile.income_band, o.income_band),
        household_size = COALESCE(profile.household_size, o.household_size),
        children = COALESCE(profile.children, o.children),
        homeowner = COALESCE(profile.homeowner, o.homeowner),
        married = COALESCE(profile.married, o.married),
        brand_id = COALESCE(profile.brand_id, o.brand_id),
        department_id = COALESCE(profile.department_id, o.department_id),
        owner_id = COALESCE(profile.owner_id, o.owner_id),
        updated_at = $3, version = profile.version + 1
        FROM profile o WHERE profile.id = $1 AND o.id = $2";

    pub RETIRE = "UPDATE profile SET merged_into = $2, updated_at = $3, version = version + 1 WHERE id = $1";

    pub CURRENT_PROFILE = "SELECT profile_id FROM profile_node WHERE node_id = $1 AND until IS NULL";

    pub OF_PROFILE = "SELECT n.id, n.kind, n.value, m.since, n.created_at
        FROM profile_node m JOIN identifier_node n ON n.id = m.node_id
        WHERE m.profile_id = $1 AND m.until IS NULL
        ORDER BY n.created_at, n.id";
}

/// Whose a node is.
#[derive(Debug, Deserialize)]
pub struct Owner {
    pub node_id: Id,
    pub profile_id: Id,
    pub created_at: Timestamp,
    pub is_archived: bool,
}

pub fn owners(nodes: &[Id]) -> Query {
    let mut query = Query::new(
        "SELECT m.node_id, m.profile_id, p.created_at, p.archived_at IS NOT NULL AS is_archived
         FROM profile_node m JOIN profile p ON p.id = m.profile_id
         WHERE m.until IS NULL",
        args![],
    );
    query.and_in("m.node_id", nodes);
    query
}

/// Nodes of whole profiles, as (node, profile).
pub fn nodes_of(profiles: &[Id]) -> Query {
    let mut query = Query::new("SELECT node_id, profile_id FROM profile_node WHERE until IS NULL", args![]);
    query.and_in("profile_id", profiles);
    query
}

/// Chooses the oldest node of a kind as the one that stands on the profile, where none does.
pub fn choose_primary(profiles: &[Id]) -> Query {
    let mut query = Query::new(
        "UPDATE profile SET
         member_node_id = COALESCE(member_node_id, (SELECT n.id FROM profile_node m
             JOIN identifier_node n ON n.id = m.node_id
             WHERE m.profile_id = profile.id AND m.until IS NULL AND n.kind = 'member_number'
             ORDER BY n.created_at, n.id LIMIT 1)),
         email_node_id = COALESCE(email_node_id, (SELECT n.id FROM profile_node m
             JOIN identifier_node n ON n.id = m.node_id
             WHERE m.profile_id = profile.id AND m.until IS NULL AND n.kind = 'email'
             ORDER BY n.created_at, n.id LIMIT 1)),
         mobile_node_id = COALESCE(mobile_node_id, (SELECT n.id FROM profile_node m
             JOIN identifier_node n ON n.id = m.node_id
             WHERE m.profile_id = profile.id AND m.until IS NULL AND n.kind = 'mobile'
             ORDER BY n.created_at, n.id LIMIT 1))
         WHERE TRUE",
        args![],
    );
    query.and_in("id", profiles);
    query
}

/// Whoever is heard of again is there again.
pub fn revive(profiles: &[Id], now: Timestamp) -> Query {
    let mut query = Query::new(
        "UPDATE profile SET archived_at = NULL, updated_at = $1, version = version + 1 WHERE TRUE",
        args![now],
    );
    query.and_in("id", profiles);
    query
}
