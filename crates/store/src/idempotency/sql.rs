crate::sql! {
    /// Reserves a key; touches nothing where it is known.
    pub(super) RESERVE = "INSERT INTO idempotency_key (actor, idempotency_key, request_hash, created_at)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (actor, idempotency_key) DO NOTHING";
    /// What is known of a key.
    pub(super) FIND = "SELECT request_hash, status, response, created_at FROM idempotency_key
        WHERE actor = $1 AND idempotency_key = $2";
    /// Keeps the answer.
    pub(super) FINISH = "UPDATE idempotency_key SET status = $3, response = $4
        WHERE actor = $1 AND idempotency_key = $2";
    /// Frees a key without an answer.
    pub(super) FORGET = "DELETE FROM idempotency_key
        WHERE actor = $1 AND idempotency_key = $2 AND status IS NULL";
    /// Frees a key whose day is over.
    pub(super) FORGET_ONE_OLD = "DELETE FROM idempotency_key
        WHERE actor = $1 AND idempotency_key = $2 AND created_at < $3";
    /// Frees all keys whose day is over.
    pub(super) FORGET_OLD = "DELETE FROM idempotency_key WHERE created_at < $1";
}
