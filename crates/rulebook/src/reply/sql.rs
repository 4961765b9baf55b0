store::sql! {
    /// Keeps an address.
    pub ISSUE = "INSERT INTO rulebook_reply_address (digest, user_id, record_id, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5)";
    /// The address with this digest.
    pub BY_DIGEST = "SELECT user_id, record_id, expires_at FROM rulebook_reply_address WHERE digest = $1";
    /// Forgets addresses that ended long ago.
    pub SWEEP = "DELETE FROM rulebook_reply_address WHERE expires_at < $1";
    /// What was said, and where.
    pub SAID = "SELECT c.id, c.body, c.author_name, c.files, r.type_id, r.number, r.title \
        FROM rulebook_record_comment c JOIN rulebook_record r ON r.id = c.record_id WHERE c.id = $1";
    /// Type of a record.
    pub TYPE_OF = "SELECT type_id FROM rulebook_record WHERE id = $1";
}
