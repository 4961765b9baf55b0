store::sql! {
    /// Keeps a wanted waiver.
    pub INSERT = "INSERT INTO rulebook_waiver \
        (id, clause_id, shown_status, reason, days, state, requested_by, requested_by_name, requested_at, \
         decision_note, version) VALUES ($1, $2, $3, $4, $5, 'requested', $6, $7, $8, '', 1)";
    /// One waiver.
    pub FIND = "SELECT id, clause_id, shown_status, reason, days, state, requested_by, requested_by_name, \
        requested_at, decided_by, decided_by_name, decided_at, decision_note, expires_at, signature, version \
        FROM rulebook_waiver WHERE id = $1";
    /// Decides a waiver that the caller saw.
    pub DECIDE = "UPDATE rulebook_waiver SET state = $3, decided_by = $4, decided_by_name = $5, decided_at = $6, \
        decision_note = $7, expires_at = $8, signature = $9, version = version + 1 WHERE id = $1 AND version = $2";
    /// Signed waivers whose time is not over.
    pub STANDING = "SELECT id, clause_id, shown_status, reason, days, state, requested_by, requested_by_name, \
        requested_at, decided_by, decided_by_name, decided_at, decision_note, expires_at, signature, version \
        FROM rulebook_waiver WHERE state = 'signed' AND expires_at > $1 ORDER BY id";
    /// Waivers of a clause, newest first.
    pub OF_CLAUSE = "SELECT id, clause_id, shown_status, reason, days, state, requested_by, requested_by_name, \
        requested_at, decided_by, decided_by_name, decided_at, decision_note, expires_at, signature, version \
        FROM rulebook_waiver WHERE clause_id = $1 ORDER BY id DESC LIMIT 20";
}

/// Waivers; conditions follow.
pub const LIST: &str = "SELECT id, clause_id, shown_status, reason, days, state, requested_by, requested_by_name, \
    requested_at, decided_by, decided_by_name, decided_at, decision_note, expires_at, signature, version \
    FROM rulebook_waiver WHERE TRUE";
