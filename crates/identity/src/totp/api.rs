use axum::extract::State;
use http_kit::{AppState, Body, NoContent, PathOf, Reply, Routes, Who, guests_too, needs, operations};
use kernel::Id;

use super::{PasswordAgain, RecoveryCodes, TotpCode, TotpSetup, service};
use crate::permissions::USER_MANAGE;
use crate::session::{self, Client};

/// Makes a key for one's authenticator.
#[utoipa::path(post, path = "/api/v1/identity/me/totp", operation_id = "set_up_totp", tag = "identity",
    responses((status = 200, body = TotpSetup)))]
async fn set_up(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::set_up(&app, &caller).await?))
}

/// Confirms the key by a code of it.
#[utoipa::path(put, path = "/api/v1/identity/me/totp", operation_id = "confirm_totp", tag = "identity",
    request_body = TotpCode, responses((status = 200, body = RecoveryCodes)))]
async fn confirm(
    State(app): State<AppState>,
    Who(caller): Who,
    client: Client,
    Body(code): Body<TotpCode>,
) -> http_kit::Result<Reply> {
    let keep = session::service::current(&app, &client).await?.map(|session| session.id);
    Ok(Reply::row(&caller, &service::confirm(&app, &caller, keep, &code.code).await?))
}

/// Takes the second factor off one's own account.
#[utoipa::path(post, path = "/api/v1/identity/me/totp/disable", operation_id = "disable_totp", tag = "identity",
    request_body = PasswordAgain, responses((status = 204)))]
async fn disable(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(again): Body<PasswordAgain>,
) -> http_kit::Result<NoContent> {
    service::disable(&app, &caller, &again.password).await?;
    Ok(NoContent)
}

/// Takes the second factor off the account of somebody who lost it.
#[utoipa::path(delete, path = "/api/v1/identity/users/{id}/totp", operation_id = "reset_totp", tag = "identity",
    params(("id" = Id, Path)), responses((status = 204)))]
async fn reset(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<NoContent> {
    service::reset(&app, &caller, id).await?;
    Ok(NoContent)
}

/// The operations on the second factor.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(set_up), guests_too())
        .add(operations!(confirm), guests_too())
        .add(operations!(disable), guests_too())
        .add(operations!(reset), needs(USER_MANAGE))
}
