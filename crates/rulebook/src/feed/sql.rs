store::sql! {
    /// Somebody's feed.
    pub OF_USER = "SELECT created_at, read_at FROM rulebook_calendar_feed WHERE user_id = $1";
    /// Puts a new secret in the place of the old one.
    pub PUT = "INSERT INTO rulebook_calendar_feed (user_id, digest, created_at, read_at) VALUES ($1, $2, $3, NULL) \
        ON CONFLICT (user_id) DO UPDATE SET digest = excluded.digest, created_at = excluded.created_at, read_at = NULL";
    /// Ends it.
    pub DELETE = "DELETE FROM rulebook_calendar_feed WHERE user_id = $1";
    /// Whose feed a secret opens.
    pub BY_DIGEST = "SELECT user_id, read_at FROM rulebook_calendar_feed WHERE digest = $1";
    /// Notes that it was read.
    pub READ = "UPDATE rulebook_calendar_feed SET read_at = $2 WHERE user_id = $1";
}

/// Records of a type's view within the time of a feed; its name and conditions follow.
pub const IDS: &str = "SELECT id FROM ";

/// Whether a record names somebody in a child table; the pattern and a bracket follow.
pub const NAMES: &str = " OR EXISTS (SELECT 1 FROM rulebook_record r WHERE r.id = v.id AND r.document LIKE ";
