use axum::extract::State;
use http_kit::{
    AppState, Body, IfMatch, NoContent, Params, PathOf, Reply, Routes, Who, needs, operations, signed_in,
};
use kernel::{Id, Page, PageQuery};

use super::{NewPosition, Position, PositionChange, PositionFilter, service};
use crate::permissions::DEPARTMENT_MANAGE;

/// Lists the positions.
#[utoipa::path(get, path = "/api/v1/identity/positions", operation_id = "list_positions", tag = "identity",
    params(PageQuery, PositionFilter), responses((status = 200, body = Page<Position>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<PositionFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &page, &filter).await?))
}

/// Makes a position.
#[utoipa::path(post, path = "/api/v1/identity/positions", operation_id = "create_position", tag = "identity",
    request_body = NewPosition, responses((status = 201, body = Position)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewPosition>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &new).await?))
}

/// Changes a position.
#[utoipa::path(put, path = "/api/v1/identity/positions/{id}", operation_id = "update_position", tag = "identity",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = PositionChange,
    responses((status = 200, body = Position)))]
async fn update(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(change): Body<PositionChange>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::update(&app, &caller, id, version, &change).await?))
}

/// Closes a position.
#[utoipa::path(delete, path = "/api/v1/identity/positions/{id}", operation_id = "archive_position", tag = "identity",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 204)))]
async fn archive(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> http_kit::Result<NoContent> {
    service::archive(&app, &caller, id, version).await?;
    Ok(NoContent)
}

/// The operations on positions.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), signed_in())
        .add(operations!(create), needs(DEPARTMENT_MANAGE))
        .add(operations!(update), needs(DEPARTMENT_MANAGE))
        .add(operations!(archive), needs(DEPARTMENT_MANAGE))
}
