store::sql! {
    /// Prices of a product, latest first; the unique index on (product_id, valid_from).
    pub(super) LIST = "SELECT id, product_id, price, purchase_price, currency, valid_from, valid_to, import_id, created_by,
        created_at FROM catalog_price WHERE product_id = $1";

    /// The price that begins at a moment.
    pub(super) AT = "SELECT id, product_id, price, purchase_price, currency, valid_from, valid_to, import_id, created_by,
        created_at FROM catalog_price WHERE product_id = $1 AND valid_from = $2";
}

/// Sets prices, many at a time.
pub(crate) const INSERT_HEAD: &str =
    "INSERT INTO catalog_price (id, product_id, price, purchase_price, currency, valid_from,
    valid_to, import_id, created_by, created_at) VALUES";
/// One that begins at the same moment is replaced.
pub(crate) const UPSERT_TAIL: &str =
    "ON CONFLICT (product_id, valid_from) DO UPDATE SET price = excluded.price,
    purchase_price = excluded.purchase_price, currency = excluded.currency, valid_to = excluded.valid_to";
