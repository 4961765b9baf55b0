use axum::extract::State;
use http_kit::{AppState, Body, Params, PathOf, Reply, Routes, Who, needs, operations, signed_in};
use kernel::{Id, Page, PageQuery};

use super::{AccessReview, NewReview, ReviewDecision, ReviewFilter, ReviewItem, service};
use crate::permissions::{REVIEW_DECIDE, REVIEW_MANAGE};

/// Lists access reviews.
#[utoipa::path(get, path = "/api/v1/identity/access-reviews", operation_id = "list_access_reviews",
    tag = "identity", params(PageQuery, ReviewFilter), responses((status = 200, body = Page<AccessReview>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<ReviewFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Shows one access review with its users.
#[utoipa::path(get, path = "/api/v1/identity/access-reviews/{id}", operation_id = "get_access_review",
    tag = "identity", params(("id" = Id, Path)), responses((status = 200, body = AccessReview)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Opens an access review out of turn.
#[utoipa::path(post, path = "/api/v1/identity/access-reviews", operation_id = "open_access_review",
    tag = "identity", request_body = NewReview, responses((status = 201, body = AccessReview)))]
async fn open(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewReview>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::open(&app, &caller, new.department_id).await?))
}

/// Decides whether one user keeps access; removing takes effect at once.
#[utoipa::path(post, path = "/api/v1/identity/access-reviews/{id}/items/{item_id}",
    operation_id = "decide_access_review_item", tag = "identity",
    params(("id" = Id, Path), ("item_id" = Id, Path)), request_body = ReviewDecision,
    responses((status = 200, body = ReviewItem)))]
async fn decide(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((id, item_id)): PathOf<(Id, Id)>,
    Body(input): Body<ReviewDecision>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::decide(&app, &caller, id, item_id, &input).await?))
}

/// The operations on access reviews.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), signed_in())
        .add(operations!(get), signed_in())
        .add(operations!(open), needs(REVIEW_MANAGE))
        .add(operations!(decide), needs(REVIEW_DECIDE))
}
