use kernel::{Id, View};
use store::{Query, args};

store::sql! {
    pub(crate) LIST = "SELECT h.id, h.user_id, u.name AS user_name, h.department_id, h.manager_id,
        m.name AS manager_name, h.state, h.note, h.done_at, h.done_by, h.created_at, h.updated_at, h.version
        FROM identity_handover h
        JOIN identity_user u ON u.id = h.user_id
        LEFT JOIN identity_user m ON m.id = h.manager_id WHERE TRUE";
    pub(crate) FIND = "SELECT h.id, h.user_id, u.name AS user_name, h.department_id, h.manager_id,
        m.name AS manager_name, h.state, h.note, h.done_at, h.done_by, h.created_at, h.updated_at, h.version
        FROM identity_handover h
        JOIN identity_user u ON u.id = h.user_id
        LEFT JOIN identity_user m ON m.id = h.manager_id WHERE h.id = $1";
    /// Somebody who came back and leaves again has their hand-over opened again.
    pub(crate) OPEN = "INSERT INTO identity_handover
        (id, user_id, department_id, manager_id, state, created_at, updated_at, version, created_by)
        VALUES ($1, $2, $3, $4, 'open', $5, $5, 1, $6)
        ON CONFLICT (user_id) DO UPDATE SET department_id = excluded.department_id,
            manager_id = excluded.manager_id, state = 'open', done_at = NULL, done_by = NULL,
            updated_at = excluded.updated_at, version = identity_handover.version + 1
        RETURNING id";
    pub(crate) DONE = "UPDATE identity_handover
        SET state = 'done', note = $3, done_at = $4, done_by = $5, updated_at = $4, version = version + 1
        WHERE id = $1 AND version = $2 AND state = 'open'";
    /// Whoever sees to it: the manager, else the head of the department.
    pub(crate) KEEPER = "SELECT COALESCE(
        (SELECT m.id FROM identity_user m WHERE m.id = $1 AND m.state = 'active'),
        (SELECT d.head_id FROM identity_department d JOIN identity_user w ON w.id = d.head_id
            WHERE d.id = $2 AND w.id <> $3 AND w.state = 'active'))";
}

/// Counts what somebody owns in a view.
pub(crate) fn count(view: &View, owner: Id) -> Query {
    let mut query = Query::new("SELECT COUNT(*) FROM ", args![]);
    query.push(view.name).push(" WHERE owner_id = ").bind(owner);
    query
}

/// Finds the first rows that somebody owns in a view, with the columns of their addresses.
pub(crate) fn rows(view: &View, columns: &[&'static str], owner: Id) -> Query {
    let mut query = Query::new("SELECT ", args![]);
    for (place, column) in columns.iter().enumerate() {
        query.push(if place == 0 { "" } else { ", " }).push(column);
    }
    query.push(" FROM ").push(view.name).push(" WHERE owner_id = ").bind(owner).push(" ORDER BY id LIMIT 50");
    query
}
