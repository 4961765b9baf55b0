//! The operations on content items.

use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};
use serde::Deserialize;
use utoipa::IntoParams;

use super::diff::VersionDiff;
use super::{
    Content, ContentFilter, ContentPatch, ContentVersion, ContentView, NewContent, NewVersion, service,
    version,
};
use crate::permissions::{CONTENT_READ, CONTENT_WRITE};

/// Which two versions to compare.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Comparison {
    /// Number of the older version.
    #[param(minimum = 1)]
    from: i64,
    /// Number of the newer version.
    #[param(minimum = 1)]
    to: i64,
}

/// Lists content items, last changed first.
#[utoipa::path(get, path = "/api/v1/brand/contents", operation_id = "list_contents", tag = "brand",
    params(PageQuery, ContentFilter), responses((status = 200, body = Page<Content>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<ContentFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Shows an item with its words, its checks, its review, and what can be done next.
#[utoipa::path(get, path = "/api/v1/brand/contents/{id}", operation_id = "get_content", tag = "brand",
    params(("id" = Id, Path)), responses((status = 200, body = ContentView)))]
async fn get(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Makes an item.
#[utoipa::path(post, path = "/api/v1/brand/contents", operation_id = "create_content", tag = "brand",
    request_body = NewContent, responses((status = 201, body = ContentView)))]
async fn create(State(app): State<AppState>, Who(caller): Who, Body(new): Body<NewContent>) -> Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, new).await?))
}

/// Changes title, languages or owner. Words change by new versions, the state by its own operations.
#[utoipa::path(patch, path = "/api/v1/brand/contents/{id}", operation_id = "update_content", tag = "brand",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = ContentPatch,
    responses((status = 200, body = ContentView)))]
async fn update(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(seen): IfMatch,
    Body(patch): Body<ContentPatch>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::update(&app, &caller, id, seen, patch).await?))
}

/// Puts an item away; its approval is void.
#[utoipa::path(post, path = "/api/v1/brand/contents/{id}/archive", operation_id = "archive_content", tag = "brand",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 200, body = ContentView)))]
async fn archive(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(seen): IfMatch,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::archive(&app, &caller, id, seen).await?))
}

/// Lists the versions of an item, newest first.
#[utoipa::path(get, path = "/api/v1/brand/contents/{id}/versions", operation_id = "list_content_versions",
    tag = "brand", params(("id" = Id, Path), PageQuery), responses((status = 200, body = Page<ContentVersion>)))]
async fn versions(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(page): Params<PageQuery>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &version::list(&app, &caller, id, &page).await?))
}

/// Shows one version.
#[utoipa::path(get, path = "/api/v1/brand/contents/{id}/versions/{number}", operation_id = "get_content_version",
    tag = "brand", params(("id" = Id, Path), ("number" = i64, Path)),
    responses((status = 200, body = ContentVersion)))]
async fn get_version(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((id, number)): PathOf<(Id, i64)>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &version::get(&app, &caller, id, number).await?))
}

/// Saves new words as a version; the same words again are none (200 instead of 201).
/// An open review ends with it, and an approval is void.
#[utoipa::path(post, path = "/api/v1/brand/contents/{id}/versions", operation_id = "save_content_version",
    tag = "brand", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = NewVersion,
    responses((status = 201, body = ContentView), (status = 200, body = ContentView)))]
async fn save(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(seen): IfMatch,
    Body(new): Body<NewVersion>,
) -> Result<Reply> {
    let (view, is_new) = version::save(&app, &caller, id, seen, new).await?;
    Ok(if is_new { Reply::created(&caller, &view) } else { Reply::row(&caller, &view) })
}

/// Repeats an older version as a new one, which needs a new approval.
#[utoipa::path(post, path = "/api/v1/brand/contents/{id}/versions/{number}/restore",
    operation_id = "restore_content_version", tag = "brand",
    params(("id" = Id, Path), ("number" = i64, Path), ("If-Match" = String, Header)),
    responses((status = 201, body = ContentView)))]
async fn restore(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((id, number)): PathOf<(Id, i64)>,
    IfMatch(seen): IfMatch,
) -> Result<Reply> {
    Ok(Reply::created(&caller, &version::restore(&app, &caller, id, seen, number).await?))
}

/// Compares two versions of an item, field by field and line by line.
#[utoipa::path(get, path = "/api/v1/brand/contents/{id}/compare", operation_id = "compare_content_versions",
    tag = "brand", params(("id" = Id, Path), Comparison), responses((status = 200, body = VersionDiff)))]
async fn compare(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(wanted): Params<Comparison>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &version::compare(&app, &caller, id, wanted.from, wanted.to).await?))
}

/// Returns the operations on content items.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(CONTENT_READ))
        .add(operations!(get), needs(CONTENT_READ))
        .add(operations!(create), needs(CONTENT_WRITE))
        .add(operations!(update), needs(CONTENT_WRITE))
        .add(operations!(archive), needs(CONTENT_WRITE))
        .add(operations!(versions), needs(CONTENT_READ))
        .add(operations!(get_version), needs(CONTENT_READ))
        .add(operations!(save), needs(CONTENT_WRITE))
        .add(operations!(restore), needs(CONTENT_WRITE))
        .add(operations!(compare), needs(CONTENT_READ))
}
