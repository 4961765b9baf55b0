use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, operations, signed_in};
use kernel::{Id, Page, PageQuery};

use super::{Done, Handover, service};

/// Lists the hand-overs that one sees to.
#[utoipa::path(get, path = "/api/v1/identity/handovers", operation_id = "list_handovers", tag = "identity",
    params(PageQuery), responses((status = 200, body = Page<Handover>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page).await?))
}

/// Shows one hand-over with what the leaver still owns.
#[utoipa::path(get, path = "/api/v1/identity/handovers/{id}", operation_id = "get_handover", tag = "identity",
    params(("id" = Id, Path)), responses((status = 200, body = Handover)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Says that a hand-over is done.
#[utoipa::path(post, path = "/api/v1/identity/handovers/{id}/complete", operation_id = "complete_handover",
    tag = "identity", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = Done,
    responses((status = 200, body = Handover)))]
async fn done(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(input): Body<Done>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::done(&app, &caller, id, version, &input).await?))
}

/// The operations on hand-overs.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), signed_in())
        .add(operations!(get), signed_in())
        .add(operations!(done), signed_in())
}
