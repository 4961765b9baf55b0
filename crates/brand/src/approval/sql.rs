use store::sql;

sql! {
    pub FIND = "SELECT id, content_id, version_id, number, review_id, closure_hash, state, approved_by,
        approved_by_name, approved_at, voided_at, void_reason FROM content_approval WHERE id = $1";
    /// The valid approval of an item, else the last one.
    pub LATEST = "SELECT id, content_id, version_id, number, review_id, closure_hash, state, approved_by,
        approved_by_name, approved_at, voided_at, void_reason FROM content_approval
        WHERE content_id = $1 ORDER BY approved_at DESC, id DESC LIMIT 1";
    pub LAST_NUMBER = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM content_approval
        WHERE content_id = $1";
    pub INSERT = "INSERT INTO content_approval (id, content_id, version_id, number, review_id, closure_hash,
        state, approved_by, approved_by_name, approved_at) VALUES ($1, $2, $3, $4, $5, $6, 'valid', $7, $8, $9)";
    pub VOID = "UPDATE content_approval SET state = 'void', voided_at = $2, void_reason = $3
        WHERE content_id = $1 AND state = 'valid'";
}
