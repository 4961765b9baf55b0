use axum::extract::State;
use http_kit::{AppState, Params, Reply, Routes, Who, needs, operations};
use kernel::{Page, PageQuery};

use super::{Access, AccessFilter};
use crate::permissions::ACCESS_REVIEW;

/// Lists who opened, listed or took what is secret, newest first.
#[utoipa::path(get, path = "/api/v1/rulebook/accesses", operation_id = "list_secret_accesses", tag = "rulebook",
    params(PageQuery, AccessFilter), responses((status = 200, body = Page<Access>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<AccessFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &super::list(&app, &page, &filter).await?))
}

/// Returns the operations of accesses.
pub fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(ACCESS_REVIEW))
}
