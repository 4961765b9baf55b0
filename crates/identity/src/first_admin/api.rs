use axum::extract::State;
use axum::response::Response;
use http_kit::{AppState, Body, Routes, Who, operations, public};

use super::{FirstAdmin, service};
use crate::session::{Client, SessionView, api::signed_in_now};

/// Makes the first administrator by the link that the server printed, and signs them in.
#[utoipa::path(post, path = "/api/v1/identity/first-admin", operation_id = "make_first_admin", tag = "identity",
    request_body = FirstAdmin, responses((status = 200, body = SessionView)))]
async fn make(
    State(app): State<AppState>,
    Who(caller): Who,
    client: Client,
    Body(input): Body<FirstAdmin>,
) -> http_kit::Result<Response> {
    signed_in_now(&app, service::make(&app, &caller, &client, &input).await?).await
}

/// The operation that makes the first administrator.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(make), public("nobody can sign in yet; the secret of the link is the proof"))
}
