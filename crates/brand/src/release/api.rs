//! The operations on releases: looking alone. Letting out is done by those who use the door.

use axum::extract::State;
use http_kit::{AppState, Params, Reply, Result, Routes, Who, needs, operations};
use kernel::{Page, PageQuery};

use super::{ReleaseDecision, ReleaseFilter, service};
use crate::permissions::RELEASE_READ;

/// Lists what the release door decided, newest first.
#[utoipa::path(get, path = "/api/v1/brand/releases", operation_id = "list_releases", tag = "brand",
    params(PageQuery, ReleaseFilter), responses((status = 200, body = Page<ReleaseDecision>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<ReleaseFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Returns the operations on releases.
pub fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(RELEASE_READ))
}
