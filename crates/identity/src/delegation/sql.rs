store::sql! {
    pub(crate) LIST = "SELECT d.id, d.kind, d.from_user_id, f.name AS from_name, d.to_user_id, t.name AS to_name,
        d.task_kinds, d.valid_from, d.valid_to, d.reason, d.ended_at, d.created_at, d.created_by, d.updated_at,
        d.version
        FROM identity_delegation d
        JOIN identity_user f ON f.id = d.from_user_id
        JOIN identity_user t ON t.id = d.to_user_id
        WHERE TRUE";
    pub(crate) FIND = "SELECT d.id, d.kind, d.from_user_id, f.name AS from_name, d.to_user_id, t.name AS to_name,
        d.task_kinds, d.valid_from, d.valid_to, d.reason, d.ended_at, d.created_at, d.created_by, d.updated_at,
        d.version
        FROM identity_delegation d
        JOIN identity_user f ON f.id = d.from_user_id
        JOIN identity_user t ON t.id = d.to_user_id
        WHERE d.id = $1";
    pub(crate) INSERT = "INSERT INTO identity_delegation
        (id, kind, from_user_id, to_user_id, task_kinds, valid_from, valid_to, reason, created_at, updated_at,
         version, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 1, $10)";
    pub(crate) END = "UPDATE identity_delegation
        SET ended_at = $2, ended_by = $3, updated_at = $2, version = version + 1
        WHERE id = $1 AND ended_at IS NULL AND valid_to > $2";
    /// Those that are not over at a time and begin before another; index on (valid_to, valid_from).
    pub(crate) WITHIN = "SELECT id, from_user_id, to_user_id, task_kinds, valid_from, valid_to
        FROM identity_delegation
        WHERE valid_to > $1 AND valid_from < $2 AND ended_at IS NULL ORDER BY created_at, id";
    pub(crate) DEPUTIES = "SELECT id, name FROM identity_user
        WHERE state = 'active' AND (leave_at IS NULL OR leave_at > $1) AND id <> $2 ORDER BY name, id LIMIT 500";
}
