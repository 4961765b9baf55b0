use axum::extract::State;
use axum::response::Response;
use http_kit::{AppState, PathOf, Reply, Routes, Who, needs, operations};
use kernel::Page;

use super::Poster;
use crate::export::download;
use crate::permissions::CLAUSE_READ;

/// Lists the clauses that are hung up as posters.
#[utoipa::path(get, path = "/api/v1/rulebook/posters", operation_id = "list_posters", tag = "rulebook",
    responses((status = 200, body = Page<Poster>)))]
async fn list(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(super::list(&app, caller.language)?)))
}

/// Writes the poster of a clause for a printer, in three languages.
#[utoipa::path(get, path = "/api/v1/rulebook/posters/{id}", operation_id = "print_poster", tag = "rulebook",
    params(("id" = String, Path, max_length = 100)),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
async fn print(State(app): State<AppState>, PathOf(id): PathOf<String>) -> http_kit::Result<Response> {
    let bytes = super::print(&app, &id)?;
    Ok(download(&format!("{id}.pdf"), "application/pdf", bytes)?)
}

/// The operations on posters.
pub fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(CLAUSE_READ)).add(operations!(print), needs(CLAUSE_READ))
}
