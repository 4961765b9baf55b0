use axum::extract::State;
use http_kit::{App, AppState, Body, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Caller, Id, Page, PageQuery};
use tabular::export::{ExportCell, ExportColumn, ExportFormat, ExportQuery, ExportSpec, Exported, export};

use super::{NewOrder, Order, OrderDetail, OrderFilter, place, service};
use crate::permissions::{ORDER_CREATE, ORDER_READ};

/// Lists orders, newest first.
#[utoipa::path(get, path = "/api/v1/sales/orders", operation_id = "list_orders", tag = "sales", params(PageQuery, OrderFilter), responses((status = 200, body = Page<Order>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<OrderFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Returns one order with its lines.
#[utoipa::path(get, path = "/api/v1/sales/orders/{id}", operation_id = "get_order", tag = "sales", params(("id" = Id, Path)), responses((status = 200, body = OrderDetail)))]
async fn get(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Records one order; the same number from the same source again answers with what is there.
#[utoipa::path(post, path = "/api/v1/sales/orders", operation_id = "create_order", tag = "sales", request_body = NewOrder, responses((status = 201, body = OrderDetail), (status = 200, body = OrderDetail)))]
async fn create(State(app): State<AppState>, Who(caller): Who, Body(new): Body<NewOrder>) -> Result<Reply> {
    let (order, new) = place::place_or_find(&app, &caller, new).await?;
    Ok(if new { Reply::created(&caller, &order) } else { Reply::row(&caller, &order) })
}

const EXPORT: ExportSpec = ExportSpec {
    name: "orders",
    columns: &[
        ExportColumn::new("source", "sales.column.source", ExportCell::Text),
        ExportColumn::new("number", "import.orders.order_number", ExportCell::Text),
        ExportColumn::new("kind", "sales.column.kind", ExportCell::Text),
        ExportColumn::new("happened_at", "import.orders.happened_at", ExportCell::Time),
        ExportColumn::new("customer_node_id", "sales.column.customer", ExportCell::Text),
        ExportColumn::new("store", "import.orders.store", ExportCell::Text),
        ExportColumn::new("line_count", "sales.column.line_count", ExportCell::Integer),
        ExportColumn::new("total_minor", "import.orders.total", ExportCell::Decimal(2)),
        ExportColumn::new("discount_minor", "import.orders.discount", ExportCell::Decimal(2)),
        ExportColumn::new("coupon_discount_minor", "import.orders.coupon_discount", ExportCell::Decimal(2)),
        ExportColumn::new("currency", "import.orders.currency", ExportCell::Text),
    ],
};

/// Writes the list into a file, as the caller may see it; `seen` is told how far it is.
pub async fn export_file(
    app: &App,
    caller: &Caller,
    filter: &OrderFilter,
    format: ExportFormat,
    seen: impl FnMut(u64) + Send,
) -> kernel::Result<Exported> {
    let next = |page: PageQuery| async move { service::list(app, caller, &page, filter).await };
    export(app, caller, format, &EXPORT, next, seen).await
}

/// Returns the list as a file.
#[utoipa::path(get, path = "/api/v1/sales/orders/export", operation_id = "export_orders", tag = "sales", params(ExportQuery, OrderFilter), responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
async fn download(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(query): Params<ExportQuery>,
    Params(filter): Params<OrderFilter>,
) -> Result<Exported> {
    Ok(export_file(&app, &caller, &filter, query.format, |_| ()).await?)
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(ORDER_READ))
        .add(operations!(download), needs(ORDER_READ))
        .add(operations!(get), needs(ORDER_READ))
        .add(operations!(create), needs(ORDER_CREATE))
}
