macro_rules! columns {
    () => {
        "a.id, a.version, a.budget_id, a.line_id, a.month, a.kind, a.threshold, a.used_percent, a.opened_at, a.due_at, a.cause,
         a.measure, a.answered_at, a.answered_by"
    };
}

store::sql! {
    /// Raises an alert, once for a line, month, kind and threshold.
    pub(crate) RAISE = "INSERT INTO governance_alert (id, version, budget_id, line_id, month, kind, threshold, used_percent,
        opened_at, due_at) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (line_id, month, kind, threshold) DO NOTHING";
    /// One alert.
    pub(crate) FIND = concat!("SELECT ", columns!(), " FROM governance_alert a WHERE a.id = $1");
    /// Alerts, newest first; index governance_alert_budget.
    pub(crate) LIST = concat!("SELECT ", columns!(), " FROM governance_alert a
        JOIN governance_budget b ON b.id = a.budget_id JOIN governance_line l ON l.id = a.line_id WHERE TRUE");
    /// Keeps an answer.
    pub(crate) ANSWER = "UPDATE governance_alert SET version = version + 1, cause = $3, measure = $4, answered_at = $5,
        answered_by = $6 WHERE id = $1 AND version = $2 AND answered_at IS NULL";
}
