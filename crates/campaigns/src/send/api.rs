use axum::extract::State;
use http_kit::{AppState, Body, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{Send, SendFilter, SettleInput, settle, sql};
use crate::permissions::{SEND_READ, SEND_SETTLE};

pub(crate) fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(SEND_READ)).add(operations!(settle_send), needs(SEND_SETTLE))
}

/// Lists the planned messages of a campaign, in the order in which they were planned.
#[utoipa::path(get, path = "/api/v1/campaigns/campaigns/{id}/sends", operation_id = "list_sends", tag = "campaigns",
    params(("id" = Id, Path), PageQuery, SendFilter), responses((status = 200, body = Page<Send>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(page): Params<PageQuery>,
    Params(filter): Params<SendFilter>,
) -> Result<Reply> {
    let scope = caller.scope(SEND_READ)?;
    Ok(Reply::page(&caller, &sql::list(&app.store, &scope, id, &filter, &page).await?))
}

/// Settles a send whose fate is unknown; it is never sent again.
#[utoipa::path(post, path = "/api/v1/campaigns/sends/{id}/settle", operation_id = "settle_send", tag = "campaigns",
    params(("id" = Id, Path)), request_body = SettleInput, responses((status = 200, body = Send)))]
async fn settle_send(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(input): Body<SettleInput>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &settle::by_hand(&app, &caller, id, input).await?))
}
