//! The operations on remarks.

use axum::extract::State;
use http_kit::{AppState, Body, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{Comment, NewComment, service};
use crate::permissions::CONTENT_READ;

/// Lists the remarks on an item, newest first.
#[utoipa::path(get, path = "/api/v1/brand/contents/{id}/comments", operation_id = "list_content_comments",
    tag = "brand", params(("id" = Id, Path), PageQuery), responses((status = 200, body = Page<Comment>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(page): Params<PageQuery>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, id, &page).await?))
}

/// Makes a remark on the current version of an item.
#[utoipa::path(post, path = "/api/v1/brand/contents/{id}/comments", operation_id = "create_content_comment",
    tag = "brand", params(("id" = Id, Path)), request_body = NewComment,
    responses((status = 201, body = Comment)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(new): Body<NewComment>,
) -> Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, id, new).await?))
}

/// Settles a remark.
#[utoipa::path(post, path = "/api/v1/brand/comments/{id}/resolve", operation_id = "resolve_content_comment",
    tag = "brand", params(("id" = Id, Path)), responses((status = 200, body = Comment)))]
async fn resolve(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::resolve(&app, &caller, id).await?))
}

/// Returns the operations on remarks.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(CONTENT_READ))
        .add(operations!(create), needs(CONTENT_READ))
        .add(operations!(resolve), needs(CONTENT_READ))
}
