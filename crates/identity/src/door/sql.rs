store::sql! {
    /// The session and its device, unless its screen is locked; index on digest.
    pub(crate) SESSION = "SELECT s.id AS session_id, s.user_id, u.name, u.kind, u.language, u.state, u.leave_at,
        s.last_seen_at, s.expires_at, s.totp_used, d.state AS device_state, d.encrypted, d.checked_at
        FROM identity_session s
        JOIN identity_user u ON u.id = s.user_id
        LEFT JOIN identity_device d ON d.device_digest = s.device_digest AND d.owner_id = s.user_id
        WHERE s.digest = $1 AND s.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM identity_screen_lock l
            WHERE l.session_id = s.id AND l.unlocked_at IS NULL)";
    pub(crate) DEVICE_OF = "SELECT s.totp_used, d.state AS device_state, d.encrypted, d.checked_at
        FROM identity_session s
        LEFT JOIN identity_device d ON d.device_digest = s.device_digest AND d.owner_id = s.user_id
        WHERE s.id = $1";
    /// What a user holds; index on (user_id, revoked_at).
    pub(crate) RIGHTS = "SELECT g.scope, g.brand_id, g.department_id, r.permissions, r.clearance
        FROM identity_grant g JOIN identity_role r ON r.id = g.role_id
        WHERE g.user_id = $1 AND g.revoked_at IS NULL AND r.archived_at IS NULL
            AND (g.expires_at IS NULL OR g.expires_at > $2)";
    pub(crate) TOKEN = "SELECT t.id AS token_id, t.user_id, t.scopes, t.last_used_at, u.name, u.language, u.state,
        u.leave_at
        FROM identity_token t JOIN identity_user u ON u.id = t.user_id
        WHERE t.digest = $1 AND t.revoked_at IS NULL AND t.expires_at > $2 AND u.kind = 'staff'";
}
