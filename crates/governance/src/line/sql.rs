macro_rules! columns {
    () => {
        "id, budget_id, code, names, cost_group, owner_id, contingency, annual_minor, last_year_minor, months, created_at,
         updated_at, version"
    };
}

store::sql! {
    /// Lines of a budget, by code.
    pub(crate) OF_BUDGET = concat!("SELECT ", columns!(), " FROM governance_line WHERE budget_id = $1 ORDER BY code");
    /// One line.
    pub(crate) FIND = concat!("SELECT ", columns!(), " FROM governance_line WHERE id = $1");
    /// Keeps a line.
    pub(crate) INSERT = "INSERT INTO governance_line (id, budget_id, code, names, cost_group, owner_id, contingency, annual_minor,
        last_year_minor, months, created_at, updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, 1)";
    /// Changes a line.
    pub(crate) UPDATE = "UPDATE governance_line SET version = version + 1, names = $3, cost_group = $4, owner_id = $5,
        contingency = $6, annual_minor = $7, months = $8, updated_at = $9 WHERE id = $1 AND version = $2";
    /// Drops a line that was never approved.
    pub(crate) DELETE = "DELETE FROM governance_line WHERE id = $1 AND version = $2";
    /// What a line of the same short name spent in the budget before, by month.
    pub(crate) LAST_YEAR = "SELECT m.month, m.spent_minor FROM governance_line l
        JOIN governance_budget b ON b.id = l.budget_id
        JOIN governance_line p ON p.budget_id = b.previous_id AND p.code = l.code
        JOIN governance_balance m ON m.line_id = p.id WHERE l.id = $1";
}
