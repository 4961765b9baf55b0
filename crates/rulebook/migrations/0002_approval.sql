-- Approvals: a move of an instance that waits for others to agree.
CREATE TABLE rulebook_approval (
    id TEXT PRIMARY KEY,
    instance_id TEXT NOT NULL REFERENCES rulebook_instance (id),
    machine_id TEXT NOT NULL,
    machine_version BIGINT NOT NULL,
    transition BIGINT NOT NULL,
    subject_noun TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    subject_title TEXT NOT NULL,
    subject_link TEXT NOT NULL,
    subject_version BIGINT NOT NULL,
    content_hash TEXT NOT NULL,
    action TEXT NOT NULL,
    action_names TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    rejected_state TEXT,
    facts TEXT NOT NULL,
    money BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'rejected', 'voided', 'withdrawn')),
    reason TEXT,
    requested_by TEXT,
    requested_by_name TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    decided_at BIGINT,
    version BIGINT NOT NULL
);
-- A thing waits for one approval at a time.
CREATE UNIQUE INDEX rulebook_approval_pending ON rulebook_approval (instance_id) WHERE state = 'pending';
CREATE INDEX rulebook_approval_requester ON rulebook_approval (requested_by, id);
CREATE INDEX rulebook_approval_subject ON rulebook_approval (subject_noun, subject_id, id);

CREATE TABLE rulebook_approval_step (
    id TEXT PRIMARY KEY,
    approval_id TEXT NOT NULL REFERENCES rulebook_approval (id),
    step_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    wave BIGINT NOT NULL,
    names TEXT NOT NULL,
    mode TEXT NOT NULL,
    needed BIGINT NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('waiting', 'open', 'approved', 'rejected', 'skipped', 'timed_out')),
    opened_at BIGINT,
    due_at BIGINT,
    late_at BIGINT,
    reminded_at BIGINT,
    closed_at BIGINT,
    UNIQUE (approval_id, step_id)
);
CREATE INDEX rulebook_approval_step_open ON rulebook_approval_step (state, due_at, id);

-- Roles that nobody who decides a step may ever have taken, as they were when it was asked for.
CREATE TABLE rulebook_approval_separation (
    step_id TEXT NOT NULL REFERENCES rulebook_approval_step (id),
    role TEXT NOT NULL,
    PRIMARY KEY (step_id, role)
);

-- Who may decide a step, for whom, and what they decided.
CREATE TABLE rulebook_approval_decider (
    id TEXT PRIMARY KEY,
    step_id TEXT NOT NULL REFERENCES rulebook_approval_step (id),
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    for_user_id TEXT NOT NULL,
    for_user_name TEXT NOT NULL,
    delegation_id TEXT,
    escalated BOOLEAN NOT NULL,
    decision TEXT CHECK (decision IN ('approve', 'reject')),
    comment TEXT,
    by_mail BOOLEAN NOT NULL,
    decided_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (step_id, user_id, for_user_id)
);
CREATE INDEX rulebook_approval_decider_user ON rulebook_approval_decider (user_id, decided_at, step_id);

-- Links of mails by which a step can be decided, once each. Only the SHA-256 is kept.
CREATE TABLE rulebook_approval_link (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    approval_id TEXT NOT NULL REFERENCES rulebook_approval (id),
    step_id TEXT NOT NULL REFERENCES rulebook_approval_step (id),
    user_id TEXT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('approve', 'reject')),
    subject_version BIGINT NOT NULL,
    content_hash TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    voided_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX rulebook_approval_link_step ON rulebook_approval_link (step_id, user_id);
CREATE INDEX rulebook_approval_link_old ON rulebook_approval_link (expires_at);

CREATE VIEW v_rulebook_approval AS
SELECT a.id, a.subject_noun, a.subject_id, a.action, a.state, a.requested_by, a.requested_at, a.decided_at,
    (SELECT COUNT(*) FROM rulebook_approval_step s WHERE s.approval_id = a.id AND s.state <> 'skipped') AS steps,
    NOT EXISTS (SELECT 1 FROM rulebook_approval_step s
        WHERE s.approval_id = a.id AND s.due_at IS NOT NULL
            AND (s.late_at IS NOT NULL OR s.closed_at > s.due_at)) AS on_time,
    NOT EXISTS (SELECT 1 FROM rulebook_approval_decider d
        JOIN rulebook_approval_step s ON s.id = d.step_id
        WHERE s.approval_id = a.id AND d.decided_at IS NOT NULL
            AND (d.user_id = a.requested_by OR d.for_user_id = a.requested_by
                OR EXISTS (SELECT 1 FROM rulebook_approval_separation r
                    JOIN rulebook_instance_participant p ON p.role = r.role AND p.instance_id = a.instance_id
                    WHERE r.step_id = s.id AND p.at <= d.decided_at
                        AND (p.user_id = d.user_id OR p.user_id = d.for_user_id)))) AS separate
FROM rulebook_approval a;
