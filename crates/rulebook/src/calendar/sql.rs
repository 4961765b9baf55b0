store::sql! {
    /// All calendars with their newest versions, by code.
    pub LIST = "SELECT c.id, c.code, c.names, c.version, c.updated_at, v.definition, v.effective_from, v.reason, \
        v.changed_by_name FROM rulebook_calendar c \
        JOIN rulebook_calendar_version v ON v.calendar_id = c.id AND v.version = c.version ORDER BY c.code";
    /// One calendar with its newest version.
    pub FIND = "SELECT c.id, c.code, c.names, c.version, c.updated_at, v.definition, v.effective_from, v.reason, \
        v.changed_by_name FROM rulebook_calendar c \
        JOIN rulebook_calendar_version v ON v.calendar_id = c.id AND v.version = c.version WHERE c.code = $1";
    /// Which calendar a code names, and its newest version.
    pub PIN = "SELECT id, version FROM rulebook_calendar WHERE code = $1";
    /// Versions of a calendar up to one of them, the oldest first.
    pub UP_TO = "SELECT effective_from, definition FROM rulebook_calendar_version \
        WHERE calendar_id = $1 AND version <= $2 ORDER BY version";
    /// All versions of a calendar, newest first.
    pub HISTORY = "SELECT v.id, v.version, v.definition, v.effective_from, v.reason, v.changed_by, \
        v.changed_by_name, v.created_at FROM rulebook_calendar_version v \
        JOIN rulebook_calendar c ON c.id = v.calendar_id WHERE c.code = $1 ORDER BY v.version DESC";
    /// Keeps a new calendar; one of that code stays as it is.
    pub INSERT = "INSERT INTO rulebook_calendar (id, code, names, version, created_at, updated_at) \
        VALUES ($1, $2, $3, 1, $4, $4) ON CONFLICT (code) DO NOTHING";
    /// Moves a calendar that the caller saw to its next version.
    pub MOVE = "UPDATE rulebook_calendar SET names = $3, version = version + 1, updated_at = $4 \
        WHERE code = $1 AND version = $2";
    /// Keeps a version.
    pub KEEP = "INSERT INTO rulebook_calendar_version \
        (id, calendar_id, version, definition, effective_from, reason, changed_by, changed_by_name, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
}
