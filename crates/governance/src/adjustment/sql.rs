macro_rules! columns {
    () => {
        "a.id, a.version, a.budget_id, a.from_line_id, a.from_month, a.to_line_id, a.to_month, a.amount_minor, a.reason,
         a.instance_id, a.state, a.checked_at, a.checked_by, a.applied_at, a.approved_by, a.created_at, a.updated_at,
         a.created_by"
    };
}

store::sql! {
    /// One adjustment.
    pub(crate) FIND = concat!("SELECT ", columns!(), " FROM governance_adjustment a WHERE a.id = $1");
    /// Adjustments, newest first; index governance_adjustment_budget.
    pub(crate) LIST = concat!("SELECT ", columns!(), " FROM governance_adjustment a
        JOIN governance_budget b ON b.id = a.budget_id WHERE TRUE");
    /// Keeps an adjustment.
    pub(crate) INSERT = "INSERT INTO governance_adjustment (id, version, budget_id, from_line_id, from_month, to_line_id, to_month,
        amount_minor, reason, instance_id, state, created_at, updated_at, created_by)
        VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12)";
    /// Notes where it stands and who decided.
    pub(crate) MOVE = "UPDATE governance_adjustment SET version = version + 1, state = $3, checked_at = $4, checked_by = $5,
        applied_at = $6, approved_by = $7, updated_at = $8 WHERE id = $1 AND version = $2";
}
