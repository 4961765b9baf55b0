use axum::body::Body as Stream;
use axum::extract::State;
use axum::response::Response;
use http_kit::{AppState, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};
use tokio_util::io::ReaderStream;

use super::{RejectRow, download, service};
use crate::export::attachment;
use crate::permissions::IMPORT_READ;

/// Lists the rejected rows of an import.
#[utoipa::path(get, path = "/api/v1/tabular/imports/{id}/rejects", operation_id = "list_import_rejects", tag = "tabular", params(("id" = Id, Path), PageQuery), responses((status = 200, body = Page<RejectRow>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(page): Params<PageQuery>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, id, &page).await?))
}

/// Returns the rejected rows as CSV: number, field, reason, and the cells where the caller may see them.
#[utoipa::path(get, path = "/api/v1/tabular/imports/{id}/rejects.csv", operation_id = "download_import_rejects", tag = "tabular", params(("id" = Id, Path)), responses((status = 200, content_type = "text/csv", body = Vec<u8>)))]
async fn csv(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Response> {
    let file = download::write(&app, &caller, id).await?;
    let stream = ReaderStream::new(tokio::fs::File::from_std(file));
    Ok(attachment(&format!("rejects-{id}.csv"), "text/csv; charset=utf-8", Stream::from_stream(stream)))
}

pub(crate) fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(IMPORT_READ)).add(operations!(csv), needs(IMPORT_READ))
}
