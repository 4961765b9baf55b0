use super::{Cleaning, RevenueBy};

/// Beginning of the report; the key of the group follows.
pub(super) const SELECT: &str = "SELECT ";

/// Orders and people of a group; what counts comes between.
pub(super) const HEADS: &str = " CAST(COUNT(DISTINCT p.order_id) AS BIGINT) AS order_count,
    CAST(COUNT(DISTINCT p.customer_node_id) AS BIGINT) AS customer_count
    FROM sales_order_part p WHERE";

/// What stands for the whole.
pub(super) const NO_KEY: &str = "CAST(NULL AS TEXT)";

/// Returns the expression of a group's key.
pub(super) const fn key(by: RevenueBy) -> &'static str {
    match by {
        RevenueBy::Month => "SUBSTR(p.happened_on, 1, 7)",
        RevenueBy::Day => "p.happened_on",
        RevenueBy::Brand => "p.brand_id",
        RevenueBy::Department => "p.department",
        RevenueBy::Store => "p.store",
        RevenueBy::Source => "p.source",
    }
}

/// Returns the sums of a group.
pub(super) const fn sums(cleaning: Cleaning) -> &'static str {
    match cleaning {
        Cleaning::Usual => {
            " AS key, p.currency, CAST(SUM(p.usual_minor) AS BIGINT) AS revenue_minor,
            CAST(SUM(p.usual_line_count) AS BIGINT) AS line_count,"
        }
        Cleaning::Sales => {
            " AS key, p.currency, CAST(SUM(p.sale_minor) AS BIGINT) AS revenue_minor,
            CAST(SUM(p.sale_line_count) AS BIGINT) AS line_count,"
        }
        Cleaning::Net => {
            " AS key, p.currency, CAST(SUM(p.net_minor) AS BIGINT) AS revenue_minor,
            CAST(SUM(p.net_line_count) AS BIGINT) AS line_count,"
        }
    }
}

/// Returns the condition of the parts that count.
pub(super) const fn condition(cleaning: Cleaning) -> &'static str {
    match cleaning {
        Cleaning::Usual => " p.usual_line_count > 0",
        Cleaning::Sales => " p.sale_line_count > 0",
        Cleaning::Net => " TRUE",
    }
}
