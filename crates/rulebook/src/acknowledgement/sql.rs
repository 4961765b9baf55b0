store::sql! {
    /// Files and label of a version of a pack, by its digest.
    pub VERSION = "SELECT label, files FROM rulebook_pack_version WHERE pack_id = $1 AND content_hash = $2";
}

/// Documents, from the view of a record type; its name and conditions follow.
pub const DOCUMENTS: &str = "SELECT DISTINCT document FROM ";

/// Ids, from the view of a record type; its name and conditions follow.
pub const IDS: &str = "SELECT id FROM ";

/// Editions, from the view of a record type; its name and conditions follow.
pub const EDITIONS: &str = "SELECT edition FROM ";
