-- Who did what. Written in the transaction of the change; never updated or deleted.
CREATE TABLE audit_entry (
    id {autoid},
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    actor_name TEXT NOT NULL,
    request_id TEXT NOT NULL,
    action TEXT NOT NULL,
    noun TEXT NOT NULL,
    noun_id TEXT,
    brand_id TEXT,
    department_id TEXT,
    reason TEXT,
    changes TEXT,
    row_count BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX audit_entry_noun ON audit_entry (noun, noun_id, id);
CREATE INDEX audit_entry_actor ON audit_entry (actor_id, id);
CREATE INDEX audit_entry_action ON audit_entry (action, id);

-- The chain over the entries, in the order in which the sealer saw them committed.
CREATE TABLE audit_seal (
    position BIGINT PRIMARY KEY,
    entry_id BIGINT NOT NULL UNIQUE,
    hash TEXT NOT NULL
);

-- Signed states of the chain; the same lines also leave the database.
CREATE TABLE audit_checkpoint (
    position BIGINT PRIMARY KEY,
    hash TEXT NOT NULL,
    at BIGINT NOT NULL,
    signature TEXT NOT NULL
);

CREATE TABLE outbox_event (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    delivered_at BIGINT
);
CREATE INDEX outbox_event_waiting ON outbox_event (delivered_at, id);

CREATE TABLE job (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    priority BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    max_attempts BIGINT NOT NULL,
    dedupe_key TEXT UNIQUE,
    lease_id TEXT,
    leased_until BIGINT,
    last_error TEXT,
    progress TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX job_due ON job (state, run_at, priority);

CREATE TABLE job_schedule (
    kind TEXT PRIMARY KEY,
    next_run_at BIGINT NOT NULL,
    last_run_at BIGINT
);

CREATE TABLE idempotency_key (
    actor TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status BIGINT,
    response TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (actor, idempotency_key)
);

-- Secrets of this installation (keys), each encrypted under the master key beside the database.
CREATE TABLE installation_secret (
    name TEXT PRIMARY KEY,
    sealed {bytes} NOT NULL,
    created_at BIGINT NOT NULL
);
