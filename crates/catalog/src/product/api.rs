use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{DepartmentCount, Product, ProductFilter, ProductInput, ProductVersion, service};
use crate::permissions::{PRODUCT_READ, PRODUCT_WRITE};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(PRODUCT_READ))
        .add(operations!(get), needs(PRODUCT_READ))
        .add(operations!(versions), needs(PRODUCT_READ))
        .add(operations!(departments), needs(PRODUCT_READ))
        .add(operations!(create), needs(PRODUCT_WRITE))
        .add(operations!(update), needs(PRODUCT_WRITE))
}

/// Lists products, last changed first.
#[utoipa::path(get, path = "/api/v1/catalog/products", operation_id = "list_products", tag = "catalog",
    params(PageQuery, ProductFilter), responses((status = 200, body = Page<Product>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<ProductFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &filter, &page).await?))
}

/// Shows a product.
#[utoipa::path(get, path = "/api/v1/catalog/products/{id}", operation_id = "get_product", tag = "catalog",
    params(("id" = Id, Path)), responses((status = 200, body = Product)))]
async fn get(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::get_scoped(&app, &caller, PRODUCT_READ, id).await?))
}

/// Lists what a product was, newest first.
#[utoipa::path(get, path = "/api/v1/catalog/products/{id}/versions", operation_id = "list_product_versions",
    tag = "catalog", params(("id" = Id, Path)), responses((status = 200, body = Page<ProductVersion>)))]
async fn versions(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::versions(&app, &caller, id).await?))
}

/// Lists departments with the number of their products.
#[utoipa::path(get, path = "/api/v1/catalog/departments", operation_id = "list_product_departments",
    tag = "catalog", responses((status = 200, body = Page<DepartmentCount>)))]
async fn departments(State(app): State<AppState>, Who(caller): Who) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::departments(&app, &caller).await?))
}

/// Makes a product.
#[utoipa::path(post, path = "/api/v1/catalog/products", operation_id = "create_product", tag = "catalog",
    request_body = ProductInput, responses((status = 201, body = Product)))]
async fn create(State(app): State<AppState>, Who(caller): Who, Body(input): Body<ProductInput>) -> Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, input).await?))
}

/// Changes a product.
#[utoipa::path(patch, path = "/api/v1/catalog/products/{id}", operation_id = "update_product", tag = "catalog",
    params(("id" = Id, Path)), request_body = ProductInput, responses((status = 200, body = Product)))]
async fn update(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(input): Body<ProductInput>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::update(&app, &caller, id, version, input).await?))
}
