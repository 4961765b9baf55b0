use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{NewWaiver, Waiver, WaiverDecision, WaiverFilter, service};
use crate::permissions::{CLAUSE_READ, WAIVER_REQUEST, WAIVER_SIGN};

/// Lists waivers, newest first.
#[utoipa::path(get, path = "/api/v1/rulebook/waivers", operation_id = "list_waivers", tag = "rulebook",
    params(PageQuery, WaiverFilter), responses((status = 200, body = Page<Waiver>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<WaiverFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &page, &filter).await?))
}

/// Asks for a waiver of a clause.
#[utoipa::path(post, path = "/api/v1/rulebook/clauses/{id}/waivers", operation_id = "request_waiver",
    tag = "rulebook", params(("id" = String, Path, max_length = 100)), request_body = NewWaiver,
    responses((status = 201, body = Waiver)))]
async fn request(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
    Body(input): Body<NewWaiver>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::request(&app, &caller, &id, input).await?))
}

/// Signs a waiver that somebody else asked for.
#[utoipa::path(post, path = "/api/v1/rulebook/waivers/{id}/sign", operation_id = "sign_waiver", tag = "rulebook",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = WaiverDecision,
    responses((status = 200, body = Waiver)))]
async fn sign(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(input): Body<WaiverDecision>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::sign(&app, &caller, id, version, input).await?))
}

/// Refuses a waiver.
#[utoipa::path(post, path = "/api/v1/rulebook/waivers/{id}/refuse", operation_id = "refuse_waiver",
    tag = "rulebook", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = WaiverDecision,
    responses((status = 200, body = Waiver)))]
async fn refuse(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(input): Body<WaiverDecision>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::refuse(&app, &caller, id, version, input).await?))
}

/// Takes a waiver back.
#[utoipa::path(post, path = "/api/v1/rulebook/waivers/{id}/withdraw", operation_id = "withdraw_waiver",
    tag = "rulebook", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = WaiverDecision,
    responses((status = 200, body = Waiver)))]
async fn withdraw(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(input): Body<WaiverDecision>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::withdraw(&app, &caller, id, version, input).await?))
}

/// Returns the operations of waivers.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(CLAUSE_READ))
        .add(operations!(request), needs(WAIVER_REQUEST))
        .add(operations!(sign), needs(WAIVER_SIGN))
        .add(operations!(refuse), needs(WAIVER_SIGN))
        .add(operations!(withdraw), needs(CLAUSE_READ))
}
