-- Products as they are now.
CREATE TABLE catalog_product (
    id TEXT PRIMARY KEY,
    brand_id TEXT,
    source TEXT NOT NULL,
    sku TEXT NOT NULL,
    names TEXT NOT NULL,
    title TEXT NOT NULL,
    search_text TEXT NOT NULL,
    department TEXT,
    category TEXT,
    product_type TEXT,
    package_size TEXT,
    manufacturer TEXT,
    state TEXT NOT NULL,
    import_id TEXT,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (source, sku)
);
-- The list: by number, within a department, a category, a brand.
CREATE INDEX catalog_product_sku ON catalog_product (sku, id);
CREATE INDEX catalog_product_department ON catalog_product (department, sku, id);
CREATE INDEX catalog_product_category ON catalog_product (category, sku, id);
CREATE INDEX catalog_product_brand ON catalog_product (brand_id, sku, id);
CREATE INDEX catalog_product_import ON catalog_product (import_id);

-- What a product was before each change; never changed itself.
CREATE TABLE catalog_product_version (
    product_id TEXT NOT NULL REFERENCES catalog_product (id),
    version BIGINT NOT NULL,
    snapshot TEXT NOT NULL,
    replaced_at BIGINT NOT NULL,
    replaced_by TEXT,
    import_id TEXT,
    PRIMARY KEY (product_id, version)
);
CREATE INDEX catalog_product_version_import ON catalog_product_version (import_id);

-- Prices with their time; of those that hold, the one that began last counts.
CREATE TABLE catalog_price (
    id TEXT PRIMARY KEY,
    product_id TEXT NOT NULL REFERENCES catalog_product (id),
    price BIGINT NOT NULL,
    purchase_price BIGINT,
    currency TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT,
    import_id TEXT,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    UNIQUE (product_id, valid_from),
    CHECK (price >= 0),
    CHECK (valid_to IS NULL OR valid_to > valid_from)
);
CREATE INDEX catalog_price_import ON catalog_price (import_id);

CREATE VIEW v_catalog_product AS
    SELECT id, brand_id, source, sku, title AS name, department, category, product_type, package_size, manufacturer, state,
        brand_id IS NOT NULL AS has_brand,
        EXISTS (SELECT 1 FROM catalog_price c WHERE c.product_id = catalog_product.id) AS has_price, created_at, updated_at
    FROM catalog_product;
