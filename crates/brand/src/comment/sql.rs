use store::sql;

sql! {
    pub FIND = "SELECT id, content_id, version_id, review_id, language, field, line, body, resolved_by,
        resolved_at, created_by, created_by_name, created_at FROM content_comment WHERE id = $1";
    pub LIST = "SELECT id, content_id, version_id, review_id, language, field, line, body, resolved_by,
        resolved_at, created_by, created_by_name, created_at FROM content_comment
        WHERE content_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    pub INSERT = "INSERT INTO content_comment (id, content_id, version_id, review_id, language, field, line,
        body, created_by, created_by_name, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    pub RESOLVE = "UPDATE content_comment SET resolved_by = $2, resolved_at = $3
        WHERE id = $1 AND resolved_at IS NULL";
}
