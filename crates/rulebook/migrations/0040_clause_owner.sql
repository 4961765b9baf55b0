-- Which department answers for which clause, as the packs that run say: for views over the organisation.
CREATE TABLE rulebook_clause_owner (
    clause_id TEXT PRIMARY KEY,
    department TEXT NOT NULL
);
CREATE INDEX rulebook_clause_owner_department ON rulebook_clause_owner (department);

CREATE VIEW v_rulebook_clause_owner AS SELECT clause_id, department FROM rulebook_clause_owner;
