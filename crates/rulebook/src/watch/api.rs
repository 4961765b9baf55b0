use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{NewWatch, Watch, WatchFilter, WatchRun, WatchTarget};
use crate::permissions::{WATCH_MANAGE, WATCH_READ};

/// Lists watches, newest first.
#[utoipa::path(get, path = "/api/v1/rulebook/watches", operation_id = "list_watches", tag = "rulebook",
    params(PageQuery, WatchFilter), responses((status = 200, body = Page<Watch>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<WatchFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &super::list(&app, &caller, &page, &filter).await?))
}

/// Lists the types of records that a watch can open.
#[utoipa::path(get, path = "/api/v1/rulebook/watch-targets", operation_id = "list_watch_targets", tag = "rulebook",
    responses((status = 200, body = Page<WatchTarget>)))]
async fn targets(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(super::targets(&app, &caller)?)))
}

/// Keeps a watch; its first look comes at once.
#[utoipa::path(post, path = "/api/v1/rulebook/watches", operation_id = "create_watch", tag = "rulebook",
    request_body = NewWatch, responses((status = 201, body = Watch)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewWatch>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &super::create(&app, &caller, &new).await?))
}

/// Shows a watch.
#[utoipa::path(get, path = "/api/v1/rulebook/watches/{id}", operation_id = "get_watch", tag = "rulebook",
    params(("id" = Id, Path)), responses((status = 200, body = Watch)))]
async fn find(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::find(&app, &caller, id).await?))
}

/// Changes a watch; where it looks elsewhere from now on it begins anew.
#[utoipa::path(put, path = "/api/v1/rulebook/watches/{id}", operation_id = "change_watch", tag = "rulebook",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = NewWatch,
    responses((status = 200, body = Watch)))]
async fn change(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(new): Body<NewWatch>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::change(&app, &caller, id, version, &new).await?))
}

/// Looks now.
#[utoipa::path(post, path = "/api/v1/rulebook/watches/{id}/look", operation_id = "look_watch", tag = "rulebook",
    params(("id" = Id, Path)), responses((status = 200, body = WatchRun)))]
async fn look(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::look_now(&app, id).await?))
}

/// Lists the looks of a watch, newest first.
#[utoipa::path(get, path = "/api/v1/rulebook/watches/{id}/runs", operation_id = "list_watch_runs", tag = "rulebook",
    params(("id" = Id, Path), PageQuery), responses((status = 200, body = Page<WatchRun>)))]
async fn runs(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &super::runs(&app, id, &page).await?))
}

/// Returns the operations of watches.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(WATCH_READ))
        .add(operations!(targets), needs(WATCH_MANAGE))
        .add(operations!(create), needs(WATCH_MANAGE))
        .add(operations!(find), needs(WATCH_READ))
        .add(operations!(change), needs(WATCH_MANAGE))
        .add(operations!(look), needs(WATCH_MANAGE))
        .add(operations!(runs), needs(WATCH_READ))
}
