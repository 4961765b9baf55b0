-- Where events come from. The write key is a secret: found by its digest, shown again only to those who manage sources.
CREATE TABLE event_source (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    purpose TEXT NOT NULL,
    brand_id TEXT,
    key_digest TEXT NOT NULL,
    key_sealed {bytes} NOT NULL,
    active BOOLEAN NOT NULL,
    silent_after_hours BIGINT,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX event_source_name ON event_source (name);
CREATE UNIQUE INDEX event_source_key ON event_source (key_digest);

-- Events that could not be counted, as they were sent, until somebody decides.
CREATE TABLE quarantined_event (
    id TEXT PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES event_source (id),
    received_at BIGINT NOT NULL,
    message_id TEXT,
    fault TEXT NOT NULL,
    field TEXT,
    body TEXT NOT NULL,
    body_digest TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    decided_at BIGINT,
    decided_by TEXT,
    version BIGINT NOT NULL
);
-- What is sent again is the same event.
CREATE UNIQUE INDEX quarantined_event_body ON quarantined_event (source_id, body_digest);
CREATE INDEX quarantined_event_newest ON quarantined_event (state, received_at, id);
CREATE INDEX quarantined_event_source ON quarantined_event (source_id, state, received_at, id);

-- What was seen to be a program instead of a person, by day of arrival (UTC).
CREATE TABLE event_source_bot (
    source_id TEXT NOT NULL REFERENCES event_source (id),
    day TEXT NOT NULL,
    events BIGINT NOT NULL,
    PRIMARY KEY (source_id, day)
);

-- Until where our own orders and messages are in the lake.
CREATE TABLE event_projection (
    stream TEXT PRIMARY KEY,
    after_at BIGINT NOT NULL,
    after_id TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE VIEW v_customers_source AS
SELECT s.id, s.name, s.kind, s.purpose, s.brand_id, s.active, s.silent_after_hours, s.created_at,
       (SELECT MAX(d.last_at) FROM v_lake_source_day d WHERE d.source_id = s.id) AS last_event_at,
       COALESCE((SELECT MAX(d.last_at) FROM v_lake_source_day d WHERE d.source_id = s.id), s.created_at)
           + s.silent_after_hours * 3600000 AS expected_by,
       (SELECT COUNT(*) FROM quarantined_event q WHERE q.source_id = s.id AND q.state = 'open') AS quarantined
FROM event_source s;

CREATE VIEW v_customers_quarantined_event AS
SELECT id, source_id, received_at, fault, field, state, decided_at, decided_by FROM quarantined_event;
