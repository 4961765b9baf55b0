use axum::extract::State;
use http_kit::{AppState, Body, NoContent, PathOf, Reply, Routes, Who, operations, signed_in};
use kernel::{Id, Page};

use super::{MadeToken, NewToken, Token, service};

/// Lists one's tokens.
#[utoipa::path(get, path = "/api/v1/identity/tokens", operation_id = "list_tokens", tag = "identity",
    responses((status = 200, body = Page<Token>)))]
async fn list(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::list(&app, &caller).await?)))
}

/// Makes a token and shows its secret, this once.
#[utoipa::path(post, path = "/api/v1/identity/tokens", operation_id = "create_token", tag = "identity",
    request_body = NewToken, responses((status = 201, body = MadeToken)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewToken>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &new).await?))
}

/// Ends a token.
#[utoipa::path(delete, path = "/api/v1/identity/tokens/{id}", operation_id = "revoke_token", tag = "identity",
    params(("id" = Id, Path)), responses((status = 204)))]
async fn revoke(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<NoContent> {
    service::revoke(&app, &caller, id).await?;
    Ok(NoContent)
}

/// The operations on tokens.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), signed_in())
        .add(operations!(create), signed_in())
        .add(operations!(revoke), signed_in())
}
