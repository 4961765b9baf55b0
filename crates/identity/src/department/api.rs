use axum::extract::State;
use http_kit::{
    AppState, Body, IfMatch, NoContent, Params, PathOf, Reply, Routes, Who, needs, operations, signed_in,
};
use kernel::{Id, Page, PageQuery};

use super::{Department, DepartmentChange, NewDepartment, service};
use crate::permissions::DEPARTMENT_MANAGE;

/// Lists the departments.
#[utoipa::path(get, path = "/api/v1/identity/departments", operation_id = "list_departments", tag = "identity",
    params(PageQuery), responses((status = 200, body = Page<Department>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &page).await?))
}

/// Shows one department.
#[utoipa::path(get, path = "/api/v1/identity/departments/{id}", operation_id = "get_department", tag = "identity",
    params(("id" = Id, Path)), responses((status = 200, body = Department)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, id).await?))
}

/// Makes a department.
#[utoipa::path(post, path = "/api/v1/identity/departments", operation_id = "create_department", tag = "identity",
    request_body = NewDepartment, responses((status = 201, body = Department)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewDepartment>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &new).await?))
}

/// Changes a department.
#[utoipa::path(put, path = "/api/v1/identity/departments/{id}", operation_id = "update_department", tag = "identity",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = DepartmentChange,
    responses((status = 200, body = Department)))]
async fn update(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(change): Body<DepartmentChange>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::update(&app, &caller, id, version, &change).await?))
}

/// Closes a department.
#[utoipa::path(delete, path = "/api/v1/identity/departments/{id}", operation_id = "archive_department", tag = "identity",
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

/// The operations on departments.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), signed_in())
        .add(operations!(get), signed_in())
        .add(operations!(create), needs(DEPARTMENT_MANAGE))
        .add(operations!(update), needs(DEPARTMENT_MANAGE))
        .add(operations!(archive), needs(DEPARTMENT_MANAGE))
}
