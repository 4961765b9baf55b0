store::sql! {
    /// Keeps a new import.
    pub(super) INSERT = "INSERT INTO tabular_import (id, noun, source, brand_id, currency, file_name, file_hash, file_bytes,
        layout, sheets, titles, columns, notes, state, created_by, created_by_name, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)";

    /// One import.
    pub(super) GET = "SELECT id, noun, source, brand_id, currency, file_name, file_hash, file_bytes, layout, sheets, titles,
        columns, notes, state, read_count, stored_count, rejected_count, present_count, undone_count, bytes_done, failure,
        created_by, created_by_name, created_at, updated_at, started_at, finished_at, version
        FROM tabular_import WHERE id = $1";

    /// Imports, newest first.
    pub(super) LIST = "SELECT id, noun, source, brand_id, currency, file_name, file_hash, file_bytes, layout, sheets, titles,
        columns, notes, state, read_count, stored_count, rejected_count, present_count, undone_count, bytes_done, failure,
        created_by, created_by_name, created_at, updated_at, started_at, finished_at, version
        FROM tabular_import WHERE TRUE";

    /// Imports of the same file into the same noun, newest first; index tabular_import_file.
    pub(super) OF_FILE = "SELECT id, noun, source, brand_id, currency, file_name, file_hash, file_bytes, layout, sheets, titles,
        columns, notes, state, read_count, stored_count, rejected_count, present_count, undone_count, bytes_done, failure,
        created_by, created_by_name, created_at, updated_at, started_at, finished_at, version
        FROM tabular_import WHERE file_hash = $1 AND noun = $2 ORDER BY id DESC LIMIT 50";

    /// Corrects an import before its start.
    pub(super) CORRECT = "UPDATE tabular_import
        SET source = $3, brand_id = $4, currency = $5, layout = $6, sheets = $7, titles = $8, columns = $9, notes = $10,
            updated_at = $11, version = version + 1
        WHERE id = $1 AND version = $2 AND state = 'ready'";

    /// Starts, or goes on with, an import.
    pub(super) START = "UPDATE tabular_import
        SET state = 'running', failure = NULL, started_at = COALESCE(started_at, $3), finished_at = NULL, updated_at = $3,
            version = version + 1
        WHERE id = $1 AND version = $2 AND state IN ('ready', 'failed', 'running')";

    /// Moves on by one chunk: only from where it stands, so that two workers cannot both do it.
    pub(super) ADVANCE = "UPDATE tabular_import
        SET read_count = read_count + $3 + $4, stored_count = stored_count + $3, rejected_count = rejected_count + $4,
            present_count = present_count + $5, bytes_done = $6, updated_at = $7
        WHERE id = $1 AND read_count = $2 AND state = 'running'";

    /// Ends an import.
    pub(super) FINISH = "UPDATE tabular_import
        SET state = 'done', bytes_done = file_bytes, finished_at = $3, updated_at = $3, version = version + 1
        WHERE id = $1 AND read_count = $2 AND state = 'running'";

    /// Notes why an import stopped.
    pub(super) FAIL = "UPDATE tabular_import
        SET state = 'failed', failure = $2, finished_at = $3, updated_at = $3, version = version + 1
        WHERE id = $1 AND state = 'running'";

    /// Begins to take an import back.
    pub(super) UNDO = "UPDATE tabular_import
        SET state = 'undoing', failure = NULL, finished_at = NULL, updated_at = $3, version = version + 1
        WHERE id = $1 AND version = $2 AND state IN ('running', 'done', 'failed', 'undoing')";

    /// Counts rows that were taken back.
    pub(super) UNDONE_CHUNK = "UPDATE tabular_import
        SET undone_count = undone_count + $2, updated_at = $3
        WHERE id = $1 AND state = 'undoing'";

    /// Ends the taking back.
    pub(super) UNDONE = "UPDATE tabular_import
        SET state = 'undone', finished_at = $2, updated_at = $2, version = version + 1
        WHERE id = $1 AND state = 'undoing'";
}
