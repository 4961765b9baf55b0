use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{Adjustment, AdjustmentDetail, AdjustmentFilter, NewAdjustment, service};
use crate::budget::ReasonInput;
use crate::permissions::{ADJUSTMENT_CREATE, BUDGET_APPROVE, BUDGET_CHECK, BUDGET_READ};

/// Lists adjustments, newest first.
#[utoipa::path(get, path = "/api/v1/governance/adjustments", operation_id = "list_adjustments", tag = "governance",
    params(PageQuery, AdjustmentFilter), responses((status = 200, body = Page<Adjustment>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<AdjustmentFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Applies for an adjustment of a budget.
#[utoipa::path(post, path = "/api/v1/governance/budgets/{id}/adjustments", operation_id = "create_adjustment", tag = "governance",
    params(("id" = Id, Path)), request_body = NewAdjustment, responses((status = 201, body = AdjustmentDetail)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(new): Body<NewAdjustment>,
) -> Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, id, new).await?))
}

/// Shows an adjustment with what it would do.
#[utoipa::path(get, path = "/api/v1/governance/adjustments/{id}", operation_id = "get_adjustment", tag = "governance",
    params(("id" = Id, Path)), responses((status = 200, body = AdjustmentDetail)))]
async fn get(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Hands an adjustment in again that was sent back.
#[utoipa::path(post, path = "/api/v1/governance/adjustments/{id}/submit", operation_id = "submit_adjustment", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 200, body = AdjustmentDetail)))]
async fn submit(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::submit(&app, &caller, id, version).await?))
}

/// Gives an adjustment up.
#[utoipa::path(post, path = "/api/v1/governance/adjustments/{id}/withdraw", operation_id = "withdraw_adjustment", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 200, body = AdjustmentDetail)))]
async fn withdraw(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::withdraw(&app, &caller, id, version).await?))
}

/// Passes an adjustment on to management; for finance.
#[utoipa::path(post, path = "/api/v1/governance/adjustments/{id}/check", operation_id = "check_adjustment", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 200, body = AdjustmentDetail)))]
async fn check(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::check(&app, &caller, id, version).await?))
}

/// Approves an adjustment: the money moves; for management.
#[utoipa::path(post, path = "/api/v1/governance/adjustments/{id}/approve", operation_id = "approve_adjustment", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 200, body = AdjustmentDetail)))]
async fn approve(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::approve(&app, &caller, id, version).await?))
}

/// Sends an adjustment back from finance, with a reason.
#[utoipa::path(post, path = "/api/v1/governance/adjustments/{id}/return", operation_id = "return_adjustment", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = ReasonInput, responses((status = 200, body = AdjustmentDetail)))]
async fn send_back(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<ReasonInput>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::send_back(&app, &caller, id, version, BUDGET_CHECK, why.reason).await?))
}

/// Sends an adjustment back from management, with a reason.
#[utoipa::path(post, path = "/api/v1/governance/adjustments/{id}/reject", operation_id = "reject_adjustment", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = ReasonInput, responses((status = 200, body = AdjustmentDetail)))]
async fn reject(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<ReasonInput>,
) -> Result<Reply> {
    Ok(Reply::row(
        &caller,
        &service::send_back(&app, &caller, id, version, BUDGET_APPROVE, why.reason).await?,
    ))
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(BUDGET_READ))
        .add(operations!(create), needs(ADJUSTMENT_CREATE))
        .add(operations!(get), needs(BUDGET_READ))
        .add(operations!(submit), needs(ADJUSTMENT_CREATE))
        .add(operations!(withdraw), needs(ADJUSTMENT_CREATE))
        .add(operations!(check), needs(BUDGET_CHECK))
        .add(operations!(approve), needs(BUDGET_APPROVE))
        .add(operations!(send_back), needs(BUDGET_CHECK))
        .add(operations!(reject), needs(BUDGET_APPROVE))
}
