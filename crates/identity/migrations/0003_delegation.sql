-- Who stands in for whom, in a half-open window of time; an ended one stays.
CREATE TABLE identity_delegation (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('delegation', 'absence')),
    from_user_id TEXT NOT NULL REFERENCES identity_user (id),
    to_user_id TEXT NOT NULL REFERENCES identity_user (id),
    task_kinds TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT NOT NULL,
    reason TEXT NOT NULL,
    ended_at BIGINT,
    ended_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_by TEXT,
    CHECK (valid_from < valid_to),
    CHECK (from_user_id <> to_user_id)
);
CREATE INDEX identity_delegation_from ON identity_delegation (from_user_id, valid_to);
CREATE INDEX identity_delegation_to ON identity_delegation (to_user_id, valid_to);
CREATE INDEX identity_delegation_window ON identity_delegation (valid_to, valid_from);

CREATE VIEW v_identity_delegation AS
SELECT d.id, d.kind, d.from_user_id, d.to_user_id, u.department_id, d.valid_from, d.valid_to, d.ended_at,
    d.created_by, d.created_at
FROM identity_delegation d JOIN identity_user u ON u.id = d.from_user_id;
