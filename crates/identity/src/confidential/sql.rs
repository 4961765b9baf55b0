store::sql! {
    pub(crate) ALL = "SELECT pattern FROM identity_confidential_area ORDER BY pattern";
    pub(crate) CLEAR = "DELETE FROM identity_confidential_area";
    pub(crate) INSERT = "INSERT INTO identity_confidential_area (pattern, created_at, created_by)
        VALUES ($1, $2, $3)";
}
