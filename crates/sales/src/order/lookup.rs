//! What a chunk of rows needs to know, asked for in bulk.

use std::collections::{HashMap, HashSet};

use http_kit::{App, Identifier};
use kernel::{Id, Result};
use serde::Deserialize;
use store::{Query, Tx, args};

use super::sql;

/// Ids in one statement.
const LOOKUP: usize = 1_000;

/// What the catalogue says of a product.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct KnownProduct {
    pub id: Id,
    pub name: String,
    pub department: Option<String>,
    pub brand_id: Option<Id>,
}

/// Returns what the catalogue says of products; those that it does not describe are absent.
pub(crate) async fn products(tx: &mut Tx, ids: &[Id]) -> Result<HashMap<Id, KnownProduct>> {
    let mut known = HashMap::new();
    for part in ids.chunks(LOOKUP) {
        let mut query = Query::new(sql::PRODUCTS, args![]);
        query.and_in("id", part);
        let found: Vec<KnownProduct> = tx.list(query).await?;
        known.extend(found.into_iter().map(|product| (product.id, product)));
    }
    Ok(known)
}

/// A line that is there.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct KnownLine {
    pub order_id: Id,
    pub ordinal: i64,
    pub sku: Option<String>,
    pub quantity_milli: i64,
    pub unit_price_micro: i64,
    pub total_minor: i64,
}

/// Returns the lines of orders that are there, by order and place.
pub(crate) async fn lines(tx: &mut Tx, orders: &[Id]) -> Result<HashMap<(Id, i64), KnownLine>> {
    let mut known = HashMap::new();
    for part in orders.chunks(LOOKUP) {
        let mut query = Query::new(sql::KNOWN_LINES, args![]);
        query.and_in("order_id", part);
        let found: Vec<KnownLine> = tx.list(query).await?;
        known.extend(found.into_iter().map(|line| ((line.order_id, line.ordinal), line)));
    }
    Ok(known)
}

/// Returns which of these orders are there.
pub(crate) async fn known_orders(tx: &mut Tx, ids: &[Id]) -> Result<HashSet<Id>> {
    let mut known = HashSet::new();
    for part in ids.chunks(LOOKUP) {
        let mut query = Query::new(sql::KNOWN_ORDERS, args![]);
        query.and_in("id", part);
        known.extend(tx.list::<Id>(query).await?);
    }
    Ok(known)
}

/// Returns how many lines of orders an import saw so far.
pub(crate) async fn seen(tx: &mut Tx, import_id: Id, orders: &[Id]) -> Result<HashMap<Id, i64>> {
    let mut seen = HashMap::new();
    for part in orders.chunks(LOOKUP) {
        let mut query = Query::new(sql::SEEN, args![import_id]);
        query.and_in("order_id", part);
        seen.extend(tx.list::<(Id, i64)>(query).await?);
    }
    Ok(seen)
}

/// Returns the node of each identifier; asks for each once.
pub(crate) async fn nodes(
    app: &App,
    tx: &mut Tx,
    wanted: Vec<Identifier>,
) -> Result<HashMap<Identifier, Id>> {
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = app.nodes.get()?.ensure(tx, &wanted).await?;
    Ok(wanted.into_iter().zip(ids).collect())
}
