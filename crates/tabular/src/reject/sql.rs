/// Keeps rejected rows.
pub(super) const INSERT: &str =
    "INSERT INTO tabular_reject (import_id, first_row, last_row, code, field, args) VALUES";

store::sql! {
    /// Rejected rows of an import in the order of the file; the primary key is the index.
    pub(super) LIST = "SELECT import_id, first_row, last_row, code, field, args FROM tabular_reject WHERE import_id = $1";
}
