use kernel::{Result, Scope};
use store::{Query, ScopeColumns, Store, args};

use super::{Revenue, RevenueBy, RevenueFilter};

const SCOPE: ScopeColumns = ScopeColumns { brand: Some("l.brand_id"), department: None, owner: None };
const FIGURES: &str = " AS key, CAST(COALESCE(SUM(l.total_minor), 0) AS BIGINT) AS total_minor,
    CAST(COUNT(*) AS BIGINT) AS lines, CAST(COUNT(DISTINCT l.order_id) AS BIGINT) AS orders,
    CAST(COUNT(DISTINCT l.customer_node_id) AS BIGINT) AS customers
    FROM sales_line l JOIN sales_order o ON o.id = l.order_id
    WHERE l.kind = 'sale' AND l.customer_node_id IS NOT NULL AND l.quantity_milli > 0 AND l.unit_price_micro > 0";

pub(super) async fn revenue(store: &Store, scope: &Scope, filter: &RevenueFilter) -> Result<Vec<Revenue>> {
    let key = match filter.by.unwrap_or(RevenueBy::Total) {
        RevenueBy::Total => None,
        RevenueBy::Month => Some("o.month"),
        RevenueBy::Department => Some("l.department"),
        RevenueBy::Brand => Some("l.brand_id"),
    };
    let mut query = Query::new("SELECT ", args![]);
    query.push(key.unwrap_or("NULL")).push(FIGURES);
    query
        .scope(scope, SCOPE)
        .and_some("o.source =", filter.source.as_deref())
        .and_some("l.brand_id =", filter.brand_id)
        .and_some("l.happened_at >=", filter.from)
        .and_some("l.happened_at <", filter.to);
    if let Some(key) = key {
        query.push(" GROUP BY ").push(key).push(" ORDER BY ").push(key);
    }
    store.list(query).await
}
