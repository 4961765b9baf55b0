use axum::extract::State;
use axum::response::Response;
use http_kit::{AppState, Body, NoContent, Reply, Routes, Who, guests_too, operations, public};

use super::{ScreenLock, Unlock};
use crate::session::api::signed_in_now;
use crate::session::{Client, SessionView};

/// Says whether the screen of this browser's session is locked.
#[utoipa::path(get, path = "/api/v1/identity/session/lock", operation_id = "get_screen_lock", tag = "identity",
    responses((status = 200, body = ScreenLock)))]
async fn get(State(app): State<AppState>, Who(caller): Who, client: Client) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::state(&app, &client).await?))
}

/// Locks the screen: the session reads and does nothing until it is unlocked.
#[utoipa::path(post, path = "/api/v1/identity/session/lock", operation_id = "lock_screen", tag = "identity",
    responses((status = 204)))]
async fn lock(State(app): State<AppState>, Who(caller): Who, client: Client) -> http_kit::Result<NoContent> {
    super::lock(&app, &caller, &client).await?;
    Ok(NoContent)
}

/// Unlocks the screen with the password or a code.
#[utoipa::path(post, path = "/api/v1/identity/session/unlock", operation_id = "unlock_screen", tag = "identity",
    request_body = Unlock, responses((status = 200, body = SessionView)))]
async fn unlock(
    State(app): State<AppState>,
    Who(caller): Who,
    client: Client,
    Body(input): Body<Unlock>,
) -> http_kit::Result<Response> {
    signed_in_now(&app, super::unlock(&app, &caller, &client, &input).await?).await
}

/// The operations on the screen lock.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(get), public("a locked session is nobody's until it is unlocked"))
        .add(operations!(lock), guests_too())
        .add(operations!(unlock), public("a locked session is nobody's until it is unlocked"))
}
