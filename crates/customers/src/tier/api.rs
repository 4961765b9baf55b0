use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{NewTierRule, TierChange, TierPreview, TierRule, TierRun, TryTierRule, service};
use crate::permissions::{PROFILE_READ, TIER_EDIT, TIER_READ};

/// Shows the tier rule in force.
#[utoipa::path(get, path = "/api/v1/customers/tier-rule", operation_id = "get_tier_rule", tag = "customers",
    responses((status = 200, body = TierRule)))]
async fn current(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::current(&app.store).await?))
}

/// Lists the tier rules so far, latest first.
#[utoipa::path(get, path = "/api/v1/customers/tier-rule/history", operation_id = "list_tier_rules",
    tag = "customers", responses((status = 200, body = Page<TierRule>)))]
async fn history(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::history(&app, &caller).await?)))
}

/// Says what a tier rule would change, and changes nothing.
#[utoipa::path(post, path = "/api/v1/customers/tier-rule/preview", operation_id = "preview_tier_rule",
    tag = "customers", request_body = TryTierRule, responses((status = 200, body = TierPreview)))]
async fn preview(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(tried): Body<TryTierRule>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::preview(&app, &caller, &tried.definition).await?))
}

/// Puts a tier rule in force; everybody's tier is computed by it in the background.
#[utoipa::path(put, path = "/api/v1/customers/tier-rule", operation_id = "apply_tier_rule", tag = "customers",
    params(("If-Match" = String, Header)),
    request_body = NewTierRule, responses((status = 200, body = TierRule)))]
async fn apply(
    State(app): State<AppState>,
    Who(caller): Who,
    IfMatch(version): IfMatch,
    Body(new): Body<NewTierRule>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::apply(&app, &caller, version, &new).await?))
}

/// Lists computations of tiers, latest first.
#[utoipa::path(get, path = "/api/v1/customers/tier-runs", operation_id = "list_tier_runs", tag = "customers",
    params(PageQuery), responses((status = 200, body = Page<TierRun>)))]
async fn runs(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::runs(&app, &caller, &page).await?))
}

/// Has everybody's tier computed in the background; answers the rule that it goes by.
#[utoipa::path(post, path = "/api/v1/customers/tier-runs", operation_id = "request_tier_run", tag = "customers",
    responses((status = 202, body = TierRule)))]
async fn request(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::accepted(&caller, &service::request(&app, &caller).await?))
}

/// Lists the tiers that one person has had, latest first.
#[utoipa::path(get, path = "/api/v1/customers/profiles/{id}/tier-changes",
    operation_id = "list_profile_tier_changes", tag = "customers", params(("id" = Id, Path)),
    responses((status = 200, body = Page<TierChange>)))]
async fn of_profile(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::of_profile(&app, &caller, id).await?)))
}

/// The operations on tiers.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(current), needs(TIER_READ))
        .add(operations!(history), needs(TIER_READ))
        .add(operations!(preview), needs(TIER_READ))
        .add(operations!(apply), needs(TIER_EDIT))
        .add(operations!(runs), needs(TIER_READ))
        .add(operations!(request), needs(TIER_EDIT))
        .add(operations!(of_profile), needs(PROFILE_READ))
}
