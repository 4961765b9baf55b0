-- Orders: a purchase, or a cancellation as a movement of its own.
CREATE TABLE sales_order (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    brand_id TEXT,
    customer_node_id TEXT,
    store TEXT,
    currency TEXT NOT NULL,
    line_count BIGINT NOT NULL,
    total_minor BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL,
    coupon_discount_minor BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    import_id TEXT,
    created_by TEXT
);
-- The list, newest first; a customer's orders.
CREATE INDEX sales_order_time ON sales_order (happened_at, id);
CREATE INDEX sales_order_customer ON sales_order (customer_node_id, happened_at, id);

-- Lines: named by source, order and place, so that a file imported again changes nothing.
CREATE TABLE sales_order_line (
    order_id TEXT NOT NULL REFERENCES sales_order (id),
    ordinal BIGINT NOT NULL,
    kind TEXT NOT NULL,
    customer_node_id TEXT,
    brand_id TEXT,
    product_id TEXT,
    sku TEXT,
    description TEXT,
    department TEXT,
    quantity_milli BIGINT NOT NULL,
    unit_price_micro BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL,
    coupon_discount_minor BIGINT NOT NULL,
    total_minor BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    happened_on TEXT NOT NULL,
    import_id TEXT,
    PRIMARY KEY (order_id, ordinal)
);
-- Who bought from a department, how often and for how much: answered by the index alone.
CREATE INDEX sales_order_line_department
    ON sales_order_line (department, happened_at, customer_node_id, order_id, kind, total_minor);
-- What one customer bought.
CREATE INDEX sales_order_line_customer ON sales_order_line (customer_node_id, happened_at);

-- How many lines of an order an import saw and stored: the place of the next, and what undoing takes back.
CREATE TABLE sales_import_order (
    import_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    seen_count BIGINT NOT NULL,
    stored_count BIGINT NOT NULL,
    PRIMARY KEY (import_id, order_id)
);

CREATE VIEW v_sales_order AS
    SELECT id, customer_node_id, happened_at, total_minor, currency, source, number, brand_id, kind, store, line_count,
        discount_minor, coupon_discount_minor, recorded_at
    FROM sales_order;

CREATE VIEW v_sales_order_line AS
    SELECT order_id || '/' || CAST(ordinal AS TEXT) AS id, order_id, ordinal, kind, customer_node_id, brand_id, product_id, sku,
        department, happened_at, quantity_milli, unit_price_micro, discount_minor, coupon_discount_minor, total_minor
    FROM sales_order_line;
