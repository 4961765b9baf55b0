//! The operations on partials.

use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{NewPartial, Partial, PartialFilter, PartialPatch, PartialVersion, PartialView, service};
use crate::permissions::{PARTIAL_READ, PARTIAL_WRITE};

/// Lists the partials, newest first.
#[utoipa::path(get, path = "/api/v1/brand/partials", operation_id = "list_partials", tag = "brand",
    params(PageQuery, PartialFilter), responses((status = 200, body = Page<Partial>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<PartialFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Shows one partial with its current words.
#[utoipa::path(get, path = "/api/v1/brand/partials/{id}", operation_id = "get_partial", tag = "brand",
    params(("id" = Id, Path)), responses((status = 200, body = PartialView)))]
async fn get(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Lists the versions of a partial, newest first.
#[utoipa::path(get, path = "/api/v1/brand/partials/{id}/versions", operation_id = "list_partial_versions",
    tag = "brand", params(("id" = Id, Path), PageQuery),
    responses((status = 200, body = Page<PartialVersion>)))]
async fn versions(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(page): Params<PageQuery>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::versions(&app, &caller, id, &page).await?))
}

/// Makes a partial.
#[utoipa::path(post, path = "/api/v1/brand/partials", operation_id = "create_partial", tag = "brand",
    request_body = NewPartial, responses((status = 201, body = PartialView)))]
async fn create(State(app): State<AppState>, Who(caller): Who, Body(new): Body<NewPartial>) -> Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, new).await?))
}

/// Changes a partial. Other words are a new version and void the approvals of content that holds it.
#[utoipa::path(patch, path = "/api/v1/brand/partials/{id}", operation_id = "update_partial", tag = "brand",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = PartialPatch,
    responses((status = 200, body = PartialView)))]
async fn update(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(patch): Body<PartialPatch>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::update(&app, &caller, id, version, patch).await?))
}

/// Returns the operations on partials.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(PARTIAL_READ))
        .add(operations!(get), needs(PARTIAL_READ))
        .add(operations!(versions), needs(PARTIAL_READ))
        .add(operations!(create), needs(PARTIAL_WRITE))
        .add(operations!(update), needs(PARTIAL_WRITE))
}
