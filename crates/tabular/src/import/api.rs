use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::TryStreamExt;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Currency, Id, Page, PageQuery, Problem};
use serde::{Deserialize, Serialize};
use tokio_util::io::StreamReader;
use utoipa::{IntoParams, ToSchema};

use super::{Import, ImportFilter, ImportPatch, NewImport, Preview, preview, service, upload};
use crate::file::UNPACKED_MAX;
use crate::permissions::{IMPORT_READ, IMPORT_RUN};
use crate::target::{self, FieldKind, Targets};

/// What the sender says of a file.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct UploadQuery {
    /// What the file holds: `orders`, `customers`, `products`, or `record.<type>`.
    #[param(max_length = 60)]
    noun: String,
    /// Name of the file; a form's own name goes before.
    #[param(max_length = 200)]
    file_name: Option<String>,
    /// Where the rows come from; `import` where nobody says.
    #[param(max_length = 60)]
    source: Option<String>,
    /// The brand that the rows belong to.
    brand_id: Option<Id>,
    /// Currency of amounts whose row names none; the company's where nobody says.
    #[param(value_type = Option<String>, pattern = "^[A-Z]{3}$")]
    currency: Option<Currency>,
}

/// Takes a file of any size, as the body itself or as the field `file` of a form, and looks at it.
#[utoipa::path(post, path = "/api/v1/tabular/imports", operation_id = "create_import", tag = "tabular", params(UploadQuery), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 201, body = Import)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(query): Params<UploadQuery>,
    request: Request,
) -> Result<Reply> {
    // Whoever may not import this is told before the file is sent.
    let target = target::target(&app, &query.noun)?;
    upload::authorise(&app, &caller, target.as_ref(), query.brand_id).await?;
    let (file_name, (file_hash, file_bytes)) = receive(&app, query.file_name, request).await?;
    let UploadQuery { noun, source, brand_id, currency, .. } = query;
    let new = NewImport { noun, file_name, file_hash, file_bytes, source, brand_id, currency };
    let import = upload::create(&app, &caller, new).await?;
    Ok(Reply::created(&caller, &import.spoken(&app, &caller)))
}

/// Streams a file into the blobs.
async fn receive(
    app: &AppState,
    name: Option<String>,
    request: Request,
) -> Result<(String, (blob::Hash, u64))> {
    let name = name.unwrap_or_default();
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        let stream = request.into_body().into_data_stream().map_err(std::io::Error::other);
        return Ok((name, app.blobs.put_stream(StreamReader::new(stream), UNPACKED_MAX).await?));
    }
    let broken = |_| Problem::bad_request("tabular.upload.form_broken");
    let mut form = Multipart::from_request(request, app)
        .await
        .map_err(|_| Problem::bad_request("tabular.upload.form_broken"))?;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().map_or(name, str::to_owned);
        let stream = field.map_err(std::io::Error::other);
        return Ok((name, app.blobs.put_stream(StreamReader::new(Box::pin(stream)), UNPACKED_MAX).await?));
    }
    Err(Problem::bad_request("tabular.upload.no_file").into())
}

/// Lists imports, newest first.
#[utoipa::path(get, path = "/api/v1/tabular/imports", operation_id = "list_imports", tag = "tabular", params(PageQuery, ImportFilter), responses((status = 200, body = Page<Import>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<ImportFilter>,
) -> Result<Reply> {
    let mut page = service::list(&app, &caller, &page, &filter).await?;
    page.items = page.items.into_iter().map(|import| import.spoken(&app, &caller)).collect();
    Ok(Reply::page(&caller, &page))
}

/// Returns one import with its progress or receipt.
#[utoipa::path(get, path = "/api/v1/tabular/imports/{id}", operation_id = "get_import", tag = "tabular", params(("id" = Id, Path)), responses((status = 200, body = Import)))]
async fn get(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    let import = service::get(&app, &caller, id).await?;
    Ok(Reply::row(&caller, &import.spoken(&app, &caller)))
}

/// Corrects layout, mapping, source or brand before the start.
#[utoipa::path(patch, path = "/api/v1/tabular/imports/{id}", operation_id = "correct_import", tag = "tabular", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = ImportPatch, responses((status = 200, body = Import)))]
async fn correct(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(patch): Body<ImportPatch>,
) -> Result<Reply> {
    let import = service::correct(&app, &caller, id, version, patch).await?;
    Ok(Reply::row(&caller, &import.spoken(&app, &caller)))
}

/// Shows the first 20 rows as they would be stored.
#[utoipa::path(get, path = "/api/v1/tabular/imports/{id}/preview", operation_id = "preview_import", tag = "tabular", params(("id" = Id, Path)), responses((status = 200, body = Preview)))]
async fn show(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &preview::preview(&app, &caller, id).await?))
}

/// Starts an import, or goes on with one that stopped.
#[utoipa::path(post, path = "/api/v1/tabular/imports/{id}/start", operation_id = "start_import", tag = "tabular", params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 202, body = Import)))]
async fn start(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> Result<Reply> {
    let import = service::start(&app, &caller, id, version).await?;
    Ok(Reply::accepted(&caller, &import.spoken(&app, &caller)))
}

/// Takes back everything that an import stored.
#[utoipa::path(post, path = "/api/v1/tabular/imports/{id}/undo", operation_id = "undo_import", tag = "tabular", params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 202, body = Import)))]
async fn undo(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> Result<Reply> {
    let import = service::undo(&app, &caller, id, version).await?;
    Ok(Reply::accepted(&caller, &import.spoken(&app, &caller)))
}

/// Noun that can be imported (导入目标).
#[derive(Debug, Serialize, ToSchema)]
struct TargetRow {
    /// What addresses and commands call it.
    noun: &'static str,
    /// Its name in the caller's language.
    title: String,
    /// True where the caller may import it.
    allowed: bool,
    /// Its fields.
    fields: Vec<FieldRow>,
}

/// Field that a file may fill.
#[derive(Debug, Serialize, ToSchema)]
struct FieldRow {
    /// Its name in mappings.
    name: &'static str,
    /// Its name in the caller's language.
    title: String,
    /// What its values are read as.
    kind: &'static str,
    /// Words that it takes, where they are few.
    choices: Vec<&'static str>,
    /// True where every row needs it.
    required: bool,
}

/// Lists what can be imported, with fields, for the mapping screen.
#[utoipa::path(get, path = "/api/v1/tabular/targets", operation_id = "list_import_targets", tag = "tabular", responses((status = 200, body = Vec<TargetRow>)))]
async fn targets(State(app): State<AppState>, Who(caller): Who) -> Result<Response> {
    let say = |code: &str| app.texts.say(caller.language, code, &Default::default());
    let mut rows = Vec::new();
    for target in app.part::<Targets>()?.all(&app) {
        let noun = target.noun();
        let named = |field: &str| target.field_title(field, caller.language);
        let fields = target.fields().iter().map(|field| FieldRow {
            name: field.name,
            title: named(field.name).unwrap_or_else(|| say(&format!("import.{noun}.{}", field.name))),
            kind: kind_word(field.kind),
            choices: if let FieldKind::Choice(words) = field.kind { words.to_vec() } else { Vec::new() },
            required: field.required,
        });
        let fields = fields.collect();
        let title = target.title(caller.language).unwrap_or_else(|| say(&format!("import.{noun}")));
        rows.push(TargetRow { noun, title, allowed: caller.may(target.permission()), fields });
    }
    // Texts and names of fields: nothing here to mask.
    Ok((StatusCode::OK, axum::Json(rows)).into_response())
}

fn kind_word(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text(_) => "text",
        FieldKind::Key(_) => "key",
        FieldKind::Integer => "integer",
        FieldKind::Decimal(_) => "decimal",
        FieldKind::Money => "money",
        FieldKind::Date => "date",
        FieldKind::Time => "time",
        FieldKind::Boolean => "boolean",
        FieldKind::Email => "email",
        FieldKind::Mobile => "mobile",
        FieldKind::Currency => "currency",
        FieldKind::Choice(_) => "choice",
    }
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .add(operations!(targets), needs(IMPORT_READ))
        .add(operations!(create), needs(IMPORT_RUN))
        .add(operations!(list), needs(IMPORT_READ))
        .add(operations!(get), needs(IMPORT_READ))
        .add(operations!(correct), needs(IMPORT_RUN))
        .add(operations!(show), needs(IMPORT_RUN))
        .add(operations!(start), needs(IMPORT_RUN))
        .add(operations!(undo), needs(IMPORT_RUN))
}
