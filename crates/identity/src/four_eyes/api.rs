use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations, signed_in};
use kernel::{Id, Page, PageQuery};

use super::{ChangeTarget, DeletionFilter, DeletionRequest, NewDeletionRequest, ShownPreview, service};
use crate::permissions::{DELETION_APPROVE, DELETION_REQUEST};
use crate::user::Because;

/// Lists requests for important deletes and bulk changes.
#[utoipa::path(get, path = "/api/v1/identity/deletion-requests", operation_id = "list_deletion_requests",
    tag = "identity", params(PageQuery, DeletionFilter), responses((status = 200, body = Page<DeletionRequest>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<DeletionFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Shows one request.
#[utoipa::path(get, path = "/api/v1/identity/deletion-requests/{id}", operation_id = "get_deletion_request",
    tag = "identity", params(("id" = Id, Path)), responses((status = 200, body = DeletionRequest)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Shows what a change would do.
#[utoipa::path(post, path = "/api/v1/identity/deletion-previews", operation_id = "preview_deletion",
    tag = "identity", request_body = ChangeTarget, responses((status = 200, body = ShownPreview)))]
async fn preview(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(target): Body<ChangeTarget>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::preview(&app, &caller, &target).await?))
}

/// Asks for an important delete or bulk change.
#[utoipa::path(post, path = "/api/v1/identity/deletion-requests", operation_id = "create_deletion_request",
    tag = "identity", request_body = NewDeletionRequest, responses((status = 201, body = DeletionRequest)))]
async fn request(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewDeletionRequest>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::request(&app, &caller, &new).await?))
}

/// Approves a request as the second person; the change is made at once.
#[utoipa::path(post, path = "/api/v1/identity/deletion-requests/{id}/approve",
    operation_id = "approve_deletion_request", tag = "identity",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 200, body = DeletionRequest)))]
async fn approve(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::approve(&app, &caller, id, version).await?))
}

/// Rejects a request as the second person.
#[utoipa::path(post, path = "/api/v1/identity/deletion-requests/{id}/reject",
    operation_id = "reject_deletion_request", tag = "identity",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = Because,
    responses((status = 200, body = DeletionRequest)))]
async fn reject(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(because): Body<Because>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::reject(&app, &caller, id, version, &because.reason).await?))
}

/// Takes one's own request back.
#[utoipa::path(post, path = "/api/v1/identity/deletion-requests/{id}/withdraw",
    operation_id = "withdraw_deletion_request", tag = "identity",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 200, body = DeletionRequest)))]
async fn withdraw(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::withdraw(&app, &caller, id, version).await?))
}

/// Takes a change back within 30 days.
#[utoipa::path(post, path = "/api/v1/identity/deletion-requests/{id}/restore",
    operation_id = "restore_deletion_request", tag = "identity",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 200, body = DeletionRequest)))]
async fn restore(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::restore(&app, &caller, id, version).await?))
}

/// The operations of the four-eyes rule.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), signed_in())
        .add(operations!(get), signed_in())
        .add(operations!(preview), needs(DELETION_REQUEST))
        .add(operations!(request), needs(DELETION_REQUEST))
        .add(operations!(approve), needs(DELETION_APPROVE))
        .add(operations!(reject), needs(DELETION_APPROVE))
        .add(operations!(withdraw), needs(DELETION_REQUEST))
        .add(operations!(restore), signed_in())
}
