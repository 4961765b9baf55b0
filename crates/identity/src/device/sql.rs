store::sql! {
    pub(crate) LIST = "SELECT d.id, d.name, d.kind, d.serial, d.owner_id, u.name AS owner_name, d.department_id,
        CASE WHEN d.device_digest IS NULL THEN FALSE ELSE TRUE END AS bound, d.state, d.encrypted, d.encryption,
        d.checked_at, d.checked_by, d.created_at, d.updated_at, d.version
        FROM identity_device d JOIN identity_user u ON u.id = d.owner_id WHERE TRUE";
    pub(crate) FIND = "SELECT d.id, d.name, d.kind, d.serial, d.owner_id, u.name AS owner_name, d.department_id,
        CASE WHEN d.device_digest IS NULL THEN FALSE ELSE TRUE END AS bound, d.state, d.encrypted, d.encryption,
        d.checked_at, d.checked_by, d.created_at, d.updated_at, d.version
        FROM identity_device d JOIN identity_user u ON u.id = d.owner_id WHERE d.id = $1";
    pub(crate) INSERT = "INSERT INTO identity_device
        (id, name, kind, serial, owner_id, department_id, device_digest, state, encrypted, created_at, updated_at,
         version, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', FALSE, $8, $8, 1, $5)";
    pub(crate) CHECK = "UPDATE identity_device
        SET state = 'active', encrypted = $3, encryption = $4, checked_at = $5, checked_by = $6, updated_at = $5,
            version = version + 1
        WHERE id = $1 AND version = $2 AND state <> 'retired'";
    /// A retired device gives its browser free: the same browser may be entered anew.
    pub(crate) RETIRE = "UPDATE identity_device
        SET state = 'retired', device_digest = NULL, updated_at = $3, version = version + 1
        WHERE id = $1 AND version = $2 AND state <> 'retired'";
    pub(crate) TESTED = "INSERT INTO identity_encryption_test (id, at, subject, passed, detail)
        VALUES ($1, $2, $3, $4, $5)";
    pub(crate) TESTS = "SELECT id, at, subject, passed, detail FROM identity_encryption_test
        ORDER BY at DESC, id DESC LIMIT 50";
}
