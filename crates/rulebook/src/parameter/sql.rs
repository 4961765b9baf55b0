store::sql! {
    /// Kind and value of one parameter.
    pub VALUE = "SELECT kind, value FROM rulebook_parameter WHERE parameter_key = $1";
    /// Kinds and values of all parameters.
    pub VALUES = "SELECT parameter_key, kind, value FROM rulebook_parameter";
    /// One parameter with its marks.
    pub FIND = "SELECT parameter_key, kind, value, changed, version, updated_at FROM rulebook_parameter \
        WHERE parameter_key = $1";
    /// All parameters with their marks, by key.
    pub LIST = "SELECT parameter_key, kind, value, changed, version, updated_at FROM rulebook_parameter \
        ORDER BY parameter_key";
    /// Keeps a parameter that a pack brings.
    pub INSERT = "INSERT INTO rulebook_parameter \
        (parameter_key, pack_id, kind, value, changed, version, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, FALSE, 1, $5, $5)";
    /// Follows a pack whose default changed.
    pub FOLLOW = "UPDATE rulebook_parameter SET pack_id = $2, kind = $3, value = $4, changed = FALSE, \
        version = version + 1, updated_at = $5 WHERE parameter_key = $1";
    /// Changes the value that the caller saw.
    pub CHANGE = "UPDATE rulebook_parameter SET value = $3, changed = TRUE, version = version + 1, \
        updated_at = $4 WHERE parameter_key = $1 AND version = $2";
    /// Keeps a change.
    pub REMEMBER = "INSERT INTO rulebook_parameter_change \
        (id, parameter_key, version, value_before, value_after, reason, changed_by, changed_by_name, at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Changes of one parameter, newest first.
    pub HISTORY = "SELECT id, parameter_key, version, value_before, value_after, reason, changed_by, changed_by_name, at \
        FROM rulebook_parameter_change WHERE parameter_key = $1 ORDER BY version DESC";
}
