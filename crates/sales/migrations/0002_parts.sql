-- What an order earned by brand and department, added up from its lines: a revenue report reads a few rows an order.
-- The usual sums leave out lines without a customer and what was given away.
CREATE TABLE sales_order_part (
    order_id TEXT NOT NULL REFERENCES sales_order (id),
    brand_id TEXT,
    department TEXT,
    customer_node_id TEXT,
    happened_at BIGINT NOT NULL,
    happened_on TEXT NOT NULL,
    source TEXT NOT NULL,
    store TEXT,
    currency TEXT NOT NULL,
    usual_minor BIGINT NOT NULL,
    usual_line_count BIGINT NOT NULL,
    sale_minor BIGINT NOT NULL,
    sale_line_count BIGINT NOT NULL,
    net_minor BIGINT NOT NULL,
    net_line_count BIGINT NOT NULL
);
CREATE INDEX sales_order_part_order ON sales_order_part (order_id);
CREATE INDEX sales_order_part_time ON sales_order_part (happened_at);

INSERT INTO sales_order_part (order_id, brand_id, department, customer_node_id, happened_at, happened_on, source, store, currency,
    usual_minor, usual_line_count, sale_minor, sale_line_count, net_minor, net_line_count)
SELECT o.id, l.brand_id, l.department, o.customer_node_id, MIN(l.happened_at), MIN(l.happened_on), o.source, o.store, o.currency,
    CAST(SUM(CASE WHEN l.kind = 'sale' AND l.customer_node_id IS NOT NULL AND l.quantity_milli > 0 AND l.unit_price_micro > 0
        THEN l.total_minor ELSE 0 END) AS BIGINT),
    CAST(SUM(CASE WHEN l.kind = 'sale' AND l.customer_node_id IS NOT NULL AND l.quantity_milli > 0 AND l.unit_price_micro > 0
        THEN 1 ELSE 0 END) AS BIGINT),
    CAST(SUM(CASE WHEN l.kind = 'sale' THEN l.total_minor ELSE 0 END) AS BIGINT),
    CAST(SUM(CASE WHEN l.kind = 'sale' THEN 1 ELSE 0 END) AS BIGINT),
    CAST(SUM(l.total_minor) AS BIGINT), CAST(COUNT(*) AS BIGINT)
FROM sales_order o JOIN sales_order_line l ON l.order_id = o.id
GROUP BY o.id, l.brand_id, l.department, o.customer_node_id, o.source, o.store, o.currency;
