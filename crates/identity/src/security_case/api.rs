use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{CaseFilter, SecurityCase, Settlement, service};
use crate::permissions::CASE_HANDLE;

/// Lists the security cases.
#[utoipa::path(get, path = "/api/v1/identity/security-cases", operation_id = "list_security_cases",
    tag = "identity", params(PageQuery, CaseFilter), responses((status = 200, body = Page<SecurityCase>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<CaseFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &page, &filter).await?))
}

/// Shows one security case.
#[utoipa::path(get, path = "/api/v1/identity/security-cases/{id}", operation_id = "get_security_case",
    tag = "identity", params(("id" = Id, Path)), responses((status = 200, body = SecurityCase)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, id).await?))
}

/// Takes a security case.
#[utoipa::path(post, path = "/api/v1/identity/security-cases/{id}/handle", operation_id = "handle_security_case",
    tag = "identity", params(("id" = Id, Path)), responses((status = 200, body = SecurityCase)))]
async fn handle(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::handle(&app, &caller, id).await?))
}

/// Settles a security case.
#[utoipa::path(post, path = "/api/v1/identity/security-cases/{id}/close", operation_id = "close_security_case",
    tag = "identity", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = Settlement,
    responses((status = 200, body = SecurityCase)))]
async fn close(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(how): Body<Settlement>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::close(&app, &caller, id, version, &how).await?))
}

/// The operations on security cases.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(CASE_HANDLE))
        .add(operations!(get), needs(CASE_HANDLE))
        .add(operations!(handle), needs(CASE_HANDLE))
        .add(operations!(close), needs(CASE_HANDLE))
}
