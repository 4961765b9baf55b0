use kernel::{Id, Label, Scope, Timestamp};
use serde::Deserialize;
use store::{Query, ScopeColumns, args};

/// Most things of one kind that are listed.
pub const SHOWN_MAX: u32 = 200;

/// Times of one step.
#[derive(Debug, Deserialize)]
pub struct TimesRow {
    pub machine_id: String,
    pub state: String,
    pub passes: i64,
    pub median: Option<f64>,
    pub p90: Option<f64>,
}

/// How many things stand in one step.
#[derive(Debug, Deserialize)]
pub struct CountRow {
    pub machine_id: String,
    pub state: String,
    pub things: i64,
}

/// A thing that stands in a step.
#[derive(Debug, Deserialize)]
pub struct ThingRow {
    pub id: Id,
    pub title: String,
    #[serde(default)]
    pub number: Option<String>,
    #[serde(default)]
    pub type_id: Option<String>,
    pub machine_id: String,
    pub state: String,
    pub owner_id: Option<Id>,
    pub since: Timestamp,
}

/// A step, and the time before which whatever stands there came too early.
pub struct Limit {
    pub machine_id: String,
    pub state: String,
    pub before: Timestamp,
}

store::sql! {
    /// Times of each step since a moment. The middle ones are found by their places, so that both databases mean the same.
    pub TIMES = "SELECT machine_id, state, CAST(MAX(size) AS BIGINT) AS passes, \
        CAST(AVG(CASE WHEN place IN ((size + 1) / 2, (size + 2) / 2) THEN minutes END) AS DOUBLE PRECISION) AS median, \
        CAST(MAX(CASE WHEN place = (9 * size + 9) / 10 THEN minutes END) AS DOUBLE PRECISION) AS p90 \
        FROM (SELECT machine_id, from_state AS state, minutes_in_state AS minutes, \
              ROW_NUMBER() OVER (PARTITION BY machine_id, from_state ORDER BY minutes_in_state) AS place, \
              COUNT(*) OVER (PARTITION BY machine_id, from_state) AS size \
              FROM v_rulebook_step WHERE at >= $1 AND from_state IS NOT NULL AND minutes_in_state IS NOT NULL) AS ranked \
        GROUP BY machine_id, state";
    /// How many things stand in each step.
    pub STANDING = "SELECT machine_id, state, CAST(COUNT(*) AS BIGINT) AS things FROM rulebook_instance \
        WHERE ended = FALSE GROUP BY machine_id, state";
}

/// Where an open instance came to stand in its state.
const SINCE: &str = " JOIN rulebook_instance_step s ON s.instance_id = i.id AND s.position = i.version";

/// How many things stand in each of these steps for too long.
pub fn late(limits: &[Limit]) -> Query {
    let mut query = Query::new(
        "SELECT i.machine_id, i.state, CAST(COUNT(*) AS BIGINT) AS things FROM rulebook_instance i",
        args![],
    );
    query.push(SINCE).push(" WHERE i.ended = FALSE");
    beyond(&mut query, limits);
    query.push(" GROUP BY i.machine_id, i.state");
    query
}

fn beyond(query: &mut Query, limits: &[Limit]) {
    query.push(" AND (FALSE");
    for limit in limits {
        query.push(" OR (i.machine_id = ").bind(limit.machine_id.as_str());
        query.push(" AND i.state = ").bind(limit.state.as_str());
        query.push(" AND s.at < ").bind(limit.before).push(")");
    }
    query.push(")");
}

/// Records that wait too long, of one owner or within a scope; the longest first.
pub fn records(limits: &[Limit], owner: Option<Id>, scope: &Scope, clearance: Label) -> Query {
    let mut query = Query::new(
        "SELECT r.id, r.title, r.number, r.type_id, i.machine_id, i.state, r.owner_id, s.at AS since \
         FROM rulebook_instance i",
        args![],
    );
    query.push(SINCE).push(" JOIN rulebook_record r ON r.instance_id = i.id WHERE i.ended = FALSE");
    query.push(" AND r.archived_at IS NULL AND r.restricted = FALSE");
    query.and_in("r.label", crate::record::labels_up_to(clearance));
    const PLACE: ScopeColumns = ScopeColumns {
        brand: Some("r.brand_id"),
        department: Some("r.department_id"),
        owner: Some("r.owner_id"),
    };
    query.and_some("r.owner_id =", owner).scope(scope, PLACE);
    beyond(&mut query, limits);
    query.push(" ORDER BY s.at, r.id").limit_overfull(SHOWN_MAX);
    query
}

/// Rows of another domain's view that wait too long; its column of names is `title`.
pub fn rows(
    view: &'static str,
    title: &'static str,
    limits: &[Limit],
    owner: Option<Id>,
    scope: &Scope,
) -> Query {
    let mut query = Query::new("SELECT v.id, v.", args![]);
    query
        .push(title)
        .push(" AS title, i.machine_id, i.state, v.owner_id, s.at AS since FROM rulebook_instance i");
    query.push(SINCE).push(" JOIN ").push(view).push(" v ON v.id = i.subject_id WHERE i.ended = FALSE");
    const PLACE: ScopeColumns = ScopeColumns {
        brand: Some("v.brand_id"),
        department: Some("v.department_id"),
        owner: Some("v.owner_id"),
    };
    query.and_some("v.owner_id =", owner).scope(scope, PLACE);
    beyond(&mut query, limits);
    query.push(" ORDER BY s.at, v.id").limit_overfull(SHOWN_MAX);
    query
}
