use axum::extract::State;
use http_kit::{AppState, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Page, PageQuery};

use super::{Clause, ClauseDetail, ClauseFilter, Document, Summary, service};
use crate::permissions::CLAUSE_READ;

/// Lists the documents with their chapters and how their clauses stand.
#[utoipa::path(get, path = "/api/v1/rulebook/documents", operation_id = "list_documents", tag = "rulebook",
    responses((status = 200, body = Page<Document>)))]
async fn documents(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::documents(&app, caller.language).await?)))
}

/// Shows how all clauses stand, by document and by department, with the trend of twelve weeks.
#[utoipa::path(get, path = "/api/v1/rulebook/coverage", operation_id = "get_coverage", tag = "rulebook",
    responses((status = 200, body = Summary)))]
async fn coverage(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::summary(&app, caller.language).await?))
}

/// Lists clauses in the order of the documents.
#[utoipa::path(get, path = "/api/v1/rulebook/clauses", operation_id = "list_clauses", tag = "rulebook",
    params(PageQuery, ClauseFilter), responses((status = 200, body = Page<Clause>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<ClauseFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, caller.language, &page, &filter).await?))
}

/// Shows a clause with its controls, their newest runs, its parameters and its trend.
#[utoipa::path(get, path = "/api/v1/rulebook/clauses/{id}", operation_id = "get_clause", tag = "rulebook",
    params(("id" = String, Path, max_length = 100)), responses((status = 200, body = ClauseDetail)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::find(&app, caller.language, &id).await?))
}

/// Returns the operations of clauses.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(documents), needs(CLAUSE_READ))
        .add(operations!(coverage), needs(CLAUSE_READ))
        .add(operations!(list), needs(CLAUSE_READ))
        .add(operations!(get), needs(CLAUSE_READ))
}
