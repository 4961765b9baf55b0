use axum::extract::State;
use http_kit::{AppState, Body, PathOf, Reply, Routes, Who, needs, operations};
use kernel::Id;

use super::{PrivacyFlags, SetFlags, service};
use crate::permissions::{PRIVACY_MANAGE, PRIVACY_READ};

/// Shows what somebody does not want to be done with their data.
#[utoipa::path(get, path = "/api/v1/customers/privacy/profiles/{profile_id}/flags", operation_id = "get_privacy_flags",
    tag = "customers", params(("profile_id" = Id, Path)), responses((status = 200, body = PrivacyFlags)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Sets or lifts flags without a request.
#[utoipa::path(post, path = "/api/v1/customers/privacy/profiles/{profile_id}/flags", operation_id = "set_privacy_flags",
    tag = "customers", params(("profile_id" = Id, Path)), request_body = SetFlags,
    responses((status = 200, body = PrivacyFlags)))]
async fn set(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(wish): Body<SetFlags>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::put(&app, &caller, id, &wish).await?))
}

/// The operations on flags.
pub fn routes() -> Routes {
    Routes::new().add(operations!(get), needs(PRIVACY_READ)).add(operations!(set), needs(PRIVACY_MANAGE))
}
