use store::sql;

sql! {
    pub ONE = "SELECT id AS profile_id, no_automated_since, restricted_since, erased_at, version FROM profile WHERE id = $1";

    /// Whoever objected is in no tier: a program alone put them there.
    pub NO_AUTOMATED = "UPDATE profile SET no_automated_since = CAST($2 AS BIGINT), tier = CASE WHEN CAST($2 AS BIGINT) IS NULL THEN tier ELSE NULL END,
        tier_since = CASE WHEN CAST($2 AS BIGINT) IS NULL THEN tier_since ELSE NULL END, updated_at = $3, version = version + 1
        WHERE id = $1 AND erased_at IS NULL";

    pub RESTRICTED = "UPDATE profile SET restricted_since = $2, updated_at = $3, version = version + 1
        WHERE id = $1 AND erased_at IS NULL";
}
