use axum::extract::State;
use http_kit::{AppState, Body, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{
    BasketPattern, NeedCluster, NeedFilter, NeedRequest, NeedRun, NeedStanding, NewInsightOfNeed, service,
};
use crate::insight::InsightDetail;
use crate::permissions::{INSIGHT_EDIT, NEED_READ};

/// Lists clusters of the latest run, the most people first.
#[utoipa::path(get, path = "/api/v1/customers/needs", operation_id = "list_needs", tag = "customers",
    params(PageQuery, NeedFilter), responses((status = 200, body = Page<NeedCluster>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<NeedFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Shows the latest run.
#[utoipa::path(get, path = "/api/v1/customers/needs/standing", operation_id = "get_need_standing", tag = "customers",
    responses((status = 200, body = NeedStanding)))]
async fn standing(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::standing(&app, &caller).await?))
}

/// Lists runs, newest first.
#[utoipa::path(get, path = "/api/v1/customers/needs/runs", operation_id = "list_need_runs", tag = "customers",
    params(PageQuery), responses((status = 200, body = Page<NeedRun>)))]
async fn runs(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::runs(&app, &caller, &page).await?))
}

/// Has needs computed anew in the background.
#[utoipa::path(post, path = "/api/v1/customers/needs/recompute", operation_id = "recompute_needs", tag = "customers",
    responses((status = 202, body = NeedRequest)))]
async fn recompute(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::accepted(&caller, &service::request(&app, &caller).await?))
}

/// Lists products that are bought together, of the latest run, the highest lift first.
#[utoipa::path(get, path = "/api/v1/customers/needs/baskets", operation_id = "list_basket_patterns",
    tag = "customers", params(PageQuery), responses((status = 200, body = Page<BasketPattern>)))]
async fn baskets(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::baskets(&app, &caller, &page).await?))
}

/// Makes a draft of an insight of two products that are bought together.
#[utoipa::path(post, path = "/api/v1/customers/needs/baskets/{id}/insight", operation_id = "create_insight_of_basket",
    tag = "customers", params(("id" = Id, Path)), request_body = NewInsightOfNeed,
    responses((status = 201, body = InsightDetail)))]
async fn insight_of_basket(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(new): Body<NewInsightOfNeed>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::insight_of_basket(&app, &caller, id, &new).await?))
}

/// Shows a cluster.
#[utoipa::path(get, path = "/api/v1/customers/needs/{id}", operation_id = "get_need", tag = "customers",
    params(("id" = Id, Path)), responses((status = 200, body = NeedCluster)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Makes a draft of an insight of what people search for or say.
#[utoipa::path(post, path = "/api/v1/customers/needs/{id}/insight", operation_id = "create_insight_of_need",
    tag = "customers", params(("id" = Id, Path)), request_body = NewInsightOfNeed,
    responses((status = 201, body = InsightDetail)))]
async fn insight_of_need(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(new): Body<NewInsightOfNeed>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::insight_of_need(&app, &caller, id, &new).await?))
}

/// The operations on needs.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(NEED_READ))
        .add(operations!(standing), needs(NEED_READ))
        .add(operations!(runs), needs(NEED_READ))
        .add(operations!(recompute), needs(NEED_READ))
        .add(operations!(baskets), needs(NEED_READ))
        .add(operations!(insight_of_basket), needs(INSIGHT_EDIT))
        .add(operations!(get), needs(NEED_READ))
        .add(operations!(insight_of_need), needs(INSIGHT_EDIT))
}
