store::sql! {
    /// Saves a mapping.
    pub(super) INSERT = "INSERT INTO tabular_mapping (id, noun, name, source, columns, created_by, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";

    /// One mapping.
    pub(super) GET = "SELECT id, noun, name, source, columns, created_by, created_at, updated_at, archived_at, version
        FROM tabular_mapping WHERE id = $1";

    /// Mappings in use, newest first; index tabular_mapping_noun.
    pub(super) LIST = "SELECT id, noun, name, source, columns, created_by, created_at, updated_at, archived_at, version
        FROM tabular_mapping WHERE archived_at IS NULL";

    /// Puts a mapping away.
    pub(super) ARCHIVE = "UPDATE tabular_mapping
        SET archived_at = $3, updated_at = $3, version = version + 1
        WHERE id = $1 AND version = $2 AND archived_at IS NULL";
}
