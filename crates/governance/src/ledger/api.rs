use axum::extract::State;
use http_kit::{AppState, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{Entry, EntryFilter, Proof, service};
use crate::permissions::{BUDGET_READ, LEDGER_PROVE};

/// Lists the movements of a budget, newest first.
#[utoipa::path(get, path = "/api/v1/governance/budgets/{id}/entries", operation_id = "list_budget_entries", tag = "governance",
    params(("id" = Id, Path), PageQuery, EntryFilter), responses((status = 200, body = Page<Entry>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(page): Params<PageQuery>,
    Params(filter): Params<EntryFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, id, &page, &filter).await?))
}

/// Proves that every balance is the sum of its entries.
#[utoipa::path(post, path = "/api/v1/governance/ledger-proof", operation_id = "prove_budget_ledger", tag = "governance",
    responses((status = 200, body = Proof)))]
async fn prove(State(app): State<AppState>, Who(caller): Who) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::prove(&app, &caller).await?))
}

pub(crate) fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(BUDGET_READ)).add(operations!(prove), needs(LEDGER_PROVE))
}
