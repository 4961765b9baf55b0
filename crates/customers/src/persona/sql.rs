use kernel::{Id, Timestamp};
use serde::Deserialize;
use store::{Query, args, sql};

pub const INSERT_PERSONA: &str = "INSERT INTO persona (id, set_id, number, name, size, share, traits) VALUES";
/// What somebody called it stays.
pub const KEEP_NAME: &str = "ON CONFLICT (id) DO UPDATE SET number = excluded.number, size = excluded.size,
    share = excluded.share, traits = excluded.traits";
pub const INSERT_MEMBER: &str = "INSERT INTO persona_member (set_id, profile_id, persona_id) VALUES";

sql! {
    pub INSERT = "INSERT INTO persona_set (id, name, features, group_count, brand_id, department_id, owner_id,
        created_at, created_by, version, state, people, tried)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7, 1, 'waiting', 0, '[]')";

    pub ARCHIVE = "UPDATE persona_set SET archived_at = $3, version = version + 1
        WHERE id = $1 AND version = $2 AND archived_at IS NULL";

    pub TOUCH = "UPDATE persona_set SET version = version + 1 WHERE id = $1 AND version = $2 AND archived_at IS NULL";

    pub NAME = "UPDATE persona SET name = $3 WHERE set_id = $1 AND id = $2";

    pub IN_USE = "SELECT id FROM persona_set WHERE archived_at IS NULL ORDER BY id";

    /// What it came to is no change of it: the version stays.
    pub STORE_RESULT = "UPDATE persona_set SET state = $2, computed_at = $3, people = $4, silhouette = $5,
        stability = $6, tried = $7 WHERE id = $1";

    pub MEMBERS = "SELECT profile_id, persona_id FROM persona_member WHERE set_id = $1";
    pub DROP_MEMBERS = "DELETE FROM persona_member WHERE set_id = $1";

    /// Index persona_set_id.
    pub OF_SET = "SELECT id, number, name, size, share, traits FROM persona WHERE set_id = $1 ORDER BY number";
}

/// Drops groups of a set that were not found again; their people must be gone.
pub fn drop_others(set: Id, kept: &[Id]) -> Query {
    let mut query = Query::new("DELETE FROM persona WHERE TRUE", args![]);
    query.and("set_id =", set);
    if !kept.is_empty() {
        query.push(" AND NOT (").any_of("id", kept).push(")");
    }
    query
}

/// Index persona_set_newest.
pub fn sets() -> Query {
    Query::new(
        "SELECT s.id, s.name, s.features, s.group_count, s.brand_id, s.department_id, s.owner_id, s.created_at,
            s.created_by, s.archived_at, s.version, s.state, s.computed_at, s.people, s.silhouette, s.stability, s.tried
         FROM persona_set s WHERE TRUE",
        args![],
    )
}

/// A group of one of several sets.
#[derive(Debug, Deserialize)]
pub struct PersonaRow {
    pub set_id: Id,
    pub id: Id,
    pub number: i64,
    pub name: Option<String>,
    pub size: i64,
    pub share: f64,
}

/// Groups of sets.
pub fn of_sets(sets: &[Id]) -> Query {
    let head = "SELECT g.set_id, g.id, g.number, g.name, g.size, g.share FROM persona g WHERE TRUE";
    let mut query = Query::new(head, args![]);
    query.and_in("g.set_id", sets).push(" ORDER BY g.set_id, g.number");
    query
}

/// Groups that a person belongs to; scope follows.
pub fn of_profile(profile: Id) -> Query {
    let mut query = Query::new(
        "SELECT s.id AS set_id, s.name AS set_name, g.id AS persona_id, g.number, g.name
         FROM persona_member m
         JOIN persona g ON g.id = m.persona_id
         JOIN persona_set s ON s.id = m.set_id AND s.archived_at IS NULL
         WHERE TRUE",
        args![],
    );
    query.and("m.profile_id =", profile);
    query
}

/// A group as conditions name it.
#[derive(Debug, Deserialize)]
pub struct Named {
    pub id: Id,
    pub number: i64,
    pub name: Option<String>,
    pub set_name: String,
}

/// Names of groups in sets that are in use; scope follows.
pub fn named(ids: &[Id]) -> Query {
    let mut query = Query::new(
        "SELECT g.id, g.number, g.name, s.name AS set_name FROM persona g
         JOIN persona_set s ON s.id = g.set_id AND s.archived_at IS NULL WHERE TRUE",
        args![],
    );
    query.and_in("g.id", ids);
    query
}

/// A person as groups see them.
#[derive(Clone, Debug, Deserialize)]
pub struct Person {
    pub id: Id,
    pub recency_days: i64,
    pub order_count: i64,
    pub total_minor: i64,
    pub p_alive: Option<f64>,
    pub expected_value_minor: Option<i64>,
    pub household_size: Option<i64>,
    pub children: Option<i64>,
    pub created_at: Timestamp,
    pub age_band: Option<String>,
    pub income_band: Option<String>,
    pub city: Option<String>,
    pub language: Option<String>,
    pub source: String,
    pub tier: Option<String>,
    pub homeowner: Option<bool>,
    pub married: Option<bool>,
}

/// People with scores, of a brand or department or all, by id after a place.
pub fn people(brand: Option<Id>, department: Option<Id>, after: Option<Id>, limit: usize) -> Query {
    let mut query = Query::new(
        "SELECT p.id, s.recency_days, s.order_count, s.total_minor, s.p_alive, s.expected_value_minor,
            p.household_size, p.children, p.created_at, p.age_band, p.income_band, p.city, p.language, p.source,
            p.tier, p.homeowner, p.married
         FROM profile p JOIN profile_score s ON s.profile_id = p.id
         WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND p.no_automated_since IS NULL",
        args![],
    );
    query.and_some("p.brand_id =", brand).and_some("p.department_id =", department).and_some("p.id >", after);
    query.push(" ORDER BY p.id LIMIT ").bind(limit as i64);
    query
}

/// What one person spent in one department.
#[derive(Clone, Debug, Deserialize)]
pub struct Spent {
    pub profile_id: Id,
    pub department: String,
    pub total_minor: i64,
}

/// What the people in a range of ids spent, by department, in the window of their scores.
pub fn spent(first: Id, last: Id) -> Query {
    let mut query = Query::new(
        "SELECT m.profile_id, l.department, CAST(SUM(l.total_minor) AS BIGINT) AS total_minor
         FROM profile_node m
         JOIN profile_score s ON s.profile_id = m.profile_id
         JOIN score_model_run r ON r.id = s.run_id
         CROSS JOIN v_sales_order_line l
         WHERE l.customer_node_id = m.node_id AND m.until IS NULL AND l.kind = 'sale' AND l.department IS NOT NULL
           AND l.happened_at > r.window_from AND l.happened_at <= r.window_until",
        args![],
    );
    query.and("m.profile_id >=", first).and("m.profile_id <=", last);
    query.push(" GROUP BY m.profile_id, l.department");
    query
}
