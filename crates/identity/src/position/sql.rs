store::sql! {
    pub(crate) LIST = "SELECT p.id, p.department_id, d.names AS department_names, p.names,
        (SELECT COUNT(*) FROM identity_user u WHERE u.position_id = p.id AND u.state = 'active') AS people,
        p.archived_at, p.created_at, p.updated_at, p.version
        FROM identity_position p JOIN identity_department d ON d.id = p.department_id WHERE TRUE";
    pub(crate) FIND = "SELECT p.id, p.department_id, d.names AS department_names, p.names,
        (SELECT COUNT(*) FROM identity_user u WHERE u.position_id = p.id AND u.state = 'active') AS people,
        p.archived_at, p.created_at, p.updated_at, p.version
        FROM identity_position p JOIN identity_department d ON d.id = p.department_id WHERE p.id = $1";
    pub(crate) INSERT = "INSERT INTO identity_position
        (id, department_id, names, created_at, updated_at, version, created_by) VALUES ($1, $2, $3, $4, $4, 1, $5)";
    pub(crate) UPDATE = "UPDATE identity_position
        SET names = $3, updated_at = $4, version = version + 1
        WHERE id = $1 AND version = $2 AND archived_at IS NULL";
    pub(crate) ARCHIVE = "UPDATE identity_position
        SET archived_at = $3, updated_at = $3, version = version + 1
        WHERE id = $1 AND version = $2 AND archived_at IS NULL";
}
