use axum::extract::State;
use http_kit::{AppState, PathOf, Reply, Routes, Who, needs, operations};
use kernel::Page;

use super::{DashboardDetail, DashboardRow, service};
use crate::permissions::METRIC_READ;

/// Lists the dashboards.
#[utoipa::path(get, path = "/api/v1/rulebook/dashboards", operation_id = "list_dashboards", tag = "rulebook",
    responses((status = 200, body = Page<DashboardRow>)))]
async fn list(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::list(&app, &caller)?)))
}

/// Shows a dashboard: its tiles with what the caller may see of them.
#[utoipa::path(get, path = "/api/v1/rulebook/dashboards/{dashboard}", operation_id = "get_dashboard",
    tag = "rulebook", params(("dashboard" = String, Path, max_length = 100)),
    responses((status = 200, body = DashboardDetail)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::find(&app, &caller, &id).await?))
}

/// Returns the operations of dashboards.
pub fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(METRIC_READ)).add(operations!(get), needs(METRIC_READ))
}
