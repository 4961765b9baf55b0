pub const INSERT: &str = "INSERT INTO lake_erased_node (node_id, erased_at, refused) VALUES";
/// Whoever was erased before stays so.
pub const KEEP: &str = "ON CONFLICT DO NOTHING";

store::sql! {
    /// Everybody who was erased.
    pub ALL = "SELECT node_id FROM lake_erased_node";
    /// How many there are, and how many were forgotten again: tells whether they have to be read anew.
    pub COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM lake_erased_node";
    /// Takes their events again.
    pub READMIT = "DELETE FROM lake_erased_node WHERE node_id = $1";
    /// Counts what arrived about somebody.
    pub REFUSED = "UPDATE lake_erased_node SET refused = refused + $2 WHERE node_id = $1";
    /// How much arrived about all.
    pub SUM = "SELECT CAST(COALESCE(SUM(refused), 0) AS BIGINT) FROM lake_erased_node";
}
