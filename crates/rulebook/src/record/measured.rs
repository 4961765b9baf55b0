use std::collections::BTreeSet;

use http_kit::App;
use kernel::Result;
use serde_json::{Map, Value as Json};
use store::Tx;

use super::write::Row;
use crate::metric;
use crate::record_type::RecordType;

/// Puts the newest samples of metrics into the child table that this action freezes, or the making of a record.
pub async fn freeze(app: &App, record_type: &RecordType, row: &mut Row, action: &str) -> Result<()> {
    let Some(freezes) = record_type.spec.freezes.as_ref().filter(|f| f.on.iter().any(|on| on == action))
    else {
        return Ok(());
    };
    let table = record_type.field(&freezes.table);
    let rows = row.document.get_mut(&freezes.table).and_then(Json::as_array_mut);
    match (table, rows) {
        (Some(table), Some(rows)) => metric::frozen(app, freezes, table, rows).await,
        _ => Ok(()),
    }
}

/// Has the metric measured again that a record is about, now that somebody acted on it.
pub async fn after_action(tx: &mut Tx, record_type: &RecordType, row: &Row) -> Result<()> {
    let alert = record_type.spec.alert.as_ref().map(|alert| alert.metric.as_str());
    let fields = alert.into_iter().chain(filling(record_type));
    let metrics: BTreeSet<&str> = fields.filter_map(|key| row.document.get(key)?.as_str()).collect();
    ask(tx, metrics, row).await
}

/// Has a metric measured that a record names for the first time, so that nobody waits for the next sample.
pub async fn after_naming(
    tx: &mut Tx,
    record_type: &RecordType,
    before: &Map<String, Json>,
    row: &Row,
) -> Result<()> {
    let new = |key: &&str| before.get(*key) != row.document.get(*key);
    let fields = filling(record_type).filter(new);
    let metrics: BTreeSet<&str> = fields.filter_map(|key| row.document.get(key)?.as_str()).collect();
    ask(tx, metrics, row).await
}

/// Returns the fields that name a metric which fills others.
fn filling(record_type: &RecordType) -> impl Iterator<Item = &str> {
    record_type.spec.measured.iter().map(|measured| measured.metric.as_str())
}

async fn ask(tx: &mut Tx, metrics: BTreeSet<&str>, row: &Row) -> Result<()> {
    if metrics.is_empty() {
        return Ok(());
    }
    metric::measure_after(tx, metrics.into_iter().map(str::to_owned).collect(), row.id).await
}
