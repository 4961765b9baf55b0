store::sql! {
    pub(crate) DEPARTMENTS = "SELECT id, code, names, head_id FROM identity_department
        WHERE archived_at IS NULL ORDER BY created_at, id";
    /// What everybody who may act holds, with the code of the role.
    pub(crate) HELD = "SELECT u.id, r.code, r.permissions, g.scope, g.brand_id, g.department_id
        FROM identity_grant g
        JOIN identity_role r ON r.id = g.role_id
        JOIN identity_user u ON u.id = g.user_id
        WHERE g.revoked_at IS NULL AND r.archived_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > $1)
            AND u.state = 'active' AND (u.leave_at IS NULL OR u.leave_at > $1)
        ORDER BY u.name, u.id";
}

/// People; the caller says which.
pub(crate) const PEOPLE: &str = "SELECT id, name, email, language, department_id, manager_id, state, leave_at
    FROM identity_user WHERE TRUE";
