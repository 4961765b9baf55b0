use axum::extract::State;
use http_kit::{AppState, Params, Reply, Result, Routes, Who, needs, operations};

use super::{RevenueFilter, RevenueReport, service};
use crate::permissions::ORDER_READ;

/// Adds up what orders earned, by month, day, brand, department, store or source.
#[utoipa::path(get, path = "/api/v1/sales/revenue", operation_id = "get_revenue", tag = "sales", params(RevenueFilter), responses((status = 200, body = RevenueReport)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(filter): Params<RevenueFilter>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::report(&app, &caller, &filter).await?))
}

pub(crate) fn routes() -> Routes {
    Routes::new().add(operations!(get), needs(ORDER_READ))
}
