use axum::extract::State;
use http_kit::{AppState, Body, NoContent, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page};

use super::{Grant, NewGrant, service};
use crate::permissions::{GRANT_MANAGE, USER_READ};

/// Lists what a user holds.
#[utoipa::path(get, path = "/api/v1/identity/users/{id}/grants", operation_id = "list_grants", tag = "identity",
    params(("id" = Id, Path)), responses((status = 200, body = Page<Grant>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::list(&app, &caller, id).await?)))
}

/// Gives a role to a user.
#[utoipa::path(post, path = "/api/v1/identity/users/{id}/grants", operation_id = "create_grant", tag = "identity",
    params(("id" = Id, Path)), request_body = NewGrant, responses((status = 201, body = Grant)))]
async fn give(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(new): Body<NewGrant>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::give(&app, &caller, id, &new).await?))
}

/// Takes a role away from a user.
#[utoipa::path(delete, path = "/api/v1/identity/users/{id}/grants/{grant_id}", operation_id = "revoke_grant",
    tag = "identity", params(("id" = Id, Path), ("grant_id" = Id, Path)), responses((status = 204)))]
async fn revoke(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((id, grant_id)): PathOf<(Id, Id)>,
) -> http_kit::Result<NoContent> {
    service::revoke(&app, &caller, id, grant_id).await?;
    Ok(NoContent)
}

/// The operations on grants.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(USER_READ))
        .add(operations!(give), needs(GRANT_MANAGE))
        .add(operations!(revoke), needs(GRANT_MANAGE))
}
