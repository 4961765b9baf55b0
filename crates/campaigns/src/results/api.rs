use axum::extract::State;
use http_kit::{AppState, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{AttributedOrder, CampaignResults, HourResult, LanguageResult, LinkResult, service};
use crate::permissions::{CAMPAIGN_READ, SEND_READ};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .add(operations!(results), needs(CAMPAIGN_READ))
        .add(operations!(hours), needs(CAMPAIGN_READ))
        .add(operations!(links), needs(CAMPAIGN_READ))
        .add(operations!(languages), needs(CAMPAIGN_READ))
        .add(operations!(orders), needs(SEND_READ))
}

/// Counts what a campaign brought so far, against its goal.
#[utoipa::path(get, path = "/api/v1/campaigns/campaigns/{id}/results", operation_id = "get_campaign_results",
    tag = "campaigns", params(("id" = Id, Path)), responses((status = 200, body = CampaignResults)))]
async fn results(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::results(&app, &caller, id).await?))
}

/// Lists a campaign hour by hour; hours in which nothing happened are left out.
#[utoipa::path(get, path = "/api/v1/campaigns/campaigns/{id}/results/hours", operation_id = "list_campaign_hours",
    tag = "campaigns", params(("id" = Id, Path)), responses((status = 200, body = Page<HourResult>)))]
async fn hours(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::hours(&app, &caller, id).await?)))
}

/// Lists what each link of a campaign brought.
#[utoipa::path(get, path = "/api/v1/campaigns/campaigns/{id}/results/links", operation_id = "list_campaign_links",
    tag = "campaigns", params(("id" = Id, Path)), responses((status = 200, body = Page<LinkResult>)))]
async fn links(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::links(&app, &caller, id).await?)))
}

/// Lists what the messages of each language brought.
#[utoipa::path(get, path = "/api/v1/campaigns/campaigns/{id}/results/languages",
    operation_id = "list_campaign_languages", tag = "campaigns", params(("id" = Id, Path)),
    responses((status = 200, body = Page<LanguageResult>)))]
async fn languages(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::languages(&app, &caller, id).await?)))
}

/// Lists the orders that belong to a campaign, newest first, each with the touch that decides.
#[utoipa::path(get, path = "/api/v1/campaigns/campaigns/{id}/orders", operation_id = "list_campaign_orders",
    tag = "campaigns", params(("id" = Id, Path), PageQuery), responses((status = 200, body = Page<AttributedOrder>)))]
async fn orders(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(page): Params<PageQuery>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::orders(&app, &caller, id, &page).await?))
}
