macro_rules! columns {
    () => {
        "c.id, c.version, c.budget_id, c.line_id, c.month, c.amount_minor, c.open_minor, c.spent_minor, c.released_minor,
         c.used_by_noun, c.used_by_id, c.reason, c.created_at, c.created_by, c.created_by_name, c.closed_at"
    };
}

store::sql! {
    /// Keeps a reservation.
    pub(crate) INSERT = "INSERT INTO governance_commitment (id, version, budget_id, line_id, month, amount_minor, open_minor,
        spent_minor, released_minor, used_by_noun, used_by_id, reason, created_at, created_by, created_by_name)
        VALUES ($1, 1, $2, $3, $4, $5, $5, 0, 0, $6, $7, $8, $9, $10, $11)";
    /// One reservation.
    pub(crate) FIND = concat!("SELECT ", columns!(), " FROM governance_commitment c WHERE c.id = $1");
    /// Spends and gives back parts of a reservation.
    pub(crate) USE = "UPDATE governance_commitment SET version = version + 1, open_minor = open_minor - $3 - $4,
        spent_minor = spent_minor + $3, released_minor = released_minor + $4, closed_at = $5 WHERE id = $1 AND version = $2";
    /// Reservations, newest first; index governance_commitment_line.
    pub(crate) LIST = concat!("SELECT ", columns!(), " FROM governance_commitment c
        JOIN governance_budget b ON b.id = c.budget_id JOIN governance_line l ON l.id = c.line_id WHERE TRUE");
    /// Keeps a decision.
    pub(crate) KEEP_DECISION = "INSERT INTO governance_decision (id, budget_id, line_id, month, amount_minor, allowed, code, args,
        commitment_id, used_by_noun, used_by_id, reason, decided_by, decided_by_name, decided_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    /// Decisions, newest first; index governance_decision_budget.
    pub(crate) DECISIONS = "SELECT d.id, d.budget_id, d.line_id, d.month, d.amount_minor, d.allowed, d.code, d.args,
        d.commitment_id, d.used_by_noun, d.used_by_id, d.reason, d.decided_by, d.decided_by_name, d.decided_at
        FROM governance_decision d JOIN governance_budget b ON b.id = d.budget_id JOIN governance_line l ON l.id = d.line_id
        WHERE TRUE";
}
