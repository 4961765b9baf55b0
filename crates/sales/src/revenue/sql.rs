use super::{Cleaning, RevenueBy};

/// Beginning of the report; the key of the group follows.
pub(super) const SELECT: &str = "SELECT ";

/// Figures of a group.
pub(super) const FIGURES: &str = " AS key, o.currency, CAST(SUM(l.total_minor) AS BIGINT) AS revenue_minor,
    CAST(COUNT(*) AS BIGINT) AS line_count, CAST(COUNT(DISTINCT l.order_id) AS BIGINT) AS order_count,
    CAST(COUNT(DISTINCT l.customer_node_id) AS BIGINT) AS customer_count
    FROM sales_order_line l JOIN sales_order o ON o.id = l.order_id WHERE TRUE";

/// What stands for the whole.
pub(super) const NO_KEY: &str = "CAST(NULL AS TEXT)";

/// Returns the expression of a group's key.
pub(super) const fn key(by: RevenueBy) -> &'static str {
    match by {
        RevenueBy::Month => "SUBSTR(l.happened_on, 1, 7)",
        RevenueBy::Day => "l.happened_on",
        RevenueBy::Brand => "l.brand_id",
        RevenueBy::Department => "l.department",
        RevenueBy::Store => "o.store",
        RevenueBy::Source => "o.source",
    }
}

/// Returns the condition of the lines that count.
pub(super) const fn condition(cleaning: Cleaning) -> &'static str {
    match cleaning {
        Cleaning::Usual => {
            " AND l.kind = 'sale' AND l.customer_node_id IS NOT NULL AND l.quantity_milli > 0 AND l.unit_price_micro > 0"
        }
        Cleaning::Sales => " AND l.kind = 'sale'",
        Cleaning::Net => "",
    }
}
