store::sql! {
    pub(crate) LIST = "SELECT r.id, r.period, r.department_id, d.names AS department_names, r.reviewer_id,
        u.name AS reviewer_name, r.due_at, r.closed_at,
        (SELECT COUNT(*) FROM identity_access_review_item i WHERE i.review_id = r.id) AS item_count,
        (SELECT COUNT(*) FROM identity_access_review_item i
            WHERE i.review_id = r.id AND i.decided_at IS NOT NULL) AS decided_count,
        r.created_at, r.updated_at, r.version
        FROM identity_access_review r
        JOIN identity_department d ON d.id = r.department_id
        LEFT JOIN identity_user u ON u.id = r.reviewer_id WHERE TRUE";
    pub(crate) FIND = "SELECT r.id, r.period, r.department_id, d.names AS department_names, r.reviewer_id,
        u.name AS reviewer_name, r.due_at, r.closed_at,
        (SELECT COUNT(*) FROM identity_access_review_item i WHERE i.review_id = r.id) AS item_count,
        (SELECT COUNT(*) FROM identity_access_review_item i
            WHERE i.review_id = r.id AND i.decided_at IS NOT NULL) AS decided_count,
        r.created_at, r.updated_at, r.version
        FROM identity_access_review r
        JOIN identity_department d ON d.id = r.department_id
        LEFT JOIN identity_user u ON u.id = r.reviewer_id WHERE r.id = $1";
    pub(crate) ITEMS = "SELECT i.id, i.user_id, u.name AS user_name, u.last_seen_at, i.grants, i.decision, i.reason,
        i.decided_at, i.decided_by
        FROM identity_access_review_item i JOIN identity_user u ON u.id = i.user_id
        WHERE i.review_id = $1 ORDER BY u.name, i.id";
    pub(crate) ITEM = "SELECT i.id, i.user_id, u.name AS user_name, u.last_seen_at, i.grants, i.decision, i.reason,
        i.decided_at, i.decided_by
        FROM identity_access_review_item i JOIN identity_user u ON u.id = i.user_id
        WHERE i.review_id = $1 AND i.id = $2";
    /// Departments with people in them that have no review of the period yet, with their heads.
    pub(crate) DUE = "SELECT d.id, d.names, h.id AS head_id
        FROM identity_department d
        LEFT JOIN identity_user h ON h.id = d.head_id AND h.state = 'active'
        WHERE d.archived_at IS NULL
            AND EXISTS (SELECT 1 FROM identity_user u WHERE u.department_id = d.id AND u.state IN ('active', 'locked'))
            AND NOT EXISTS (SELECT 1 FROM identity_access_review r
                WHERE r.department_id = d.id AND r.period = $1)
        ORDER BY d.id";
    pub(crate) DEPARTMENT = "SELECT d.id, d.names, h.id AS head_id
        FROM identity_department d
        LEFT JOIN identity_user h ON h.id = d.head_id AND h.state = 'active'
        WHERE d.id = $1 AND d.archived_at IS NULL";
    pub(crate) MEMBERS = "SELECT id FROM identity_user
        WHERE department_id = $1 AND state IN ('active', 'locked') ORDER BY id";
    pub(crate) INSERT = "INSERT INTO identity_access_review
        (id, period, department_id, reviewer_id, due_at, created_at, updated_at, version, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $6, 1, $7)";
    pub(crate) INSERT_ITEM = "INSERT INTO identity_access_review_item (id, review_id, user_id, grants, created_at)
        VALUES ($1, $2, $3, $4, $5)";
    pub(crate) DECIDE = "UPDATE identity_access_review_item
        SET decision = $2, reason = $3, decided_at = $4, decided_by = $5
        WHERE id = $1 AND decided_at IS NULL";
    pub(crate) ANY = "SELECT id FROM identity_access_review WHERE department_id = $1 LIMIT 1";
    pub(crate) SAMPLE_DECIDE = "UPDATE identity_access_review_item
        SET decision = $3, decided_at = $4, decided_by = $5
        WHERE review_id = $1 AND user_id = $2 AND decided_at IS NULL";
    pub(crate) CLOSE = "UPDATE identity_access_review
        SET closed_at = $2, updated_at = $2, version = version + 1
        WHERE id = $1 AND closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM identity_access_review_item i
            WHERE i.review_id = identity_access_review.id AND i.decided_at IS NULL)";
}
