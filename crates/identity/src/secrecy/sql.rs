store::sql! {
    pub(crate) INSERT = "INSERT INTO identity_secrecy_reminder (id, user_id, session_id, occasion, shown_at)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (session_id, occasion) DO NOTHING";
    pub(crate) OF_SESSION = "SELECT id, occasion, shown_at, confirmed_at FROM identity_secrecy_reminder
        WHERE session_id = $1 AND occasion = $2";
    pub(crate) FIND = "SELECT id, occasion, shown_at, confirmed_at FROM identity_secrecy_reminder
        WHERE id = $1 AND user_id = $2";
    pub(crate) CONFIRM = "UPDATE identity_secrecy_reminder SET confirmed_at = $2 WHERE id = $1 AND confirmed_at IS NULL";
    /// The last time that somebody confirmed one; index on (user_id, confirmed_at).
    pub(crate) LAST = "SELECT confirmed_at FROM identity_secrecy_reminder
        WHERE user_id = $1 AND confirmed_at IS NOT NULL ORDER BY confirmed_at DESC LIMIT 1";
    pub(crate) CONFIRMED_IN = "SELECT id FROM identity_secrecy_reminder
        WHERE session_id = $1 AND confirmed_at IS NOT NULL LIMIT 1";
    /// The sample's people were reminded when they began.
    pub(crate) SAMPLE = "INSERT INTO identity_secrecy_reminder (id, user_id, occasion, shown_at, confirmed_at)
        VALUES ($1, $2, 'period', $3, $3) ON CONFLICT (id) DO NOTHING";
}
