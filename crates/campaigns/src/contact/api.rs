use axum::extract::State;
use http_kit::{AppState, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{ContactDecision, DecisionFilter, ReasonCount, sql};
use crate::campaign::get_scoped;
use crate::permissions::{CAMPAIGN_READ, CONTACT_READ};

pub(crate) fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(CONTACT_READ)).add(operations!(reasons), needs(CONTACT_READ))
}

/// Lists what the contact door decided, newest first: why was this person, or nobody, contacted.
#[utoipa::path(get, path = "/api/v1/campaigns/contact-decisions", operation_id = "list_contact_decisions",
    tag = "campaigns", params(PageQuery, DecisionFilter), responses((status = 200, body = Page<ContactDecision>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<DecisionFilter>,
) -> Result<Reply> {
    let scope = caller.scope(CONTACT_READ)?;
    Ok(Reply::page(&caller, &sql::list(&app.store, &scope, &filter, &page).await?))
}

/// Counts a campaign's decisions by reason.
#[utoipa::path(get, path = "/api/v1/campaigns/campaigns/{id}/contact-reasons", operation_id = "count_contact_reasons",
    tag = "campaigns", params(("id" = Id, Path)), responses((status = 200, body = Page<ReasonCount>)))]
async fn reasons(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    get_scoped(&app, &caller, CAMPAIGN_READ, id).await?;
    Ok(Reply::page(&caller, &Page::whole(sql::reasons(&app.store, id).await?)))
}
