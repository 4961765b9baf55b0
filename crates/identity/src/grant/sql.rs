store::sql! {
    pub(crate) LIST = "SELECT g.id, g.user_id, g.role_id, r.code AS role_code, r.names AS role_names, g.scope,
        g.brand_id, g.department_id, g.expires_at, g.reason, g.created_at, g.created_by
        FROM identity_grant g JOIN identity_role r ON r.id = g.role_id
        WHERE g.revoked_at IS NULL AND r.archived_at IS NULL";
    pub(crate) FIND = "SELECT g.id, g.user_id, g.role_id, r.code AS role_code, r.names AS role_names, g.scope,
        g.brand_id, g.department_id, g.expires_at, g.reason, g.created_at, g.created_by
        FROM identity_grant g JOIN identity_role r ON r.id = g.role_id
        WHERE g.id = $1 AND g.revoked_at IS NULL";
    pub(crate) SAME = "SELECT id FROM identity_grant
        WHERE user_id = $1 AND role_id = $2 AND scope = $3 AND revoked_at IS NULL
            AND COALESCE(brand_id, '') = $4 AND COALESCE(department_id, '') = $5";
    pub(crate) INSERT = "INSERT INTO identity_grant
        (id, user_id, role_id, scope, brand_id, department_id, expires_at, reason, created_at, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    pub(crate) REVOKE = "UPDATE identity_grant SET revoked_at = $2, revoked_by = $3
        WHERE id = $1 AND revoked_at IS NULL";
    pub(crate) REVOKE_ALL = "UPDATE identity_grant SET revoked_at = $2, revoked_by = $3
        WHERE user_id = $1 AND revoked_at IS NULL";
    pub(crate) CLEARANCES = "SELECT r.clearance FROM identity_grant g JOIN identity_role r ON r.id = g.role_id
        WHERE g.user_id = $1 AND g.revoked_at IS NULL AND r.archived_at IS NULL
            AND (g.expires_at IS NULL OR g.expires_at > $2)";
    /// Active holders of a role in the whole company, but for one user.
    pub(crate) OTHER_HOLDERS = "SELECT CAST(COUNT(DISTINCT g.user_id) AS BIGINT)
        FROM identity_grant g JOIN identity_user u ON u.id = g.user_id
        WHERE g.role_id = $1 AND g.user_id <> $2 AND g.scope = 'company' AND g.revoked_at IS NULL
            AND u.state = 'active' AND (g.expires_at IS NULL OR g.expires_at > $3)";
}
