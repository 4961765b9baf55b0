macro_rules! columns {
    () => {
        "SELECT l.id, l.state, l.what, l.cause, l.noticed_at, l.noticed_by, l.department_id, l.run_id, r.taken_at,
        l.restored, l.problem, l.superior_id, s.name AS superior_name, l.findings, l.report, l.reported_at,
        l.acknowledged_at, l.acknowledged_by, l.acknowledgement, l.created_by, c.name AS created_by_name,
        l.created_at, l.updated_at, l.version
        FROM backup_loss l
        LEFT JOIN backup_run r ON r.id = l.run_id
        LEFT JOIN v_identity_user_address s ON s.id = l.superior_id
        LEFT JOIN v_identity_user_address c ON c.id = l.created_by"
    };
}

store::sql! {
    /// Newest first by the primary key; conditions follow.
    pub(crate) LIST = concat!(columns!(), " WHERE TRUE");
    pub(crate) FIND = concat!(columns!(), " WHERE l.id = $1");
    pub(crate) INSERT = "INSERT INTO backup_loss
        (id, state, what, cause, noticed_at, noticed_by, department_id, created_at, updated_at, version, created_by)
        VALUES ($1, 'open', $2, $3, $4, $5, $6, $7, $7, 1, $8)";
    pub(crate) RESTORING = "UPDATE backup_loss
        SET state = 'restoring', run_id = $3, restored = NULL, problem = NULL, updated_at = $4, version = version + 1
        WHERE id = $1 AND version = $2 AND state IN ('open', 'restored')";
    pub(crate) RESTORED = "UPDATE backup_loss
        SET state = 'restored', restored = $2, problem = NULL, updated_at = $3, version = version + 1
        WHERE id = $1 AND state = 'restoring'";
    pub(crate) NOT_RESTORED = "UPDATE backup_loss
        SET state = 'open', problem = $2, updated_at = $3, version = version + 1
        WHERE id = $1 AND state = 'restoring'";
    pub(crate) REPORT = "UPDATE backup_loss
        SET state = 'reported', superior_id = $3, findings = $4, report = $5, reported_at = $6, updated_at = $6,
            version = version + 1
        WHERE id = $1 AND version = $2 AND state IN ('open', 'restored')";
    pub(crate) ACKNOWLEDGE = "UPDATE backup_loss
        SET state = 'acknowledged', acknowledged_at = $2, acknowledged_by = $3, acknowledgement = $4, updated_at = $2,
            version = version + 1
        WHERE id = $1 AND state = 'reported'";
    /// What was done since a moment, by what and to what; by the audit log's primary key.
    pub(crate) ACTS = "SELECT noun, action, CAST(COUNT(*) AS BIGINT) AS count FROM audit_entry
        WHERE at > $1 GROUP BY noun, action ORDER BY 3 DESC, 1, 2";
    pub(crate) DEPARTMENT = "SELECT department_id FROM v_identity_user WHERE id = $1";
    /// Whether somebody can be asked to take note.
    pub(crate) ACTIVE = "SELECT id FROM v_identity_user WHERE id = $1 AND state = 'active'";
    /// The head of a user's department, then whom they report to; only those who still work here.
    pub(crate) SUPERIORS = "SELECT a.id AS user_id, a.name FROM v_identity_user u
        JOIN v_identity_user_address a ON a.id <> u.id
        JOIN v_identity_user w ON w.id = a.id AND w.state = 'active'
        LEFT JOIN v_identity_department d ON d.id = u.department_id
        WHERE u.id = $1 AND (a.id = d.head_id OR a.id = u.manager_id)
        ORDER BY CASE WHEN a.id = d.head_id THEN 0 ELSE 1 END LIMIT 1";
}
