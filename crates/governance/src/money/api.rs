use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{
    Commitment, CommitmentFilter, Decision, DecisionFilter, NewCommitment, ReleaseInput, SettleInput, service,
};
use crate::permissions::{BUDGET_READ, COMMITMENT_CREATE};

/// Lists reservations, newest first.
#[utoipa::path(get, path = "/api/v1/governance/commitments", operation_id = "list_commitments", tag = "governance",
    params(PageQuery, CommitmentFilter), responses((status = 200, body = Page<Commitment>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<CommitmentFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Shows a reservation.
#[utoipa::path(get, path = "/api/v1/governance/commitments/{id}", operation_id = "get_commitment", tag = "governance",
    params(("id" = Id, Path)), responses((status = 200, body = Commitment)))]
async fn get(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Reserves an amount by hand, such as for a purchase.
#[utoipa::path(post, path = "/api/v1/governance/commitments", operation_id = "create_commitment", tag = "governance",
    request_body = NewCommitment, responses((status = 201, body = Commitment)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewCommitment>,
) -> Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, new).await?))
}

/// Turns a reservation into an expense, wholly or in part.
#[utoipa::path(post, path = "/api/v1/governance/commitments/{id}/settle", operation_id = "settle_commitment", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = SettleInput, responses((status = 200, body = Commitment)))]
async fn settle(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(input): Body<SettleInput>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::settle(&app, &caller, id, version, input).await?))
}

/// Gives what is left of a reservation back to its line.
#[utoipa::path(post, path = "/api/v1/governance/commitments/{id}/release", operation_id = "release_commitment", tag = "governance",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = ReleaseInput, responses((status = 200, body = Commitment)))]
async fn release(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<ReleaseInput>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::release(&app, &caller, id, version, why).await?))
}

/// Lists the decisions of the money door, newest first.
#[utoipa::path(get, path = "/api/v1/governance/decisions", operation_id = "list_money_decisions", tag = "governance",
    params(PageQuery, DecisionFilter), responses((status = 200, body = Page<Decision>)))]
async fn decisions(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<DecisionFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::decisions(&app, &caller, &page, &filter).await?))
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(BUDGET_READ))
        .add(operations!(get), needs(BUDGET_READ))
        .add(operations!(create), needs(COMMITMENT_CREATE))
        .add(operations!(settle), needs(COMMITMENT_CREATE))
        .add(operations!(release), needs(COMMITMENT_CREATE))
        .add(operations!(decisions), needs(BUDGET_READ))
}
