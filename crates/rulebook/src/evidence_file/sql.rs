store::sql! {
    /// Keeps a file.
    pub INSERT = "INSERT INTO rulebook_evidence_file \
        (id, control_id, file_hash, file_name, file_bytes, content_type, note, uploaded_by, uploaded_by_name, \
         uploaded_at, valid_until, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)";
    /// One file.
    pub FIND = "SELECT id, control_id, file_hash, file_name, file_bytes, content_type, note, uploaded_by, \
        uploaded_by_name, uploaded_at, valid_until, withdrawn_at, withdrawn_by, version FROM rulebook_evidence_file \
        WHERE id = $1";
    /// Files of a control that stand.
    pub STANDING = "SELECT id, control_id, file_hash, file_name, file_bytes, content_type, note, uploaded_by, \
        uploaded_by_name, uploaded_at, valid_until, withdrawn_at, withdrawn_by, version FROM rulebook_evidence_file \
        WHERE control_id = $1 AND withdrawn_at IS NULL AND valid_until > $2 ORDER BY id DESC";
    /// Takes a file back.
    pub WITHDRAW = "UPDATE rulebook_evidence_file SET withdrawn_at = $3, withdrawn_by = $4, version = version + 1 \
        WHERE id = $1 AND version = $2 AND withdrawn_at IS NULL";
}

/// Files; conditions follow.
pub const LIST: &str = "SELECT id, control_id, file_hash, file_name, file_bytes, content_type, note, uploaded_by, \
    uploaded_by_name, uploaded_at, valid_until, withdrawn_at, withdrawn_by, version FROM rulebook_evidence_file \
    WHERE TRUE";
