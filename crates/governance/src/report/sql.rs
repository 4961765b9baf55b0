macro_rules! columns {
    () => {
        "r.id, r.version, r.budget_id, r.month, r.plan_minor, r.actual_minor, r.committed_minor, r.forecast_minor,
         r.variance_percent, r.tolerance_percent, r.closed_at, r.due_at, r.issued_at, r.issued_by, r.comment"
    };
}

store::sql! {
    /// One report.
    pub(crate) FIND = concat!("SELECT ", columns!(), " FROM governance_report r WHERE r.id = $1");
    /// Reports, newest first.
    pub(crate) LIST = concat!("SELECT ", columns!(), " FROM governance_report r
        JOIN governance_budget b ON b.id = r.budget_id WHERE TRUE");
    /// Lines of a report.
    pub(crate) LINES = "SELECT report_id, line_id, code, names, cost_group, owner_id, plan_minor, actual_minor, committed_minor,
        forecast_minor, variance_percent, over_tolerance, cause, measure, explained_at, explained_by, measure_done_at,
        measure_done_by FROM governance_report_line WHERE report_id = $1 ORDER BY code";
    /// Months of a budget that are closed.
    pub(crate) CLOSED_MONTHS = "SELECT month FROM governance_report WHERE budget_id = $1 ORDER BY month";
    /// Whether a month of a budget is closed.
    pub(crate) IS_CLOSED = "SELECT CAST(COUNT(*) AS BIGINT) FROM governance_report WHERE budget_id = $1 AND month = $2";
    /// The report as it was issued.
    pub(crate) FROZEN = "SELECT frozen FROM governance_report WHERE id = $1 AND frozen IS NOT NULL";
    /// Closes a month.
    pub(crate) INSERT = "INSERT INTO governance_report (id, version, budget_id, month, plan_minor, actual_minor, committed_minor,
        forecast_minor, variance_percent, tolerance_percent, closed_at, due_at)
        VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    /// Keeps a line of it.
    pub(crate) INSERT_LINE = "INSERT INTO governance_report_line (report_id, line_id, code, names, cost_group, owner_id, plan_minor,
        actual_minor, committed_minor, forecast_minor, variance_percent, over_tolerance)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    /// Explains a line of a report that is not issued yet.
    pub(crate) EXPLAIN = "UPDATE governance_report_line SET cause = $3, measure = $4, explained_at = $5, explained_by = $6
        WHERE report_id = $1 AND line_id = $2";
    /// Issues a report for good.
    pub(crate) ISSUE = "UPDATE governance_report SET version = version + 1, issued_at = $3, issued_by = $4, comment = $5, frozen = $6
        WHERE id = $1 AND version = $2 AND issued_at IS NULL";
    /// Notes that a measure was done.
    pub(crate) MEASURE_DONE = "UPDATE governance_report_line SET measure_done_at = $3, measure_done_by = $4
        WHERE report_id = $1 AND line_id = $2 AND measure IS NOT NULL AND measure_done_at IS NULL";
}
