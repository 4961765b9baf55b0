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
    /// The company's own packs with their files.
    pub OWN = "SELECT o.pack_id, v.files, o.base_files, o.applied_by_name, o.reason \
        FROM rulebook_local_pack o JOIN rulebook_pack_version v ON v.id = o.version_id ORDER BY o.pack_id";
    /// Lets a company's own version go before the shipped one.
    pub KEEP_OWN = "INSERT INTO rulebook_local_pack \
        (pack_id, version_id, base_files, reason, applied_by, applied_by_name, applied_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (pack_id) DO UPDATE SET version_id = excluded.version_id, \
        base_files = excluded.base_files, reason = excluded.reason, applied_by = excluded.applied_by, \
        applied_by_name = excluded.applied_by_name, applied_at = excluded.applied_at";
    /// Lets the shipped version run again.
    pub DROP_OWN = "DELETE FROM rulebook_local_pack WHERE pack_id = $1";
    /// A pack that nobody brings any more does not run.
    pub STOP = "DELETE FROM rulebook_pack WHERE pack_id = $1";
    /// The number of the newest edition.
    pub EDITION = "SELECT number FROM rulebook_edition WHERE id = 'rulebook'";
    /// Counts one more edition.
    pub NEXT_EDITION = "INSERT INTO rulebook_edition (id, number) VALUES ('rulebook', 1) \
        ON CONFLICT (id) DO UPDATE SET number = rulebook_edition.number + 1";
    /// Instances that still run on an older version of a machine.
    pub ON_OLDER = "SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_instance \
        WHERE machine_id = $1 AND machine_version < $2 AND ended = FALSE";
}
