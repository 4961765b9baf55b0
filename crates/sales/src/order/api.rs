use axum::extract::State;
use http_kit::{AppState, Body, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery, Problem};

use super::{NewOrder, Order, OrderDetail, OrderFilter, place, sql};
use crate::permissions::{ORDER_READ, ORDER_WRITE};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(ORDER_READ))
        .add(operations!(get), needs(ORDER_READ))
        .add(operations!(create), needs(ORDER_WRITE))
}

/// Lists orders, latest first.
#[utoipa::path(get, path = "/api/v1/sales/orders", operation_id = "list_orders", tag = "sales",
    params(PageQuery, OrderFilter), responses((status = 200, body = Page<Order>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<OrderFilter>,
) -> Result<Reply> {
    let scope = caller.scope(ORDER_READ)?;
    Ok(Reply::page(&caller, &sql::list(&app.store, &scope, &filter, &page).await?))
}

/// Shows an order with its lines.
#[utoipa::path(get, path = "/api/v1/sales/orders/{id}", operation_id = "get_order", tag = "sales",
    params(("id" = Id, Path)), responses((status = 200, body = OrderDetail)))]
async fn get(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    let found = sql::find(&app.store, id).await?;
    let order = found.ok_or_else(|| Problem::not_found("access.not_found"))?;
    caller.scope(ORDER_READ)?.require(order.brand_id, None, None)?;
    let lines = sql::lines(&app.store, id).await?;
    Ok(Reply::row(&caller, &OrderDetail { order, lines }))
}

/// Records an order; recording it again changes nothing.
#[utoipa::path(post, path = "/api/v1/sales/orders", operation_id = "create_order", tag = "sales",
    request_body = NewOrder, responses((status = 201, body = OrderDetail)))]
async fn create(State(app): State<AppState>, Who(caller): Who, Body(new): Body<NewOrder>) -> Result<Reply> {
    Ok(Reply::created(&caller, &place::place(&app, &caller, new).await?))
}
