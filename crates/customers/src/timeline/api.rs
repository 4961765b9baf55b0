use axum::extract::State;
use http_kit::{AppState, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{Entry, TimelineFilter, service};
use crate::permissions::PROFILE_READ;

/// Lists what happened between one person and the company, latest first.
#[utoipa::path(get, path = "/api/v1/customers/profiles/{id}/timeline", operation_id = "list_profile_timeline",
    tag = "customers", params(("id" = Id, Path), PageQuery, TimelineFilter),
    responses((status = 200, body = Page<Entry>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(page): Params<PageQuery>,
    Params(filter): Params<TimelineFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, id, &page, &filter).await?))
}

/// The operations on timelines.
pub fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(PROFILE_READ))
}
