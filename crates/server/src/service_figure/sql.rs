store::sql! {
    /// The newest row of any node.
    pub(super) LAST = "SELECT CAST(COALESCE(MAX(at), 0) AS BIGINT) FROM system_service_minute";
    /// Keeps a row.
    pub(super) INSERT = "INSERT INTO system_service_minute (id, at, node, requests, errors, p95_ms, backlog, disk_free, \
        span_seconds, down_seconds, version, version_days, certificate_days) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    /// Drops rows whose time is up.
    pub(super) DROP = "DELETE FROM system_service_minute WHERE at < $1";
    /// Notes that a version runs here.
    pub(super) RUNS = "INSERT INTO system_version (version, first_at) VALUES ($1, $2) ON CONFLICT (version) DO NOTHING";
    /// Since when it does.
    pub(super) SINCE = "SELECT first_at FROM system_version WHERE version = $1";
    /// Names and values of metrics that stand over their limit, from the view that the rulebook publishes.
    pub(super) OVER = "SELECT id, title, changed_at FROM v_rulebook_metric WHERE id LIKE 'service.%' AND state = 'over' \
        ORDER BY id";
}

/// Rows, newest first; a condition and a limit follow.
pub(super) const LIST: &str = "SELECT id, at, node, requests, errors, p95_ms, backlog, disk_free, span_seconds, \
    down_seconds, version, version_days, certificate_days FROM system_service_minute WHERE TRUE";

/// Maintenance that was announced and is not over, from the view of its record type; times follow.
pub(super) const MAINTENANCE: &str = "SELECT id, name, impact, starts_at, ends_at, state FROM v_record_maintenance_window \
    WHERE state IN ('announced', 'running')";
