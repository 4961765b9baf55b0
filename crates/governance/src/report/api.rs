use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{IssueInput, Report, ReportDetail, ReportFilter, issue, service};
use crate::alert::Explanation;
use crate::permissions::{ALERT_ANSWER, BUDGET_READ, REPORT_ISSUE};

/// Lists monthly budget reports, newest first.
#[utoipa::path(get, path = "/api/v1/governance/reports", operation_id = "list_budget_reports", tag = "governance",
    params(PageQuery, ReportFilter), responses((status = 200, body = Page<Report>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<ReportFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Shows a monthly budget report with its lines.
#[utoipa::path(get, path = "/api/v1/governance/reports/{id}", operation_id = "get_budget_report", tag = "governance",
    params(("id" = Id, Path)), responses((status = 200, body = ReportDetail)))]
async fn get(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Closes a month of a budget that is over.
#[utoipa::path(post, path = "/api/v1/governance/budgets/{id}/months/{number}/close", operation_id = "close_budget_month",
    tag = "governance", params(("id" = Id, Path), ("number" = i64, Path)), responses((status = 201, body = ReportDetail)))]
async fn close(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((id, month)): PathOf<(Id, i64)>,
) -> Result<Reply> {
    Ok(Reply::created(&caller, &service::close(&app, &caller, id, month).await?))
}

/// Explains a line of a report that is not issued yet; for the line's owner.
#[utoipa::path(post, path = "/api/v1/governance/reports/{id}/lines/{line_id}/explain", operation_id = "explain_budget_line",
    tag = "governance", params(("id" = Id, Path), ("line_id" = Id, Path)), request_body = Explanation,
    responses((status = 200, body = ReportDetail)))]
async fn explain(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((id, line)): PathOf<(Id, Id)>,
    Body(input): Body<Explanation>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &issue::explain(&app, &caller, id, line, input).await?))
}

/// Notes that a line's measure was done; for the line's owner.
#[utoipa::path(post, path = "/api/v1/governance/reports/{id}/lines/{line_id}/finish-measure",
    operation_id = "finish_budget_measure", tag = "governance", params(("id" = Id, Path), ("line_id" = Id, Path)),
    responses((status = 200, body = ReportDetail)))]
async fn finish_measure(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((id, line)): PathOf<(Id, Id)>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &issue::finish_measure(&app, &caller, id, line).await?))
}

/// Issues a report for good.
#[utoipa::path(post, path = "/api/v1/governance/reports/{id}/issue", operation_id = "issue_budget_report", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = IssueInput, responses((status = 200, body = ReportDetail)))]
async fn issue_now(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(input): Body<IssueInput>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &issue::issue(&app, &caller, id, version, input).await?))
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(BUDGET_READ))
        .add(operations!(get), needs(BUDGET_READ))
        .add(operations!(close), needs(REPORT_ISSUE))
        .add(operations!(explain), needs(ALERT_ANSWER))
        .add(operations!(finish_measure), needs(ALERT_ANSWER))
        .add(operations!(issue_now), needs(REPORT_ISSUE))
}
