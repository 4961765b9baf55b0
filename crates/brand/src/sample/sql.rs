use store::sql;

sql! {
    /// Somebody by address, from the views of the access door.
    pub PERSON = "SELECT a.id, a.name, u.department_id FROM v_identity_user_address a
        JOIN v_identity_user u ON u.id = a.id WHERE a.email = $1";
}
