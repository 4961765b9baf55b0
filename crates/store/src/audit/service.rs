use kernel::{Id, Label, Labelled, Page, PageQuery, Result, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{IntoParams, ToSchema};

use super::sql;
use crate::{Query, ScopeColumns, Store, args};

/// Entry of the audit log (审计记录).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// Its number.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// `user`, `token`, `system` or `anonymous`.
    pub actor_kind: String,
    /// Which user.
    pub actor_id: Option<Id>,
    /// Their name at that time.
    pub actor_name: String,
    /// The request that it belongs to.
    pub request_id: String,
    /// What was done: a verb.
    pub action: String,
    /// To what, such as `brand.content`.
    pub noun: String,
    /// To which row.
    pub noun_id: Option<String>,
    /// Brand of the row.
    pub brand_id: Option<Id>,
    /// Department of the row.
    pub department_id: Option<Id>,
    /// The reason that was given.
    pub reason: Option<String>,
    /// What changed: `{field: [before, after]}`, or other facts.
    #[schema(value_type = Option<Object>)]
    pub changes: Option<Json>,
    /// How many rows this entry stands for.
    pub row_count: i64,
}

impl Labelled for AuditEntry {
    const NOUN: &'static str = "store.audit_entry";
    const FIELDS: &'static [(&'static str, Label)] = &[];
}

/// Which entries are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditFilter {
    /// Acts of this user.
    pub actor: Option<Id>,
    /// This verb.
    pub action: Option<String>,
    /// This kind of thing.
    pub noun: Option<String>,
    /// This row.
    pub noun_id: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
}

/// By which columns grants narrow the log; own rows are one's own acts.
const SCOPE: ScopeColumns =
    ScopeColumns { brand: Some("brand_id"), department: Some("department_id"), owner: Some("actor_id") };

/// Returns entries within `scope`, newest first.
pub async fn list(
    store: &Store,
    filter: &AuditFilter,
    page: &PageQuery,
    scope: &Scope,
) -> Result<Page<AuditEntry>> {
    let size = page.size()?;
    let mut query = Query::new(sql::ENTRIES, args![]);
    query
        .scope(scope, SCOPE)
        .and_some("actor_id =", filter.actor)
        .and_some("action =", filter.action.as_deref())
        .and_some("noun =", filter.noun.as_deref())
        .and_some("noun_id =", filter.noun_id.as_deref())
        .and_some("at >=", filter.from)
        .and_some("at <", filter.to)
        .and_some("id <", page.after::<i64>()?)
        .push(" ORDER BY id DESC")
        .limit_overfull(size);
    Ok(Page::from_overfull(store.list(query).await?, size, |entry: &AuditEntry| entry.id))
}
