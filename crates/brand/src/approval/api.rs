//! The operations on approvals.

use axum::extract::State;
use http_kit::{AppState, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::Id;

use super::{ApprovalToken, service};
use crate::permissions::CONTENT_RELEASE;

/// Gives out the token of the valid approval, to those who may take this item through the release door.
#[utoipa::path(get, path = "/api/v1/brand/contents/{id}/approval", operation_id = "get_content_approval",
    tag = "brand", params(("id" = Id, Path)), responses((status = 200, body = ApprovalToken)))]
async fn get(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::with_token(&app, &caller, id).await?))
}

/// Returns the operations on approvals.
pub fn routes() -> Routes {
    Routes::new().add(operations!(get), needs(CONTENT_RELEASE))
}
