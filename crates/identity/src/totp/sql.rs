store::sql! {
    pub(crate) KEY = "SELECT totp_key, totp_step, totp_enabled_at FROM identity_user WHERE id = $1";
    /// A key that is not confirmed yet may be replaced; one that protects the account may not.
    pub(crate) SET_KEY = "UPDATE identity_user SET totp_key = $2, totp_step = 0
        WHERE id = $1 AND totp_enabled_at IS NULL";
    pub(crate) ENABLE = "UPDATE identity_user
        SET totp_enabled_at = $2, totp_step = $3, updated_at = $2, version = version + 1
        WHERE id = $1 AND totp_enabled_at IS NULL AND totp_key IS NOT NULL";
    pub(crate) USE_STEP = "UPDATE identity_user SET totp_step = $2
        WHERE id = $1 AND totp_step < $2 AND totp_enabled_at IS NOT NULL";
    pub(crate) DISABLE = "UPDATE identity_user
        SET totp_key = NULL, totp_enabled_at = NULL, updated_at = $2, version = version + 1
        WHERE id = $1 AND totp_enabled_at IS NOT NULL";
    pub(crate) CLEAR_CODES = "DELETE FROM identity_recovery_code WHERE user_id = $1";
    pub(crate) ADD_CODE = "INSERT INTO identity_recovery_code (user_id, digest) VALUES ($1, $2)";
    pub(crate) USE_CODE = "UPDATE identity_recovery_code SET used_at = $3
        WHERE user_id = $1 AND digest = $2 AND used_at IS NULL";
    pub(crate) ANY_KEY = "SELECT id, totp_key FROM identity_user WHERE totp_key IS NOT NULL ORDER BY id LIMIT 50";
}
