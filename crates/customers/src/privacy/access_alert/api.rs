use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{AccessAlert, AccessDay, AlertFilter, FigureFilter, service};
use crate::permissions::PRIVACY_MANAGE;
use crate::privacy::Because;

/// Lists days on which somebody did more than usual, newest first.
#[utoipa::path(get, path = "/api/v1/customers/privacy/access-alerts", operation_id = "list_access_alerts",
    tag = "customers", params(PageQuery, AlertFilter), responses((status = 200, body = Page<AccessAlert>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<AlertFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Notes why it was.
#[utoipa::path(post, path = "/api/v1/customers/privacy/access-alerts/{id}/explain", operation_id = "explain_access_alert",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = Because,
    responses((status = 200, body = AccessAlert)))]
async fn explain(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<Because>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::explain(&app, &caller, id, version, &why.reason).await?))
}

/// Lists what each took out and uncovered, day by day.
#[utoipa::path(get, path = "/api/v1/customers/privacy/access-figures", operation_id = "list_access_figures",
    tag = "customers", params(FigureFilter), responses((status = 200, body = Page<AccessDay>)))]
async fn figures(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(filter): Params<FigureFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::figures(&app, &caller, &filter).await?))
}

/// The operations on unusual access.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(PRIVACY_MANAGE))
        .add(operations!(explain), needs(PRIVACY_MANAGE))
        .add(operations!(figures), needs(PRIVACY_MANAGE))
}
