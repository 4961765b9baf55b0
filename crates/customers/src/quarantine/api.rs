use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{DismissEvent, QuarantineFilter, QuarantinedEvent, ReplayEvent, service};
use crate::permissions::{SOURCE_MANAGE, SOURCE_READ};

/// Lists events in quarantine, newest first.
#[utoipa::path(get, path = "/api/v1/customers/quarantine", operation_id = "list_quarantine", tag = "customers",
    params(PageQuery, QuarantineFilter), responses((status = 200, body = Page<QuarantinedEvent>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<QuarantineFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &page, &filter).await?))
}

/// Counts an event after it was repaired.
#[utoipa::path(post, path = "/api/v1/customers/quarantine/{id}/replay", operation_id = "replay_quarantined_event",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = ReplayEvent,
    responses((status = 200, body = QuarantinedEvent)))]
async fn replay(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(repaired): Body<ReplayEvent>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::replay(&app, &caller, id, version, &repaired).await?))
}

/// Decides that an event is not wanted.
#[utoipa::path(post, path = "/api/v1/customers/quarantine/{id}/dismiss", operation_id = "dismiss_quarantined_event",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = DismissEvent,
    responses((status = 200, body = QuarantinedEvent)))]
async fn dismiss(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<DismissEvent>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::dismiss(&app, &caller, id, version, &why).await?))
}

/// The operations on events in quarantine.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(SOURCE_READ))
        .add(operations!(replay), needs(SOURCE_MANAGE))
        .add(operations!(dismiss), needs(SOURCE_MANAGE))
}
