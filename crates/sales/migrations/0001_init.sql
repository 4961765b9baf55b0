-- An order as one source knows it; its id follows from source and number. A cancellation is an order of
-- its own kind, never a deletion.
CREATE TABLE sales_order (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('sale', 'cancellation')),
    customer_node_id TEXT,
    brand_id TEXT,
    store TEXT,
    currency TEXT NOT NULL,
    total_minor BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL,
    coupon_discount_minor BIGINT NOT NULL,
    line_count BIGINT NOT NULL,
    month TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    import_id TEXT,
    created_by TEXT,
    UNIQUE (source, number)
);
CREATE INDEX sales_order_list ON sales_order (happened_at, id);
CREATE INDEX sales_order_customer ON sales_order (customer_node_id, happened_at, id);
CREATE INDEX sales_order_import ON sales_order (import_id, id);

-- What stood on it. Customer, time, kind and department are repeated here so that "who bought of this
-- department, when" is one range of one index.
CREATE TABLE sales_line (
    order_id TEXT NOT NULL REFERENCES sales_order (id),
    ordinal BIGINT NOT NULL,
    kind TEXT NOT NULL,
    customer_node_id TEXT,
    happened_at BIGINT NOT NULL,
    product_id TEXT,
    sku TEXT NOT NULL,
    description TEXT,
    department TEXT,
    brand_id TEXT,
    quantity_milli BIGINT NOT NULL,
    unit_price_micro BIGINT NOT NULL,
    total_minor BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL,
    coupon_discount_minor BIGINT NOT NULL,
    import_id TEXT,
    PRIMARY KEY (order_id, ordinal)
);
CREATE INDEX sales_line_department ON sales_line (department, happened_at, customer_node_id);
CREATE INDEX sales_line_customer ON sales_line (customer_node_id, happened_at);
CREATE INDEX sales_line_product ON sales_line (product_id, happened_at);
CREATE INDEX sales_line_import ON sales_line (import_id, order_id, ordinal);

-- How many lines of an order one import has seen so far: the next one's ordinal, also after a crash.
CREATE TABLE sales_import_order (
    import_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    lines_seen BIGINT NOT NULL,
    PRIMARY KEY (import_id, order_id)
);

CREATE VIEW v_sales_order AS
SELECT o.id, o.source, o.number, o.kind, o.customer_node_id, o.brand_id, o.store, o.currency, o.total_minor,
       o.discount_minor, o.coupon_discount_minor, o.line_count, o.happened_at, o.recorded_at
FROM sales_order o;

CREATE VIEW v_sales_order_line AS
SELECT l.order_id || '/' || l.ordinal AS id, l.order_id, l.ordinal, l.kind, l.customer_node_id, l.happened_at,
       l.product_id, l.sku, l.department, l.brand_id, l.quantity_milli, l.unit_price_micro, l.total_minor
FROM sales_line l;
