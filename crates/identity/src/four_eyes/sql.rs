store::sql! {
    pub(crate) LIST = "SELECT q.id, q.kind, q.target, q.brand_id, q.department_id, q.preview, q.row_count, q.reason,
        q.state, q.decided_by, w.name AS decided_by_name, q.decided_at, q.decision_reason, q.done_at,
        q.restorable_until, q.restored_at, q.restored_by, q.created_at, q.updated_at, q.version, q.created_by,
        u.name AS created_by_name
        FROM identity_deletion_request q
        LEFT JOIN identity_user u ON u.id = q.created_by
        LEFT JOIN identity_user w ON w.id = q.decided_by WHERE TRUE";
    pub(crate) FIND = "SELECT q.id, q.kind, q.target, q.brand_id, q.department_id, q.preview, q.row_count, q.reason,
        q.state, q.decided_by, w.name AS decided_by_name, q.decided_at, q.decision_reason, q.done_at,
        q.restorable_until, q.restored_at, q.restored_by, q.created_at, q.updated_at, q.version, q.created_by,
        u.name AS created_by_name
        FROM identity_deletion_request q
        LEFT JOIN identity_user u ON u.id = q.created_by
        LEFT JOIN identity_user w ON w.id = q.decided_by WHERE q.id = $1";
    pub(crate) INSERT = "INSERT INTO identity_deletion_request
        (id, kind, target, brand_id, department_id, owner_id, reason, preview, row_count, state, created_at, updated_at,
         version, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pending', $10, $10, 1, $6)";
    pub(crate) REFUSE = "UPDATE identity_deletion_request
        SET state = $3, decided_by = $4, decided_at = $5, decision_reason = $6, updated_at = $5,
            version = version + 1
        WHERE id = $1 AND version = $2 AND state = 'pending'";
    pub(crate) DONE = "UPDATE identity_deletion_request
        SET state = 'done', decided_by = $3, decided_at = $4, done_at = $4, undo = $5, restorable_until = $6,
            updated_at = $4, version = version + 1
        WHERE id = $1 AND version = $2 AND state = 'pending'";
    pub(crate) UNDO = "SELECT undo FROM identity_deletion_request WHERE id = $1";
    pub(crate) RESTORED = "UPDATE identity_deletion_request
        SET state = 'restored', restored_at = $3, restored_by = $4, updated_at = $3, version = version + 1
        WHERE id = $1 AND version = $2 AND state = 'done'";
    /// What it takes to restore is kept no longer than it can be used.
    pub(crate) FORGET_UNDO = "UPDATE identity_deletion_request SET undo = NULL
        WHERE undo IS NOT NULL AND restorable_until <= $1";
}
