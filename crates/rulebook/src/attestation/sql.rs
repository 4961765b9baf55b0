store::sql! {
    /// Keeps an attestation for ever.
    pub INSERT = "INSERT INTO rulebook_attestation \
        (id, control_id, statement_hash, statement, holds, note, signed_by, signed_by_name, signed_at, valid_until, \
         signature) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    /// The newest attestation of a control.
    pub NEWEST = "SELECT id, control_id, statement_hash, statement, holds, note, signed_by, signed_by_name, signed_at, \
        valid_until, signature FROM rulebook_attestation WHERE control_id = $1 ORDER BY id DESC LIMIT 1";
}

/// Attestations; conditions follow.
pub const LIST: &str = "SELECT id, control_id, statement_hash, statement, holds, note, signed_by, signed_by_name, \
    signed_at, valid_until, signature FROM rulebook_attestation WHERE TRUE";
