macro_rules! columns {
    () => {
        "SELECT id, begun_by, state, taken_at, file, size_bytes, sha256, took_ms, row_count, file_count, master_key,
        verified, verified_at, verify_ms, problem, removed_at, created_by FROM backup_run"
    };
}

store::sql! {
    pub(crate) FIND = concat!(columns!(), " WHERE id = $1");
    /// Newest first by backup_run_taken; conditions follow.
    pub(crate) LIST = concat!(columns!(), " WHERE TRUE");
    /// By backup_run_verified.
    pub(crate) NEWEST_VERIFIED = concat!(
        columns!(),
        " WHERE verified = TRUE AND state = 'done' ORDER BY taken_at DESC, id DESC LIMIT 1"
    );
    pub(crate) KEPT = "SELECT id, taken_at, verified, file FROM backup_run
        WHERE state = 'done' AND file IS NOT NULL ORDER BY taken_at DESC, id DESC";
    pub(crate) BY_FILE = concat!(columns!(), " WHERE file = $1 AND state = 'done' ORDER BY id DESC LIMIT 1");
    pub(crate) LAST_TRY = "SELECT MAX(taken_at) FROM backup_run WHERE begun_by = 'schedule'";
    pub(crate) MANIFEST = "SELECT manifest FROM backup_run WHERE id = $1 AND manifest IS NOT NULL";
    pub(crate) INSERT = "INSERT INTO backup_run
        (id, begun_by, state, taken_at, file, size_bytes, sha256, took_ms, row_count, file_count, manifest,
         master_key, verified, verified_at, verify_ms, problem, created_at, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    pub(crate) VERIFIED = "UPDATE backup_run
        SET verified = $2, verified_at = $3, verify_ms = $4, problem = $5 WHERE id = $1 AND state = 'done'";
    pub(crate) REMOVED = "UPDATE backup_run SET state = 'removed', removed_at = $2 WHERE id = $1 AND state = 'done'";
    /// Since when this installation is there: the first step of its schema.
    pub(crate) INSTALLED = "SELECT MIN(applied_at) FROM schema_migration";
    /// Whether a job of a kind waits or runs.
    pub(crate) BUSY = "SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE kind = $1 AND state IN ('waiting', 'running')";
}
