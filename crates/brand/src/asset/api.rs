//! The operations on assets.

use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::extract::{Multipart, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery, Problem};

use super::rules::FILE_BYTES_MAX;
use super::{Asset, AssetFileForm, AssetFilter, AssetForm, AssetPatch, NewAsset, service};
use crate::permissions::{ASSET_READ, ASSET_WRITE};

/// A form, or why the body is none.
type Form = std::result::Result<Multipart, MultipartRejection>;

/// Lists the assets, newest first.
#[utoipa::path(get, path = "/api/v1/brand/assets", operation_id = "list_assets", tag = "brand",
    params(PageQuery, AssetFilter), responses((status = 200, body = Page<Asset>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<AssetFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Shows one asset.
#[utoipa::path(get, path = "/api/v1/brand/assets/{id}", operation_id = "get_asset", tag = "brand",
    params(("id" = Id, Path)), responses((status = 200, body = Asset)))]
async fn get(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Takes a picture into the library.
#[utoipa::path(post, path = "/api/v1/brand/assets", operation_id = "create_asset", tag = "brand",
    request_body(content = AssetForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Asset)))]
async fn create(State(app): State<AppState>, Who(caller): Who, form: Form) -> Result<Reply> {
    let (words, bytes) = read(form).await?;
    let words = words.ok_or_else(|| missing("asset"))?;
    let new: NewAsset = http_kit::read_json(words.as_bytes())?;
    Ok(Reply::created(&caller, &service::create(&app, &caller, new, &bytes).await?))
}

/// Changes the words and rights of an asset.
#[utoipa::path(patch, path = "/api/v1/brand/assets/{id}", operation_id = "update_asset", tag = "brand",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = AssetPatch,
    responses((status = 200, body = Asset)))]
async fn update(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(patch): Body<AssetPatch>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::update(&app, &caller, id, version, patch).await?))
}

/// Puts another file in the place of the present one. Approvals of content that shows it are voided.
#[utoipa::path(put, path = "/api/v1/brand/assets/{id}/file", operation_id = "replace_asset_file", tag = "brand",
    params(("id" = Id, Path), ("If-Match" = String, Header)),
    request_body(content = AssetFileForm, content_type = "multipart/form-data"),
    responses((status = 200, body = Asset)))]
async fn replace_file(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    form: Form,
) -> Result<Reply> {
    let (_, bytes) = read(form).await?;
    Ok(Reply::row(&caller, &service::replace_file(&app, &caller, id, version, &bytes).await?))
}

/// Returns the current file of an asset.
#[utoipa::path(get, path = "/api/v1/brand/assets/{id}/file", operation_id = "get_asset_file", tag = "brand",
    params(("id" = Id, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "image/*")))]
async fn file(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Response> {
    let (content_type, bytes) = service::file(&app, &caller, id).await?;
    let mut response = bytes.into_response();
    let set = response.headers_mut();
    set.insert(header::CONTENT_TYPE, HeaderValue::from_str(&content_type).map_err(Problem::internal)?);
    set.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}

/// Reads a form with the parts `asset` (JSON, where there is one) and `file`.
async fn read(form: Form) -> kernel::Result<(Option<String>, Vec<u8>)> {
    let mut form = form.map_err(|error| {
        Problem::bad_request("brand.asset.form_invalid").with("reason", error.body_text())
    })?;
    let broken = |error: MultipartError| {
        let status = error.status().as_u16();
        if status == 413 {
            Problem::too_large("brand.asset.file_too_large").with("bytes_max", FILE_BYTES_MAX)
        } else {
            Problem::bad_request("brand.asset.form_invalid").with("reason", error.body_text())
        }
    };
    let (mut words, mut file) = (None, None);
    while let Some(part) = form.next_field().await.map_err(broken)? {
        match part.name() {
            Some("asset") => words = Some(part.text().await.map_err(broken)?),
            Some("file") => file = Some(part.bytes().await.map_err(broken)?.to_vec()),
            _ => {
                let name = part.name().unwrap_or_default().to_owned();
                return Err(Problem::bad_request("brand.asset.form_part_unknown").with("part", name));
            }
        }
    }
    Ok((words, file.ok_or_else(|| missing("file"))?))
}

fn missing(part: &str) -> Problem {
    Problem::bad_request("brand.asset.form_part_missing").with("part", part)
}

/// Returns the operations on assets.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(ASSET_READ))
        .add(operations!(get), needs(ASSET_READ))
        .add(operations!(create), needs(ASSET_WRITE))
        .add(operations!(update), needs(ASSET_WRITE))
        .add(operations!(replace_file), needs(ASSET_WRITE))
        .add(operations!(file), needs(ASSET_READ))
}
