/// Columns of an order.
const SELECT: &str =
    "SELECT id, source, number, kind, brand_id, customer_node_id, store, currency, line_count,
    total_minor, discount_minor, coupon_discount_minor, happened_at, recorded_at, import_id, created_by
    FROM sales_order WHERE TRUE";

store::sql! {
    /// Orders; indexes sales_order_time and sales_order_customer.
    pub(crate) LIST = SELECT;

    /// Lines of an order; the primary key is the index.
    pub(crate) LINES = "SELECT order_id, ordinal, kind, customer_node_id, brand_id, product_id, sku, description, department,
        quantity_milli, unit_price_micro, discount_minor, coupon_discount_minor, total_minor, happened_at, happened_on, import_id
        FROM sales_order_line WHERE order_id = $1 ORDER BY ordinal";

    /// What tells lines that are there already from others; the primary key is the index.
    pub(crate) KNOWN_LINES = "SELECT order_id, ordinal, sku, quantity_milli, unit_price_micro, total_minor
        FROM sales_order_line WHERE TRUE";

    /// Which orders are there.
    pub(crate) KNOWN_ORDERS = "SELECT id FROM sales_order WHERE TRUE";

    /// How many lines of orders an import saw so far; the primary key is the index.
    pub(crate) SEEN = "SELECT order_id, seen_count FROM sales_import_order WHERE import_id = $1";

    /// What the catalogue says of products.
    pub(crate) PRODUCTS = "SELECT id, name, department, brand_id FROM v_catalog_product WHERE TRUE";

    /// Orders of which an import stored lines, some of them.
    pub(crate) TO_UNDO = "SELECT order_id FROM sales_import_order WHERE import_id = $1 AND stored_count > 0
        ORDER BY order_id LIMIT $2";
}

/// Adds orders, many at a time.
pub(crate) const ORDER_HEAD: &str = "INSERT INTO sales_order (id, source, number, kind, brand_id, customer_node_id, store,
    currency, line_count, total_minor, discount_minor, coupon_discount_minor, happened_at, recorded_at, import_id,
    created_by) VALUES";
/// Lines that come later add to their order.
pub(crate) const ORDER_TAIL: &str = "ON CONFLICT (id) DO UPDATE SET
    kind = CASE WHEN 'sale' IN (sales_order.kind, excluded.kind) THEN 'sale'
        WHEN 'cancellation' IN (sales_order.kind, excluded.kind) THEN 'cancellation' ELSE 'adjustment' END,
    line_count = sales_order.line_count + excluded.line_count,
    total_minor = sales_order.total_minor + excluded.total_minor,
    discount_minor = sales_order.discount_minor + excluded.discount_minor,
    coupon_discount_minor = sales_order.coupon_discount_minor + excluded.coupon_discount_minor";
/// Adds lines, many at a time.
pub(crate) const LINE_HEAD: &str = "INSERT INTO sales_order_line (order_id, ordinal, kind, customer_node_id, brand_id, product_id,
    sku, description, department, quantity_milli, unit_price_micro, discount_minor, coupon_discount_minor, total_minor, happened_at,
    happened_on, import_id) VALUES";
/// Notes what an import saw and stored of orders.
pub(crate) const SEEN_HEAD: &str =
    "INSERT INTO sales_import_order (import_id, order_id, seen_count, stored_count) VALUES";
/// Later chunks add to it.
pub(crate) const SEEN_TAIL: &str = "ON CONFLICT (import_id, order_id) DO UPDATE SET
    seen_count = excluded.seen_count, stored_count = sales_import_order.stored_count + excluded.stored_count";

/// Takes an import's lines of some orders back; ends in a list of orders.
pub(crate) const UNDO_LINES: &str = "DELETE FROM sales_order_line WHERE import_id = $1";
/// Drops some orders that have no line left; ends in a list of orders.
pub(crate) const UNDO_EMPTY: &str = "DELETE FROM sales_order WHERE NOT EXISTS (SELECT 1 FROM sales_order_line l WHERE l.order_id = sales_order.id)";
/// Counts some orders anew that keep lines; ends in a list of orders.
pub(crate) const UNDO_RECOUNT: &str = "UPDATE sales_order SET
    line_count = (SELECT COUNT(*) FROM sales_order_line l WHERE l.order_id = sales_order.id),
    total_minor = (SELECT CAST(SUM(l.total_minor) AS BIGINT) FROM sales_order_line l WHERE l.order_id = sales_order.id),
    discount_minor = (SELECT CAST(SUM(l.discount_minor) AS BIGINT) FROM sales_order_line l WHERE l.order_id = sales_order.id),
    coupon_discount_minor =
        (SELECT CAST(SUM(l.coupon_discount_minor) AS BIGINT) FROM sales_order_line l WHERE l.order_id = sales_order.id)
    WHERE TRUE";
/// Forgets what an import saw of some orders; ends in a list of orders.
pub(crate) const UNDO_SEEN: &str = "DELETE FROM sales_import_order WHERE import_id = $1";

/// Forgets the sums of some orders; ends in a list of orders.
pub(crate) const FORGET_PARTS: &str = "DELETE FROM sales_order_part WHERE TRUE";
/// Adds the lines of some orders up by brand and department; a list of orders and the groups follow.
pub(crate) const ADD_PARTS: &str = "INSERT INTO sales_order_part (order_id, brand_id, department, customer_node_id, happened_at,
    happened_on, source, store, currency, usual_minor, usual_line_count, sale_minor, sale_line_count, net_minor, net_line_count)
    SELECT o.id, l.brand_id, l.department, o.customer_node_id, MIN(l.happened_at), MIN(l.happened_on), o.source, o.store, o.currency,
        CAST(SUM(CASE WHEN l.kind = 'sale' AND l.customer_node_id IS NOT NULL AND l.quantity_milli > 0 AND l.unit_price_micro > 0
            THEN l.total_minor ELSE 0 END) AS BIGINT),
        CAST(SUM(CASE WHEN l.kind = 'sale' AND l.customer_node_id IS NOT NULL AND l.quantity_milli > 0 AND l.unit_price_micro > 0
            THEN 1 ELSE 0 END) AS BIGINT),
        CAST(SUM(CASE WHEN l.kind = 'sale' THEN l.total_minor ELSE 0 END) AS BIGINT),
        CAST(SUM(CASE WHEN l.kind = 'sale' THEN 1 ELSE 0 END) AS BIGINT),
        CAST(SUM(l.total_minor) AS BIGINT), CAST(COUNT(*) AS BIGINT)
    FROM sales_order o JOIN sales_order_line l ON l.order_id = o.id WHERE TRUE";
/// What one row of sums stands for.
pub(crate) const BY_PART: &str =
    " GROUP BY o.id, l.brand_id, l.department, o.customer_node_id, o.source, o.store, o.currency";
