store::sql! {
    pub(crate) LIST = "SELECT d.id, d.code, d.names, d.parent_id, d.head_id, h.name AS head_name,
        (SELECT COUNT(*) FROM identity_user u WHERE u.department_id = d.id AND u.state = 'active') AS people,
        d.in_scope, h.state AS head_state,
        (SELECT COUNT(*) FROM v_rulebook_clause_owner c WHERE c.department = d.code) AS clauses,
        d.archived_at, d.created_at, d.updated_at, d.version
        FROM identity_department d LEFT JOIN identity_user h ON h.id = d.head_id WHERE TRUE";
    pub(crate) FIND = "SELECT d.id, d.code, d.names, d.parent_id, d.head_id, h.name AS head_name,
        (SELECT COUNT(*) FROM identity_user u WHERE u.department_id = d.id AND u.state = 'active') AS people,
        d.in_scope, h.state AS head_state,
        (SELECT COUNT(*) FROM v_rulebook_clause_owner c WHERE c.department = d.code) AS clauses,
        d.archived_at, d.created_at, d.updated_at, d.version
        FROM identity_department d LEFT JOIN identity_user h ON h.id = d.head_id WHERE d.id = $1";
    pub(crate) PARENTS = "SELECT id, parent_id FROM identity_department WHERE archived_at IS NULL";
    pub(crate) ID_OF = "SELECT id FROM identity_department WHERE code = $1";
    pub(crate) INSERT = "INSERT INTO identity_department
        (id, code, names, parent_id, head_id, in_scope, created_at, updated_at, version, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 1, $8)";
    pub(crate) UPDATE = "UPDATE identity_department
        SET names = $3, parent_id = $4, head_id = $5, updated_at = $6, in_scope = $7, version = version + 1
        WHERE id = $1 AND version = $2 AND archived_at IS NULL";
    pub(crate) SET_HEAD = "UPDATE identity_department
        SET head_id = $2, updated_at = $3, version = version + 1 WHERE id = $1";
    pub(crate) ARCHIVE = "UPDATE identity_department
        SET archived_at = $3, updated_at = $3, version = version + 1
        WHERE id = $1 AND version = $2 AND archived_at IS NULL";
    /// What still belongs to a department: users who may sign in, and open departments below.
    pub(crate) IN_USE = "SELECT CAST(
        (SELECT COUNT(*) FROM identity_user
            WHERE department_id = $1 AND state IN ('invited', 'active', 'locked'))
        + (SELECT COUNT(*) FROM identity_department WHERE parent_id = $1 AND archived_at IS NULL) AS BIGINT)";
}
