store::sql! {
    /// Adds a movement; nothing changes or drops one.
    pub(crate) INSERT = "INSERT INTO governance_entry (id, line_id, month, kind, amount_minor, used_by_noun, used_by_id, reason, at,
        by_id, by_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    /// Makes the balance of a line and month.
    pub(crate) OPEN = "INSERT INTO governance_balance (line_id, month, planned_minor, adjusted_minor, committed_minor, spent_minor,
        overrun) VALUES ($1, $2, $3, 0, 0, 0, FALSE)";
    /// Moves a balance where there is room for it, or where $7 says that room does not matter: nothing more is taken, or
    /// the bill came already. One statement, so that writers at the same time cannot both see the last room.
    pub(crate) MOVE = "UPDATE governance_balance SET planned_minor = planned_minor + $3, adjusted_minor = adjusted_minor + $4,
        committed_minor = committed_minor + $5, spent_minor = spent_minor + $6,
        overrun = (committed_minor + $5 + spent_minor + $6 > planned_minor + $3 + adjusted_minor + $4)
        WHERE line_id = $1 AND month = $2
            AND ($7 OR committed_minor + $5 + spent_minor + $6 <= planned_minor + $3 + adjusted_minor + $4)";
    /// One balance.
    pub(crate) BALANCE = "SELECT line_id, month, planned_minor, adjusted_minor, committed_minor, spent_minor, overrun
        FROM governance_balance WHERE line_id = $1 AND month = $2";
    /// Balances of a budget.
    pub(crate) OF_BUDGET = "SELECT m.line_id, m.month, m.planned_minor, m.adjusted_minor, m.committed_minor, m.spent_minor,
        m.overrun FROM governance_balance m JOIN governance_line l ON l.id = m.line_id WHERE l.budget_id = $1
        ORDER BY m.line_id, m.month";
    /// Balances of a line.
    pub(crate) OF_LINE = "SELECT line_id, month, planned_minor, adjusted_minor, committed_minor, spent_minor, overrun
        FROM governance_balance WHERE line_id = $1 ORDER BY month";
    /// What every line's entries add up to, and the parts of every balance, of one moment: both databases read one
    /// statement from one snapshot.
    pub(crate) FIGURES = "SELECT line_id, month, kind, CAST(SUM(amount_minor) AS BIGINT) FROM governance_entry
        GROUP BY line_id, month, kind
        UNION ALL SELECT line_id, month, 'planned', planned_minor FROM governance_balance
        UNION ALL SELECT line_id, month, 'adjusted', adjusted_minor FROM governance_balance
        UNION ALL SELECT line_id, month, 'committed', committed_minor FROM governance_balance
        UNION ALL SELECT line_id, month, 'spent', spent_minor FROM governance_balance";
    /// How many entries there are.
    pub(crate) COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM governance_entry";
    /// Movements of a budget, newest first; index governance_entry_line.
    pub(crate) LIST = "SELECT e.id, e.line_id, e.month, e.kind, e.amount_minor, e.used_by_noun, e.used_by_id, e.reason, e.at,
        e.by_id, e.by_name FROM governance_entry e JOIN governance_line l ON l.id = e.line_id WHERE l.budget_id = $1";
}
