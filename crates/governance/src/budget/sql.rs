macro_rules! columns {
    () => {
        "id, version, year, name, currency, brand_id, department_id, owner_id, scope_noun, scope_id, previous_id, instance_id,
         state, submitted_at, submitted_by, checked_at, checked_by, approved_at, approved_by, created_at, updated_at, created_by"
    };
}

store::sql! {
    /// One budget.
    pub(crate) FIND = concat!("SELECT ", columns!(), " FROM governance_budget WHERE id = $1");
    /// Budgets with their sums; index governance_budget_year.
    pub(crate) LIST = "SELECT b.id, b.year, b.name, b.currency, b.brand_id, b.department_id, b.owner_id, b.scope_noun, b.state,
        (SELECT CAST(COUNT(*) AS BIGINT) FROM governance_line l WHERE l.budget_id = b.id) AS line_count,
        (SELECT CAST(COALESCE(SUM(l.annual_minor), 0) AS BIGINT) FROM governance_line l WHERE l.budget_id = b.id) AS annual_minor,
        (SELECT CAST(COALESCE(SUM(m.committed_minor), 0) AS BIGINT) FROM governance_balance m
            JOIN governance_line l ON l.id = m.line_id WHERE l.budget_id = b.id) AS committed_minor,
        (SELECT CAST(COALESCE(SUM(m.spent_minor), 0) AS BIGINT) FROM governance_balance m
            JOIN governance_line l ON l.id = m.line_id WHERE l.budget_id = b.id) AS spent_minor,
        (SELECT CAST(COUNT(*) AS BIGINT) FROM governance_balance m
            JOIN governance_line l ON l.id = m.line_id WHERE l.budget_id = b.id AND m.overrun) AS overrun_count
        FROM governance_budget b WHERE TRUE";
    /// Keeps a budget.
    pub(crate) INSERT = "INSERT INTO governance_budget (id, version, year, name, currency, brand_id, department_id, owner_id,
        scope_noun, scope_id, previous_id, instance_id, state, created_at, updated_at, created_by)
        VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14)";
    /// Changes what people wrote.
    pub(crate) UPDATE = "UPDATE governance_budget SET version = version + 1, name = $3, owner_id = $4, updated_at = $5
        WHERE id = $1 AND version = $2";
    /// Notes where it stands, who handed it in, checked and approved it.
    pub(crate) MOVE = "UPDATE governance_budget SET version = version + 1, state = $3, submitted_at = $4, submitted_by = $5,
        checked_at = $6, checked_by = $7, approved_at = $8, approved_by = $9, updated_at = $10 WHERE id = $1 AND version = $2";
    /// Budgets of a year that were approved.
    pub(crate) APPROVED_OF_YEAR = concat!("SELECT ", columns!(), " FROM governance_budget WHERE year = $1 AND state = 'approved' ORDER BY id");
    /// Those of them that the next year does not follow yet.
    pub(crate) NOT_CONTINUED = concat!("SELECT ", columns!(), " FROM governance_budget WHERE year = $1 AND state = 'approved'
        AND scope_id IS NULL AND id NOT IN (SELECT previous_id FROM governance_budget WHERE previous_id IS NOT NULL) ORDER BY id");
    /// Whether the company's marketing has a budget of a year, or one that another continues.
    pub(crate) COMPANY_OF_YEAR = "SELECT CAST(COUNT(*) AS BIGINT) FROM governance_budget WHERE year = $1 AND scope_id IS NULL";
}
