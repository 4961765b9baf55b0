use store::sql;

sql! {
    pub FIND_OPEN = "SELECT id, content_id, version_id, number, since_number, closure_hash, preflight_run_id,
        message, submitted_by, submitted_by_name, submitted_at, decision, reason, decided_by, decided_by_name,
        decided_at FROM content_review WHERE content_id = $1 AND decision IS NULL";
    pub LATEST = "SELECT id, content_id, version_id, number, since_number, closure_hash, preflight_run_id,
        message, submitted_by, submitted_by_name, submitted_at, decision, reason, decided_by, decided_by_name,
        decided_at FROM content_review WHERE content_id = $1 ORDER BY submitted_at DESC, id DESC LIMIT 1";
    pub LIST = "SELECT id, content_id, version_id, number, since_number, closure_hash, preflight_run_id,
        message, submitted_by, submitted_by_name, submitted_at, decision, reason, decided_by, decided_by_name,
        decided_at FROM content_review WHERE content_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    pub INSERT = "INSERT INTO content_review (id, content_id, version_id, number, since_number, closure_hash,
        preflight_run_id, message, submitted_by, submitted_by_name, submitted_at, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '')";
    pub DECIDE = "UPDATE content_review SET decision = $2, reason = $3, decided_by = $4, decided_by_name = $5,
        decided_at = $6 WHERE id = $1 AND decision IS NULL";
    pub END_OPEN = "UPDATE content_review SET decision = 'superseded', reason = $2, decided_at = $3
        WHERE content_id = $1 AND decision IS NULL";
    pub FORGET_PARTS = "DELETE FROM content_part WHERE content_id = $1";
    pub ADD_PART = "INSERT INTO content_part (content_id, noun, noun_id) VALUES ($1, $2, $3)";
    /// Items under review or approved that hold this row.
    pub HOLDING = "SELECT c.id FROM content_part p JOIN content c ON c.id = p.content_id
        WHERE p.noun = $1 AND p.noun_id = $2 AND c.state IN ('in_review', 'approved') ORDER BY c.id";
}
