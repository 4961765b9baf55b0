store::sql! {
    /// Opens a task.
    pub INSERT = "INSERT INTO rulebook_task \
        (id, kind, state, subject_noun, subject_id, link, title_code, title_args, assignee_user_id, \
         assignee_permission, brand_id, department_id, due_at, urgency, actions, created_at, created_by) \
        VALUES ($1, $2, 'open', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    /// Keeps somebody off a task.
    pub EXCLUDE = "INSERT INTO rulebook_task_exclusion (task_id, user_id) VALUES ($1, $2) \
        ON CONFLICT (task_id, user_id) DO NOTHING";
    /// Those that are about to end and were for one person.
    pub ENDING = "SELECT id FROM rulebook_task WHERE subject_noun = $1 AND subject_id = $2 AND kind = $3 \
        AND state = 'open' AND assignee_user_id IS NOT NULL";
    /// Work of one person that is due soon, or was due not long ago, and of which they were not told that.
    pub COMING_DUE = "SELECT id, subject_noun, subject_id, link, title_code, title_args, assignee_user_id, due_at, created_at \
        FROM rulebook_task t WHERE state = 'open' AND assignee_user_id IS NOT NULL AND due_at <= $1 AND due_at > $4 AND id > $2 \
        AND NOT EXISTS (SELECT 1 FROM rulebook_notification n WHERE n.user_id = t.assignee_user_id \
            AND n.group_key = 'task/' || t.id || '/late') \
        AND (due_at <= $3 OR NOT EXISTS (SELECT 1 FROM rulebook_notification n \
            WHERE n.user_id = t.assignee_user_id AND n.group_key = 'task/' || t.id || '/near')) \
        ORDER BY id LIMIT 200";
    /// Those whose open work a thing is.
    pub WORKERS = "SELECT DISTINCT assignee_user_id FROM rulebook_task WHERE subject_noun = $1 AND subject_id = $2 \
        AND state = 'open' AND assignee_user_id IS NOT NULL";
    /// Gives the open tasks of one person to another, who may do them; what somebody owes in person stays theirs.
    pub PASS_ON = "UPDATE rulebook_task SET assignee_user_id = $2 WHERE assignee_user_id = $1 AND state = 'open' \
        AND kind <> 'rulebook.record.banner' \
        AND NOT EXISTS (SELECT 1 FROM rulebook_task_exclusion e WHERE e.task_id = rulebook_task.id AND e.user_id = $2)";
    /// Ends the open tasks of one kind about one thing.
    pub END = "UPDATE rulebook_task SET state = $4, done_at = $5, done_by = $6 \
        WHERE subject_noun = $1 AND subject_id = $2 AND kind = $3 AND state = 'open'";
}

/// Tasks; conditions follow.
pub const LIST: &str = "SELECT id, kind, state, subject_noun, subject_id, link, title_code, title_args, \
    assignee_user_id, assignee_permission, brand_id, department_id, due_at, actions, created_at, done_at, \
    done_by, urgency FROM rulebook_task WHERE TRUE";
/// How many tasks there are.
pub const COUNT: &str = "SELECT CAST(COUNT(*) AS BIGINT) AS open, \
    CAST(COALESCE(SUM(CASE WHEN due_at < $1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS overdue \
    FROM rulebook_task WHERE state = 'open'";
/// Leaves out tasks that the user must not do.
pub const NOT_EXCLUDED: &str = " AND NOT EXISTS (SELECT 1 FROM rulebook_task_exclusion e WHERE e.task_id = rulebook_task.id AND e.user_id = ";
