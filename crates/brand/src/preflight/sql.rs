use store::sql;

sql! {
    pub INSERT = "INSERT INTO preflight_run (id, content_id, version_id, closure_hash, verdict, findings,
        serious_count, warning_count, info_count, word_pack, word_pack_date, word_hits, run_by, run_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    /// The last run on exactly this closure.
    pub LATEST = "SELECT id, content_id, version_id, closure_hash, verdict, findings, serious_count,
        warning_count, info_count, word_pack, word_pack_date, word_hits, run_by, run_at FROM preflight_run
        WHERE content_id = $1 AND closure_hash = $2 ORDER BY run_at DESC, id DESC LIMIT 1";
    pub LIST = "SELECT id, content_id, version_id, closure_hash, verdict, findings, serious_count,
        warning_count, info_count, word_pack, word_pack_date, word_hits, run_by, run_at FROM preflight_run
        WHERE content_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
}
