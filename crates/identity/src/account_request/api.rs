use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations, signed_in};
use kernel::{Id, Page, PageQuery};

use super::{AccountRequest, NewAccountRequest, RequestFilter, service};
use crate::permissions::{ACCOUNT_APPROVE, ACCOUNT_REQUEST};
use crate::user::Because;

/// Lists account requests: all for those who approve, else those of one's departments.
#[utoipa::path(get, path = "/api/v1/identity/account-requests", operation_id = "list_account_requests",
    tag = "identity", params(PageQuery, RequestFilter), responses((status = 200, body = Page<AccountRequest>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<RequestFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Shows one account request.
#[utoipa::path(get, path = "/api/v1/identity/account-requests/{id}", operation_id = "get_account_request",
    tag = "identity", params(("id" = Id, Path)), responses((status = 200, body = AccountRequest)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Asks for an account for somebody of one's department.
#[utoipa::path(post, path = "/api/v1/identity/account-requests", operation_id = "create_account_request",
    tag = "identity", request_body = NewAccountRequest, responses((status = 201, body = AccountRequest)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewAccountRequest>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &new).await?))
}

/// Approves a request: makes the account and sends the activation link.
#[utoipa::path(post, path = "/api/v1/identity/account-requests/{id}/approve",
    operation_id = "approve_account_request", tag = "identity",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 200, body = AccountRequest)))]
async fn approve(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::approve(&app, &caller, id, version).await?))
}

/// Rejects a request, with the reason.
#[utoipa::path(post, path = "/api/v1/identity/account-requests/{id}/reject",
    operation_id = "reject_account_request", tag = "identity",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = Because,
    responses((status = 200, body = AccountRequest)))]
async fn reject(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(because): Body<Because>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::reject(&app, &caller, id, version, &because.reason).await?))
}

/// Takes one's own request back.
#[utoipa::path(post, path = "/api/v1/identity/account-requests/{id}/withdraw",
    operation_id = "withdraw_account_request", tag = "identity",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 200, body = AccountRequest)))]
async fn withdraw(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::withdraw(&app, &caller, id, version).await?))
}

/// The operations on account requests.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), signed_in())
        .add(operations!(get), signed_in())
        .add(operations!(create), needs(ACCOUNT_REQUEST))
        .add(operations!(approve), needs(ACCOUNT_APPROVE))
        .add(operations!(reject), needs(ACCOUNT_APPROVE))
        .add(operations!(withdraw), needs(ACCOUNT_REQUEST))
}
