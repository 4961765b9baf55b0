use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result, Timestamp};
use store::{Query, ScopeColumns, Tx, args};

use super::{Order, OrderDetail, OrderFilter, OrderLine, rules, sql};
use crate::permissions::ORDER_READ;

/// Columns by which orders are narrowed.
pub(crate) const SCOPE: ScopeColumns =
    ScopeColumns { brand: Some("brand_id"), department: None, owner: None };

/// Returns orders, newest first.
pub(crate) async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &OrderFilter,
) -> Result<Page<Order>> {
    let (scope, size) = (caller.scope(ORDER_READ)?, page.size()?);
    let mut query = Query::new(sql::LIST, args![]);
    if let Some(nodes) = &filter.customer_node_ids {
        query.and_in("customer_node_id", rules::node_ids(nodes)?);
    }
    query
        .and_some("happened_at >=", filter.from)
        .and_some("happened_at <", filter.to)
        .and_some("source =", filter.source.as_deref())
        .and_some("number =", filter.number.as_deref())
        .and_some("brand_id =", filter.brand_id)
        .and_some("kind =", filter.kind.map(|kind| kind.as_str()))
        .scope(&scope, SCOPE);
    if let Some((at, id)) = page.after::<(i64, Id)>()? {
        query.push(" AND (happened_at, id) < (").bind(Timestamp::from_ms(at)).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY happened_at DESC, id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |order: &Order| {
        (order.happened_at.ms(), order.id)
    }))
}

/// Returns one order with its lines.
pub(crate) async fn get(app: &App, caller: &Caller, id: Id) -> Result<OrderDetail> {
    let scope = caller.scope(ORDER_READ)?;
    let rows: Vec<Order> = app.store.list(by_id(id)).await?;
    let order = rows.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))?;
    scope.require(order.brand_id, None, None)?;
    let lines: Vec<OrderLine> = app.store.all(sql::LINES, args![id]).await?;
    Ok(OrderDetail { order, lines })
}

/// Returns one order as a transaction sees it.
pub(super) async fn find(tx: &mut Tx, id: Id) -> Result<Option<OrderDetail>> {
    let rows: Vec<Order> = tx.list(by_id(id)).await?;
    let Some(order) = rows.into_iter().next() else { return Ok(None) };
    let lines: Vec<OrderLine> = tx.all(sql::LINES, args![id]).await?;
    Ok(Some(OrderDetail { order, lines }))
}

fn by_id(id: Id) -> Query {
    let mut query = Query::new(sql::LIST, args![]);
    query.and("id =", id);
    query
}
