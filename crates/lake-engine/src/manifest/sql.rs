macro_rules! columns {
    () => {
        "SELECT id, name, month, level, rows, bytes, first_node, last_node, from_at, to_at, sha256 FROM lake_file"
    };
}

store::sql! {
    /// Files that count, by month and level.
    pub LIVE = concat!(columns!(), " WHERE retired_at IS NULL ORDER BY month, level DESC, id");
    /// Keeps a file.
    pub INSERT = "INSERT INTO lake_file (id, name, month, level, rows, bytes, first_node, last_node, from_at, to_at, \
        sha256, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    /// Takes a file out, unless somebody did before.
    pub RETIRE = "UPDATE lake_file SET retired_at = $2 WHERE id = $1 AND retired_at IS NULL";
    /// Files that do not count any more.
    pub RETIRED = "SELECT id, name FROM lake_file WHERE retired_at <= $1 ORDER BY id LIMIT 1000";
    /// Forgets a file that is gone.
    pub FORGET = "DELETE FROM lake_file WHERE id = $1 AND retired_at IS NOT NULL";
    /// Whether a file is known.
    pub KNOWN = "SELECT id, name FROM lake_file WHERE name = $1";
    /// Until where a log is in files.
    pub CURSOR = "SELECT segment, byte_offset, next_number, watermark FROM lake_cursor WHERE log_id = $1";
    /// Until where all logs are in files.
    pub WATERMARK = "SELECT MIN(watermark) FROM lake_cursor";
    /// Moves the cursor from where its reader began.
    pub MOVE = "INSERT INTO lake_cursor (log_id, segment, byte_offset, next_number, watermark, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (log_id) DO UPDATE SET segment = excluded.segment, \
        byte_offset = excluded.byte_offset, next_number = excluded.next_number, watermark = excluded.watermark, \
        updated_at = excluded.updated_at WHERE lake_cursor.segment = $7 AND lake_cursor.byte_offset = $8";
    /// Counts what a source brought.
    pub COUNT = "INSERT INTO lake_source_day (source_id, day, stored, duplicates, last_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (source_id, day) DO UPDATE SET stored = lake_source_day.stored + excluded.stored, \
        duplicates = lake_source_day.duplicates + excluded.duplicates, \
        last_at = CASE WHEN excluded.last_at > lake_source_day.last_at THEN excluded.last_at \
            ELSE lake_source_day.last_at END";
    /// Sums over files.
    pub SUMS = "SELECT CAST(COALESCE(SUM(rows), 0) AS BIGINT) AS events, CAST(COUNT(*) AS BIGINT) AS files, \
        CAST(COALESCE(SUM(bytes), 0) AS BIGINT) AS bytes FROM lake_file WHERE retired_at IS NULL";
    /// Events that were sent again.
    pub DUPLICATES = "SELECT CAST(COALESCE(SUM(duplicates), 0) AS BIGINT) FROM lake_source_day";
}
