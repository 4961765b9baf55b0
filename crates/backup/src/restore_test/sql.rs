macro_rules! columns {
    () => {
        "SELECT t.id, t.run_id, r.taken_at, t.begun_by, t.at, t.passed, t.took_ms, t.row_count, t.file_count,
        t.differences, t.problem FROM backup_restore_test t JOIN backup_run r ON r.id = t.run_id"
    };
}

store::sql! {
    /// Newest first by backup_restore_test_at; conditions follow.
    pub(crate) LIST = concat!(columns!(), " WHERE TRUE");
    pub(crate) FIND = concat!(columns!(), " WHERE t.id = $1");
    pub(crate) LAST = concat!(columns!(), " ORDER BY t.at DESC, t.id DESC LIMIT 1");
    pub(crate) LAST_PASSED = concat!(columns!(), " WHERE t.passed = TRUE ORDER BY t.at DESC, t.id DESC LIMIT 1");
    pub(crate) INSERT = "INSERT INTO backup_restore_test
        (id, run_id, begun_by, at, passed, took_ms, row_count, file_count, differences, problem, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
}
