use axum::extract::State;
use http_kit::{AppState, NoContent, PathOf, Reply, Routes, Who, operations, signed_in};
use kernel::{Id, Page};

use super::{Alert, service};

/// Lists the alerts about sign-ins to one's account.
#[utoipa::path(get, path = "/api/v1/identity/alerts", operation_id = "list_alerts", tag = "identity",
    responses((status = 200, body = Page<Alert>)))]
async fn list(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::list(&app, &caller).await?)))
}

/// Says that the sign-in was one's own.
#[utoipa::path(post, path = "/api/v1/identity/alerts/{id}/me", operation_id = "confirm_alert", tag = "identity",
    params(("id" = Id, Path)), responses((status = 204)))]
async fn me(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<NoContent> {
    service::me(&app, &caller, id).await?;
    Ok(NoContent)
}

/// Says that the sign-in was somebody else's: ends all sessions, locks the account, tells IT.
#[utoipa::path(post, path = "/api/v1/identity/alerts/{id}/not-me", operation_id = "deny_alert", tag = "identity",
    params(("id" = Id, Path)), responses((status = 204)))]
async fn not_me(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<NoContent> {
    service::not_me(&app, &caller, id).await?;
    Ok(NoContent)
}

/// The operations on alerts.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), signed_in())
        .add(operations!(me), signed_in())
        .add(operations!(not_me), signed_in())
}
