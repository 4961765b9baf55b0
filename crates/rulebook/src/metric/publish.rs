use std::collections::BTreeSet;

use kernel::{Problem, Result};
use serde::Deserialize;
use store::{Tx, args};

use super::prove::Metric;
use super::sql;
use crate::Rulebook;

#[derive(Deserialize)]
struct Published {
    version: i64,
    content_hash: String,
    removed_at: Option<i64>,
}

/// Brings the metrics into the database; what ran and is in no pack any more is marked. Returns whether anything changed.
pub async fn publish(tx: &mut Tx, book: &Rulebook) -> Result<bool> {
    let mut changed = false;
    for metric in book.metrics() {
        changed |= publish_one(tx, metric).await?;
    }
    let known: BTreeSet<&str> = book.metrics().map(|metric| metric.spec.id.as_str()).collect();
    for id in tx.all::<String>(sql::RUNNING, args![]).await? {
        if !known.contains(id.as_str()) {
            let now = tx.now();
            changed |= tx.exec(sql::REMOVE, args![id, now]).await? > 0;
        }
    }
    Ok(changed)
}

async fn publish_one(tx: &mut Tx, metric: &Metric) -> Result<bool> {
    let (id, version) = (metric.spec.id.as_str(), metric.spec.version);
    // What is shown and whom it warns may change under a version, what is computed may not.
    match tx.find::<String>(sql::FIND_VERSION, args![id, version]).await? {
        Some(known) if known == metric.hash => {}
        Some(_) => {
            return Err(Problem::conflict("rulebook.pack.metric_changed")
                .with("metric", id)
                .with("version", version));
        }
        None => {
            let definition = store::json(&metric.spec);
            tx.exec(sql::INSERT_VERSION, args![id, version, &metric.hash, definition, tx.now()]).await?;
        }
    }
    let known: Option<Published> = tx.find(sql::PUBLISHED, args![id]).await?;
    let same = |known: &Published| {
        known.version == version && known.content_hash == metric.digest && known.removed_at.is_none()
    };
    let now = tx.now();
    tx.exec(sql::PUBLISH, sql::publish(metric, now)).await?;
    Ok(!known.is_some_and(|known| same(&known)))
}
