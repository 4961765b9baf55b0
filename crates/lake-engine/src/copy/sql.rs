store::sql! {
    /// The copies that count.
    pub ALL = "SELECT table_name, file, rows, bytes, watermark, fingerprint, copied_at FROM lake_copy ORDER BY table_name";
    /// Puts a copy in the place of the one before.
    pub PUT = "INSERT INTO lake_copy (table_name, file, rows, bytes, watermark, fingerprint, copied_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (table_name) DO UPDATE SET file = excluded.file, \
        rows = excluded.rows, bytes = excluded.bytes, watermark = excluded.watermark, \
        fingerprint = excluded.fingerprint, copied_at = excluded.copied_at";
    /// Moves the watermark of a copy that is still right.
    pub KEEP = "UPDATE lake_copy SET watermark = $2 WHERE table_name = $1";
}
