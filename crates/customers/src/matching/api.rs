use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{
    CandidateFilter, DistinctCandidate, MatchCandidate, MatchStanding, MergeCandidate, jobs, service,
};
use crate::permissions::{MATCH_DECIDE, MATCH_READ};

/// Lists pairs of people who may be one, the likeliest first.
#[utoipa::path(get, path = "/api/v1/customers/matches", operation_id = "list_matches", tag = "customers",
    params(PageQuery, CandidateFilter), responses((status = 200, body = Page<MatchCandidate>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<CandidateFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Shows what the last search for duplicates learned and found.
#[utoipa::path(get, path = "/api/v1/customers/matches/model", operation_id = "get_match_model", tag = "customers",
    responses((status = 200, body = MatchStanding)))]
async fn model(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::standing(&app, &caller).await?))
}

/// Looks for duplicates in the background.
#[utoipa::path(post, path = "/api/v1/customers/matches/find", operation_id = "find_matches", tag = "customers",
    responses((status = 200, body = MatchStanding)))]
async fn find(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    jobs::ask(&app, &caller).await?;
    Ok(Reply::row(&caller, &service::standing(&app, &caller).await?))
}

/// Shows one pair.
#[utoipa::path(get, path = "/api/v1/customers/matches/{id}", operation_id = "get_match", tag = "customers",
    params(("id" = Id, Path)), responses((status = 200, body = MatchCandidate)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Decides that a pair is one person; the older one stays, and it can be undone.
#[utoipa::path(post, path = "/api/v1/customers/matches/{id}/merge", operation_id = "merge_match", tag = "customers",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = MergeCandidate, responses((status = 200, body = MatchCandidate)))]
async fn merge(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<MergeCandidate>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::merge(&app, &caller, id, version, &why).await?))
}

/// Decides that a pair is two people: no rule joins them again.
#[utoipa::path(post, path = "/api/v1/customers/matches/{id}/distinct", operation_id = "keep_match_apart", tag = "customers",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = DistinctCandidate, responses((status = 200, body = MatchCandidate)))]
async fn distinct(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<DistinctCandidate>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::distinct(&app, &caller, id, version, &why).await?))
}

/// The operations on pairs.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(MATCH_READ))
        .add(operations!(model), needs(MATCH_READ))
        .add(operations!(find), needs(MATCH_DECIDE))
        .add(operations!(get), needs(MATCH_READ))
        .add(operations!(merge), needs(MATCH_DECIDE))
        .add(operations!(distinct), needs(MATCH_DECIDE))
}
