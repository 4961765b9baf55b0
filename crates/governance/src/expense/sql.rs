macro_rules! columns {
    () => {
        "e.id, e.budget_id, e.line_id, e.month, e.happened_on, e.amount_minor, e.supplier, e.description, e.source, e.external_id,
         e.commitment_id, e.over, e.import_id, e.recorded_at, e.recorded_by, e.reversed_at"
    };
}

store::sql! {
    /// Keeps an expense; one that was taken back and comes again is there again.
    pub(crate) INSERT = "INSERT INTO governance_expense (id, budget_id, line_id, month, happened_on, amount_minor, supplier,
        description, source, external_id, commitment_id, over, import_id, recorded_at, recorded_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        ON CONFLICT (id) DO UPDATE SET budget_id = excluded.budget_id, line_id = excluded.line_id, month = excluded.month,
            happened_on = excluded.happened_on, amount_minor = excluded.amount_minor, supplier = excluded.supplier,
            description = excluded.description, over = excluded.over, import_id = excluded.import_id,
            recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by, reversed_at = NULL";
    /// One expense.
    pub(crate) FIND = concat!("SELECT ", columns!(), " FROM governance_expense e WHERE e.id = $1");
    /// Expenses by id.
    pub(crate) KNOWN = concat!("SELECT ", columns!(), " FROM governance_expense e WHERE TRUE");
    /// Expenses, newest first; index governance_expense_line.
    pub(crate) LIST = concat!("SELECT ", columns!(), " FROM governance_expense e
        JOIN governance_budget b ON b.id = e.budget_id JOIN governance_line l ON l.id = e.line_id WHERE TRUE");
    /// Takes an expense back; it stays to be seen.
    pub(crate) REVERSE = "UPDATE governance_expense SET reversed_at = $2 WHERE id = $1 AND reversed_at IS NULL";
    /// Expenses of an import that nobody took back; index governance_expense_import.
    pub(crate) TO_UNDO = concat!("SELECT ", columns!(), " FROM governance_expense e
        WHERE e.import_id = $1 AND e.reversed_at IS NULL ORDER BY e.id LIMIT $2");
    /// Lines of approved budgets of some years, by short name.
    pub(crate) LINES = "SELECT l.id, l.code, l.contingency, l.budget_id, b.year, b.name, b.currency, b.brand_id
        FROM governance_line l JOIN governance_budget b ON b.id = l.budget_id WHERE b.state = 'approved'";
}
