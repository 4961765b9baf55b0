store::sql! {
    pub(crate) INSERT = "INSERT INTO identity_alert
        (id, user_id, session_id, reasons, device_name, address, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    pub(crate) FIND = "SELECT id, user_id, session_id, reasons, device_name, address, answer, answered_at, created_at
        FROM identity_alert WHERE id = $1";
    pub(crate) MINE = "SELECT id, user_id, session_id, reasons, device_name, address, answer, answered_at, created_at
        FROM identity_alert WHERE user_id = $1 ORDER BY id DESC LIMIT 50";
    pub(crate) ANSWER = "UPDATE identity_alert SET answer = $2, answered_at = $3
        WHERE id = $1 AND answer IS NULL";
    pub(crate) ANSWER_ALL = "UPDATE identity_alert SET answer = 'not_me', answered_at = $2
        WHERE id = $1 AND (answer IS NULL OR answer <> 'not_me')";
}
