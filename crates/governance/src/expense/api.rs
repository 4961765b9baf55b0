use axum::extract::State;
use http_kit::{AppState, Body, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{Expense, ExpenseFilter, service};
use crate::budget::ReasonInput;
use crate::permissions::{BUDGET_READ, EXPENSE_CREATE};

/// Lists expenses, newest first.
#[utoipa::path(get, path = "/api/v1/governance/expenses", operation_id = "list_expenses", tag = "governance",
    params(PageQuery, ExpenseFilter), responses((status = 200, body = Page<Expense>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<ExpenseFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Takes an expense back with a movement of its own.
#[utoipa::path(post, path = "/api/v1/governance/expenses/{id}/reverse", operation_id = "reverse_expense", tag = "governance",
    params(("id" = Id, Path)), request_body = ReasonInput, responses((status = 200, body = Expense)))]
async fn reverse(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(why): Body<ReasonInput>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::reverse(&app, &caller, id, why).await?))
}

pub(crate) fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(BUDGET_READ)).add(operations!(reverse), needs(EXPENSE_CREATE))
}
