store::sql! {
    pub(crate) LIST = "SELECT w.id, w.names, w.department_id, d.names AS department_names, w.people, w.open_tasks,
        CAST((SELECT COUNT(*) FROM v_rulebook_task t JOIN identity_user u ON u.id = t.assignee_user_id
            WHERE u.position_id = w.id AND t.state = 'open' AND t.due_at < $1) AS BIGINT) AS overdue_tasks
        FROM v_identity_workload w JOIN identity_department d ON d.id = w.department_id
        ORDER BY w.open_tasks DESC, w.id LIMIT 500";
}
