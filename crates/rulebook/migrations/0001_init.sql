-- Versions of packs, each known by the digest of its files; never updated or deleted.
CREATE TABLE rulebook_pack_version (
    id TEXT PRIMARY KEY,
    pack_id TEXT NOT NULL,
    label TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    files TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (pack_id, content_hash)
);

-- The version of each pack that runs.
CREATE TABLE rulebook_pack (
    pack_id TEXT PRIMARY KEY,
    version_id TEXT NOT NULL REFERENCES rulebook_pack_version (id),
    applied_at BIGINT NOT NULL
);

CREATE TABLE rulebook_parameter (
    parameter_key TEXT PRIMARY KEY,
    pack_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    changed BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE rulebook_parameter_change (
    id TEXT PRIMARY KEY,
    parameter_key TEXT NOT NULL REFERENCES rulebook_parameter (parameter_key),
    version BIGINT NOT NULL,
    value_before TEXT,
    value_after TEXT NOT NULL,
    reason TEXT NOT NULL,
    changed_by TEXT,
    changed_by_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (parameter_key, version)
);

-- Versions of state machines; an instance keeps the one that it began with.
CREATE TABLE rulebook_machine_version (
    machine_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    content_hash TEXT NOT NULL,
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (machine_id, version)
);

CREATE TABLE rulebook_instance (
    id TEXT PRIMARY KEY,
    machine_id TEXT NOT NULL,
    machine_version BIGINT NOT NULL,
    subject_noun TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    state TEXT NOT NULL,
    ended BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    FOREIGN KEY (machine_id, machine_version) REFERENCES rulebook_machine_version (machine_id, version)
);
CREATE INDEX rulebook_instance_subject ON rulebook_instance (subject_noun, subject_id);

CREATE TABLE rulebook_instance_step (
    instance_id TEXT NOT NULL REFERENCES rulebook_instance (id),
    position BIGINT NOT NULL,
    action TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    facts TEXT,
    actor_id TEXT,
    actor_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (instance_id, position)
);

CREATE TABLE rulebook_instance_participant (
    instance_id TEXT NOT NULL REFERENCES rulebook_instance (id),
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (instance_id, user_id, role)
);

-- The one list behind "my work".
CREATE TABLE rulebook_task (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    subject_noun TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    link TEXT NOT NULL,
    title_code TEXT NOT NULL,
    title_args TEXT NOT NULL,
    assignee_user_id TEXT,
    assignee_permission TEXT,
    brand_id TEXT,
    department_id TEXT,
    due_at BIGINT,
    urgency BIGINT NOT NULL,
    actions TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    done_at BIGINT,
    done_by TEXT
);
CREATE INDEX rulebook_task_urgent ON rulebook_task (state, urgency, id);
CREATE INDEX rulebook_task_user ON rulebook_task (assignee_user_id, state, urgency, id);
CREATE INDEX rulebook_task_subject ON rulebook_task (subject_noun, subject_id, kind, state);

CREATE TABLE rulebook_task_exclusion (
    task_id TEXT NOT NULL REFERENCES rulebook_task (id),
    user_id TEXT NOT NULL,
    PRIMARY KEY (task_id, user_id)
);

-- What a control found, from which figures. A measurement that finds the same on the same day confirms
-- the run instead of making another: its window and rows are then those of the confirmation.
CREATE TABLE rulebook_evidence_run (
    id TEXT PRIMARY KEY,
    control_id TEXT NOT NULL,
    spec_hash TEXT NOT NULL,
    kind TEXT NOT NULL,
    verdict TEXT NOT NULL,
    value DOUBLE PRECISION,
    operator TEXT NOT NULL,
    threshold DOUBLE PRECISION NOT NULL,
    population BIGINT NOT NULL,
    counted BIGINT NOT NULL,
    window_days BIGINT,
    window_from BIGINT,
    window_to BIGINT NOT NULL,
    inputs TEXT NOT NULL,
    row_set TEXT NOT NULL,
    row_ids TEXT NOT NULL,
    evaluated_at BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL
);
CREATE INDEX rulebook_evidence_run_control ON rulebook_evidence_run (control_id, evaluated_at, id);
CREATE INDEX rulebook_evidence_run_time ON rulebook_evidence_run (confirmed_at, control_id);

-- The newest run of each control.
CREATE TABLE rulebook_control_state (
    control_id TEXT PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES rulebook_evidence_run (id)
);

CREATE VIEW v_rulebook_task AS
    SELECT id, kind, state, subject_noun, subject_id, assignee_user_id, assignee_permission, brand_id,
           department_id, due_at, created_at, done_at, done_by,
           (done_at IS NOT NULL AND due_at IS NOT NULL AND done_at > due_at) AS late
    FROM rulebook_task;

CREATE VIEW v_rulebook_parameter_change AS
    SELECT id, parameter_key, version, reason, changed_by, at FROM rulebook_parameter_change;

CREATE VIEW v_rulebook_run AS
    SELECT id, control_id, verdict, value, population, counted, evaluated_at, confirmed_at
    FROM rulebook_evidence_run;
