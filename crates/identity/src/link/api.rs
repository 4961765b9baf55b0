use axum::extract::State;
use http_kit::{AppState, Body, NoContent, Routes, Who, operations, public};

use super::{LinkUse, NewPassword, ResetRequest, service};
use crate::session::Client;

/// Sends a link for a new password, if there is such an account; the answer is the same if not.
#[utoipa::path(post, path = "/api/v1/identity/password-reset", operation_id = "request_password_reset",
    tag = "identity", request_body = ResetRequest, responses((status = 204)))]
async fn request(
    State(app): State<AppState>,
    client: Client,
    Body(request): Body<ResetRequest>,
) -> http_kit::Result<NoContent> {
    service::request_reset(&app, &client, &request.email).await?;
    Ok(NoContent)
}

/// Sets a new password by the link.
#[utoipa::path(post, path = "/api/v1/identity/password-reset/confirm", operation_id = "confirm_password_reset",
    tag = "identity", request_body = NewPassword, responses((status = 204)))]
async fn confirm(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewPassword>,
) -> http_kit::Result<NoContent> {
    service::reset(&app, &caller, &new).await?;
    Ok(NoContent)
}

/// Sets the first password of an invited account.
#[utoipa::path(post, path = "/api/v1/identity/activation", operation_id = "activate_account",
    tag = "identity", request_body = NewPassword, responses((status = 204)))]
async fn activate(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewPassword>,
) -> http_kit::Result<NoContent> {
    service::activate(&app, &caller, &new).await?;
    Ok(NoContent)
}

/// Says that a sign-in was somebody else's: ends all sessions, locks the account, tells IT.
#[utoipa::path(post, path = "/api/v1/identity/not-me", operation_id = "report_not_me",
    tag = "identity", request_body = LinkUse, responses((status = 204)))]
async fn not_me(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(link): Body<LinkUse>,
) -> http_kit::Result<NoContent> {
    crate::alert::service::not_me_by_link(&app, &caller, &link.token).await?;
    Ok(NoContent)
}

/// The operations by link.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(request), public("whoever forgot the password cannot sign in"))
        .add(operations!(confirm), public("the secret of the link is the proof"))
        .add(operations!(activate), public("the secret of the link is the proof"))
        .add(operations!(not_me), public("the secret of the link is the proof"))
}
