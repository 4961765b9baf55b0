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

-- Entries that the sealer has not chained yet; the one place that says so exactly, because on a
-- database with several writers an entry with a lower id can commit after one with a higher id.
CREATE TABLE audit_unsealed (
    entry_id BIGINT PRIMARY KEY
);

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

-- Domain events; the relay makes one job per subscribed handler and marks the event.
CREATE TABLE outbox_event (
    position {autoid},
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    relayed_at BIGINT
);
CREATE INDEX outbox_event_waiting ON outbox_event (position) WHERE relayed_at IS NULL;
CREATE INDEX outbox_event_relayed ON outbox_event (relayed_at) WHERE relayed_at IS NOT NULL;

-- Jobs of one lane run one after the other, in the order of lane_order.
CREATE TABLE job (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    priority BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    max_attempts BIGINT NOT NULL,
    dedupe_key TEXT UNIQUE,
    lane TEXT,
    lane_order BIGINT,
    lease_id TEXT,
    leased_until BIGINT,
    last_error TEXT,
    progress TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX job_due ON job (priority DESC, run_at, id) WHERE state = 'waiting';
CREATE INDEX job_leased ON job (leased_until) WHERE state = 'running';
CREATE INDEX job_lane ON job (lane, lane_order) WHERE state IN ('waiting', 'running');
CREATE INDEX job_state ON job (state, id);
CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL;

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
CREATE INDEX idempotency_key_created ON idempotency_key (created_at);

-- Secrets of this installation (keys), each encrypted under the master key beside the database.
CREATE TABLE installation_secret (
    name TEXT PRIMARY KEY,
    sealed {bytes} NOT NULL,
    created_at BIGINT NOT NULL
);
