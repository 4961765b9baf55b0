use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations, signed_in};
use kernel::{Id, Page, PageQuery};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Acknowledgement, BackupChoice, Loss, NewLoss, NewLossReport, RestorePreview, Superior, preview, service,
};
use crate::permissions::LOSS_MANAGE;

/// Lists losses of data, newest first.
#[utoipa::path(get, path = "/api/v1/system/losses", operation_id = "list_losses", tag = "system",
    params(PageQuery), responses((status = 200, body = Page<Loss>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page).await?))
}

/// Opens a case for data that were lost or damaged.
#[utoipa::path(post, path = "/api/v1/system/losses", operation_id = "open_loss", tag = "system",
    request_body = NewLoss, responses((status = 201, body = Loss)))]
async fn open(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewLoss>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::open(&app, &caller, &new).await?))
}

/// Shows a loss to those who settle it and to the superior who was told of it.
#[utoipa::path(get, path = "/api/v1/system/losses/{id}", operation_id = "get_loss", tag = "system",
    params(("id" = Id, Path)), responses((status = 200, body = Loss)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Which backup is looked at.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PreviewQuery {
    /// The backup.
    run_id: Id,
}

/// Shows what going back to a backup would bring back and cost.
#[utoipa::path(get, path = "/api/v1/system/loss-preview", operation_id = "preview_restore", tag = "system",
    params(PreviewQuery), responses((status = 200, body = RestorePreview)))]
async fn look(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(query): Params<PreviewQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &preview::of(&app, query.run_id).await?))
}

/// Shows who usually gets the caller's report.
#[utoipa::path(get, path = "/api/v1/system/loss-superior", operation_id = "get_loss_superior", tag = "system",
    responses((status = 200, body = Superior)))]
async fn superior(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::superior(&app, &caller).await?))
}

/// Restores a backup beside the live data, in the background.
#[utoipa::path(post, path = "/api/v1/system/losses/{id}/restore", operation_id = "restore_loss", tag = "system",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = BackupChoice,
    responses((status = 202, body = Loss)))]
async fn restore(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(choice): Body<BackupChoice>,
) -> http_kit::Result<Reply> {
    Ok(Reply::accepted(&caller, &service::restore(&app, &caller, id, version, &choice).await?))
}

/// Sends the report to the superior, who is asked to take note.
#[utoipa::path(post, path = "/api/v1/system/losses/{id}/report", operation_id = "report_loss", tag = "system",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = NewLossReport,
    responses((status = 200, body = Loss)))]
async fn report(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(new): Body<NewLossReport>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::report(&app, &caller, id, version, &new).await?))
}

/// The superior takes note of the report.
#[utoipa::path(post, path = "/api/v1/system/losses/{id}/acknowledge", operation_id = "acknowledge_loss", tag = "system",
    params(("id" = Id, Path)), request_body = Acknowledgement, responses((status = 200, body = Loss)))]
async fn acknowledge(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(said): Body<Acknowledgement>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::acknowledge(&app, &caller, id, &said).await?))
}

/// The operations on losses. A superior needs no right but that the report names them.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(LOSS_MANAGE))
        .add(operations!(open), needs(LOSS_MANAGE))
        .add(operations!(get), signed_in())
        .add(operations!(look), needs(LOSS_MANAGE))
        .add(operations!(superior), needs(LOSS_MANAGE))
        .add(operations!(restore), needs(LOSS_MANAGE))
        .add(operations!(report), needs(LOSS_MANAGE))
        .add(operations!(acknowledge), signed_in())
}
