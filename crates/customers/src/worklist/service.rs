use http_kit::App;
use kernel::{Caller, Id, Labelled, Page, PageQuery, Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::json;
use store::{Audit, Tx, args};

use super::{
    DataProblem, IgnoreItem, ItemState, ProblemCount, WorklistFilter, WorklistItem, WorklistStanding, sql,
};
use crate::permissions::{PROFILE_EDIT, PROFILE_READ};
use crate::profile::{self, PROFILE_COLUMNS};

/// Returns items, the oldest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &WorklistFilter,
) -> Result<Page<WorklistItem>> {
    let size = page.size()?;
    let mut query = sql::items();
    query.scope(&caller.scope(PROFILE_READ)?, PROFILE_COLUMNS);
    query.and("w.state =", filter.state.unwrap_or(ItemState::Open).as_str());
    query.and_some("w.problem =", filter.problem.map(DataProblem::as_str));
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (w.found_at, w.id) > (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY w.found_at, w.id").limit_overfull(size);
    let items = app.store.list(query).await?;
    Ok(Page::from_overfull(items, size, |item: &WorklistItem| (item.found_at, item.id)))
}

#[derive(Deserialize)]
struct People {
    people: i64,
    unsound: i64,
}

/// Returns how the worklist stands, of those whom the caller may see.
pub async fn standing(app: &App, caller: &Caller) -> Result<WorklistStanding> {
    let scope = caller.scope(PROFILE_READ)?;
    let mut query = sql::people_counts();
    query.scope(&scope, PROFILE_COLUMNS);
    let counted: Vec<People> = app.store.list(query).await?;
    let People { people, unsound } =
        counted.into_iter().next().ok_or_else(|| Problem::internal("a count has no row"))?;
    let mut query = sql::counts();
    query.scope(&scope, PROFILE_COLUMNS).push(" GROUP BY w.problem");
    let counts: Vec<ProblemCount> = app.store.list(query).await?;
    let of = |problem: &DataProblem| {
        let none = ProblemCount { problem: *problem, open: 0, ignored: 0, fixed: 0 };
        counts.iter().find(|count| count.problem == *problem).cloned().unwrap_or(none)
    };
    let sound = (people - unsound) as f64 * 100.0 / people.max(1) as f64;
    let sound = if people == 0 { 100.0 } else { (sound * 10.0).round() / 10.0 };
    Ok(WorklistStanding { people, sound, problems: DataProblem::ALL.iter().map(of).collect() })
}

/// An item that waits, with the right to decide about it.
async fn waiting(tx: &mut Tx, caller: &Caller, id: Id, version: i64) -> Result<WorklistItem> {
    let mut query = sql::items();
    query.and("w.id =", id);
    let items: Vec<WorklistItem> = tx.list(query).await?;
    let item = items.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))?;
    let person = profile::load_in(tx, item.profile_id).await?;
    caller.scope(PROFILE_READ)?.require(person.brand_id, person.department_id, person.owner_id)?;
    caller.scope(PROFILE_EDIT)?.require(person.brand_id, person.department_id, person.owner_id)?;
    match item.version == version && item.state == ItemState::Open {
        true => Ok(item),
        false => Err(Problem::precondition_failed("store.changed_meanwhile")),
    }
}

/// Decides that something may stay as it is.
pub async fn ignore(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    why: &IgnoreItem,
) -> Result<WorklistItem> {
    let reason = why.reason.trim();
    if reason.is_empty() || reason.chars().count() > 300 {
        let refusal = Problem::unprocessable("customers.worklist.reason_needed");
        return Err(refusal.with_field("reason", "customers.worklist.reason_needed"));
    }
    let mut tx = app.store.begin(caller).await?;
    let item = waiting(&mut tx, caller, id, version).await?;
    settle(tx, caller, &item, ItemState::Ignored, Some(reason)).await
}

/// Says that what is known about the person still holds: nothing is out of date any more.
pub async fn confirm(app: &App, caller: &Caller, id: Id, version: i64) -> Result<WorklistItem> {
    let mut tx = app.store.begin(caller).await?;
    let item = waiting(&mut tx, caller, id, version).await?;
    if item.problem != DataProblem::Stale {
        return Err(Problem::conflict("customers.worklist.not_stale"));
    }
    let now = tx.now();
    tx.exec(sql::CONFIRM, args![item.profile_id, now, caller.find_user_id()]).await?;
    settle(tx, caller, &item, ItemState::Fixed, None).await
}

async fn settle(
    mut tx: Tx,
    caller: &Caller,
    item: &WorklistItem,
    state: ItemState,
    reason: Option<&str>,
) -> Result<WorklistItem> {
    let now = tx.now();
    let row = args![item.id, item.version, state.as_str(), now, caller.find_user_id(), reason];
    tx.exec_one(sql::DECIDE, row).await?;
    let action = if state == ItemState::Ignored { "ignore" } else { "confirm" };
    let mut audit = Audit::new(action, WorklistItem::NOUN, item.id)
        .with(json!({ "profile_id": item.profile_id, "problem": item.problem }));
    if let Some(reason) = reason {
        audit = audit.because(reason);
    }
    tx.audit(audit).await?;
    let mut query = sql::items();
    query.and("w.id =", item.id);
    let items: Vec<WorklistItem> = tx.list(query).await?;
    tx.commit().await?;
    items.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))
}
