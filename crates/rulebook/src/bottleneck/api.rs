use axum::extract::State;
use http_kit::{AppState, Params, Reply, Routes, Who, needs, operations, signed_in};
use kernel::Page;

use super::{Bottleneck, BottleneckFilter, WaitingFilter, WaitingItem, service};
use crate::permissions::CLAUSE_READ;

/// Ranks the steps of all workflows, the slowest against its target first.
#[utoipa::path(get, path = "/api/v1/rulebook/bottlenecks", operation_id = "list_bottlenecks", tag = "rulebook",
    params(BottleneckFilter), responses((status = 200, body = Page<Bottleneck>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(filter): Params<BottleneckFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::list(&app, &caller, &filter).await?)))
}

/// Lists what waits longer than its step may take, the longest first.
#[utoipa::path(get, path = "/api/v1/rulebook/waiting", operation_id = "list_waiting", tag = "rulebook",
    params(WaitingFilter), responses((status = 200, body = Page<WaitingItem>)))]
async fn waiting(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(filter): Params<WaitingFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::waiting(&app, &caller, &filter).await?)))
}

/// Returns the operations of bottlenecks.
pub fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(CLAUSE_READ)).add(operations!(waiting), signed_in())
}
