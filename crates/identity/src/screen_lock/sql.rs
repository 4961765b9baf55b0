store::sql! {
    pub(crate) INSERT = "INSERT INTO identity_screen_lock (id, user_id, session_id, locked_at) VALUES ($1, $2, $3, $4)";
    /// The lock of a session that holds; index on (session_id, unlocked_at).
    pub(crate) STANDING = "SELECT l.id, l.user_id, l.session_id, s.method, s.last_seen_at, s.expires_at
        FROM identity_screen_lock l JOIN identity_session s ON s.id = l.session_id
        WHERE s.digest = $1 AND s.ended_at IS NULL AND l.unlocked_at IS NULL";
    pub(crate) OPEN = "UPDATE identity_screen_lock SET unlocked_at = $2 WHERE session_id = $1 AND unlocked_at IS NULL";
}
