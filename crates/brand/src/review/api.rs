//! The operations of a review.

use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{Approving, Returning, Review, Submission, Withdrawing, service};
use crate::content::ContentView;
use crate::permissions::{CONTENT_APPROVE, CONTENT_READ, CONTENT_WRITE};

/// Submits an item for review. The pre-flight runs first and blocks on what must be mended.
#[utoipa::path(post, path = "/api/v1/brand/contents/{id}/submit", operation_id = "submit_content", tag = "brand",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = Submission,
    responses((status = 200, body = ContentView)))]
async fn submit(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(input): Body<Submission>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::submit(&app, &caller, id, version, input).await?))
}

/// Takes an item back from review.
#[utoipa::path(post, path = "/api/v1/brand/contents/{id}/withdraw", operation_id = "withdraw_content",
    tag = "brand", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = Withdrawing,
    responses((status = 200, body = ContentView)))]
async fn withdraw(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(input): Body<Withdrawing>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::withdraw(&app, &caller, id, version, input).await?))
}

/// Approves an item exactly as it was submitted. Nobody approves what they wrote themselves.
#[utoipa::path(post, path = "/api/v1/brand/contents/{id}/approve", operation_id = "approve_content",
    tag = "brand", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = Approving,
    responses((status = 200, body = ContentView)))]
async fn approve(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(input): Body<Approving>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::approve(&app, &caller, id, version, input).await?))
}

/// Sends an item back to its author, with remarks on the places.
#[utoipa::path(post, path = "/api/v1/brand/contents/{id}/return", operation_id = "return_content", tag = "brand",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = Returning,
    responses((status = 200, body = ContentView)))]
async fn return_to_author(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(input): Body<Returning>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::return_to_author(&app, &caller, id, version, input).await?))
}

/// Lists the reviews of an item, newest first.
#[utoipa::path(get, path = "/api/v1/brand/contents/{id}/reviews", operation_id = "list_content_reviews",
    tag = "brand", params(("id" = Id, Path), PageQuery), responses((status = 200, body = Page<Review>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(page): Params<PageQuery>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, id, &page).await?))
}

/// Returns the operations of a review.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(submit), needs(CONTENT_WRITE))
        .add(operations!(withdraw), needs(CONTENT_WRITE))
        .add(operations!(approve), needs(CONTENT_APPROVE))
        .add(operations!(return_to_author), needs(CONTENT_APPROVE))
        .add(operations!(list), needs(CONTENT_READ))
}
