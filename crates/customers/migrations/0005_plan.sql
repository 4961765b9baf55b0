-- How strictly the events of a source are held to the tracking plan.
ALTER TABLE event_source ADD COLUMN plan TEXT NOT NULL DEFAULT 'off';

-- Why an event breaks the plan: the reason, the kind that was planned and the kind that came.
ALTER TABLE quarantined_event ADD COLUMN detail TEXT;
ALTER TABLE quarantined_event ADD COLUMN expected TEXT;
ALTER TABLE quarantined_event ADD COLUMN found TEXT;

-- Which kinds of data a source is to bring.
CREATE TABLE event_source_expected (
    source_id TEXT NOT NULL REFERENCES event_source (id),
    data TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (source_id, data)
);

-- Planned events; their definitions stand in the versions, which never change.
CREATE TABLE planned_event (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX planned_event_name ON planned_event (name, kind);
CREATE TABLE planned_event_version (
    event_id TEXT NOT NULL REFERENCES planned_event (id),
    number BIGINT NOT NULL,
    definition TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    PRIMARY KEY (event_id, number)
);

-- What arrived, by day of arrival (UTC), whether it counted or not.
CREATE TABLE event_seen (
    source_id TEXT NOT NULL REFERENCES event_source (id),
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    data TEXT,
    events BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (source_id, day, kind, name)
);

-- In what events broke the plan on a day; reason 'absent' stands for a field that may be absent, and was.
CREATE TABLE plan_breach (
    source_id TEXT NOT NULL REFERENCES event_source (id),
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    field TEXT NOT NULL,
    reason TEXT NOT NULL,
    found TEXT NOT NULL,
    expected TEXT,
    events BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (source_id, day, kind, name, field, reason, found)
);

-- How many events the sending side says that it sent on a day (UTC).
CREATE TABLE event_source_total (
    source_id TEXT NOT NULL REFERENCES event_source (id),
    day TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    events BIGINT NOT NULL,
    said_at BIGINT NOT NULL,
    said_by TEXT,
    PRIMARY KEY (source_id, day)
);

-- Whether a day brought about as much as the same weekday of the four weeks before.
CREATE TABLE event_source_volume (
    source_id TEXT NOT NULL REFERENCES event_source (id),
    day TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    events BIGINT NOT NULL,
    expected BIGINT,
    state TEXT NOT NULL,
    PRIMARY KEY (source_id, day)
);

CREATE VIEW v_customers_expected_data AS
SELECT x.source_id || '/' || x.data AS id, x.source_id, s.name, s.kind, s.brand_id, x.data, x.since AS created_at,
       (SELECT MAX(n.last_at) FROM event_seen n WHERE n.source_id = x.source_id AND n.data = x.data) AS last_at,
       COALESCE((SELECT MAX(n.last_at) FROM event_seen n WHERE n.source_id = x.source_id AND n.data = x.data), x.since)
           + COALESCE(s.silent_after_hours, 168) * 3600000 AS expected_by
FROM event_source_expected x JOIN event_source s ON s.id = x.source_id
WHERE s.active OR s.kind = 'internal';

CREATE VIEW v_customers_source_total AS
SELECT c.id, c.source_id, c.day, c.starts_at, c.events, c.said_at, c.stored, c.duplicates, c.quarantined,
       c.stored + c.quarantined - c.events AS difference
FROM (SELECT t.source_id || '/' || t.day AS id, t.source_id, t.day, t.starts_at, t.events, t.said_at,
             CAST(COALESCE((SELECT SUM(d.stored) FROM v_lake_source_day d
                 WHERE d.source_id = t.source_id AND d.day = t.day), 0) AS BIGINT)
               - (SELECT COUNT(*) FROM quarantined_event q WHERE q.source_id = t.source_id AND q.state = 'replayed'
                    AND q.decided_at >= t.starts_at AND q.decided_at < t.starts_at + 86400000) AS stored,
             CAST(COALESCE((SELECT SUM(d.duplicates) FROM v_lake_source_day d
                 WHERE d.source_id = t.source_id AND d.day = t.day), 0) AS BIGINT) AS duplicates,
             (SELECT COUNT(*) FROM quarantined_event q WHERE q.source_id = t.source_id
                 AND q.received_at >= t.starts_at AND q.received_at < t.starts_at + 86400000) AS quarantined
      FROM event_source_total t) c;

CREATE VIEW v_customers_source_volume AS
SELECT v.source_id || '/' || v.day AS id, v.source_id, v.day, v.starts_at, v.events, v.expected, v.state
FROM event_source_volume v;

CREATE VIEW v_customers_planned_event AS
SELECT e.id, e.kind, e.name, e.state, e.version, e.updated_at FROM planned_event e;
