//! The operations on brands.

use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{Brand, BrandFilter, BrandPatch, NewBrand, service};
use crate::permissions::{BRAND_READ, BRAND_WRITE};

/// Lists the brands.
#[utoipa::path(get, path = "/api/v1/brand/brands", operation_id = "list_brands", tag = "brand",
    params(PageQuery, BrandFilter), responses((status = 200, body = Page<Brand>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<BrandFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Shows one brand.
#[utoipa::path(get, path = "/api/v1/brand/brands/{id}", operation_id = "get_brand", tag = "brand",
    params(("id" = Id, Path)), responses((status = 200, body = Brand)))]
async fn get(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Makes a brand.
#[utoipa::path(post, path = "/api/v1/brand/brands", operation_id = "create_brand", tag = "brand",
    request_body = NewBrand, responses((status = 201, body = Brand)))]
async fn create(State(app): State<AppState>, Who(caller): Who, Body(new): Body<NewBrand>) -> Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, new).await?))
}

/// Changes a brand. A new sender voids the approvals of content that uses it.
#[utoipa::path(patch, path = "/api/v1/brand/brands/{id}", operation_id = "update_brand", tag = "brand",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = BrandPatch,
    responses((status = 200, body = Brand)))]
async fn update(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(patch): Body<BrandPatch>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::update(&app, &caller, id, version, patch).await?))
}

/// Returns the operations on brands.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(BRAND_READ))
        .add(operations!(get), needs(BRAND_READ))
        .add(operations!(create), needs(BRAND_WRITE))
        .add(operations!(update), needs(BRAND_WRITE))
}
