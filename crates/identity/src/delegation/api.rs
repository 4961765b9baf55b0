use axum::extract::State;
use http_kit::{AppState, Body, Params, PathOf, Reply, Routes, Who, operations, signed_in};
use kernel::{Id, Page, PageQuery};

use super::{Delegation, DelegationFilter, DeputyChoice, NewDelegation, service};

/// Lists delegations.
#[utoipa::path(get, path = "/api/v1/identity/delegations", operation_id = "list_delegations", tag = "identity",
    params(PageQuery, DelegationFilter), responses((status = 200, body = Page<Delegation>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<DelegationFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Lists who can stand in for the caller.
#[utoipa::path(get, path = "/api/v1/identity/deputies", operation_id = "list_deputies", tag = "identity",
    responses((status = 200, body = Page<DeputyChoice>)))]
async fn deputies(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::deputies(&app, &caller).await?)))
}

/// Lets somebody stand in for the caller, or for somebody whom the caller manages.
#[utoipa::path(post, path = "/api/v1/identity/delegations", operation_id = "create_delegation", tag = "identity",
    request_body = NewDelegation, responses((status = 201, body = Delegation)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewDelegation>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &new).await?))
}

/// Ends a delegation now.
#[utoipa::path(post, path = "/api/v1/identity/delegations/{id}/end", operation_id = "end_delegation",
    tag = "identity", params(("id" = Id, Path)), responses((status = 200, body = Delegation)))]
async fn end(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::end(&app, &caller, id).await?))
}

/// The operations on delegations.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), signed_in())
        .add(operations!(deputies), signed_in())
        .add(operations!(create), signed_in())
        .add(operations!(end), signed_in())
}
