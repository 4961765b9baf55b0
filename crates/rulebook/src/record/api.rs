//! The operations on records: one set for every type; who may read or write a type is asked inside.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use http_kit::{
    AppState, Body, IfMatch, Params, PathOf, Reply, Result, Routes, Who, guests_too, operations, signed_in,
};
use kernel::{Id, Page, PageQuery, Problem};
use serde::Deserialize;
use tabular::export::ExportQuery;
use utoipa::{IntoParams, ToSchema};

use super::{
    ActionInput, NewComment, NewRecord, Record, RecordChange, RecordComment, RecordDetail, RecordFile,
    RecordFilter, RecordGroup, RecordPatch, RecordTypeRow, RelatedRecords, act, comment, file, list, names,
    print, secret, service,
};
use crate::Rulebook;
use crate::access::Act;
use crate::record_type::schema::{RecordSchema, schema};

/// Lists the record types that the caller may read.
#[utoipa::path(get, path = "/api/v1/records", operation_id = "list_record_types", tag = "records",
    responses((status = 200, body = Page<RecordTypeRow>)))]
async fn types(State(app): State<AppState>, Who(caller): Who) -> Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::types(&app, &caller)?)))
}

/// Describes a record type: fields, views, states, and the JSON Schema of its values.
#[utoipa::path(get, path = "/api/v1/records/{type}/schema", operation_id = "get_record_schema", tag = "records",
    params(("type" = String, Path, max_length = 60)), responses((status = 200, body = RecordSchema)))]
async fn describe(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
) -> Result<Reply> {
    let record_type = names::record_type(&app, &id)?;
    caller.require(record_type.read)?;
    let book = app.part::<Rulebook>()?;
    let machines: Vec<_> = record_type
        .spec
        .machines
        .iter()
        .filter_map(|choice| book.machine(&choice.machine))
        .map(|machine| machine.spec.clone())
        .collect();
    let mut shown = schema(&record_type, &machines, &caller);
    shown.forms = crate::form::types_of(&app, &id)?;
    let mut defaults = service::defaults(&app, &caller, &record_type).await?;
    for field in &mut shown.fields {
        field.default = defaults.remove(&field.key);
    }
    Ok(Reply::row(&caller, &shown))
}

/// Lists records of a type.
#[utoipa::path(get, path = "/api/v1/records/{type}", operation_id = "list_records", tag = "records",
    params(("type" = String, Path, max_length = 60), PageQuery, RecordFilter),
    responses((status = 200, body = Page<Record>)))]
async fn find_many(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
    Params(page): Params<PageQuery>,
    Params(filter): Params<RecordFilter>,
) -> Result<Reply> {
    let found = list::list(&app, &caller, &id, &page, &filter).await?;
    let record_type = names::record_type(&app, &id)?;
    secret::note(&app, &caller, &record_type, &found.items, Act::List, None).await?;
    Ok(Reply::page(&caller, &found))
}

/// By which fields to count.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Groups {
    /// The first field, or `state`.
    #[param(max_length = 60)]
    by: String,
    /// The second field.
    #[param(max_length = 60)]
    across: Option<String>,
}

/// Counts records by one field or two, for boards and matrices.
#[utoipa::path(get, path = "/api/v1/records/{type}/groups", operation_id = "count_record_groups", tag = "records",
    params(("type" = String, Path, max_length = 60), Groups, RecordFilter),
    responses((status = 200, body = Page<RecordGroup>)))]
async fn groups(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
    Params(groups): Params<Groups>,
    Params(filter): Params<RecordFilter>,
) -> Result<Reply> {
    let found = list::groups(&app, &caller, &id, &groups.by, groups.across.as_deref(), &filter).await?;
    Ok(Reply::page(&caller, &Page::whole(found)))
}

/// Writes the records that a list would show into a file.
#[utoipa::path(get, path = "/api/v1/records/{type}/export", operation_id = "export_records", tag = "records",
    params(("type" = String, Path, max_length = 60), ExportQuery, RecordFilter),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
async fn export(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
    Params(kind): Params<ExportQuery>,
    Params(filter): Params<RecordFilter>,
) -> Result<Response> {
    let written = super::export::export(&app, &caller, &id, kind.format, &filter).await?;
    Ok(written.into_response())
}

/// Makes a record.
#[utoipa::path(post, path = "/api/v1/records/{type}", operation_id = "create_record", tag = "records",
    params(("type" = String, Path, max_length = 60)), request_body = NewRecord,
    responses((status = 201, body = RecordDetail)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
    Body(new): Body<NewRecord>,
) -> Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &id, new).await?))
}

/// Shows a record with what may be done with it.
#[utoipa::path(get, path = "/api/v1/records/{type}/{id}", operation_id = "get_record", tag = "records",
    params(("type" = String, Path, max_length = 60), ("id" = Id, Path)),
    responses((status = 200, body = RecordDetail)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id)): PathOf<(String, Id)>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::open(&app, &caller, &t, id).await?))
}

/// Prints a record as it stands: its values, its tables, and how frozen figures came about.
#[utoipa::path(get, path = "/api/v1/records/{type}/{id}/document", operation_id = "get_record_document",
    tag = "records", params(("type" = String, Path, max_length = 60), ("id" = Id, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
async fn document(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id)): PathOf<(String, Id)>,
) -> Result<Response> {
    let printed = print::print(&app, &caller, &t, id).await?;
    Ok(crate::export::download(&printed.name, "application/pdf", printed.bytes)?)
}

/// Changes the values of a record.
#[utoipa::path(patch, path = "/api/v1/records/{type}/{id}", operation_id = "update_record", tag = "records",
    params(("type" = String, Path, max_length = 60), ("id" = Id, Path), ("If-Match" = String, Header)),
    request_body = RecordPatch, responses((status = 200, body = RecordDetail)))]
async fn update(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id)): PathOf<(String, Id)>,
    IfMatch(version): IfMatch,
    Body(patch): Body<RecordPatch>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::update(&app, &caller, &t, id, version, patch).await?))
}

/// Does an action of the record's machine.
#[utoipa::path(post, path = "/api/v1/records/{type}/{id}/actions/{action}", operation_id = "act_on_record",
    tag = "records", request_body = ActionInput, responses((status = 200, body = RecordDetail)),
    params(("type" = String, Path, max_length = 60), ("id" = Id, Path), ("action" = String, Path, max_length = 60),
        ("If-Match" = Option<String>, Header)))]
async fn action(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id, action)): PathOf<(String, Id, String)>,
    headers: HeaderMap,
    Body(input): Body<ActionInput>,
) -> Result<Reply> {
    // A card of "my work" decides without having read the record: what the machine allows now is what counts.
    let seen = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
    let seen = seen.and_then(|text| text.trim().trim_matches('"').parse().ok());
    let version = match seen {
        Some(version) => version,
        None => service::find(&app, &caller, &t, id).await?.record.version,
    };
    Ok(Reply::row(&caller, &act(&app, &caller, &t, id, version, &action, input).await?))
}

/// Why a record is put away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ArchiveReason)]
struct Reason {
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Puts a record away: it stays readable and counts nowhere.
#[utoipa::path(post, path = "/api/v1/records/{type}/{id}/archive", operation_id = "archive_record", tag = "records",
    params(("type" = String, Path, max_length = 60), ("id" = Id, Path), ("If-Match" = String, Header)),
    request_body = Reason, responses((status = 200, body = RecordDetail)))]
async fn archive(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id)): PathOf<(String, Id)>,
    IfMatch(version): IfMatch,
    Body(why): Body<Reason>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::archive(&app, &caller, &t, id, version, &why.reason).await?))
}

/// Lists what became of a record, newest first.
#[utoipa::path(get, path = "/api/v1/records/{type}/{id}/history", operation_id = "list_record_changes", tag = "records",
    params(("type" = String, Path, max_length = 60), ("id" = Id, Path), PageQuery),
    responses((status = 200, body = Page<RecordChange>)))]
async fn history(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id)): PathOf<(String, Id)>,
    Params(page): Params<PageQuery>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::history(&app, &caller, &t, id, &page).await?))
}

/// Lists the records that refer to a record.
#[utoipa::path(get, path = "/api/v1/records/{type}/{id}/related", operation_id = "list_related_records", tag = "records",
    params(("type" = String, Path, max_length = 60), ("id" = Id, Path)),
    responses((status = 200, body = Page<RelatedRecords>)))]
async fn related(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id)): PathOf<(String, Id)>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::related(&app, &caller, &t, id).await?)))
}

/// Lists the comments on a record, oldest first.
#[utoipa::path(get, path = "/api/v1/records/{type}/{id}/comments", operation_id = "list_record_comments",
    tag = "records", params(("type" = String, Path, max_length = 60), ("id" = Id, Path)),
    responses((status = 200, body = Page<RecordComment>)))]
async fn comments(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id)): PathOf<(String, Id)>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(comment::list(&app, &caller, &t, id).await?)))
}

/// Comments on a record.
#[utoipa::path(post, path = "/api/v1/records/{type}/{id}/comments", operation_id = "create_record_comment",
    tag = "records", params(("type" = String, Path, max_length = 60), ("id" = Id, Path)), request_body = NewComment,
    responses((status = 201, body = RecordComment)))]
async fn comment_on(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id)): PathOf<(String, Id)>,
    Body(new): Body<NewComment>,
) -> Result<Reply> {
    Ok(Reply::created(&caller, &comment::write(&app, &caller, &t, id, new).await?))
}

/// The name of a file.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FileName {
    /// Its name.
    #[param(min_length = 1, max_length = 255)]
    name: String,
}

/// Stores a file that a record is going to name; the body is the file.
#[utoipa::path(post, path = "/api/v1/record-files", operation_id = "upload_record_file", tag = "records",
    params(FileName), request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = RecordFile)))]
async fn upload(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(named): Params<FileName>,
    headers: HeaderMap,
    body: std::result::Result<Bytes, BytesRejection>,
) -> Result<Reply> {
    let bytes = body.map_err(|_| Problem::too_large("http.body_too_large"))?;
    if bytes.len() > file::BYTES_MAX {
        return Err(Problem::too_large("http.body_too_large").into());
    }
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    Ok(Reply::created(&caller, &file::upload(&app, &caller, &named.name, media_type, &bytes).await?))
}

/// Returns a file that a record names.
#[utoipa::path(get, path = "/api/v1/records/{type}/{id}/files/{hash}", operation_id = "get_record_file", tag = "records",
    params(("type" = String, Path, max_length = 60), ("id" = Id, Path), ("hash" = String, Path, max_length = 64)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
async fn download(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id, hash)): PathOf<(String, Id, String)>,
) -> Result<Response> {
    let (name, _, bytes) = file::download(&app, &caller, &t, id, &hash).await?;
    // Whatever it says it is, the browser saves it: nothing that was uploaded runs on this origin.
    Ok(crate::export::download(&name, "application/octet-stream", bytes)?)
}

/// Returns the operations of records. The type decides who may do what, so it is asked for inside.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(types), guests_too())
        .add(operations!(describe), guests_too())
        .add(operations!(find_many), guests_too())
        .add(operations!(create), signed_in())
        .add(operations!(groups), signed_in())
        .add(operations!(export), signed_in())
        .add(operations!(get), guests_too())
        .add(operations!(document), signed_in())
        .add(operations!(update), signed_in())
        .add(operations!(action), guests_too())
        .add(operations!(archive), signed_in())
        .add(operations!(history), signed_in())
        .add(operations!(related), signed_in())
        .add(operations!(comments), guests_too())
        .add(operations!(comment_on), guests_too())
        .add(operations!(upload), guests_too())
        .add(operations!(download), guests_too())
}
