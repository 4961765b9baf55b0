-- Pages and feeds of others that are looked at by themselves, and what stood there last.
CREATE TABLE rulebook_watch (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('page', 'feed')),
    url TEXT NOT NULL,
    selector TEXT,
    keywords TEXT NOT NULL,
    keyword_match TEXT NOT NULL CHECK (keyword_match IN ('any', 'all')),
    interval_minutes BIGINT,
    opens TEXT,
    opens_values TEXT NOT NULL,
    from_start BOOLEAN NOT NULL,
    owner_id TEXT NOT NULL,
    department_id TEXT,
    competitor_id TEXT REFERENCES rulebook_record (id),
    active BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'ok', 'failing')),
    failures BIGINT NOT NULL,
    fault TEXT,
    detail TEXT,
    status BIGINT,
    latency_ms BIGINT,
    certificate_until BIGINT,
    digest TEXT,
    words TEXT,
    looked_at BIGINT,
    next_at BIGINT NOT NULL,
    risk_id TEXT REFERENCES rulebook_record (id),
    created_at BIGINT NOT NULL,
    created_by TEXT,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX rulebook_watch_due ON rulebook_watch (active, next_at);

-- Each look, never changed; old ones go.
CREATE TABLE rulebook_watch_run (
    id TEXT PRIMARY KEY,
    watch_id TEXT NOT NULL REFERENCES rulebook_watch (id),
    at BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('first', 'unchanged', 'changed', 'failed')),
    fault TEXT,
    detail TEXT,
    status BIGINT,
    latency_ms BIGINT NOT NULL,
    certificate_until BIGINT,
    digest TEXT,
    found BIGINT NOT NULL,
    opened BIGINT NOT NULL
);
CREATE INDEX rulebook_watch_run_watch ON rulebook_watch_run (watch_id, id);
CREATE INDEX rulebook_watch_run_at ON rulebook_watch_run (at);

-- What was seen, and the record that it opened where it opened one: nothing opens a second one.
CREATE TABLE rulebook_watch_seen (
    watch_id TEXT NOT NULL REFERENCES rulebook_watch (id),
    seen TEXT NOT NULL,
    at BIGINT NOT NULL,
    record_id TEXT REFERENCES rulebook_record (id),
    PRIMARY KEY (watch_id, seen)
);

CREATE VIEW v_rulebook_watch AS
    SELECT id, name, kind, opens, owner_id, department_id, competitor_id, active, state, failures, fault, status,
           latency_ms, certificate_until, looked_at, next_at, created_at FROM rulebook_watch;

CREATE VIEW v_rulebook_watch_run AS
    SELECT r.id AS id, r.watch_id AS watch_id, w.kind AS kind, w.owner_id AS owner_id, r.outcome AS outcome,
           r.fault AS fault, r.status AS status, r.latency_ms AS latency_ms,
           r.certificate_until AS certificate_until, r.found AS found, r.opened AS opened, r.at AS at
    FROM rulebook_watch_run r JOIN rulebook_watch w ON w.id = r.watch_id;
