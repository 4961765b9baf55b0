use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_kit::{AppState, Body, NoContent, PathOf, Reply, Routes, Who, guests_too, operations, public};
use kernel::{Id, Page};

use super::rules::Cookies;
use super::service::{self, Opened};
use super::{Client, Session, SessionView, SignIn};

/// Answers a sign-in: the cookies, and who is signed in now.
pub(crate) async fn signed_in_now(app: &AppState, opened: Opened) -> http_kit::Result<Response> {
    let view = service::view(app, &opened.caller, Some(&opened.session)).await?;
    Ok(with_cookies(Reply::row(&opened.caller, &view).into_response(), &opened.cookies))
}

fn with_cookies(mut response: Response, cookies: &[String]) -> Response {
    for cookie in cookies {
        let value = HeaderValue::from_str(cookie).expect("a cookie is plain ASCII");
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// Says who is signed in, and what they may do.
#[utoipa::path(get, path = "/api/v1/identity/session", operation_id = "get_session", tag = "identity",
    responses((status = 200, body = SessionView)))]
async fn get(State(app): State<AppState>, Who(caller): Who, client: Client) -> http_kit::Result<Reply> {
    let session = service::current(&app, &client).await?;
    Ok(Reply::row(&caller, &service::view(&app, &caller, session.as_ref()).await?))
}

/// Signs in.
#[utoipa::path(post, path = "/api/v1/identity/session", operation_id = "sign_in", tag = "identity",
    request_body = SignIn, responses((status = 200, body = SessionView)))]
async fn sign_in(
    State(app): State<AppState>,
    Who(caller): Who,
    client: Client,
    Body(input): Body<SignIn>,
) -> http_kit::Result<Response> {
    signed_in_now(&app, service::sign_in(&app, &caller, &client, &input).await?).await
}

/// Signs out here.
#[utoipa::path(delete, path = "/api/v1/identity/session", operation_id = "sign_out", tag = "identity",
    responses((status = 204)))]
async fn sign_out(
    State(app): State<AppState>,
    Who(caller): Who,
    client: Client,
) -> http_kit::Result<Response> {
    if let Some(session) = service::current(&app, &client).await? {
        service::end(&app, &caller, session.id).await?;
    }
    let cookies = Cookies::of(&app.settings.admin_url);
    Ok(with_cookies(NoContent.into_response(), &[cookies.clear_session()]))
}

/// Lists one's sessions.
#[utoipa::path(get, path = "/api/v1/identity/sessions", operation_id = "list_sessions", tag = "identity",
    responses((status = 200, body = Page<Session>)))]
async fn list(State(app): State<AppState>, Who(caller): Who, client: Client) -> http_kit::Result<Reply> {
    let current = service::current(&app, &client).await?.map(|session| session.id);
    Ok(Reply::page(&caller, &Page::whole(service::list(&app, &caller, current).await?)))
}

/// Ends one of one's sessions.
#[utoipa::path(delete, path = "/api/v1/identity/sessions/{id}", operation_id = "end_session", tag = "identity",
    params(("id" = Id, Path)), responses((status = 204)))]
async fn end(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<NoContent> {
    service::end(&app, &caller, id).await?;
    Ok(NoContent)
}

/// Signs out everywhere, here included.
#[utoipa::path(delete, path = "/api/v1/identity/sessions", operation_id = "end_all_sessions", tag = "identity",
    responses((status = 204)))]
async fn end_everywhere(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Response> {
    service::end_everywhere(&app, &caller).await?;
    let cookies = Cookies::of(&app.settings.admin_url);
    Ok(with_cookies(NoContent.into_response(), &[cookies.clear_session()]))
}

/// The operations on sessions.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(get), guests_too())
        .add(operations!(sign_in), public("signing in is for those who are not"))
        .add(operations!(sign_out), guests_too())
        .add(operations!(list), guests_too())
        .add(operations!(end), guests_too())
        .add(operations!(end_everywhere), guests_too())
}
