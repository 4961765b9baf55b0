store::sql! {
    /// Takes an occurrence; nothing where it was taken before.
    pub TAKE = "INSERT INTO rulebook_cadence_run (cadence_id, subject_id, occurrence_at, record_id, opened_at) \
        VALUES ($1, $2, $3, NULL, $4) ON CONFLICT (cadence_id, subject_id, occurrence_at) DO NOTHING";
    /// Notes what an occurrence opened.
    pub OPENED = "UPDATE rulebook_cadence_run SET record_id = $4 \
        WHERE cadence_id = $1 AND subject_id = $2 AND occurrence_at = $3";
    /// Since when a cadence is watched.
    pub WATCHED = "SELECT watched_from FROM rulebook_cadence WHERE cadence_id = $1";
    /// Begins to watch a cadence.
    pub WATCH = "INSERT INTO rulebook_cadence (cadence_id, watched_from) VALUES ($1, $2) \
        ON CONFLICT (cadence_id) DO NOTHING";
}

/// Ids of the rows of a view; its name and conditions follow.
pub const IDS: &str = "SELECT id FROM ";
