use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{BudgetDetail, BudgetFilter, BudgetPatch, BudgetRow, NewBudget, ReasonInput, service};
use crate::permissions::{BUDGET_APPROVE, BUDGET_CHECK, BUDGET_READ, BUDGET_WRITE};

/// Lists budgets, newest year first.
#[utoipa::path(get, path = "/api/v1/governance/budgets", operation_id = "list_budgets", tag = "governance",
    params(PageQuery, BudgetFilter), responses((status = 200, body = Page<BudgetRow>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<BudgetFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Shows a budget with lines, months and history.
#[utoipa::path(get, path = "/api/v1/governance/budgets/{id}", operation_id = "get_budget", tag = "governance",
    params(("id" = Id, Path)), responses((status = 200, body = BudgetDetail)))]
async fn get(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Begins a budget.
#[utoipa::path(post, path = "/api/v1/governance/budgets", operation_id = "create_budget", tag = "governance",
    request_body = NewBudget, responses((status = 201, body = BudgetDetail)))]
async fn create(State(app): State<AppState>, Who(caller): Who, Body(new): Body<NewBudget>) -> Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, new).await?))
}

/// Changes a budget that is being written.
#[utoipa::path(patch, path = "/api/v1/governance/budgets/{id}", operation_id = "update_budget", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = BudgetPatch, responses((status = 200, body = BudgetDetail)))]
async fn update(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(patch): Body<BudgetPatch>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::update(&app, &caller, id, version, patch).await?))
}

/// Hands a budget in.
#[utoipa::path(post, path = "/api/v1/governance/budgets/{id}/submit", operation_id = "submit_budget", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 200, body = BudgetDetail)))]
async fn submit(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::submit(&app, &caller, id, version).await?))
}

/// Takes a budget back that nobody checked yet.
#[utoipa::path(post, path = "/api/v1/governance/budgets/{id}/withdraw", operation_id = "withdraw_budget", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 200, body = BudgetDetail)))]
async fn withdraw(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::withdraw(&app, &caller, id, version).await?))
}

/// Passes a budget on to management; for finance.
#[utoipa::path(post, path = "/api/v1/governance/budgets/{id}/check", operation_id = "check_budget", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 200, body = BudgetDetail)))]
async fn check(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::check(&app, &caller, id, version).await?))
}

/// Sends a budget back from finance, with a reason.
#[utoipa::path(post, path = "/api/v1/governance/budgets/{id}/return", operation_id = "return_budget", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = ReasonInput, responses((status = 200, body = BudgetDetail)))]
async fn send_back(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<ReasonInput>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::send_back(&app, &caller, id, version, BUDGET_CHECK, why.reason).await?))
}

/// Sends a budget back from management, with a reason.
#[utoipa::path(post, path = "/api/v1/governance/budgets/{id}/reject", operation_id = "reject_budget", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = ReasonInput, responses((status = 200, body = BudgetDetail)))]
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

/// Approves a budget; for management.
#[utoipa::path(post, path = "/api/v1/governance/budgets/{id}/approve", operation_id = "approve_budget", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 200, body = BudgetDetail)))]
async fn approve(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::approve(&app, &caller, id, version).await?))
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(BUDGET_READ))
        .add(operations!(get), needs(BUDGET_READ))
        .add(operations!(create), needs(BUDGET_WRITE))
        .add(operations!(update), needs(BUDGET_WRITE))
        .add(operations!(submit), needs(BUDGET_WRITE))
        .add(operations!(withdraw), needs(BUDGET_WRITE))
        .add(operations!(check), needs(BUDGET_CHECK))
        .add(operations!(send_back), needs(BUDGET_CHECK))
        .add(operations!(reject), needs(BUDGET_APPROVE))
        .add(operations!(approve), needs(BUDGET_APPROVE))
}
