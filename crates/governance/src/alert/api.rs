use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{Alert, AlertFilter, Explanation, service};
use crate::permissions::{ALERT_ANSWER, BUDGET_READ};

/// Lists budget alerts, newest first.
#[utoipa::path(get, path = "/api/v1/governance/alerts", operation_id = "list_budget_alerts", tag = "governance",
    params(PageQuery, AlertFilter), responses((status = 200, body = Page<Alert>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<AlertFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Answers a budget alert with cause and measure; for the line's owner.
#[utoipa::path(post, path = "/api/v1/governance/alerts/{id}/answer", operation_id = "answer_budget_alert", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = Explanation, responses((status = 200, body = Alert)))]
async fn answer(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(input): Body<Explanation>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::answer(&app, &caller, id, version, input).await?))
}

pub(crate) fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(BUDGET_READ)).add(operations!(answer), needs(ALERT_ANSWER))
}
