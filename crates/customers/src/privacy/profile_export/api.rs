use axum::extract::State;
use http_kit::{AppState, Params, Reply, Routes, Who, needs, operations};
use kernel::{Page, PageQuery};

use super::{ProfileExport, service};
use crate::permissions::PRIVACY_READ;

/// Lists the lists of people that left as a file, newest first.
#[utoipa::path(get, path = "/api/v1/customers/privacy/exports", operation_id = "list_profile_exports", tag = "customers",
    params(PageQuery), responses((status = 200, body = Page<ProfileExport>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page).await?))
}

/// The operations on exports.
pub fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(PRIVACY_READ))
}
