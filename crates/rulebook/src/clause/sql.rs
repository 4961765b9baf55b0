store::sql! {
    /// Which department answers for which clause.
    pub OWNERS = "SELECT clause_id, department FROM rulebook_clause_owner ORDER BY clause_id";
    /// Forgets all of them, to be written anew.
    pub DROP_OWNERS = "DELETE FROM rulebook_clause_owner";
    /// Notes who answers for a clause.
    pub INSERT_OWNER = "INSERT INTO rulebook_clause_owner (clause_id, department) VALUES ($1, $2)";
}
