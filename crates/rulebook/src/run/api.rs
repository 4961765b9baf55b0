use axum::extract::State;
use http_kit::{AppState, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{EvidenceRow, RowFilter, Run, RunFilter, Turn, service};
use crate::permissions::{CLAUSE_READ, CONTROL_EVALUATE};

/// Most days that changes of verdicts are asked for.
const DAYS_MAX: i64 = 366;

/// How far back changes are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Since {
    /// Days, 1 to 366; 7 when absent.
    #[param(minimum = 1, maximum = 366)]
    days: Option<i64>,
}

/// Lists evidence runs, newest first.
#[utoipa::path(get, path = "/api/v1/rulebook/runs", operation_id = "list_runs", tag = "rulebook",
    params(PageQuery, RunFilter), responses((status = 200, body = Page<Run>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<RunFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, caller.language, &page, &filter).await?))
}

/// Shows one evidence run.
#[utoipa::path(get, path = "/api/v1/rulebook/runs/{id}", operation_id = "get_run", tag = "rulebook",
    params(("id" = Id, Path)), responses((status = 200, body = Run)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::find(&app, caller.language, id).await?))
}

/// Opens the rows behind an evidence run, as the caller may see them, newest first.
#[utoipa::path(get, path = "/api/v1/rulebook/runs/{id}/rows", operation_id = "list_run_rows", tag = "rulebook",
    params(("id" = Id, Path), PageQuery, RowFilter), responses((status = 200, body = Page<EvidenceRow>)))]
async fn rows(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(page): Params<PageQuery>,
    Params(filter): Params<RowFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::rows(&app, &caller, id, &page, &filter).await?))
}

/// Evaluates a control now and shows what it found.
#[utoipa::path(post, path = "/api/v1/rulebook/controls/{id}/evaluate", operation_id = "evaluate_control",
    tag = "rulebook", params(("id" = String, Path, max_length = 200)), responses((status = 200, body = Run)))]
async fn evaluate(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::evaluate(&app, caller.language, &id).await?))
}

/// Lists the controls whose verdict changed in the last days, newest first.
#[utoipa::path(get, path = "/api/v1/rulebook/turns", operation_id = "list_turns", tag = "rulebook",
    params(Since), responses((status = 200, body = Page<Turn>)))]
async fn turns(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(since): Params<Since>,
) -> http_kit::Result<Reply> {
    let days = since.days.unwrap_or(7);
    if !(1..=DAYS_MAX).contains(&days) {
        return Err(Problem::bad_request("rulebook.run.days_out_of_range").with("max", DAYS_MAX).into());
    }
    Ok(Reply::page(&caller, &Page::whole(service::turns(&app, caller.language, days).await?)))
}

/// Returns the operations of evidence runs.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(CLAUSE_READ))
        .add(operations!(get), needs(CLAUSE_READ))
        .add(operations!(rows), needs(CLAUSE_READ))
        .add(operations!(evaluate), needs(CONTROL_EVALUATE))
        .add(operations!(turns), needs(CLAUSE_READ))
}
