use kernel::{Id, Timestamp};
use serde::Deserialize;
use store::{Query, args, sql};

pub const INSERT_NODES: &str = "INSERT INTO identifier_node (id, kind, value, created_at) VALUES";
pub const INSERT_PROFILES: &str =
    "INSERT INTO profile (id, source, created_at, updated_at, created_by) VALUES";
pub const INSERT_MAP: &str = "INSERT INTO profile_node (id, node_id, profile_id, since) VALUES";
pub const INSERT_MERGE_NODES: &str = "INSERT INTO profile_merge_node (merge_id, node_id, came) VALUES";
pub const INSERT_EDGES: &str = "INSERT INTO match_edge
    (id, left_node_id, right_node_id, rule, score, source, decided_at, decided_by) VALUES";
/// Whoever was erased, let in again and is heard of again has their identifiers back.
pub const FILL_AGAIN: &str = "ON CONFLICT (id) DO UPDATE SET value = excluded.value, erased_at = NULL
    WHERE identifier_node.erased_at IS NOT NULL";
/// Another transaction may have made the same row meanwhile: ids are digests, so it is the same.
pub const KEEP: &str = "ON CONFLICT DO NOTHING";

sql! {
    pub CLOSE = "UPDATE profile_node SET until = $2 WHERE profile_id = $1 AND until IS NULL";

    /// Whom somebody belongs to, where the staying profile does not know it.
    pub TAKE_PLACE = "UPDATE profile SET
        brand_id = COALESCE(profile.brand_id, o.brand_id),
        department_id = COALESCE(profile.department_id, o.department_id),
        owner_id = COALESCE(profile.owner_id, o.owner_id),
        updated_at = $3, version = profile.version + 1
        FROM profile o WHERE profile.id = $1 AND o.id = $2";

    /// Which of these the other would bring.
    pub PLACE_TAKEN = "SELECT
        p.brand_id IS NULL AND o.brand_id IS NOT NULL AS brand,
        p.department_id IS NULL AND o.department_id IS NOT NULL AS department,
        p.owner_id IS NULL AND o.owner_id IS NOT NULL AS owner
        FROM profile p, profile o WHERE p.id = $1 AND o.id = $2";

    /// Gives back what was taken and is as it was then.
    pub GIVE_BACK_BRAND = "UPDATE profile SET brand_id = NULL
        WHERE id = $1 AND brand_id = (SELECT o.brand_id FROM profile o WHERE o.id = $2)";
    pub GIVE_BACK_DEPARTMENT = "UPDATE profile SET department_id = NULL
        WHERE id = $1 AND department_id = (SELECT o.department_id FROM profile o WHERE o.id = $2)";
    pub GIVE_BACK_OWNER = "UPDATE profile SET owner_id = NULL
        WHERE id = $1 AND owner_id = (SELECT o.owner_id FROM profile o WHERE o.id = $2)";

    pub RETIRE = "UPDATE profile SET merged_into = $2, updated_at = $3, version = version + 1 WHERE id = $1";

    /// A profile that had been merged stands on its own again.
    pub RESTORE = "UPDATE profile SET merged_into = NULL, updated_at = $2, version = version + 1 WHERE id = $1";

    pub TOUCH = "UPDATE profile SET updated_at = $2, version = version + 1 WHERE id = $1";

    /// An address that is somebody else's now does not stand on the profile.
    pub DROP_FOREIGN_PRIMARY = "UPDATE profile SET
        member_node_id = (SELECT m.node_id FROM profile_node m
            WHERE m.node_id = profile.member_node_id AND m.profile_id = profile.id AND m.until IS NULL),
        email_node_id = (SELECT m.node_id FROM profile_node m
            WHERE m.node_id = profile.email_node_id AND m.profile_id = profile.id AND m.until IS NULL),
        mobile_node_id = (SELECT m.node_id FROM profile_node m
            WHERE m.node_id = profile.mobile_node_id AND m.profile_id = profile.id AND m.until IS NULL)
        WHERE id = $1";

    pub INSERT_MERGE = "INSERT INTO profile_merge
        (id, kept_id, merged_id, rule, source, score, happened_at, decided_by, reason, taken, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)";

    /// Pairs that turned out to be one person on another way wait for nobody.
    pub SETTLE_CANDIDATES = "UPDATE match_candidate SET state = 'gone', decided_at = $2, version = version + 1
        WHERE state = 'open'
          AND left_node_id IN (SELECT node_id FROM profile_node WHERE profile_id = $1 AND until IS NULL)
          AND right_node_id IN (SELECT node_id FROM profile_node WHERE profile_id = $1 AND until IS NULL)";

    pub CURRENT_PROFILE = "SELECT profile_id FROM profile_node WHERE node_id = $1 AND until IS NULL";

    pub OF_PROFILE = "SELECT n.id, n.kind, n.value, m.since, n.created_at
        FROM profile_node m JOIN identifier_node n ON n.id = m.node_id
        WHERE m.profile_id = $1 AND m.until IS NULL
        ORDER BY n.created_at, n.id";
}

/// Of these nodes those that are there.
pub fn known(nodes: &[Id]) -> Query {
    let mut query = Query::new("SELECT id FROM identifier_node WHERE TRUE", args![]);
    query.and_in("id", nodes);
    query
}

/// Whose a node is.
#[derive(Debug, Deserialize)]
pub struct Owner {
    pub node_id: Id,
    pub profile_id: Id,
    pub created_at: Timestamp,
    pub is_archived: bool,
    /// True where they were erased: nothing is told about them any more.
    pub is_erased: bool,
    /// True where the identifier's value was erased.
    pub is_empty: bool,
}

pub fn owners(nodes: &[Id]) -> Query {
    let mut query = Query::new(
        "SELECT m.node_id, m.profile_id, p.created_at, p.archived_at IS NOT NULL AS is_archived,
            p.erased_at IS NOT NULL AS is_erased, n.erased_at IS NOT NULL AS is_empty
         FROM profile_node m JOIN profile p ON p.id = m.profile_id JOIN identifier_node n ON n.id = m.node_id
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

/// Edges between these nodes that hold.
pub fn edges(nodes: &[Id]) -> Query {
    let mut query = Query::new(
        "SELECT id, left_node_id, right_node_id FROM match_edge WHERE retracted_at IS NULL",
        args![],
    );
    query.and_in("left_node_id", nodes).and_in("right_node_id", nodes);
    query
}

/// Takes edges back.
pub fn retract(edges: &[Id], now: Timestamp, by: Option<Id>) -> Query {
    let mut query =
        Query::new("UPDATE match_edge SET retracted_at = $1, retracted_by = $2 WHERE TRUE", args![now, by]);
    query.and_in("id", edges);
    query
}

/// Ends that nodes belong to whom they belonged.
pub fn close(nodes: &[Id], now: Timestamp) -> Query {
    let mut query = Query::new("UPDATE profile_node SET until = $1 WHERE until IS NULL", args![now]);
    query.and_in("node_id", nodes);
    query
}

/// Whom somebody found to be other people than these, as (profile, profile).
pub fn different(profiles: &[Id]) -> Query {
    let mut query = Query::new(
        "SELECT l.profile_id AS one, r.profile_id AS other
         FROM profile_node l
         JOIN match_candidate c ON c.state = 'distinct' AND (c.left_node_id = l.node_id OR c.right_node_id = l.node_id)
         JOIN profile_node r ON r.until IS NULL
             AND r.node_id = CASE WHEN c.left_node_id = l.node_id THEN c.right_node_id ELSE c.left_node_id END
         WHERE l.until IS NULL AND l.profile_id <> r.profile_id",
        args![],
    );
    query.and_in("l.profile_id", profiles);
    query
}
