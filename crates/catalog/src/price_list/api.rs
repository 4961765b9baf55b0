use axum::extract::State;
use http_kit::{AppState, Params, Reply, Result, Routes, Who, needs, operations};
use kernel::Page;

use super::{PriceList, PriceListFilter, service};
use crate::permissions::PRODUCT_READ;

/// Lists the price lists that hold now, one for each brand and department of goods.
#[utoipa::path(get, path = "/api/v1/catalog/price-lists", operation_id = "list_price_lists", tag = "catalog",
    params(PriceListFilter), responses((status = 200, body = Page<PriceList>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(filter): Params<PriceListFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::list(&app, &caller, &filter).await?)))
}

pub(crate) fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(PRODUCT_READ))
}
