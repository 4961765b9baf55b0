use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{
    AcceptInsight, AdoptInsight, DeclineInsight, Insight, InsightDetail, InsightFilter, InsightPatch,
    InsightStanding, NewInsight, SendInsight, service,
};
use crate::permissions::{INSIGHT_ANSWER, INSIGHT_EDIT, INSIGHT_READ};

/// Lists insights, newest first.
#[utoipa::path(get, path = "/api/v1/customers/insights", operation_id = "list_insights", tag = "customers",
    params(PageQuery, InsightFilter), responses((status = 200, body = Page<Insight>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<InsightFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Writes an insight down; it begins as a draft.
#[utoipa::path(post, path = "/api/v1/customers/insights", operation_id = "create_insight", tag = "customers",
    request_body = NewInsight, responses((status = 201, body = InsightDetail)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewInsight>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &new).await?))
}

/// Shows how the insights of this quarter stand, by department.
#[utoipa::path(get, path = "/api/v1/customers/insights/standing", operation_id = "get_insight_standing",
    tag = "customers", responses((status = 200, body = InsightStanding)))]
async fn standing(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::standing(&app, &caller).await?))
}

/// Shows an insight with its measurements.
#[utoipa::path(get, path = "/api/v1/customers/insights/{id}", operation_id = "get_insight", tag = "customers",
    params(("id" = Id, Path)), responses((status = 200, body = InsightDetail)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Changes a draft.
#[utoipa::path(patch, path = "/api/v1/customers/insights/{id}", operation_id = "update_insight", tag = "customers",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = InsightPatch,
    responses((status = 200, body = InsightDetail)))]
async fn update(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(patch): Body<InsightPatch>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::update(&app, &caller, id, version, &patch).await?))
}

/// Sends a draft to a department; the people of its group and their repeat-purchase rate are kept from now on.
#[utoipa::path(post, path = "/api/v1/customers/insights/{id}/send", operation_id = "send_insight", tag = "customers",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = SendInsight,
    responses((status = 200, body = InsightDetail)))]
async fn send(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(to): Body<SendInsight>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::send(&app, &caller, id, version, &to).await?))
}

/// Says that the department will use an insight.
#[utoipa::path(post, path = "/api/v1/customers/insights/{id}/accept", operation_id = "accept_insight",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = AcceptInsight,
    responses((status = 200, body = InsightDetail)))]
async fn accept(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(said): Body<AcceptInsight>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::accept(&app, &caller, id, version, &said).await?))
}

/// Says that the department will not use an insight, and why.
#[utoipa::path(post, path = "/api/v1/customers/insights/{id}/decline", operation_id = "decline_insight",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = DeclineInsight,
    responses((status = 200, body = InsightDetail)))]
async fn decline(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(said): Body<DeclineInsight>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::decline(&app, &caller, id, version, &said).await?))
}

/// Says what the department did with an insight that it accepted.
#[utoipa::path(post, path = "/api/v1/customers/insights/{id}/adopt", operation_id = "adopt_insight",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = AdoptInsight,
    responses((status = 200, body = InsightDetail)))]
async fn adopt(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(said): Body<AdoptInsight>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::adopt(&app, &caller, id, version, &said).await?))
}

/// The operations on insights.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(INSIGHT_READ))
        .add(operations!(create), needs(INSIGHT_EDIT))
        .add(operations!(standing), needs(INSIGHT_READ))
        .add(operations!(get), needs(INSIGHT_READ))
        .add(operations!(update), needs(INSIGHT_EDIT))
        .add(operations!(send), needs(INSIGHT_EDIT))
        .add(operations!(accept), needs(INSIGHT_ANSWER))
        .add(operations!(decline), needs(INSIGHT_ANSWER))
        .add(operations!(adopt), needs(INSIGHT_ANSWER))
}
