store::sql! {
    pub(crate) LIST = "SELECT r.id, r.code, r.names, r.descriptions, r.clearance, r.permissions, r.built_in,
        (SELECT COUNT(DISTINCT g.user_id) FROM identity_grant g JOIN identity_user u ON u.id = g.user_id
            WHERE g.role_id = r.id AND g.revoked_at IS NULL AND u.state = 'active') AS holders,
        r.archived_at, r.created_at, r.updated_at, r.version
        FROM identity_role r WHERE TRUE";
    pub(crate) FIND = "SELECT r.id, r.code, r.names, r.descriptions, r.clearance, r.permissions, r.built_in,
        (SELECT COUNT(DISTINCT g.user_id) FROM identity_grant g JOIN identity_user u ON u.id = g.user_id
            WHERE g.role_id = r.id AND g.revoked_at IS NULL AND u.state = 'active') AS holders,
        r.archived_at, r.created_at, r.updated_at, r.version
        FROM identity_role r WHERE r.id = $1";
    pub(crate) ID_OF = "SELECT id FROM identity_role WHERE code = $1 AND archived_at IS NULL";
    pub(crate) INSERT = "INSERT INTO identity_role
        (id, code, names, descriptions, clearance, permissions, built_in, created_at, updated_at, version, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 1, $9)";
    pub(crate) UPDATE = "UPDATE identity_role
        SET names = $3, descriptions = $4, clearance = $5, permissions = $6, updated_at = $7, version = version + 1
        WHERE id = $1 AND version = $2 AND archived_at IS NULL";
    pub(crate) ARCHIVE = "UPDATE identity_role
        SET archived_at = $3, updated_at = $3, version = version + 1
        WHERE id = $1 AND version = $2 AND archived_at IS NULL";
    pub(crate) UNARCHIVE = "UPDATE identity_role
        SET archived_at = NULL, updated_at = $2, version = version + 1
        WHERE id = $1 AND archived_at IS NOT NULL";
    /// What users hold, for the matrix.
    pub(crate) HELD = "SELECT g.user_id, u.name, g.scope, g.brand_id, g.department_id, r.permissions
        FROM identity_grant g
        JOIN identity_user u ON u.id = g.user_id
        JOIN identity_role r ON r.id = g.role_id
        WHERE g.revoked_at IS NULL AND r.archived_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > $1)
            AND u.id IN (SELECT w.id FROM identity_user w
                WHERE w.state = 'active' AND ($2 = '' OR w.id > $2)
                    AND EXISTS (SELECT 1 FROM identity_grant h JOIN identity_role o ON o.id = h.role_id
                        WHERE h.user_id = w.id AND h.revoked_at IS NULL AND o.archived_at IS NULL
                            AND (h.expires_at IS NULL OR h.expires_at > $1))
                ORDER BY w.id LIMIT $3)
        ORDER BY g.user_id, g.id";
}
