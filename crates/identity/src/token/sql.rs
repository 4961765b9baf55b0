store::sql! {
    pub(crate) INSERT = "INSERT INTO identity_token
        (id, digest, hint, user_id, name, scopes, expires_at, created_at, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    pub(crate) FIND = "SELECT id, user_id, name, hint, scopes, expires_at, last_used_at, created_at
        FROM identity_token WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL";
    pub(crate) MINE = "SELECT id, user_id, name, hint, scopes, expires_at, last_used_at, created_at
        FROM identity_token WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY id LIMIT 200";
    pub(crate) REVOKE = "UPDATE identity_token SET revoked_at = $3
        WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL";
    pub(crate) REVOKE_ALL = "UPDATE identity_token SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL";
    pub(crate) TOUCH = "UPDATE identity_token SET last_used_at = $2
        WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
}
