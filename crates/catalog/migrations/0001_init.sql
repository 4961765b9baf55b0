-- A product as one source knows it; its id follows from source and number, so orders can name it unasked.
CREATE TABLE product (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL DEFAULT 1,
    source TEXT NOT NULL,
    sku TEXT NOT NULL,
    brand_id TEXT,
    name_zh_hans TEXT NOT NULL,
    name_zh_hant TEXT NOT NULL,
    name_en TEXT NOT NULL,
    department TEXT,
    category TEXT,
    kind TEXT,
    size TEXT,
    manufacturer TEXT,
    state TEXT NOT NULL,
    import_id TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    created_by TEXT,
    UNIQUE (source, sku)
);
CREATE INDEX product_list ON product (updated_at, id);
CREATE INDEX product_department ON product (department, category, id);
CREATE INDEX product_import ON product (import_id, id);

-- What a product was at each of its versions; never changed.
CREATE TABLE product_version (
    product_id TEXT NOT NULL REFERENCES product (id),
    version BIGINT NOT NULL,
    facts TEXT NOT NULL,
    at BIGINT NOT NULL,
    changed_by TEXT,
    PRIMARY KEY (product_id, version)
);

-- Prices with the time for which each holds; two of one kind never overlap.
CREATE TABLE product_price (
    id TEXT PRIMARY KEY,
    product_id TEXT NOT NULL REFERENCES product (id),
    kind TEXT NOT NULL,
    price_micro BIGINT NOT NULL CHECK (price_micro >= 0),
    currency TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT
);
CREATE INDEX product_price_product ON product_price (product_id, kind, valid_from);

CREATE VIEW v_catalog_product AS
SELECT p.id, p.source, p.sku, p.brand_id, p.name_zh_hans, p.name_zh_hant, p.name_en, p.department, p.category,
       p.kind, p.state, (p.brand_id IS NOT NULL) AS has_brand,
       (p.name_zh_hans <> '' AND p.name_zh_hant <> '' AND p.name_en <> '') AS has_names,
       EXISTS (SELECT 1 FROM product_price x WHERE x.product_id = p.id AND x.kind = 'list' AND x.valid_to IS NULL) AS has_price,
       p.created_at, p.updated_at
FROM product p;
