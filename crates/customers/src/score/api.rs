use axum::extract::State;
use http_kit::{AppState, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{ProfileScores, ScoreDistribution, ScoreRequest, ScoreRun, service};
use crate::permissions::{PROFILE_READ, TIER_EDIT};

/// Lists trainings of the models with their error, latest first.
#[utoipa::path(get, path = "/api/v1/customers/scores/models", operation_id = "list_score_runs", tag = "customers",
    params(PageQuery), responses((status = 200, body = Page<ScoreRun>)))]
async fn models(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::runs(&app, &caller, &page).await?))
}

/// Shows how people are spread over digits, segments and value tiers.
#[utoipa::path(get, path = "/api/v1/customers/scores/distribution", operation_id = "get_score_distribution",
    tag = "customers", responses((status = 200, body = ScoreDistribution)))]
async fn distribution(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::distribution(&app, &caller).await?))
}

/// Has everybody's scores computed in the background.
#[utoipa::path(post, path = "/api/v1/customers/scores/recompute", operation_id = "recompute_scores",
    tag = "customers", responses((status = 202, body = ScoreRequest)))]
async fn recompute(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::accepted(&caller, &service::request(&app, &caller).await?))
}

/// Shows one person's scores and the personas that they belong to.
#[utoipa::path(get, path = "/api/v1/customers/profiles/{id}/scores", operation_id = "get_profile_scores",
    tag = "customers", params(("id" = Id, Path)), responses((status = 200, body = ProfileScores)))]
async fn of_profile(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::of_profile(&app, &caller, id).await?))
}

/// The operations on scores.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(models), needs(PROFILE_READ))
        .add(operations!(distribution), needs(PROFILE_READ))
        .add(operations!(recompute), needs(TIER_EDIT))
        .add(operations!(of_profile), needs(PROFILE_READ))
}
