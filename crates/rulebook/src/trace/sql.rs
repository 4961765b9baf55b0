use kernel::{Id, Scope};
use serde::Deserialize;
use store::{Query, ScopeColumns, args};

/// Most things of one kind on the map.
pub const SHOWN_MAX: u32 = 300;

/// A row of another domain's view, or a record; what it has not is absent.
#[derive(Debug, Deserialize)]
pub struct Row {
    pub id: Id,
    pub title: String,
    pub state: Option<String>,
    #[serde(default)]
    pub number: Option<String>,
    #[serde(default)]
    pub content_id: Option<Id>,
    #[serde(default)]
    pub u1: Option<Id>,
    #[serde(default)]
    pub u2: Option<Id>,
    #[serde(default)]
    pub u3: Option<Id>,
    #[serde(default)]
    pub u4: Option<Id>,
}

impl Row {
    /// Returns the links in the order of their columns.
    pub fn links(&self) -> [Option<Id>; 4] {
        [self.u1, self.u2, self.u3, self.u4]
    }
}

const LINKS: [&str; 4] = [" AS u1", " AS u2", " AS u3", " AS u4"];

/// Content that was not put away.
pub fn contents(scope: &Scope) -> Query {
    let mut query = Query::new(
        "SELECT id, title, state, campaign_id AS u1, plan_id AS u2 FROM v_brand_content WHERE state <> 'archived'",
        args![],
    );
    newest(query.scope(scope, ScopeColumns::USUAL));
    query
}

/// Campaigns that were not given up.
pub fn campaigns(scope: &Scope) -> Query {
    let mut query = Query::new(
        "SELECT id, name AS title, state, content_id, plan_id AS u1, strategy_id AS u2, business_goal_id AS u3 \
         FROM v_campaigns_campaign WHERE state <> 'cancelled'",
        args![],
    );
    newest(query.scope(scope, ScopeColumns::USUAL));
    query
}

/// Records of a type that are not over; `links` are columns of its view. Who may see what follows, then [`newest`].
pub fn records(view: &'static str, links: &[&'static str]) -> Query {
    let mut query = Query::new("SELECT id, number, title, state", args![]);
    for (column, name) in links.iter().zip(LINKS) {
        query.push(", ").push(column).push(name);
    }
    query.push(" FROM ").push(view).push(" v WHERE ended = FALSE");
    query
}

/// The newest first, one more than the map shows.
pub fn newest(query: &mut Query) {
    query.push(" ORDER BY id DESC").limit_overfull(SHOWN_MAX);
}
