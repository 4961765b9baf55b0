store::sql! {
    /// Version of a pack that has this very content.
    pub FIND = "SELECT id FROM rulebook_pack_version WHERE pack_id = $1 AND content_hash = $2";
    /// Keeps a version for ever.
    pub INSERT = "INSERT INTO rulebook_pack_version (id, pack_id, label, content_hash, files, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    /// The version that runs.
    pub RUNNING = "SELECT version_id FROM rulebook_pack WHERE pack_id = $1";
    /// Lets a version run.
    pub RUN = "INSERT INTO rulebook_pack (pack_id, version_id, applied_at) VALUES ($1, $2, $3) \
        ON CONFLICT (pack_id) DO UPDATE SET version_id = excluded.version_id, applied_at = excluded.applied_at";
    /// Versions of a pack, newest first.
    pub VERSIONS = "SELECT id, pack_id, label, content_hash, created_at FROM rulebook_pack_version \
        WHERE pack_id = $1 ORDER BY created_at DESC, id DESC";
    /// When the running version of each pack was applied.
    pub APPLIED = "SELECT pack_id, applied_at FROM rulebook_pack";
}
