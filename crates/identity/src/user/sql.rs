store::sql! {
    pub(crate) LIST = "SELECT u.id, u.name, u.email, u.kind, u.organisation, u.language, u.department_id, d.names AS department_names,
        u.position_id, p.names AS position_names, u.manager_id, m.name AS manager_name, u.state, u.origin,
        CASE WHEN EXISTS (SELECT 1 FROM identity_account_request r
            WHERE r.user_id = u.id AND r.state = 'approved') THEN TRUE ELSE FALSE END AS approved_request,
        CASE WHEN u.totp_enabled_at IS NULL THEN FALSE ELSE TRUE END AS totp_enabled,
        u.leave_at, u.disabled_at, u.disabled_reason, u.idle_flagged_at, u.last_seen_at, u.last_review_at,
        u.created_at, u.updated_at, u.version
        FROM identity_user u
        LEFT JOIN identity_department d ON d.id = u.department_id
        LEFT JOIN identity_position p ON p.id = u.position_id
        LEFT JOIN identity_user m ON m.id = u.manager_id
        WHERE TRUE";
    pub(crate) FIND = "SELECT u.id, u.name, u.email, u.kind, u.organisation, u.language, u.department_id, d.names AS department_names,
        u.position_id, p.names AS position_names, u.manager_id, m.name AS manager_name, u.state, u.origin,
        CASE WHEN EXISTS (SELECT 1 FROM identity_account_request r
            WHERE r.user_id = u.id AND r.state = 'approved') THEN TRUE ELSE FALSE END AS approved_request,
        CASE WHEN u.totp_enabled_at IS NULL THEN FALSE ELSE TRUE END AS totp_enabled,
        u.leave_at, u.disabled_at, u.disabled_reason, u.idle_flagged_at, u.last_seen_at, u.last_review_at,
        u.created_at, u.updated_at, u.version
        FROM identity_user u
        LEFT JOIN identity_department d ON d.id = u.department_id
        LEFT JOIN identity_position p ON p.id = u.position_id
        LEFT JOIN identity_user m ON m.id = u.manager_id
        WHERE u.id = $1";
    pub(crate) BY_EMAIL = "SELECT id, name, email, kind, language, state, leave_at, password_hash,
        CASE WHEN totp_enabled_at IS NULL THEN FALSE ELSE TRUE END AS totp_enabled
        FROM identity_user WHERE email_key = $1";
    pub(crate) BY_ID = "SELECT id, name, email, kind, language, state, leave_at, password_hash,
        CASE WHEN totp_enabled_at IS NULL THEN FALSE ELSE TRUE END AS totp_enabled
        FROM identity_user WHERE id = $1";
    pub(crate) ENABLED = "SELECT id FROM identity_user WHERE id = $1 AND state IN ('invited', 'active')";
    pub(crate) ANY = "SELECT id FROM identity_user LIMIT 1";
    pub(crate) INSERT = "INSERT INTO identity_user
        (id, email, email_key, name, language, department_id, position_id, manager_id, state, origin,
         password_hash, password_changed_at, totp_step, created_at, updated_at, version, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, $13, 1, $14)";
    pub(crate) UPDATE = "UPDATE identity_user
        SET name = $3, email = $4, email_key = $5, language = $6, department_id = $7, position_id = $8,
            manager_id = $9, leave_at = $10, updated_at = $11, version = version + 1
        WHERE id = $1 AND version = $2";
    pub(crate) CLOSE = "UPDATE identity_user
        SET state = $2, disabled_at = $3, disabled_reason = $4, updated_at = $3, version = version + 1
        WHERE id = $1 AND state IN ('invited', 'active', 'locked')";
    pub(crate) LOCK = "UPDATE identity_user
        SET state = 'locked', disabled_reason = $3, updated_at = $2, version = version + 1
        WHERE id = $1 AND state = 'active'";
    pub(crate) OPEN = "UPDATE identity_user
        SET state = $2, disabled_at = NULL, disabled_reason = NULL, idle_flagged_at = NULL, updated_at = $3,
            version = version + 1
        WHERE id = $1 AND state IN ('locked', 'disabled', 'left')";
    pub(crate) SET_PASSWORD = "UPDATE identity_user
        SET password_hash = $2, password_changed_at = $3,
            state = CASE WHEN state = 'invited' THEN 'active' ELSE state END,
            updated_at = $3, version = version + 1
        WHERE id = $1";
    /// Makes an account one of a guest.
    pub(crate) SET_GUEST = "UPDATE identity_user
        SET kind = 'guest', organisation = $2, leave_at = $3, updated_at = $4 WHERE id = $1";
    /// Says until when a guest's account is needed.
    pub(crate) GUEST_UNTIL = "UPDATE identity_user
        SET leave_at = $2, updated_at = $3, version = version + 1 WHERE id = $1 AND kind = 'guest'";
    pub(crate) REHASH = "UPDATE identity_user SET password_hash = $2 WHERE id = $1";
    pub(crate) FORGET_PASSWORD = "UPDATE identity_user
        SET password_hash = NULL, updated_at = $2, version = version + 1 WHERE id = $1";
    pub(crate) SEEN = "UPDATE identity_user SET last_seen_at = $2, idle_flagged_at = NULL
        WHERE id = $1 AND (last_seen_at IS NULL OR last_seen_at < $2)";
    pub(crate) LEAVERS = "SELECT id FROM identity_user
        WHERE state IN ('invited', 'active', 'locked') AND leave_at <= $1 ORDER BY leave_at, id LIMIT 200";
    pub(crate) IDLE = "SELECT id, name FROM identity_user
        WHERE state = 'active' AND kind = 'staff' AND idle_flagged_at IS NULL AND COALESCE(last_seen_at, created_at) < $1
        ORDER BY id LIMIT 500";
    pub(crate) FLAG_IDLE = "UPDATE identity_user SET idle_flagged_at = $2
        WHERE id = $1 AND idle_flagged_at IS NULL";
    pub(crate) REVIEWED = "UPDATE identity_user SET last_review_at = $2 WHERE id = $1";
    pub(crate) SAMPLE = "SELECT u.id, u.name, d.names AS department_name, p.names AS position_name
        FROM identity_user u
        JOIN identity_department d ON d.id = u.department_id
        JOIN identity_position p ON p.id = u.position_id
        WHERE u.origin = 'sample' AND u.state = 'active' ORDER BY d.created_at, d.code, u.created_at, u.name";
}

/// Narrows to users who hold a role; the caller adds which one and closes the bracket.
pub(crate) const HOLDS: &str =
    " AND EXISTS (SELECT 1 FROM identity_grant g WHERE g.user_id = u.id AND g.revoked_at IS NULL";
