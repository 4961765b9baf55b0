use axum::extract::State;
use http_kit::{AppState, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{Clock, ClockDetail, ClockFilter, service};
use crate::permissions::CLOCK_READ;

/// Lists clocks: running ones by when they are due, others by when they were made.
#[utoipa::path(get, path = "/api/v1/rulebook/clocks", operation_id = "list_clocks", tag = "rulebook",
    params(PageQuery, ClockFilter), responses((status = 200, body = Page<Clock>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<ClockFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &page, &filter).await?))
}

/// Shows one clock with its events, reminders and former due times.
#[utoipa::path(get, path = "/api/v1/rulebook/clocks/{id}", operation_id = "get_clock", tag = "rulebook",
    params(("id" = Id, Path)), responses((status = 200, body = ClockDetail)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, id).await?))
}

/// Returns the operations of clocks.
pub fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(CLOCK_READ)).add(operations!(get), needs(CLOCK_READ))
}
