store::sql! {
    /// Makes the bucket, or takes its lock; returns what is in it.
    pub(crate) TAKE = "INSERT INTO identity_attempt (bucket, failures, last_at) VALUES ($1, 0, $2)
        ON CONFLICT (bucket) DO UPDATE SET failures = identity_attempt.failures
        RETURNING failures, last_at";
    pub(crate) COUNT = "UPDATE identity_attempt SET failures = $2, last_at = $3 WHERE bucket = $1";
    pub(crate) EMPTY = "DELETE FROM identity_attempt WHERE bucket = $1";
    pub(crate) FORGIVE = "UPDATE identity_attempt SET failures = failures - 1 WHERE bucket = $1 AND failures > 0";
    pub(crate) SWEEP = "DELETE FROM identity_attempt WHERE last_at < $1";
}
