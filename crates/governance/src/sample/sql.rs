store::sql! {
    /// The sample's people by their addresses.
    pub(super) PERSON = "SELECT id, name FROM v_identity_user_address WHERE email = $1";
}
