use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http_kit::{AppState, Body, Params, PathOf, Reply, Result, Routes, Who, operations, signed_in};
use kernel::{Id, Page};
use tabular::export::ExportQuery;

use super::{FormResults, NewFormLinks, RecordForm};

/// Lists the public forms that a record has or can have.
#[utoipa::path(get, path = "/api/v1/records/{type}/{id}/forms", operation_id = "list_record_forms", tag = "records",
    params(("type" = String, Path, max_length = 60), ("id" = Id, Path)),
    responses((status = 200, body = Page<RecordForm>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id)): PathOf<(String, Id)>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &super::list(&app, &caller, &t, id).await?))
}

/// Publishes a form: it gets an address on the public origin, and one for each channel that the record names.
#[utoipa::path(post, path = "/api/v1/records/{type}/{id}/forms/{form}", operation_id = "publish_record_form",
    tag = "records", responses((status = 200, body = RecordForm)),
    params(("type" = String, Path, max_length = 60), ("id" = Id, Path), ("form" = String, Path, max_length = 60)))]
async fn publish(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id, form)): PathOf<(String, Id, String)>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &super::publish(&app, &caller, &t, id, &form).await?))
}

/// Takes a form back: its addresses say that it is closed.
#[utoipa::path(post, path = "/api/v1/records/{type}/{id}/forms/{form}/withdrawal",
    operation_id = "withdraw_record_form", tag = "records", responses((status = 200, body = RecordForm)),
    params(("type" = String, Path, max_length = 60), ("id" = Id, Path), ("form" = String, Path, max_length = 60)))]
async fn withdraw(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id, form)): PathOf<(String, Id, String)>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &super::withdraw(&app, &caller, &t, id, &form).await?))
}

/// Makes links to a form, for a channel or for single people.
#[utoipa::path(post, path = "/api/v1/records/{type}/{id}/forms/{form}/links", operation_id = "create_form_links",
    tag = "records", request_body = NewFormLinks, responses((status = 200, body = RecordForm)),
    params(("type" = String, Path, max_length = 60), ("id" = Id, Path), ("form" = String, Path, max_length = 60)))]
async fn add_links(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id, form)): PathOf<(String, Id, String)>,
    Body(new): Body<NewFormLinks>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &super::add_links(&app, &caller, (&t, id, &form), &new).await?))
}

/// Closes a link: it takes nothing more.
#[utoipa::path(post, path = "/api/v1/records/{type}/{id}/forms/{form}/links/{link}/closing",
    operation_id = "close_form_link", tag = "records", responses((status = 200, body = RecordForm)),
    params(("type" = String, Path, max_length = 60), ("id" = Id, Path), ("form" = String, Path, max_length = 60),
        ("link" = Id, Path)))]
async fn close_link(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id, form, link)): PathOf<(String, Id, String, Id)>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &super::close_link(&app, &caller, (&t, id, &form), link).await?))
}

/// Counts what came of a form, by channel and by question.
#[utoipa::path(get, path = "/api/v1/records/{type}/{id}/forms/{form}/results", operation_id = "get_form_results",
    tag = "records", responses((status = 200, body = FormResults)),
    params(("type" = String, Path, max_length = 60), ("id" = Id, Path), ("form" = String, Path, max_length = 60)))]
async fn results(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id, form)): PathOf<(String, Id, String)>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &super::results(&app, &caller, &t, id, &form).await?))
}

/// Writes the answers of a form into a file, one row each.
#[utoipa::path(get, path = "/api/v1/records/{type}/{id}/forms/{form}/results/export",
    operation_id = "export_form_results", tag = "records",
    params(("type" = String, Path, max_length = 60), ("id" = Id, Path), ("form" = String, Path, max_length = 60),
        ExportQuery),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
async fn export(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id, form)): PathOf<(String, Id, String)>,
    Params(kind): Params<ExportQuery>,
) -> Result<Response> {
    Ok(super::export(&app, &caller, (&t, id, &form), kind.format).await?.into_response())
}

/// Returns the operations of forms. The types decide who may do what, so they are asked for inside.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), signed_in())
        .add(operations!(publish), signed_in())
        .add(operations!(withdraw), signed_in())
        .add(operations!(add_links), signed_in())
        .add(operations!(close_link), signed_in())
        .add(operations!(results), signed_in())
        .add(operations!(export), signed_in())
}
