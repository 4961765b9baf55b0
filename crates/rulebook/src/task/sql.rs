use kernel::Scope;
use store::Query;

store::sql! {
    /// Who must not do a task.
    pub EXCLUDED = "SELECT user_id FROM rulebook_task_exclusion WHERE task_id = $1 AND user_id = $2";
    /// Gives an open task to one person.
    pub REASSIGN = "UPDATE rulebook_task SET assignee_user_id = $2, assignee_permission = NULL \
        WHERE id = $1 AND state = 'open'";
    /// Gives an open task more time.
    pub EXTEND = "UPDATE rulebook_task SET due_at = $2, urgency = $2 WHERE id = $1 AND state = 'open'";
    /// Opens a task.
    pub INSERT = "INSERT INTO rulebook_task \
        (id, kind, state, subject_noun, subject_id, link, title_code, title_args, assignee_user_id, \
         assignee_permission, brand_id, department_id, due_at, urgency, actions, created_at, created_by) \
        VALUES ($1, $2, 'open', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    /// Keeps somebody off a task.
    pub EXCLUDE = "INSERT INTO rulebook_task_exclusion (task_id, user_id) VALUES ($1, $2) \
        ON CONFLICT (task_id, user_id) DO NOTHING";
    /// The open tasks about one thing, with whose they are; their kinds follow.
    pub ENDING = "SELECT id, assignee_user_id FROM rulebook_task \
        WHERE subject_noun = $1 AND subject_id = $2 AND state = 'open'";
    /// Work of one person that is due soon, or was due not long ago, and of which they were not told that.
    pub COMING_DUE = "SELECT id, subject_noun, subject_id, link, title_code, title_args, assignee_user_id, due_at, created_at \
        FROM rulebook_task t WHERE state = 'open' AND assignee_user_id IS NOT NULL AND due_at <= $1 AND due_at > $4 AND id > $2 \
        AND NOT EXISTS (SELECT 1 FROM rulebook_notification n WHERE n.user_id = t.assignee_user_id \
            AND n.group_key = 'task/' || t.id || '/late') \
        AND (due_at <= $3 OR NOT EXISTS (SELECT 1 FROM rulebook_notification n \
            WHERE n.user_id = t.assignee_user_id AND n.group_key = 'task/' || t.id || '/near')) \
        ORDER BY id LIMIT 200";
    /// Work that is late for so long that the manager is told, once.
    pub LATE_LONG = "SELECT id, subject_noun, subject_id, link, title_code, title_args, assignee_user_id, due_at, created_at \
        FROM rulebook_task t WHERE state = 'open' AND assignee_user_id IS NOT NULL AND due_at <= $1 AND due_at > $2 AND id > $3 \
        AND NOT EXISTS (SELECT 1 FROM rulebook_notification n WHERE n.group_key = 'task/' || t.id || '/manager') \
        ORDER BY id LIMIT 200";
    /// Late work of a kind of which its person is reminded each day, and was not today.
    pub LATE_DAILY = "SELECT id, subject_noun, subject_id, link, title_code, title_args, assignee_user_id, due_at, created_at \
        FROM rulebook_task t WHERE state = 'open' AND kind = $1 AND assignee_user_id IS NOT NULL AND due_at <= $2 AND id > $3 \
        AND NOT EXISTS (SELECT 1 FROM rulebook_notification n WHERE n.user_id = t.assignee_user_id \
            AND n.group_key = 'task/' || t.id || '/late/' || $4) \
        ORDER BY id LIMIT 200";
    /// Those whose open work a thing is.
    pub WORKERS = "SELECT DISTINCT assignee_user_id FROM rulebook_task WHERE subject_noun = $1 AND subject_id = $2 \
        AND state = 'open' AND assignee_user_id IS NOT NULL";
    /// Gives the open tasks of one person to another, who may do them; what somebody owes in person stays theirs.
    pub PASS_ON = "UPDATE rulebook_task SET assignee_user_id = $2 WHERE assignee_user_id = $1 AND state = 'open' \
        AND kind <> 'rulebook.record.banner' \
        AND NOT EXISTS (SELECT 1 FROM rulebook_task_exclusion e WHERE e.task_id = rulebook_task.id AND e.user_id = $2)";
    /// Ends open tasks; which ones follows.
    pub END = "UPDATE rulebook_task SET state = $1, done_at = $2, done_by = $3 WHERE state = 'open'";
}

/// Tasks; conditions follow.
pub const LIST: &str = "SELECT id, kind, state, subject_noun, subject_id, link, title_code, title_args, \
    assignee_user_id, assignee_permission, brand_id, department_id, due_at, actions, created_at, done_at, \
    done_by, urgency FROM rulebook_task WHERE TRUE";
/// Open tasks as `t`, for whoever looks after the work of others; conditions follow.
pub const MANAGED: &str = "SELECT t.id, t.kind, t.state, t.subject_noun, t.subject_id, t.link, t.title_code, t.title_args, \
    t.assignee_user_id, t.assignee_permission, t.brand_id, t.department_id, t.due_at, t.actions, t.created_at, t.done_at, \
    t.done_by, t.urgency FROM rulebook_task t WHERE t.state = 'open'";

/// Appends which tasks `t` a scope covers: by the place of the thing, and by where the person works whose task it is.
pub fn covered(query: &mut Query, scope: &Scope, knows_staff: bool) {
    if scope.everything {
        return;
    }
    query.push(" AND (FALSE");
    if !scope.brands.is_empty() {
        query.push(" OR ").any_of("t.brand_id", &scope.brands);
    }
    if !scope.departments.is_empty() {
        query.push(" OR ").any_of("t.department_id", &scope.departments);
        if knows_staff {
            query.push(" OR t.assignee_user_id IN (SELECT u.id FROM v_identity_user u WHERE ");
            query.any_of("u.department_id", &scope.departments).push(")");
        }
    }
    if let Some(owner) = scope.owner {
        query.push(" OR t.assignee_user_id = ").bind(owner);
    }
    query.push(")");
}

/// How many tasks there are.
pub const COUNT: &str = "SELECT CAST(COUNT(*) AS BIGINT) AS open, \
    CAST(COALESCE(SUM(CASE WHEN due_at < $1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS overdue \
    FROM rulebook_task WHERE state = 'open'";
/// Leaves out tasks that the user must not do.
pub const NOT_EXCLUDED: &str = " AND NOT EXISTS (SELECT 1 FROM rulebook_task_exclusion e WHERE e.task_id = rulebook_task.id AND e.user_id = ";
