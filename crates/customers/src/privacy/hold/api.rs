use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{HoldFilter, LegalHold, NewHold, service};
use crate::permissions::{PRIVACY_MANAGE, PRIVACY_READ};
use crate::privacy::Because;

/// Lists whose data have to stay, newest first.
#[utoipa::path(get, path = "/api/v1/customers/privacy/holds", operation_id = "list_legal_holds", tag = "customers",
    params(PageQuery, HoldFilter), responses((status = 200, body = Page<LegalHold>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<HoldFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Says that somebody's data stay for now.
#[utoipa::path(post, path = "/api/v1/customers/privacy/holds", operation_id = "create_legal_hold", tag = "customers",
    request_body = NewHold, responses((status = 201, body = LegalHold)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewHold>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &new).await?))
}

/// Lifts a hold.
#[utoipa::path(post, path = "/api/v1/customers/privacy/holds/{id}/lift", operation_id = "lift_legal_hold",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = Because,
    responses((status = 200, body = LegalHold)))]
async fn lift(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<Because>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::lift(&app, &caller, id, version, &why.reason).await?))
}

/// The operations on legal holds.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(PRIVACY_READ))
        .add(operations!(create), needs(PRIVACY_MANAGE))
        .add(operations!(lift), needs(PRIVACY_MANAGE))
}
