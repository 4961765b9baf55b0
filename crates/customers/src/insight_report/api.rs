use axum::extract::State;
use http_kit::{AppState, Body, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};
use tabular::export::{ExportQuery, Exported};

use super::{AnswerReport, InsightReport, InsightReportDetail, WriteReport, service};
use crate::permissions::{INSIGHT_REPORT_ANSWER, INSIGHT_REPORT_READ, INSIGHT_REPORT_WRITE};

/// Lists monthly reports, newest first.
#[utoipa::path(get, path = "/api/v1/customers/insight-reports", operation_id = "list_insight_reports",
    tag = "customers", params(PageQuery), responses((status = 200, body = Page<InsightReport>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page).await?))
}

/// Writes the report of a month that is over and has none.
#[utoipa::path(post, path = "/api/v1/customers/insight-reports", operation_id = "write_insight_report",
    tag = "customers", request_body = WriteReport, responses((status = 201, body = InsightReportDetail)))]
async fn write(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(wanted): Body<WriteReport>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::write(&app, &caller, &wanted).await?))
}

/// Shows a report beside that of the month before.
#[utoipa::path(get, path = "/api/v1/customers/insight-reports/{id}", operation_id = "get_insight_report",
    tag = "customers", params(("id" = Id, Path)), responses((status = 200, body = InsightReportDetail)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Returns a report as a file: each figure with its definition and that of the month before.
#[utoipa::path(get, path = "/api/v1/customers/insight-reports/{id}/export", operation_id = "export_insight_report",
    tag = "customers", params(("id" = Id, Path), ExportQuery), responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
async fn export(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(query): Params<ExportQuery>,
) -> http_kit::Result<Exported> {
    Ok(service::export_file(&app, &caller, id, query.format).await?)
}

/// Says for a department whether it uses a report; once.
#[utoipa::path(post, path = "/api/v1/customers/insight-reports/{id}/answer", operation_id = "answer_insight_report",
    tag = "customers", params(("id" = Id, Path)), request_body = AnswerReport,
    responses((status = 200, body = InsightReportDetail)))]
async fn answer(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(said): Body<AnswerReport>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::answer(&app, &caller, id, &said).await?))
}

/// The operations on monthly reports.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(INSIGHT_REPORT_READ))
        .add(operations!(write), needs(INSIGHT_REPORT_WRITE))
        .add(operations!(get), needs(INSIGHT_REPORT_READ))
        .add(operations!(export), needs(INSIGHT_REPORT_READ))
        .add(operations!(answer), needs(INSIGHT_REPORT_ANSWER))
}
