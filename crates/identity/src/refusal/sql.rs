store::sql! {
    pub(crate) RECORD = "INSERT INTO identity_refusal
        (id, at, minute, user_id, by_token, why, code, permission, method, path, attempts)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)
        ON CONFLICT (minute, user_id, code, permission, method, path)
        DO UPDATE SET attempts = identity_refusal.attempts + 1
        RETURNING attempts";
}
