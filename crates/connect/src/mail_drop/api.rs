use axum::extract::State;
use http_kit::{AppState, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Labelled, Page, PageQuery, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{DroppedMail, DroppedMailBody, drop, sql};
use crate::permissions::MAIL_DROP_READ;

pub(crate) fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(MAIL_DROP_READ)).add(operations!(open), needs(MAIL_DROP_READ))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DropFilter {
    /// Only messages to this address.
    #[param(max_length = 320)]
    recipient: Option<String>,
}

/// Lists the messages that the mail drop kept, newest first.
#[utoipa::path(get, path = "/api/v1/connect/mail-drop", operation_id = "list_dropped_mail", tag = "connect",
    params(PageQuery, DropFilter), responses((status = 200, body = Page<DroppedMail>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<DropFilter>,
) -> Result<Reply> {
    if filter.recipient.is_some() && !DroppedMail::visible(&caller, "recipient") {
        return Err(Problem::field_hidden("recipient").into());
    }
    Ok(Reply::page(&caller, &sql::list(&app.store, &page, filter.recipient.as_deref()).await?))
}

/// Opens one kept message.
#[utoipa::path(get, path = "/api/v1/connect/mail-drop/{id}", operation_id = "open_dropped_mail", tag = "connect",
    params(("id" = Id, Path, description = "The kept message")), responses((status = 200, body = DroppedMailBody)))]
async fn open(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    let mail = sql::get(&app.store, id).await?;
    let opened = drop::open(&app.settings.data_dir, &mail).await?;
    let headers = opened.headers.into_iter().map(|(name, value)| format!("{name}: {value}")).collect();
    Ok(Reply::row(&caller, &DroppedMailBody { id, html: opened.html, text: opened.text, headers }))
}
