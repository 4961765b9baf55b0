use store::sql;

sql! {
    /// Members, in an order of their own.
    pub MEMBERS = "SELECT value FROM identifier_node WHERE kind = 'member_number' ORDER BY id LIMIT $1";
}
