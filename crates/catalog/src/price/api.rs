use axum::extract::State;
use http_kit::{AppState, Body, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{NewPrice, Price, service};
use crate::permissions::{PRICE_EDIT, PRODUCT_READ};

/// Lists a product's prices, latest first.
#[utoipa::path(get, path = "/api/v1/catalog/products/{id}/prices", operation_id = "list_product_prices", tag = "catalog", params(("id" = Id, Path), PageQuery), responses((status = 200, body = Page<Price>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(page): Params<PageQuery>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, id, &page).await?))
}

/// Sets a price from a moment on.
#[utoipa::path(post, path = "/api/v1/catalog/products/{id}/prices", operation_id = "set_product_price", tag = "catalog", params(("id" = Id, Path)), request_body = NewPrice, responses((status = 201, body = Price)))]
async fn set(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(new): Body<NewPrice>,
) -> Result<Reply> {
    Ok(Reply::created(&caller, &service::set(&app, &caller, id, new).await?))
}

pub(crate) fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(PRODUCT_READ)).add(operations!(set), needs(PRICE_EDIT))
}
