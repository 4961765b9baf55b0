use axum::extract::State;
use http_kit::{AppState, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{DeliveryEvent, EventFilter, sql};
use crate::permissions::SEND_READ;

pub(crate) fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(SEND_READ))
}

/// Lists what happened to a campaign's messages, newest first, scanners included.
#[utoipa::path(get, path = "/api/v1/campaigns/campaigns/{id}/events", operation_id = "list_campaign_events",
    tag = "campaigns", params(("id" = Id, Path), PageQuery, EventFilter),
    responses((status = 200, body = Page<DeliveryEvent>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(page): Params<PageQuery>,
    Params(filter): Params<EventFilter>,
) -> Result<Reply> {
    let scope = caller.scope(SEND_READ)?;
    Ok(Reply::page(&caller, &sql::list(&app.store, &scope, id, &filter, &page).await?))
}
