use kernel::{Id, Result, Timestamp};
use store::{Store, Tx, args};

use super::{Price, PriceKind};

store::sql! {
    // Index product_price_product.
    LIST = "SELECT id, product_id, kind, price_micro, currency, valid_from, valid_to, reason, created_at, created_by
        FROM product_price WHERE product_id = $1 AND kind = $2 ORDER BY valid_from DESC, id DESC LIMIT 200";
    LATEST = "SELECT valid_from FROM product_price WHERE product_id = $1 AND kind = $2
        ORDER BY valid_from DESC, id DESC LIMIT 1";
    CLOSE = "UPDATE product_price SET valid_to = $3 WHERE product_id = $1 AND kind = $2 AND valid_to IS NULL";
    INSERT = "INSERT INTO product_price (id, product_id, kind, price_micro, currency, valid_from, reason, created_at,
        created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
}

pub(super) async fn list(store: &Store, product: Id, kind: PriceKind) -> Result<Vec<Price>> {
    store.all(LIST, args![product, kind.as_str()]).await
}

pub(super) async fn latest_from(tx: &mut Tx, product: Id, kind: PriceKind) -> Result<Option<Timestamp>> {
    tx.find(LATEST, args![product, kind.as_str()]).await
}

/// Ends the price in force at the moment from which the new one holds.
pub(super) async fn insert(tx: &mut Tx, price: &Price) -> Result<()> {
    tx.exec(CLOSE, args![price.product_id, price.kind.as_str(), price.valid_from]).await?;
    let row = args![
        price.id,
        price.product_id,
        price.kind.as_str(),
        price.price_micro.map(|p| p.0),
        price.currency.as_str(),
        price.valid_from,
        &price.reason,
        price.created_at,
        price.created_by,
    ];
    tx.exec_one(INSERT, row).await
}
