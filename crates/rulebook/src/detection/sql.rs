store::sql! {
    /// The record of an episode that is not over.
    pub FIND = "SELECT record_id FROM rulebook_detection WHERE source = $1";
    /// Begins an episode.
    pub BEGIN = "INSERT INTO rulebook_detection (source, record_id, at) VALUES ($1, $2, $3)";
    /// Ends it.
    pub END = "DELETE FROM rulebook_detection WHERE source = $1";
}
