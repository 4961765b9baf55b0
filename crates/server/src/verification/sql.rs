store::sql! {
    /// Keeps what was found.
    pub INSERT = "INSERT INTO audit_verification (id, at, ok, entries, sealed, anchored, problems, first_problem) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// One verification.
    pub FIND = "SELECT id, at, ok, entries, sealed, anchored, problems, first_problem FROM audit_verification \
        WHERE id = $1";
}

/// Verifications; conditions follow.
pub const LIST: &str = "SELECT id, at, ok, entries, sealed, anchored, problems, first_problem \
    FROM audit_verification WHERE TRUE";
