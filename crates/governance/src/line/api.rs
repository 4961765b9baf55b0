use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, NoContent, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::Id;

use super::{Line, LinePatch, NewLine, SpreadInput, service};
use crate::budget::{self, BudgetLineMonths};
use crate::permissions::{BUDGET_READ, BUDGET_WRITE};

/// Adds a line to a budget that is being written.
#[utoipa::path(post, path = "/api/v1/governance/budgets/{id}/lines", operation_id = "create_budget_line", tag = "governance",
    params(("id" = Id, Path)), request_body = NewLine, responses((status = 201, body = Line)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(new): Body<NewLine>,
) -> Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, id, new).await?))
}

/// Shows a line with its months.
#[utoipa::path(get, path = "/api/v1/governance/lines/{id}", operation_id = "get_budget_line", tag = "governance",
    params(("id" = Id, Path)), responses((status = 200, body = BudgetLineMonths)))]
async fn get(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &budget::service::line_months(&app, &caller, id).await?))
}

/// Changes a line of a budget that is being written.
#[utoipa::path(patch, path = "/api/v1/governance/lines/{id}", operation_id = "update_budget_line", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = LinePatch, responses((status = 200, body = Line)))]
async fn update(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(patch): Body<LinePatch>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::update(&app, &caller, id, version, patch).await?))
}

/// Spreads a line's annual amount over the months by a pattern.
#[utoipa::path(post, path = "/api/v1/governance/lines/{id}/spread", operation_id = "spread_budget_line", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = SpreadInput, responses((status = 200, body = Line)))]
async fn spread(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(input): Body<SpreadInput>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::spread(&app, &caller, id, version, input).await?))
}

/// Drops a line of a budget that is being written.
#[utoipa::path(delete, path = "/api/v1/governance/lines/{id}", operation_id = "delete_budget_line", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 204)))]
async fn delete(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> Result<NoContent> {
    service::delete(&app, &caller, id, version).await?;
    Ok(NoContent)
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .add(operations!(get), needs(BUDGET_READ))
        .add(operations!(create), needs(BUDGET_WRITE))
        .add(operations!(update), needs(BUDGET_WRITE))
        .add(operations!(spread), needs(BUDGET_WRITE))
        .add(operations!(delete), needs(BUDGET_WRITE))
}
