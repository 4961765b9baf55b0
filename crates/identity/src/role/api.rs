use axum::extract::State;
use http_kit::{
    AppState, Body, IfMatch, NoContent, Params, PathOf, Reply, Routes, Who, needs, operations, signed_in,
};
use kernel::{Id, Page, PageQuery};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Matrix, NewRole, PermissionInfo, Role, RolePatch, service};
use crate::permissions::{ROLE_MANAGE, ROLE_READ};

/// Lists the roles.
#[utoipa::path(get, path = "/api/v1/identity/roles", operation_id = "list_roles", tag = "identity",
    params(PageQuery), responses((status = 200, body = Page<Role>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &page).await?))
}

/// Shows one role.
#[utoipa::path(get, path = "/api/v1/identity/roles/{id}", operation_id = "get_role", tag = "identity",
    params(("id" = Id, Path)), responses((status = 200, body = Role)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, id).await?))
}

/// Makes a role.
#[utoipa::path(post, path = "/api/v1/identity/roles", operation_id = "create_role", tag = "identity",
    request_body = NewRole, responses((status = 201, body = Role)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewRole>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &new).await?))
}

/// Changes a role.
#[utoipa::path(patch, path = "/api/v1/identity/roles/{id}", operation_id = "update_role", tag = "identity",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = RolePatch,
    responses((status = 200, body = Role)))]
async fn update(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(patch): Body<RolePatch>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::update(&app, &caller, id, version, patch).await?))
}

/// Takes a role that nobody holds out of use.
#[utoipa::path(delete, path = "/api/v1/identity/roles/{id}", operation_id = "archive_role", tag = "identity",
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

kernel::text_enum! {
    /// What stands in the rows of the permission matrix.
    pub enum MatrixBy { Role = "role", User = "user" }
}

/// Which matrix is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MatrixParams {
    /// Rows of roles (the default) or of users.
    #[param(inline)]
    by: Option<MatrixBy>,
}

/// Shows who may do what.
#[utoipa::path(get, path = "/api/v1/identity/permission-matrix", operation_id = "get_permission_matrix",
    tag = "identity", params(PageQuery, MatrixParams), responses((status = 200, body = Matrix)))]
async fn matrix(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(params): Params<MatrixParams>,
) -> http_kit::Result<Reply> {
    let matrix = match params.by.unwrap_or(MatrixBy::Role) {
        MatrixBy::Role => service::matrix_of_roles(&app, &caller).await?,
        MatrixBy::User => service::matrix_of_users(&app, &caller, &page).await?,
    };
    Ok(Reply::row(&caller, &matrix))
}

/// Lists every permission of the product.
#[utoipa::path(get, path = "/api/v1/system/permissions", operation_id = "list_permissions", tag = "system",
    responses((status = 200, body = Page<PermissionInfo>)))]
async fn permissions(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::permissions(&app, &caller).await?)))
}

/// The operations on roles.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(ROLE_READ))
        .add(operations!(get), needs(ROLE_READ))
        .add(operations!(create), needs(ROLE_MANAGE))
        .add(operations!(update), needs(ROLE_MANAGE))
        .add(operations!(archive), needs(ROLE_MANAGE))
        .add(operations!(matrix), needs(ROLE_READ))
        .add(operations!(permissions), signed_in())
}
