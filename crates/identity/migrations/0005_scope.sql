-- Which departments the rules bind, and whether each can answer for them: a head, people, clauses.
ALTER TABLE identity_department ADD COLUMN in_scope BOOLEAN NOT NULL DEFAULT TRUE;

CREATE VIEW v_identity_scope AS
SELECT d.id, d.id AS department_id, d.code, d.in_scope,
    CASE WHEN h.state = 'active' THEN TRUE ELSE FALSE END AS has_head,
    CAST((SELECT COUNT(*) FROM identity_user u WHERE u.department_id = d.id AND u.state = 'active') AS BIGINT)
        AS people,
    CAST((SELECT COUNT(*) FROM v_rulebook_clause_owner c WHERE c.department = d.code) AS BIGINT) AS clauses,
    d.created_at
FROM identity_department d LEFT JOIN identity_user h ON h.id = d.head_id
WHERE d.archived_at IS NULL;
