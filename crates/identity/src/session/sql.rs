store::sql! {
    pub(crate) INSERT = "INSERT INTO identity_session
        (id, digest, user_id, method, totp_used, device_digest, agent_family, device_name, address, network,
         created_at, last_seen_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12)";
    pub(crate) FIND = "SELECT id, method, totp_used, device_name, address, created_at, last_seen_at, expires_at
        FROM identity_session WHERE id = $1 AND user_id = $2 AND ended_at IS NULL";
    pub(crate) MINE = "SELECT id, method, totp_used, device_name, address, created_at, last_seen_at, expires_at
        FROM identity_session
        WHERE user_id = $1 AND ended_at IS NULL AND last_seen_at > $2 AND expires_at > $3
        ORDER BY last_seen_at DESC, id LIMIT 200";
    pub(crate) BY_DIGEST = "SELECT id, method, totp_used, device_name, address, created_at, last_seen_at, expires_at
        FROM identity_session WHERE digest = $1 AND ended_at IS NULL";
    pub(crate) TOUCH = "UPDATE identity_session SET last_seen_at = $2, address = $3, network = $4
        WHERE id = $1 AND ended_at IS NULL AND last_seen_at < $2";
    pub(crate) END = "UPDATE identity_session SET ended_at = $3, ended_reason = $4
        WHERE id = $1 AND user_id = $2 AND ended_at IS NULL";
    pub(crate) REPLACE = "UPDATE identity_session SET ended_at = $2, ended_reason = 'replaced'
        WHERE digest = $1 AND ended_at IS NULL";
    pub(crate) END_ALL = "UPDATE identity_session SET ended_at = $3, ended_reason = $4
        WHERE user_id = $1 AND id <> $2 AND ended_at IS NULL";
    /// A device that this account's owner signed in from before.
    pub(crate) KNOWN_DEVICE = "SELECT s.id FROM identity_session s JOIN identity_user u ON u.id = s.user_id
        WHERE u.email_key = $1 AND s.device_digest = $2 LIMIT 1";
    /// What the rule about strange sign-ins looks at.
    pub(crate) RECENT = "SELECT device_digest, agent_family, network, last_seen_at, expires_at, ended_at
        FROM identity_session WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT 300";
    /// Ends by the clock: written down once a day, so that the evidence says when.
    pub(crate) EXPIRE = "UPDATE identity_session SET ended_at = $1, ended_reason = 'expired'
        WHERE ended_at IS NULL AND (expires_at <= $1 OR last_seen_at <= $2)";
}
