macro_rules! columns {
    () => {
        "SELECT id, name, kind, url, selector, keywords, keyword_match, interval_minutes, opens, opens_values, \
            from_start, owner_id, department_id, competitor_id, active, state, failures, fault, detail, status, \
            latency_ms, certificate_until, digest, words, looked_at, next_at, risk_id, created_at, updated_at, version \
        FROM rulebook_watch"
    };
}

macro_rules! run_columns {
    () => {
        "SELECT id, watch_id, at, outcome, fault, detail, status, latency_ms, certificate_until, digest, found, opened \
        FROM rulebook_watch_run"
    };
}

store::sql! {
    /// One watch.
    pub FIND = concat!(columns!(), " WHERE id = $1");
    /// Those whose time has come; by rulebook_watch_due.
    pub DUE = concat!(columns!(), " WHERE active = TRUE AND next_at <= $1 ORDER BY next_at, id LIMIT 50");
    /// Takes one before anybody else does.
    pub CLAIM = "UPDATE rulebook_watch SET next_at = $3 WHERE id = $1 AND next_at = $2 AND active = TRUE";
    /// Keeps a watch.
    pub INSERT = "INSERT INTO rulebook_watch \
        (id, name, kind, url, selector, keywords, keyword_match, interval_minutes, opens, opens_values, from_start, \
         owner_id, department_id, competitor_id, active, state, failures, next_at, created_at, created_by, updated_at, \
         version) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'new', 0, $16, $16, $17, $16, 1)";
    /// Changes what the caller saw; what stood at another address, or in another place of it, is forgotten.
    pub CHANGE = "UPDATE rulebook_watch SET name = $3, kind = $4, url = $5, selector = $6, keywords = $7, \
        keyword_match = $8, interval_minutes = $9, opens = $10, opens_values = $11, from_start = $12, owner_id = $13, \
        department_id = $14, competitor_id = $15, active = $16, next_at = $17, updated_at = $17, \
        version = version + 1 WHERE id = $1 AND version = $2";
    /// Begins anew, because it looks elsewhere from now on.
    pub FORGET = "UPDATE rulebook_watch SET state = 'new', failures = 0, fault = NULL, detail = NULL, status = NULL, \
        latency_ms = NULL, certificate_until = NULL, digest = NULL, words = NULL, looked_at = NULL, risk_id = NULL \
        WHERE id = $1";
    /// Notes where a watch stands after a look.
    pub STAND = "UPDATE rulebook_watch SET state = $2, failures = $3, fault = $4, detail = $5, status = $6, \
        latency_ms = $7, certificate_until = COALESCE($8, certificate_until), digest = COALESCE($9, digest), \
        words = COALESCE($10, words), looked_at = $11, next_at = $12 WHERE id = $1";
    /// Notes which risk was reported, or that it is over.
    pub RISK = "UPDATE rulebook_watch SET risk_id = $2 WHERE id = $1";
    /// Keeps a look.
    pub INSERT_RUN = "INSERT INTO rulebook_watch_run \
        (id, watch_id, at, outcome, fault, detail, status, latency_ms, certificate_until, digest, found, opened) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    /// One look.
    pub FIND_RUN = concat!(run_columns!(), " WHERE id = $1");
    /// Drops looks whose time is up; by rulebook_watch_run_at.
    pub DROP_RUNS = "DELETE FROM rulebook_watch_run WHERE at < $1";
    /// Notes that something was seen, unless it was.
    pub SEE = "INSERT INTO rulebook_watch_seen (watch_id, seen, at, record_id) VALUES ($1, $2, $3, NULL) \
        ON CONFLICT (watch_id, seen) DO NOTHING";
    /// Notes which record it opened.
    pub OPENED = "UPDATE rulebook_watch_seen SET record_id = $3 WHERE watch_id = $1 AND seen = $2";
    /// Type of a record.
    pub TYPE_OF = "SELECT type_id FROM rulebook_record WHERE id = $1 AND archived_at IS NULL";
}

/// Watches; conditions follow.
pub const LIST: &str = columns!();
/// Looks of one watch; conditions follow.
pub const RUNS: &str = concat!(run_columns!(), " WHERE watch_id = $1");
/// What of this was seen; conditions follow.
pub const SEEN: &str = "SELECT seen FROM rulebook_watch_seen WHERE watch_id = $1";
