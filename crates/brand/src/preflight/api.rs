//! The operations of the pre-flight.

use axum::extract::State;
use http_kit::{AppState, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::pack::WordPack;
use super::{PreflightRun, service};
use crate::permissions::CONTENT_READ;

/// Checks an item as it stands now and keeps what was found.
#[utoipa::path(post, path = "/api/v1/brand/contents/{id}/preflight", operation_id = "run_content_preflight",
    tag = "brand", params(("id" = Id, Path)), responses((status = 201, body = PreflightRun)))]
async fn run(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::created(&caller, &service::run(&app, &caller, id).await?))
}

/// Lists the pre-flights of an item, newest first.
#[utoipa::path(get, path = "/api/v1/brand/contents/{id}/preflights", operation_id = "list_content_preflights",
    tag = "brand", params(("id" = Id, Path), PageQuery), responses((status = 200, body = Page<PreflightRun>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(page): Params<PageQuery>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, id, &page).await?))
}

/// Shows the word pack that content is compared with.
#[utoipa::path(get, path = "/api/v1/brand/word-pack", operation_id = "get_word_pack", tag = "brand",
    responses((status = 200, body = WordPack)))]
async fn word_pack(Who(caller): Who) -> Result<Reply> {
    Ok(Reply::row(&caller, service::word_pack()))
}

/// Returns the operations of the pre-flight.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(run), needs(CONTENT_READ))
        .add(operations!(list), needs(CONTENT_READ))
        .add(operations!(word_pack), needs(CONTENT_READ))
}
