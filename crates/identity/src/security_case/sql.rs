store::sql! {
    pub(crate) LIST = "SELECT c.id, c.user_id, u.name AS user_name, c.department_id, c.alert_id, c.kind, c.state,
        c.detail, c.handler_id, h.name AS handler_name, c.handled_at, c.closed_at, c.resolution, c.created_at,
        c.updated_at, c.version
        FROM identity_security_case c
        JOIN identity_user u ON u.id = c.user_id
        LEFT JOIN identity_user h ON h.id = c.handler_id WHERE TRUE";
    pub(crate) FIND = "SELECT c.id, c.user_id, u.name AS user_name, c.department_id, c.alert_id, c.kind, c.state,
        c.detail, c.handler_id, h.name AS handler_name, c.handled_at, c.closed_at, c.resolution, c.created_at,
        c.updated_at, c.version
        FROM identity_security_case c
        JOIN identity_user u ON u.id = c.user_id
        LEFT JOIN identity_user h ON h.id = c.handler_id WHERE c.id = $1";
    pub(crate) INSERT = "INSERT INTO identity_security_case
        (id, user_id, department_id, alert_id, kind, state, detail, created_at, updated_at, version, created_by)
        VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $7, 1, $8)";
    pub(crate) HANDLE = "UPDATE identity_security_case
        SET state = 'handling', handler_id = $2, handled_at = COALESCE(handled_at, $3), updated_at = $3,
            version = version + 1
        WHERE id = $1 AND state = 'open'";
    pub(crate) CLOSE = "UPDATE identity_security_case
        SET state = 'closed', handler_id = COALESCE(handler_id, $3), handled_at = COALESCE(handled_at, $4),
            closed_at = $4, resolution = $5, updated_at = $4, version = version + 1
        WHERE id = $1 AND version = $2 AND state <> 'closed'";
}
