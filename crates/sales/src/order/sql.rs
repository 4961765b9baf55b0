use std::collections::HashMap;

use kernel::{Id, Page, PageQuery, Result, Scope, Timestamp};
use serde::Deserialize;
use store::{Query, ScopeColumns, Store, Tx, Value, args};

use super::{Line, Order, OrderFilter};

/// Orders are narrowed by brand only.
const SCOPE: ScopeColumns = ScopeColumns { brand: Some("o.brand_id"), department: None, owner: None };
const LIST: &str = "SELECT o.id, o.source, o.number, o.kind, o.customer_node_id, o.brand_id, o.store, o.currency,
    o.total_minor, o.discount_minor, o.coupon_discount_minor, o.line_count, o.month, o.happened_at, o.recorded_at
    FROM sales_order o WHERE TRUE";
const UPSERT_ORDERS: &str = "INSERT INTO sales_order (id, source, number, kind, customer_node_id, brand_id, store,
    currency, total_minor, discount_minor, coupon_discount_minor, line_count, month, happened_at, recorded_at, import_id,
    created_by) VALUES";
/// Later chunks of one import bring further lines of an order that is there.
const ADD_UP: &str = "ON CONFLICT (id) DO UPDATE SET total_minor = sales_order.total_minor + excluded.total_minor,
    discount_minor = sales_order.discount_minor + excluded.discount_minor,
    coupon_discount_minor = sales_order.coupon_discount_minor + excluded.coupon_discount_minor,
    line_count = sales_order.line_count + excluded.line_count";
const INSERT_LINES: &str = "INSERT INTO sales_line (order_id, ordinal, kind, customer_node_id, happened_at, product_id,
    sku, description, department, brand_id, quantity_milli, unit_price_micro, total_minor, discount_minor,
    coupon_discount_minor, import_id) VALUES";
const SEEN: &str = "SELECT order_id, lines_seen FROM sales_import_order WHERE import_id = ";
const UPSERT_SEEN: &str = "INSERT INTO sales_import_order (import_id, order_id, lines_seen) VALUES";

macro_rules! line_columns {
    () => {
        "order_id, ordinal, kind, customer_node_id, happened_at, product_id, sku, description, department, brand_id,
         quantity_milli, unit_price_micro, total_minor, discount_minor, coupon_discount_minor"
    };
}

store::sql! {
    FIND = "SELECT id, source, number, kind, customer_node_id, brand_id, store, currency, total_minor, discount_minor,
        coupon_discount_minor, line_count, month, happened_at, recorded_at FROM sales_order WHERE id = $1";
    LINES = concat!("SELECT ", line_columns!(), " FROM sales_line WHERE order_id = $1 ORDER BY ordinal LIMIT 1000");
    // Index sales_line_import.
    IMPORTED = "SELECT order_id FROM sales_line WHERE import_id = $1 ORDER BY order_id, ordinal LIMIT $2";
    UNDO_LINES = "DELETE FROM sales_line WHERE import_id = $1 AND order_id = $2";
    RECOUNT = "UPDATE sales_order SET
        total_minor = (SELECT CAST(COALESCE(SUM(total_minor), 0) AS BIGINT) FROM sales_line WHERE order_id = $1),
        discount_minor = (SELECT CAST(COALESCE(SUM(discount_minor), 0) AS BIGINT) FROM sales_line WHERE order_id = $1),
        coupon_discount_minor = (SELECT CAST(COALESCE(SUM(coupon_discount_minor), 0) AS BIGINT) FROM sales_line
            WHERE order_id = $1),
        line_count = (SELECT CAST(COUNT(*) AS BIGINT) FROM sales_line WHERE order_id = $1) WHERE id = $1";
    DROP_EMPTY = "DELETE FROM sales_order WHERE id = $1 AND line_count = 0";
    FORGET_SEEN = "DELETE FROM sales_import_order WHERE import_id = $1 AND order_id = $2";
}

pub(super) async fn find(store: &Store, id: Id) -> Result<Option<Order>> {
    store.find(FIND, args![id]).await
}

pub(super) async fn lines(store: &Store, id: Id) -> Result<Vec<Line>> {
    store.all(LINES, args![id]).await
}

/// Returns a page of orders, latest first.
pub(super) async fn list(store: &Store, scope: &Scope, filter: &OrderFilter, page: &PageQuery) -> Result<Page<Order>> {
    let size = page.size()?;
    let mut query = Query::new(LIST, args![]);
    query
        .scope(scope, SCOPE)
        .and_some("o.source =", filter.source.as_deref())
        .and_some("o.kind =", filter.kind.map(|k| k.as_str()))
        .and_some("o.happened_at >=", filter.from)
        .and_some("o.happened_at <", filter.to);
    if let Some(profile) = filter.profile_id {
        query.push(" AND o.customer_node_id IN (SELECT node_id FROM v_customers_profile_node WHERE profile_id = ");
        query.bind(profile).push(")");
    }
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (o.happened_at, o.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY o.happened_at DESC, o.id DESC").limit_overfull(size);
    Ok(Page::from_overfull(store.list(query).await?, size, |o: &Order| (o.happened_at, o.id)))
}

/// Returns which of these orders are there.
pub(crate) async fn known(tx: &mut Tx, ids: &[Id]) -> Result<Vec<Id>> {
    let mut query = Query::new("SELECT id FROM sales_order WHERE ", args![]);
    query.any_of("id", ids);
    tx.list(query).await
}

/// Returns the lines of these orders.
pub(super) async fn lines_of(tx: &mut Tx, orders: &[Id]) -> Result<Vec<Line>> {
    let mut query = Query::new(concat!("SELECT ", line_columns!(), " FROM sales_line WHERE "), args![]);
    query.any_of("order_id", orders);
    tx.list(query).await
}

/// What the catalogue says about a product.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Known {
    pub id: Id,
    pub department: Option<String>,
    pub brand_id: Option<Id>,
}

pub(super) async fn products(tx: &mut Tx, ids: &[Id]) -> Result<HashMap<Id, Known>> {
    let mut query = Query::new("SELECT id, department, brand_id FROM v_catalog_product WHERE ", args![]);
    query.any_of("id", ids);
    let known: Vec<Known> = tx.list(query).await?;
    Ok(known.into_iter().map(|product| (product.id, product)).collect())
}

/// Inserts orders; the figures of one that is there grow by these.
pub(crate) async fn upsert(tx: &mut Tx, orders: &[Order], import: Option<Id>) -> Result<u64> {
    let by = tx.caller().find_user_id();
    let row = |o: &Order| -> Vec<Value> {
        args![
            o.id,
            &o.source,
            &o.number,
            o.kind.as_str(),
            o.customer_node_id,
            o.brand_id,
            o.store.clone(),
            o.currency.as_str(),
            o.total_minor,
            o.discount_minor,
            o.coupon_discount_minor,
            o.line_count,
            &o.month,
            o.happened_at,
            o.recorded_at,
            import,
            by,
        ]
    };
    tx.insert_many(UPSERT_ORDERS, orders.iter().map(row).collect(), ADD_UP).await
}

pub(crate) async fn insert_lines(tx: &mut Tx, lines: &[Line], import: Option<Id>) -> Result<u64> {
    let row = |l: &Line| -> Vec<Value> {
        args![
            l.order_id,
            l.ordinal,
            l.kind.as_str(),
            l.customer_node_id,
            l.happened_at,
            l.product_id,
            &l.sku,
            l.description.clone(),
            l.department.clone(),
            l.brand_id,
            l.quantity_milli,
            l.unit_price_micro.0,
            l.total_minor,
            l.discount_minor,
            l.coupon_discount_minor,
            import,
        ]
    };
    tx.insert_many(INSERT_LINES, lines.iter().map(row).collect(), "").await
}

#[derive(Deserialize)]
struct SeenRow {
    order_id: Id,
    lines_seen: i64,
}

/// Returns how many lines of each order this import has seen.
pub(super) async fn seen(tx: &mut Tx, import: Id, orders: &[Id]) -> Result<HashMap<Id, i64>> {
    let mut query = Query::new(SEEN, args![]);
    query.bind(import).and_in("order_id", orders);
    let rows: Vec<SeenRow> = tx.list(query).await?;
    Ok(rows.into_iter().map(|row| (row.order_id, row.lines_seen)).collect())
}

pub(super) async fn set_seen(tx: &mut Tx, import: Id, seen: &HashMap<Id, i64>) -> Result<()> {
    let rows = seen.iter().map(|(order, count)| args![import, *order, *count]).collect();
    let tail = "ON CONFLICT (import_id, order_id) DO UPDATE SET lines_seen = excluded.lines_seen";
    tx.insert_many(UPSERT_SEEN, rows, tail).await.map(drop)
}

/// Takes back whole orders' lines of one import, about `limit` at a time; orders without lines go.
pub(super) async fn undo(tx: &mut Tx, import: Id, limit: u32) -> Result<u64> {
    let mut orders: Vec<Id> = tx.all(IMPORTED, args![import, limit]).await?;
    orders.dedup();
    let mut gone = 0;
    for order in orders {
        gone += tx.exec(UNDO_LINES, args![import, order]).await?;
        tx.exec(RECOUNT, args![order]).await?;
        tx.exec(DROP_EMPTY, args![order]).await?;
        tx.exec(FORGET_SEEN, args![import, order]).await?;
    }
    Ok(gone)
}
