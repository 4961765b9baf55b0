store::sql! {
    pub(crate) RAISE = "INSERT INTO backup_alert (id, kind, run_id, at, problem) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (kind) WHERE cleared_at IS NULL DO NOTHING";
    pub(crate) OPEN = "SELECT id FROM backup_alert WHERE kind = $1 AND cleared_at IS NULL";
    pub(crate) CLEAR = "UPDATE backup_alert SET cleared_at = $2 WHERE id = $1 AND cleared_at IS NULL";
}
