use std::collections::BTreeMap;

use kernel::{Id, Label, Scope, Timestamp};
use serde::Deserialize;
use serde_json::Value as Json;
use store::{Query, ScopeColumns, args};

use crate::task::sql::covered;

/// Most rows of the cockpit.
pub const SHOWN_MAX: u32 = 500;

/// A task, with what its sentence needs.
#[derive(Debug, Deserialize)]
pub struct TaskRow {
    pub id: Id,
    pub kind: String,
    pub subject_noun: String,
    pub link: String,
    pub title_code: String,
    pub title_args: BTreeMap<String, Json>,
    pub assignee_user_id: Option<Id>,
    pub assignee_permission: Option<String>,
    pub due_at: Option<Timestamp>,
}

/// A campaign that is not over.
#[derive(Debug, Deserialize)]
pub struct CampaignRow {
    pub id: Id,
    pub name: String,
    pub state: String,
    pub brand_id: Option<Id>,
    pub department_id: Option<Id>,
    pub owner_id: Option<Id>,
    pub schedule_at: Option<Timestamp>,
    pub period_from: Option<Timestamp>,
    pub period_to: Option<Timestamp>,
}

/// Open tasks about these nouns, the most urgent first; of records only those that the reader may know of.
pub fn tasks(nouns: &[&'static str], scope: &Scope, clearance: Label, knows_staff: bool) -> Query {
    let mut query = Query::new(
        "SELECT t.id, t.kind, t.subject_noun, t.link, t.title_code, t.title_args, t.assignee_user_id, \
         t.assignee_permission, t.due_at FROM rulebook_task t LEFT JOIN rulebook_record r ON r.id = t.subject_id \
         WHERE t.state = 'open'",
        args![],
    );
    query.and_in("t.subject_noun", nouns.iter().copied());
    query.push(" AND (r.id IS NULL OR (r.restricted = FALSE AND ");
    query.any_of("r.label", crate::record::labels_up_to(clearance)).push("))");
    covered(&mut query, scope, knows_staff);
    query.push(" ORDER BY t.urgency, t.id").limit_overfull(SHOWN_MAX);
    query
}

/// Campaigns that are neither finished nor given up.
pub fn campaigns(scope: &Scope) -> Query {
    let mut query = Query::new(
        "SELECT id, name, state, brand_id, department_id, owner_id, schedule_at, period_from, period_to FROM v_campaigns_campaign \
         WHERE state NOT IN ('finished', 'cancelled')",
        args![],
    );
    query.scope(scope, ScopeColumns::USUAL).push(" ORDER BY id DESC").limit_overfull(SHOWN_MAX);
    query
}
