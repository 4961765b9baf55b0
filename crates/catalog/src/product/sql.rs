/// A product with the price that holds at `$1`.
const SELECT: &str = "SELECT p.id, p.brand_id, p.source, p.sku, p.names, p.department, p.category, p.product_type,
        p.package_size, p.manufacturer, p.state, c.price, c.purchase_price, c.currency, p.import_id, p.created_by,
        p.created_at, p.updated_at, p.version
    FROM catalog_product p
    LEFT JOIN catalog_price c ON c.id = (SELECT n.id FROM catalog_price n
        WHERE n.product_id = p.id AND n.valid_from <= $1 AND (n.valid_to IS NULL OR n.valid_to > $1)
        ORDER BY n.valid_from DESC LIMIT 1)
    WHERE TRUE";

store::sql! {
    /// Products; the list is sorted by (sku, id), indexes catalog_product_*.
    pub(crate) LIST = SELECT;

    /// Adds products, or replaces what a change may touch.
    pub(crate) UPSERT_ONE = "INSERT INTO catalog_product (id, brand_id, source, sku, names, title, search_text, department,
        category, product_type, package_size, manufacturer, state, import_id, created_by, created_at, updated_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";

    /// Changes a product from the version that its editor saw.
    pub(crate) UPDATE = "UPDATE catalog_product
        SET brand_id = $3, names = $4, title = $5, search_text = $6, department = $7, category = $8, product_type = $9,
            package_size = $10, manufacturer = $11, state = $12, updated_at = $13, version = version + 1
        WHERE id = $1 AND version = $2";

    /// Keeps what a product was.
    pub(crate) KEEP_VERSION = "INSERT INTO catalog_product_version
        (product_id, version, snapshot, replaced_at, replaced_by, import_id) VALUES ($1, $2, $3, $4, $5, $6)";

    /// What a product was, latest first; the primary key is the index.
    pub(crate) VERSIONS = "SELECT product_id, version, snapshot, replaced_at, replaced_by
        FROM catalog_product_version WHERE product_id = $1";

    /// Versions that an import replaced and that nobody changed since.
    pub(crate) REPLACED_BY_IMPORT = "SELECT v.product_id, v.version, v.snapshot, v.replaced_at, v.replaced_by
        FROM catalog_product_version v
        JOIN catalog_product p ON p.id = v.product_id AND p.version = v.version + 1
        WHERE v.import_id = $1 ORDER BY v.product_id LIMIT $2";

    /// Prices that an import set, some of them.
    pub(crate) DELETE_PRICES = "DELETE FROM catalog_price WHERE id IN
        (SELECT id FROM catalog_price WHERE import_id = $1 LIMIT $2)";

    /// Products that an import made and nobody changed, priced or versioned since, some of them.
    pub(crate) DELETE_PRODUCTS = "DELETE FROM catalog_product WHERE id IN
        (SELECT p.id FROM catalog_product p
         WHERE p.import_id = $1 AND p.version = 1
           AND NOT EXISTS (SELECT 1 FROM catalog_price c WHERE c.product_id = p.id)
           AND NOT EXISTS (SELECT 1 FROM catalog_product_version v WHERE v.product_id = p.id)
         LIMIT $2)";

    /// Forgets that an import replaced a version: it was put back.
    pub(crate) RELEASE_VERSION = "UPDATE catalog_product_version SET import_id = NULL WHERE product_id = $1 AND version = $2";
}

/// Departments with the number of their products; the scope and ` GROUP BY department` follow.
pub(crate) const DEPARTMENTS: &str =
    "SELECT department, CAST(COUNT(*) AS BIGINT) AS product_count FROM catalog_product WHERE TRUE";

/// Adds products, many at a time.
pub(crate) const INSERT_HEAD: &str = "INSERT INTO catalog_product (id, brand_id, source, sku, names, title, search_text,
    department, category, product_type, package_size, manufacturer, state, import_id, created_by, created_at, updated_at,
    version) VALUES";
/// Replaces what an import may change.
pub(crate) const UPSERT_TAIL: &str =
    "ON CONFLICT (id) DO UPDATE SET brand_id = excluded.brand_id, names = excluded.names,
    title = excluded.title, search_text = excluded.search_text, department = excluded.department,
    category = excluded.category, product_type = excluded.product_type, package_size = excluded.package_size,
    manufacturer = excluded.manufacturer, state = excluded.state, updated_at = excluded.updated_at,
    version = excluded.version";
/// Keeps what products were, many at a time.
pub(crate) const VERSION_HEAD: &str = "INSERT INTO catalog_product_version
    (product_id, version, snapshot, replaced_at, replaced_by, import_id) VALUES";
