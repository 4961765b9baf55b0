use axum::extract::State;
use axum::response::Response;
use http_kit::{AppState, Body, Reply, Routes, Who, operations, public};
use kernel::Page;

use super::{SampleSignIn, SampleUser, service};
use crate::session::{self, Client, SessionView, api::signed_in_now};

/// Lists the people whom one click signs in; only in the sample company and on this machine.
#[utoipa::path(get, path = "/api/v1/identity/sample-users", operation_id = "list_sample_users", tag = "identity",
    responses((status = 200, body = Page<SampleUser>)))]
async fn list(State(app): State<AppState>, Who(caller): Who, client: Client) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::users(&app, &client).await?)))
}

/// Signs in with one click; only in the sample company and on this machine.
#[utoipa::path(post, path = "/api/v1/identity/sample-session", operation_id = "sign_in_sample", tag = "identity",
    request_body = SampleSignIn, responses((status = 200, body = SessionView)))]
async fn sign_in(
    State(app): State<AppState>,
    Who(caller): Who,
    client: Client,
    Body(input): Body<SampleSignIn>,
) -> http_kit::Result<Response> {
    let opened = session::service::sign_in_sample(&app, &caller, &client, input.user_id).await?;
    signed_in_now(&app, opened).await
}

/// The operations of the sample company.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), public("the sample company's sign-in page; not there elsewhere"))
        .add(operations!(sign_in), public("one-click sign-in of the sample company; not there elsewhere"))
}
