use store::args;

use super::prove::Metric;

store::sql! {
    /// A metric as it was published.
    pub PUBLISHED = "SELECT version, content_hash, removed_at FROM rulebook_metric WHERE id = $1";
    /// Ids of the metrics that run.
    pub RUNNING = "SELECT id FROM rulebook_metric WHERE removed_at IS NULL";
    /// Keeps what a metric now is.
    pub PUBLISH = "INSERT INTO rulebook_metric \
        (id, version, pack_id, title, unit, key_metric, has_near, has_over, has_owner, content_hash, published_at, \
         removed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL) \
        ON CONFLICT (id) DO UPDATE SET version = excluded.version, pack_id = excluded.pack_id, \
        title = excluded.title, unit = excluded.unit, key_metric = excluded.key_metric, \
        has_near = excluded.has_near, has_over = excluded.has_over, has_owner = excluded.has_owner, \
        content_hash = excluded.content_hash, published_at = excluded.published_at, removed_at = NULL";
    /// Marks a metric that no pack has any more.
    pub REMOVE = "UPDATE rulebook_metric SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL";
    /// What a version computes.
    pub FIND_VERSION = "SELECT content_hash FROM rulebook_metric_version WHERE metric_id = $1 AND version = $2";
    /// Keeps a version for ever.
    pub INSERT_VERSION = "INSERT INTO rulebook_metric_version \
        (metric_id, version, content_hash, definition, created_at) VALUES ($1, $2, $3, $4, $5)";
    /// Keeps a sample for ever.
    pub INSERT_SAMPLE = "INSERT INTO rulebook_metric_sample \
        (id, metric_id, series, version, at, value, row_count, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// Where the series of a metric stand.
    pub STATES_OF = "SELECT metric_id, series, state, near_run, over_run, value, value_before, row_count, \
        measured_at, changed_at, alert_id, alert_level FROM rulebook_metric_state WHERE metric_id = $1";
    /// Where every series stands.
    pub STATES = "SELECT metric_id, series, state, near_run, over_run, value, value_before, row_count, \
        measured_at, changed_at, alert_id, alert_level FROM rulebook_metric_state";
    /// Notes where a series stands.
    pub STAND = "INSERT INTO rulebook_metric_state \
        (metric_id, series, version, state, near_run, over_run, value, value_before, row_count, measured_at, \
         changed_at, alert_id, alert_level) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, NULL) \
        ON CONFLICT (metric_id, series) DO UPDATE SET version = excluded.version, state = excluded.state, \
        near_run = excluded.near_run, over_run = excluded.over_run, value = excluded.value, \
        value_before = excluded.value_before, row_count = excluded.row_count, \
        measured_at = excluded.measured_at, changed_at = excluded.changed_at";
    /// Notes which alert is open for a series.
    pub ALERT = "UPDATE rulebook_metric_state SET alert_id = $3, alert_level = $4 \
        WHERE metric_id = $1 AND series = $2";
    /// Samples of a series since a time, oldest first.
    pub HISTORY = "SELECT id, series, version, at, value, row_count, state FROM rulebook_metric_sample \
        WHERE metric_id = $1 AND series = $2 AND at >= $3 ORDER BY at, id";
    /// Values of a series before the newest one, newest first.
    pub BEFORE = "SELECT value FROM (SELECT value, at, id FROM rulebook_metric_sample \
        WHERE metric_id = $1 AND series = $2 AND value IS NOT NULL ORDER BY at DESC, id DESC LIMIT $3 + 1) s \
        ORDER BY at DESC, id DESC LIMIT $3 OFFSET 1";
    /// When a metric was last measured, each.
    pub MEASURED = "SELECT metric_id, CAST(MAX(measured_at) AS BIGINT) AS at FROM rulebook_metric_state \
        GROUP BY metric_id";
}

/// Samples of a series; conditions follow.
pub const SAMPLES: &str = "SELECT id, series, version, at, value, row_count, state FROM rulebook_metric_sample \
    WHERE metric_id = $1 AND series = $2";

/// Ids of the records of a type that a metric fills; its view and conditions follow.
pub const RECORDS: &str = "SELECT id FROM ";

/// Returns the arguments that publish a metric.
pub fn publish(metric: &Metric, now: kernel::Timestamp) -> Vec<store::Value> {
    let limits = metric.spec.limits.as_ref();
    args![
        &metric.spec.id,
        metric.spec.version,
        &metric.pack_id,
        store::json(&metric.spec.title.0),
        metric.spec.unit.as_str(),
        metric.spec.key,
        limits.is_some_and(|limits| limits.near.is_some()),
        limits.is_some_and(|limits| limits.over.is_some()),
        limits.is_some(),
        &metric.digest,
        now,
    ]
}
