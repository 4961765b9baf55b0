CREATE TABLE rulebook_calendar (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    names TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Versions of calendars; never updated or deleted.
CREATE TABLE rulebook_calendar_version (
    id TEXT PRIMARY KEY,
    calendar_id TEXT NOT NULL REFERENCES rulebook_calendar (id),
    version BIGINT NOT NULL,
    definition TEXT NOT NULL,
    effective_from TEXT NOT NULL,
    reason TEXT NOT NULL,
    changed_by TEXT,
    changed_by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (calendar_id, version)
);

-- Where each clock stands after its newest event; events are what counts, this is what they come to.
CREATE TABLE rulebook_clock (
    id TEXT PRIMARY KEY,
    subject_noun TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    calendar_id TEXT NOT NULL REFERENCES rulebook_calendar (id),
    calendar_version BIGINT NOT NULL,
    follows BOOLEAN NOT NULL,
    receiver_calendar_id TEXT NOT NULL REFERENCES rulebook_calendar (id),
    budget_seconds BIGINT NOT NULL,
    state TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    remaining_ms BIGINT NOT NULL,
    last_event_at BIGINT NOT NULL,
    due_at BIGINT,
    stopped_at BIGINT,
    breached_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX rulebook_clock_subject ON rulebook_clock (subject_noun, subject_id, kind);
CREATE INDEX rulebook_clock_by_due ON rulebook_clock (state, due_at, id);
CREATE INDEX rulebook_clock_calendar ON rulebook_clock (calendar_id, id);

-- What happened to a clock, and when it was recorded; never updated or deleted.
CREATE TABLE rulebook_clock_event (
    clock_id TEXT NOT NULL REFERENCES rulebook_clock (id),
    position BIGINT NOT NULL,
    act TEXT NOT NULL,
    calendar_id TEXT,
    calendar_version BIGINT,
    budget_seconds BIGINT,
    happened_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT,
    PRIMARY KEY (clock_id, position)
);

-- The due time that a clock had before its calendar changed.
CREATE TABLE rulebook_clock_due (
    clock_id TEXT NOT NULL REFERENCES rulebook_clock (id),
    calendar_version BIGINT NOT NULL,
    due_at BIGINT,
    replaced_at BIGINT NOT NULL,
    PRIMARY KEY (clock_id, calendar_version)
);

-- The ladder of reminders; wake_at is when the next look is due, nothing while the clock does not run.
CREATE TABLE rulebook_clock_step (
    clock_id TEXT NOT NULL REFERENCES rulebook_clock (id),
    step TEXT NOT NULL,
    basis TEXT NOT NULL,
    amount BIGINT NOT NULL,
    waits BOOLEAN NOT NULL,
    fire_at BIGINT,
    deferred_to BIGINT,
    wake_at BIGINT,
    fired_at BIGINT,
    PRIMARY KEY (clock_id, step)
);
CREATE INDEX rulebook_clock_step_wake ON rulebook_clock_step (wake_at);

CREATE VIEW v_rulebook_clock AS
    SELECT k.id, k.subject_noun, k.subject_id, k.kind, c.code AS calendar_code, k.budget_seconds, k.state,
           k.started_at, k.due_at, k.stopped_at, (k.breached_at IS NOT NULL) AS breached, k.breached_at
    FROM rulebook_clock k JOIN rulebook_calendar c ON c.id = k.calendar_id;
