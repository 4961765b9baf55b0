-- Accounts of people from outside: of a kind of their own, with where they work.
ALTER TABLE identity_user ADD COLUMN kind TEXT NOT NULL DEFAULT 'staff';
ALTER TABLE identity_user ADD COLUMN organisation TEXT;
CREATE INDEX identity_user_kind ON identity_user (kind, name, id);

-- The staff stands apart from them in what controls and reports look at.
CREATE VIEW v_identity_guest AS
SELECT id, state, leave_at, last_seen_at, totp_enabled_at, created_at,
    CASE WHEN state IN ('invited', 'active', 'locked') THEN TRUE ELSE FALSE END AS still_enabled
FROM identity_user WHERE kind = 'guest';

DROP VIEW v_identity_leaver;
DROP VIEW v_identity_user;
CREATE VIEW v_identity_user AS
SELECT u.id, u.department_id, u.position_id, u.manager_id, u.state, u.origin,
    CASE WHEN r.user_id IS NULL THEN FALSE ELSE TRUE END AS approved_request,
    u.last_review_at,
    CASE WHEN u.totp_enabled_at IS NULL THEN FALSE ELSE TRUE END AS totp_enabled,
    u.last_seen_at, u.idle_flagged_at, u.leave_at, u.disabled_at, u.created_at
FROM identity_user u
LEFT JOIN (SELECT DISTINCT user_id FROM identity_account_request WHERE state = 'approved') r
    ON r.user_id = u.id
WHERE u.kind = 'staff';

CREATE VIEW v_identity_leaver AS
SELECT u.id, u.department_id, u.manager_id, u.state, u.leave_at, u.disabled_at,
    CASE WHEN u.state IN ('invited', 'active', 'locked') THEN TRUE ELSE FALSE END AS still_enabled,
    (u.disabled_at - u.leave_at) / 60000 AS minutes_to_disable,
    (SELECT COUNT(*) FROM identity_session s
        WHERE s.user_id = u.id AND s.ended_at IS NULL) AS open_sessions,
    (SELECT COUNT(*) FROM identity_token t
        WHERE t.user_id = u.id AND t.revoked_at IS NULL AND t.expires_at > u.leave_at) AS open_tokens,
    h.state AS handover_state
FROM identity_user u
LEFT JOIN identity_handover h ON h.user_id = u.id
WHERE u.leave_at IS NOT NULL AND u.kind = 'staff';
