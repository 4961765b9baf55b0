use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{IgnoreItem, WorklistFilter, WorklistItem, WorklistStanding, jobs, service};
use crate::permissions::{PROFILE_EDIT, PROFILE_READ};

/// Lists what is wrong with what is known about people, the oldest first.
#[utoipa::path(get, path = "/api/v1/customers/worklist", operation_id = "list_worklist", tag = "customers",
    params(PageQuery, WorklistFilter), responses((status = 200, body = Page<WorklistItem>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<WorklistFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Shows how many people have which problem.
#[utoipa::path(get, path = "/api/v1/customers/worklist/standing", operation_id = "get_worklist_standing",
    tag = "customers", responses((status = 200, body = WorklistStanding)))]
async fn standing(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::standing(&app, &caller).await?))
}

/// Looks for problems in the background.
#[utoipa::path(post, path = "/api/v1/customers/worklist/find", operation_id = "find_worklist", tag = "customers",
    responses((status = 200, body = WorklistStanding)))]
async fn find(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    jobs::ask(&app, &caller).await?;
    Ok(Reply::row(&caller, &service::standing(&app, &caller).await?))
}

/// Decides that something may stay as it is.
#[utoipa::path(post, path = "/api/v1/customers/worklist/{id}/ignore", operation_id = "ignore_worklist_item",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = IgnoreItem,
    responses((status = 200, body = WorklistItem)))]
async fn ignore(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<IgnoreItem>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::ignore(&app, &caller, id, version, &why).await?))
}

/// Says that what is known about the person still holds.
#[utoipa::path(post, path = "/api/v1/customers/worklist/{id}/confirm", operation_id = "confirm_worklist_item",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = WorklistItem)))]
async fn confirm(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::confirm(&app, &caller, id, version).await?))
}

/// The operations on the worklist.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(PROFILE_READ))
        .add(operations!(standing), needs(PROFILE_READ))
        .add(operations!(find), needs(PROFILE_EDIT))
        .add(operations!(ignore), needs(PROFILE_EDIT))
        .add(operations!(confirm), needs(PROFILE_EDIT))
}
