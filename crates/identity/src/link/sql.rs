store::sql! {
    pub(crate) INSERT = "INSERT INTO identity_link
        (id, digest, purpose, user_id, about_id, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// Links of one purpose replace each other; those about different alerts do not.
    pub(crate) VOID = "UPDATE identity_link SET used_at = $4
        WHERE purpose = $1 AND COALESCE(user_id, '') = $2 AND COALESCE(about_id, '') = $3 AND used_at IS NULL";
    pub(crate) VOID_ALL = "UPDATE identity_link SET used_at = $2
        WHERE user_id = $1 AND purpose IN ('activation', 'password_reset') AND used_at IS NULL";
    pub(crate) USE = "UPDATE identity_link SET used_at = $3
        WHERE digest = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3";
    pub(crate) FIND = "SELECT id, user_id, about_id FROM identity_link WHERE digest = $1";
    pub(crate) VALID = "SELECT id, user_id, about_id FROM identity_link
        WHERE digest = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3";
    pub(crate) SWEEP = "DELETE FROM identity_link WHERE expires_at < $1";
}
