use axum::extract::State;
use http_kit::{
    AppState, Body, IfMatch, NoContent, Params, PathOf, Reply, Routes, Who, guests_too, needs, operations,
};
use kernel::{Id, Page, PageQuery};

use super::{Because, MePatch, NewUser, PasswordChange, User, UserFilter, UserPatch, service};
use crate::permissions::{USER_MANAGE, USER_READ};
use crate::session::Client;

/// Lists the users.
#[utoipa::path(get, path = "/api/v1/identity/users", operation_id = "list_users", tag = "identity",
    params(PageQuery, UserFilter), responses((status = 200, body = Page<User>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<UserFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Shows one user.
#[utoipa::path(get, path = "/api/v1/identity/users/{id}", operation_id = "get_user", tag = "identity",
    params(("id" = Id, Path)), responses((status = 200, body = User)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Makes a user and sends the activation link.
#[utoipa::path(post, path = "/api/v1/identity/users", operation_id = "invite_user", tag = "identity",
    request_body = NewUser, responses((status = 201, body = User)))]
async fn invite(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewUser>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::invite(&app, &caller, &new).await?))
}

/// Changes a user; also sets the leave date.
#[utoipa::path(patch, path = "/api/v1/identity/users/{id}", operation_id = "update_user", tag = "identity",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = UserPatch,
    responses((status = 200, body = User)))]
async fn update(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(patch): Body<UserPatch>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::update(&app, &caller, id, version, patch).await?))
}

/// Closes an account.
#[utoipa::path(post, path = "/api/v1/identity/users/{id}/disable", operation_id = "disable_user", tag = "identity",
    params(("id" = Id, Path)), request_body = Because, responses((status = 200, body = User)))]
async fn disable(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(because): Body<Because>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::disable(&app, &caller, id, &because.reason).await?))
}

/// Opens an account again.
#[utoipa::path(post, path = "/api/v1/identity/users/{id}/enable", operation_id = "enable_user", tag = "identity",
    params(("id" = Id, Path)), request_body = Because, responses((status = 200, body = User)))]
async fn enable(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(because): Body<Because>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::enable(&app, &caller, id, &because.reason).await?))
}

/// Sends the activation link again.
#[utoipa::path(post, path = "/api/v1/identity/users/{id}/invitation", operation_id = "invite_user_again",
    tag = "identity", params(("id" = Id, Path)), responses((status = 204)))]
async fn invite_again(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<NoContent> {
    service::invite_again(&app, &caller, id).await?;
    Ok(NoContent)
}

/// Changes one's own name and language.
#[utoipa::path(patch, path = "/api/v1/identity/me", operation_id = "update_me", tag = "identity",
    request_body = MePatch, responses((status = 200, body = User)))]
async fn update_me(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(patch): Body<MePatch>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::update_me(&app, &caller, &patch).await?))
}

/// Changes one's own password; all other sessions end.
#[utoipa::path(post, path = "/api/v1/identity/me/password", operation_id = "change_my_password", tag = "identity",
    request_body = PasswordChange, responses((status = 204)))]
async fn change_password(
    State(app): State<AppState>,
    Who(caller): Who,
    client: Client,
    Body(change): Body<PasswordChange>,
) -> http_kit::Result<NoContent> {
    let current = crate::session::service::current(&app, &client).await?.map(|session| session.id);
    service::change_password(&app, &caller, current, &change).await?;
    Ok(NoContent)
}

/// The operations on users.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(USER_READ))
        .add(operations!(get), needs(USER_READ))
        .add(operations!(invite), needs(USER_MANAGE))
        .add(operations!(update), needs(USER_MANAGE))
        .add(operations!(disable), needs(USER_MANAGE))
        .add(operations!(enable), needs(USER_MANAGE))
        .add(operations!(invite_again), needs(USER_MANAGE))
        .add(operations!(update_me), guests_too())
        .add(operations!(change_password), guests_too())
}
