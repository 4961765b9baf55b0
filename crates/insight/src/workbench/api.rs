use axum::extract::State;
use http_kit::{AppState, Body, Reply, Routes, Who, needs, operations};
use kernel::Page;

use super::{ExportSql, ResultFile, RunSql, SqlRefresh, SqlResult, SqlTable, export, service};
use crate::permissions::{QUERY_MANAGE, QUERY_RUN};
use crate::projection;

/// Lists the tables that can be asked, with what the caller may see of them.
#[utoipa::path(get, path = "/api/v1/insight/sql/tables", operation_id = "list_sql_tables", tag = "insight",
    responses((status = 200, body = Page<SqlTable>)))]
async fn tables(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::tables(&app, &caller).await?)))
}

/// Answers a question in SQL about what the caller may see.
#[utoipa::path(post, path = "/api/v1/insight/sql/run", operation_id = "run_sql", tag = "insight",
    request_body = RunSql, responses((status = 200, body = SqlResult)))]
async fn run(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(question): Body<RunSql>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::run(&app, &caller, &question).await?))
}

/// Returns an answer as a file; the reason is logged.
#[utoipa::path(post, path = "/api/v1/insight/sql/export", operation_id = "export_sql", tag = "insight",
    request_body = ExportSql, responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (Vec<u8> = "application/vnd.apache.parquet")))))]
async fn download(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(wanted): Body<ExportSql>,
) -> http_kit::Result<ResultFile> {
    Ok(export::export(&app, &caller, &wanted).await?)
}

/// Copies the records anew in the background.
#[utoipa::path(post, path = "/api/v1/insight/sql/refresh", operation_id = "refresh_sql_tables", tag = "insight",
    responses((status = 202, body = SqlRefresh)))]
async fn refresh(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    projection::ask(&app, &caller).await?;
    Ok(Reply::accepted(&caller, &SqlRefresh { queued_at: app.store.now() }))
}

/// The operations of the workbench.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(tables), needs(QUERY_RUN))
        .add(operations!(run), needs(QUERY_RUN))
        .add(operations!(download), needs(QUERY_RUN))
        .add(operations!(refresh), needs(QUERY_MANAGE))
}
