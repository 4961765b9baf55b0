-- Departments, a tree.
CREATE TABLE identity_department (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    names TEXT NOT NULL,
    parent_id TEXT REFERENCES identity_department (id),
    head_id TEXT,
    archived_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_by TEXT
);

CREATE TABLE identity_position (
    id TEXT PRIMARY KEY,
    department_id TEXT NOT NULL REFERENCES identity_department (id),
    names TEXT NOT NULL,
    archived_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_by TEXT
);
CREATE INDEX identity_position_list ON identity_position (department_id, id);

-- Users. The password stands here only as an argon2id hash, the TOTP key only encrypted.
CREATE TABLE identity_user (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    language TEXT,
    department_id TEXT REFERENCES identity_department (id),
    position_id TEXT REFERENCES identity_position (id),
    manager_id TEXT REFERENCES identity_user (id),
    state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'locked', 'disabled', 'left')),
    origin TEXT NOT NULL,
    password_hash TEXT,
    password_changed_at BIGINT,
    totp_key {bytes},
    totp_enabled_at BIGINT,
    totp_step BIGINT NOT NULL,
    leave_at BIGINT,
    disabled_at BIGINT,
    disabled_reason TEXT,
    idle_flagged_at BIGINT,
    last_seen_at BIGINT,
    last_review_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_by TEXT
);
CREATE INDEX identity_user_list ON identity_user (name, id);
CREATE INDEX identity_user_department ON identity_user (department_id, name, id);
CREATE INDEX identity_user_leave ON identity_user (state, leave_at);

CREATE TABLE identity_recovery_code (
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    digest TEXT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (user_id, digest)
);

-- Sessions. Only the SHA-256 of the cookie is kept; ended ones stay as evidence.
CREATE TABLE identity_session (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    method TEXT NOT NULL,
    totp_used BOOLEAN NOT NULL,
    device_digest TEXT NOT NULL,
    agent_family TEXT NOT NULL,
    device_name TEXT NOT NULL,
    address TEXT NOT NULL,
    network TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_reason TEXT
);
CREATE INDEX identity_session_user ON identity_session (user_id, created_at);
CREATE INDEX identity_session_open ON identity_session (ended_at, last_seen_at);

-- Access tokens of programs. Only the SHA-256 is kept.
CREATE TABLE identity_token (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    hint TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT,
    created_at BIGINT NOT NULL,
    created_by TEXT
);
CREATE INDEX identity_token_user ON identity_token (user_id, id);

-- Single-use links. Only the SHA-256 is kept.
CREATE TABLE identity_link (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    purpose TEXT NOT NULL,
    user_id TEXT,
    about_id TEXT,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX identity_link_user ON identity_link (user_id, purpose, used_at);

-- Tries to sign in, per account (or account and known device) and per address.
CREATE TABLE identity_attempt (
    bucket TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE INDEX identity_attempt_old ON identity_attempt (last_at);

CREATE TABLE identity_role (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    names TEXT NOT NULL,
    descriptions TEXT NOT NULL,
    clearance TEXT NOT NULL,
    permissions TEXT NOT NULL,
    built_in BOOLEAN NOT NULL,
    archived_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_by TEXT
);

-- Who holds which role, within which scope; revoked ones stay.
CREATE TABLE identity_grant (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    role_id TEXT NOT NULL REFERENCES identity_role (id),
    scope TEXT NOT NULL CHECK (scope IN ('company', 'brand', 'department', 'own')),
    brand_id TEXT,
    department_id TEXT,
    expires_at BIGINT,
    reason TEXT,
    revoked_at BIGINT,
    revoked_by TEXT,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    CHECK ((scope = 'brand') = (brand_id IS NOT NULL)),
    CHECK ((scope = 'department') = (department_id IS NOT NULL))
);
CREATE INDEX identity_grant_user ON identity_grant (user_id, revoked_at);
CREATE INDEX identity_grant_role ON identity_grant (role_id, revoked_at);

CREATE TABLE identity_account_request (
    id TEXT PRIMARY KEY,
    department_id TEXT NOT NULL REFERENCES identity_department (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    language TEXT,
    position_id TEXT REFERENCES identity_position (id),
    role_id TEXT NOT NULL REFERENCES identity_role (id),
    scope TEXT NOT NULL,
    brand_id TEXT,
    scope_department_id TEXT,
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'rejected', 'withdrawn')),
    decided_by TEXT,
    decided_at BIGINT,
    decision_reason TEXT,
    user_id TEXT REFERENCES identity_user (id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_by TEXT
);
CREATE INDEX identity_account_request_list ON identity_account_request (state, id);
CREATE INDEX identity_account_request_user ON identity_account_request (user_id);

-- Half-yearly review of who has access: one per department and period.
CREATE TABLE identity_access_review (
    id TEXT PRIMARY KEY,
    period TEXT NOT NULL,
    department_id TEXT NOT NULL REFERENCES identity_department (id),
    reviewer_id TEXT,
    due_at BIGINT NOT NULL,
    closed_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_by TEXT,
    UNIQUE (period, department_id)
);
CREATE TABLE identity_access_review_item (
    id TEXT PRIMARY KEY,
    review_id TEXT NOT NULL REFERENCES identity_access_review (id),
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    grants TEXT NOT NULL,
    decision TEXT CHECK (decision IN ('keep', 'remove')),
    reason TEXT,
    decided_at BIGINT,
    decided_by TEXT,
    created_at BIGINT NOT NULL,
    UNIQUE (review_id, user_id)
);
CREATE INDEX identity_access_review_item_user ON identity_access_review_item (user_id, decided_at);

-- Devices that may be used in confidential areas.
CREATE TABLE identity_device (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    serial TEXT,
    owner_id TEXT NOT NULL REFERENCES identity_user (id),
    department_id TEXT,
    device_digest TEXT UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'active', 'retired')),
    encrypted BOOLEAN NOT NULL,
    encryption TEXT,
    checked_at BIGINT,
    checked_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_by TEXT
);
CREATE INDEX identity_device_owner ON identity_device (owner_id, id);

-- Permissions that a session may use only from a registered, encrypted and checked device.
CREATE TABLE identity_confidential_area (
    pattern TEXT PRIMARY KEY,
    created_at BIGINT NOT NULL,
    created_by TEXT
);

-- Result of each self-test of the encryption of stored secrets.
CREATE TABLE identity_encryption_test (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    subject TEXT NOT NULL,
    passed BOOLEAN NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX identity_encryption_test_at ON identity_encryption_test (at);

-- What must be handed over when somebody leaves.
CREATE TABLE identity_handover (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL UNIQUE REFERENCES identity_user (id),
    department_id TEXT,
    manager_id TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'done')),
    note TEXT,
    done_at BIGINT,
    done_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_by TEXT
);

-- Sign-ins that may not be the owner's, and what the owner said to them.
CREATE TABLE identity_alert (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    session_id TEXT NOT NULL,
    reasons TEXT NOT NULL,
    device_name TEXT NOT NULL,
    address TEXT NOT NULL,
    answer TEXT CHECK (answer IN ('me', 'not_me')),
    answered_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX identity_alert_user ON identity_alert (user_id, id);

-- Tickets for the IT department about accounts in danger.
CREATE TABLE identity_security_case (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    department_id TEXT,
    alert_id TEXT,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'handling', 'closed')),
    detail TEXT NOT NULL,
    handler_id TEXT,
    handled_at BIGINT,
    closed_at BIGINT,
    resolution TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_by TEXT
);
CREATE INDEX identity_security_case_list ON identity_security_case (state, id);

-- Important deletes and bulk changes, which need a second person.
CREATE TABLE identity_deletion_request (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    brand_id TEXT,
    department_id TEXT,
    owner_id TEXT,
    reason TEXT NOT NULL,
    preview TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'rejected', 'withdrawn', 'restored')),
    decided_by TEXT,
    decided_at BIGINT,
    decision_reason TEXT,
    done_at BIGINT,
    undo TEXT,
    restorable_until BIGINT,
    restored_at BIGINT,
    restored_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_by TEXT
);
CREATE INDEX identity_deletion_request_list ON identity_deletion_request (state, id);

-- Refused acts; the same one within a minute is counted, not written again.
CREATE TABLE identity_refusal (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    minute BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    by_token BOOLEAN NOT NULL,
    why TEXT NOT NULL,
    code TEXT NOT NULL,
    permission TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    UNIQUE (minute, user_id, code, permission, method, path)
);
CREATE INDEX identity_refusal_at ON identity_refusal (at);

-- What other domains, controls and reports may read.
CREATE VIEW v_identity_user_address AS
SELECT u.id, u.email, u.name
FROM identity_user u;

CREATE VIEW v_identity_user AS
SELECT u.id, u.department_id, u.position_id, u.manager_id, u.state, u.origin,
    CASE WHEN r.user_id IS NULL THEN FALSE ELSE TRUE END AS approved_request,
    u.last_review_at,
    CASE WHEN u.totp_enabled_at IS NULL THEN FALSE ELSE TRUE END AS totp_enabled,
    u.last_seen_at, u.idle_flagged_at, u.leave_at, u.disabled_at, u.created_at
FROM identity_user u
LEFT JOIN (SELECT DISTINCT user_id FROM identity_account_request WHERE state = 'approved') r
    ON r.user_id = u.id;

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
WHERE u.leave_at IS NOT NULL;

CREATE VIEW v_identity_account_request AS
SELECT id, department_id, state, created_by, decided_by, decided_at, user_id, created_at,
    CASE WHEN created_by = decided_by THEN TRUE ELSE FALSE END AS same_person
FROM identity_account_request;

CREATE VIEW v_identity_access_review_item AS
SELECT i.id, i.review_id, i.user_id, r.department_id, r.period, r.due_at, i.decision, i.decided_at, i.decided_by,
    CASE WHEN i.decided_by = i.user_id THEN TRUE ELSE FALSE END AS same_person, i.created_at
FROM identity_access_review_item i
JOIN identity_access_review r ON r.id = i.review_id;

CREATE VIEW v_identity_alert AS
SELECT id, user_id, answer, answered_at, created_at FROM identity_alert;

CREATE VIEW v_identity_security_case AS
SELECT id, user_id, department_id, kind, state, handler_id, handled_at, closed_at, created_at,
    (handled_at - created_at) / 60000 AS minutes_to_handling
FROM identity_security_case;

CREATE VIEW v_identity_session_refusal AS
SELECT id, at, user_id, by_token, why, code, permission, method, path, attempts FROM identity_refusal;

CREATE VIEW v_identity_device AS
SELECT id, owner_id, department_id, kind, state, encrypted, checked_at, checked_by, created_at FROM identity_device;

CREATE VIEW v_identity_encryption_test AS
SELECT id, at, subject, passed FROM identity_encryption_test;

CREATE VIEW v_identity_four_eyes AS
SELECT id, kind, brand_id, department_id, owner_id, state, row_count, created_by AS requested_by, created_at,
    decided_by, decided_at, done_at, restorable_until, restored_at,
    CASE WHEN decided_by IS NOT NULL AND decided_by <> created_by THEN TRUE ELSE FALSE END AS second_person,
    -- Whoever asked tried to be the second person, too; that was refused.
    EXISTS (SELECT 1 FROM identity_refusal f
        WHERE f.code = 'identity.deletion_request.own' AND f.path LIKE '%/' || q.id || '/%') AS tried_alone
FROM identity_deletion_request q;
