use http_kit::App;
use kernel::{Caller, Problem, Result, Scope};
use store::{Query, ScopeColumns, args};

use super::{Cleaning, RevenueBy, RevenueFilter, RevenueReport, RevenueRow, sql};
use crate::permissions::ORDER_READ;

/// Rows of one report.
const ROWS_MAX: u32 = 1_000;
/// Parts carry the brand of their products, orders that of their shop; a grant for a brand shows its parts.
const SCOPE: ScopeColumns = ScopeColumns { brand: Some("p.brand_id"), department: None, owner: None };

/// Adds up what orders earned.
pub async fn report(app: &App, caller: &Caller, filter: &RevenueFilter) -> Result<RevenueReport> {
    let scope = caller.scope(ORDER_READ)?;
    let by = filter.by.unwrap_or(RevenueBy::Month);
    let cleaning = filter.cleaning.unwrap_or(Cleaning::Usual);
    let mut query = select(sql::key(by), cleaning, filter, &scope);
    query.push(" GROUP BY 1, 2 ORDER BY 1, 2").limit_overfull(ROWS_MAX);
    let rows: Vec<RevenueRow> = app.store.list(query).await?;
    if rows.len() > ROWS_MAX as usize {
        return Err(Problem::unprocessable("sales.revenue.too_many_rows").with("rows_max", ROWS_MAX));
    }
    let mut query = select(sql::NO_KEY, cleaning, filter, &scope);
    query.push(" GROUP BY 2 ORDER BY 2");
    let totals = app.store.list(query).await?;
    Ok(RevenueReport { by, cleaning, rows, totals })
}

fn select(key: &'static str, cleaning: Cleaning, filter: &RevenueFilter, scope: &Scope) -> Query {
    let mut query = Query::new(sql::SELECT, args![]);
    query.push(key).push(sql::sums(cleaning)).push(sql::HEADS).push(sql::condition(cleaning));
    query
        .and_some("p.happened_at >=", filter.from)
        .and_some("p.happened_at <", filter.to)
        .and_some("p.source =", filter.source.as_deref())
        .and_some("p.brand_id =", filter.brand_id)
        .and_some("p.department =", filter.department.as_deref())
        .scope(scope, SCOPE);
    query
}
