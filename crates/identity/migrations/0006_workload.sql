-- Posts and roles as others name them, and what is open on each post.
CREATE VIEW v_identity_position AS
SELECT id, names, department_id, archived_at, created_at FROM identity_position;

CREATE VIEW v_identity_role AS
SELECT id, names, code, archived_at, created_at FROM identity_role;

CREATE VIEW v_identity_workload AS
SELECT p.id, p.department_id, p.names,
    CAST((SELECT COUNT(*) FROM identity_user u WHERE u.position_id = p.id AND u.state = 'active') AS BIGINT)
        AS people,
    CAST((SELECT COUNT(*) FROM v_rulebook_task t JOIN identity_user u ON u.id = t.assignee_user_id
        WHERE u.position_id = p.id AND t.state = 'open') AS BIGINT) AS open_tasks,
    p.created_at
FROM identity_position p WHERE p.archived_at IS NULL;
