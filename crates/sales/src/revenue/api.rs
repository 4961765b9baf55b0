use axum::extract::State;
use http_kit::{AppState, Params, Reply, Result, Routes, Who, needs, operations};
use kernel::Page;

use super::{Revenue, RevenueFilter, sql};
use crate::permissions::ORDER_READ;

pub(crate) fn routes() -> Routes {
    Routes::new().add(operations!(revenue), needs(ORDER_READ))
}

/// Reports revenue after the usual cleaning, in total or by month, department or brand.
#[utoipa::path(get, path = "/api/v1/sales/revenue", operation_id = "report_revenue", tag = "sales",
    params(RevenueFilter), responses((status = 200, body = Page<Revenue>)))]
async fn revenue(State(app): State<AppState>, Who(caller): Who, Params(filter): Params<RevenueFilter>) -> Result<Reply> {
    let scope = caller.scope(ORDER_READ)?;
    Ok(Reply::page(&caller, &Page::whole(sql::revenue(&app.store, &scope, &filter).await?)))
}
