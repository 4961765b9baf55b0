use axum::extract::State;
use http_kit::{
    AppState, Body, IfMatch, NoContent, Params, PathOf, Reply, Result, Routes, Who, needs, operations,
};
use kernel::{Id, Page, PageQuery};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Campaign, CampaignExtension, CampaignFilter, CampaignInput, CampaignReassignment, ReasonInput,
    ScheduleInput, launch, manage, service, test_send,
};
use crate::permissions::{CAMPAIGN_LAUNCH, CAMPAIGN_READ, CAMPAIGN_WRITE};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(CAMPAIGN_READ))
        .add(operations!(get), needs(CAMPAIGN_READ))
        .add(operations!(create), needs(CAMPAIGN_WRITE))
        .add(operations!(update), needs(CAMPAIGN_WRITE))
        .add(operations!(prepare), needs(CAMPAIGN_WRITE))
        .add(operations!(edit), needs(CAMPAIGN_WRITE))
        .add(operations!(test), needs(CAMPAIGN_WRITE))
        .add(operations!(schedule), needs(CAMPAIGN_LAUNCH))
        .add(operations!(launch_now), needs(CAMPAIGN_LAUNCH))
        .add(operations!(pause), needs(CAMPAIGN_LAUNCH))
        .add(operations!(resume), needs(CAMPAIGN_LAUNCH))
        .add(operations!(cancel), needs(CAMPAIGN_LAUNCH))
        .add(operations!(reassign), needs(CAMPAIGN_LAUNCH))
        .add(operations!(extend), needs(CAMPAIGN_LAUNCH))
}

/// A new campaign.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCampaign {
    /// Department that runs it.
    department_id: Option<Id>,
    /// Everything else.
    campaign: CampaignInput,
}

/// Lists campaigns, last changed first.
#[utoipa::path(get, path = "/api/v1/campaigns/campaigns", operation_id = "list_campaigns", tag = "campaigns",
    params(PageQuery, CampaignFilter), responses((status = 200, body = Page<Campaign>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<CampaignFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &filter, &page).await?))
}

/// Shows a campaign.
#[utoipa::path(get, path = "/api/v1/campaigns/campaigns/{id}", operation_id = "get_campaign", tag = "campaigns",
    params(("id" = Id, Path)), responses((status = 200, body = Campaign)))]
async fn get(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::get_scoped(&app, &caller, CAMPAIGN_READ, id).await?))
}

/// Makes a draft.
#[utoipa::path(post, path = "/api/v1/campaigns/campaigns", operation_id = "create_campaign", tag = "campaigns",
    request_body = NewCampaign, responses((status = 201, body = Campaign)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewCampaign>,
) -> Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, new.department_id, new.campaign).await?))
}

/// Changes a draft.
#[utoipa::path(patch, path = "/api/v1/campaigns/campaigns/{id}", operation_id = "update_campaign", tag = "campaigns",
    params(("id" = Id, Path)), request_body = CampaignInput, responses((status = 200, body = Campaign)))]
async fn update(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(input): Body<CampaignInput>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::update(&app, &caller, id, version, input).await?))
}

/// Declares a draft complete.
#[utoipa::path(post, path = "/api/v1/campaigns/campaigns/{id}/prepare", operation_id = "prepare_campaign",
    tag = "campaigns", params(("id" = Id, Path)), responses((status = 200, body = Campaign)))]
async fn prepare(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::prepare(&app, &caller, id, version).await?))
}

/// Opens a complete or scheduled campaign for changes again.
#[utoipa::path(post, path = "/api/v1/campaigns/campaigns/{id}/edit", operation_id = "edit_campaign",
    tag = "campaigns", params(("id" = Id, Path)), responses((status = 200, body = Campaign)))]
async fn edit(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::edit(&app, &caller, id, version).await?))
}

/// Sends the content to the caller's own address, outside all figures.
#[utoipa::path(post, path = "/api/v1/campaigns/campaigns/{id}/test", operation_id = "test_campaign",
    tag = "campaigns", params(("id" = Id, Path)), responses((status = 204, description = "Sent")))]
async fn test(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<NoContent> {
    test_send::send(&app, &caller, id).await?;
    Ok(NoContent)
}

/// Sets the hour at which a campaign starts by itself.
#[utoipa::path(post, path = "/api/v1/campaigns/campaigns/{id}/schedule", operation_id = "schedule_campaign",
    tag = "campaigns", params(("id" = Id, Path)), request_body = ScheduleInput,
    responses((status = 200, body = Campaign)))]
async fn schedule(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(input): Body<ScheduleInput>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::schedule(&app, &caller, id, version, input).await?))
}

/// Launches a campaign now: the release door opens its content, its audience is frozen, messages go out.
#[utoipa::path(post, path = "/api/v1/campaigns/campaigns/{id}/launch", operation_id = "launch_campaign",
    tag = "campaigns", params(("id" = Id, Path)), responses((status = 200, body = Campaign)))]
async fn launch_now(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &launch::launch(&app, &caller, id, version).await?))
}

/// Stops sending at once.
#[utoipa::path(post, path = "/api/v1/campaigns/campaigns/{id}/pause", operation_id = "pause_campaign",
    tag = "campaigns", params(("id" = Id, Path)), request_body = ReasonInput,
    responses((status = 200, body = Campaign)))]
async fn pause(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<ReasonInput>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::pause(&app, &caller, id, version, why).await?))
}

/// Goes on where a campaign was paused.
#[utoipa::path(post, path = "/api/v1/campaigns/campaigns/{id}/resume", operation_id = "resume_campaign",
    tag = "campaigns", params(("id" = Id, Path)), responses((status = 200, body = Campaign)))]
async fn resume(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::resume(&app, &caller, id, version).await?))
}

/// Gives a campaign up: what was not sent stays unsent.
#[utoipa::path(post, path = "/api/v1/campaigns/campaigns/{id}/cancel", operation_id = "cancel_campaign",
    tag = "campaigns", params(("id" = Id, Path)), request_body = ReasonInput,
    responses((status = 200, body = Campaign)))]
async fn cancel(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<ReasonInput>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::cancel(&app, &caller, id, version, why).await?))
}

/// Gives a campaign to another member of staff, with a reason.
#[utoipa::path(post, path = "/api/v1/campaigns/campaigns/{id}/reassign", operation_id = "reassign_campaign",
    tag = "campaigns", params(("id" = Id, Path)), request_body = CampaignReassignment,
    responses((status = 200, body = Campaign)))]
async fn reassign(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(to): Body<CampaignReassignment>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &manage::reassign(&app, &caller, id, version, to).await?))
}

/// Moves the end of a campaign, with a reason.
#[utoipa::path(post, path = "/api/v1/campaigns/campaigns/{id}/extend", operation_id = "extend_campaign",
    tag = "campaigns", params(("id" = Id, Path)), request_body = CampaignExtension,
    responses((status = 200, body = Campaign)))]
async fn extend(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(to): Body<CampaignExtension>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &manage::extend(&app, &caller, id, version, to).await?))
}
