store::sql! {
    pub(crate) LIST = "SELECT q.id, q.department_id, d.names AS department_names, q.name, q.email, q.language,
        q.position_id, q.role_id, r.code AS role_code, r.names AS role_names, q.scope, q.brand_id,
        q.scope_department_id, q.reason, q.state, q.decided_by, q.decided_at, q.decision_reason, q.user_id,
        q.created_at, q.updated_at, q.version, q.created_by, u.name AS created_by_name
        FROM identity_account_request q
        JOIN identity_department d ON d.id = q.department_id
        JOIN identity_role r ON r.id = q.role_id
        LEFT JOIN identity_user u ON u.id = q.created_by WHERE TRUE";
    pub(crate) FIND = "SELECT q.id, q.department_id, d.names AS department_names, q.name, q.email, q.language,
        q.position_id, q.role_id, r.code AS role_code, r.names AS role_names, q.scope, q.brand_id,
        q.scope_department_id, q.reason, q.state, q.decided_by, q.decided_at, q.decision_reason, q.user_id,
        q.created_at, q.updated_at, q.version, q.created_by, u.name AS created_by_name
        FROM identity_account_request q
        JOIN identity_department d ON d.id = q.department_id
        JOIN identity_role r ON r.id = q.role_id
        LEFT JOIN identity_user u ON u.id = q.created_by WHERE q.id = $1";
    pub(crate) PENDING = "SELECT id FROM identity_account_request WHERE email_key = $1 AND state = 'pending'";
    pub(crate) INSERT = "INSERT INTO identity_account_request
        (id, department_id, name, email, email_key, language, position_id, role_id, scope, brand_id,
         scope_department_id, reason, state, created_at, updated_at, version, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'pending', $13, $13, 1, $14)";
    pub(crate) DECIDE = "UPDATE identity_account_request
        SET state = $3, decided_by = $4, decided_at = $5, decision_reason = $6, user_id = $7, updated_at = $5,
            version = version + 1
        WHERE id = $1 AND version = $2 AND state = 'pending'";
    /// The sample's people came by requests, too; they are written as they would have been.
    pub(crate) SAMPLE = "INSERT INTO identity_account_request
        (id, department_id, name, email, email_key, position_id, role_id, scope, scope_department_id, reason, state,
         decided_by, decided_at, user_id, created_at, updated_at, version, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'approved', $11, $12, $13, $12, $12, 2, $14)";
}
