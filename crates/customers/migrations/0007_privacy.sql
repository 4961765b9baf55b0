-- What somebody wished about their own data, and since when.
ALTER TABLE profile ADD COLUMN no_automated_since BIGINT;
ALTER TABLE profile ADD COLUMN restricted_since BIGINT;
-- Set when a person was erased: the row stays as an empty place that facts without personal data point at.
ALTER TABLE profile ADD COLUMN erased_at BIGINT;
-- A record that stands for nobody and that shows where a list went.
ALTER TABLE profile ADD COLUMN is_decoy BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX profile_decoy ON profile (id) WHERE is_decoy;
ALTER TABLE identifier_node ADD COLUMN erased_at BIGINT;

-- A sentence that is in force for a purpose, a channel and a language; consents point at the one they were given under.
ALTER TABLE consent_text ADD COLUMN brand_id TEXT;
ALTER TABLE consent_text ADD COLUMN purpose TEXT;
ALTER TABLE consent_text ADD COLUMN channel TEXT;
ALTER TABLE consent_text ADD COLUMN language TEXT;
ALTER TABLE consent_text ADD COLUMN valid_from BIGINT;
ALTER TABLE consent_text ADD COLUMN published_at BIGINT;
ALTER TABLE consent_text ADD COLUMN published_by TEXT;
CREATE INDEX consent_text_valid ON consent_text (purpose, channel, language, valid_from) WHERE published_at IS NOT NULL;
CREATE INDEX consent_event_text ON consent_event (text_id);

-- What people ask about their own data.
CREATE TABLE subject_request (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    regime TEXT NOT NULL,
    state TEXT NOT NULL,
    profile_id TEXT REFERENCES profile (id),
    contact TEXT,
    channel TEXT NOT NULL,
    note TEXT,
    received_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    extended_because TEXT,
    -- Until which warning the desk was told: none, due_soon, overdue.
    reminded TEXT NOT NULL,
    verified_at BIGINT,
    verified_by TEXT,
    verified_means TEXT,
    verified_detail TEXT,
    decided_at BIGINT,
    decided_by TEXT,
    reason TEXT,
    ground TEXT,
    result TEXT,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    version BIGINT NOT NULL
);
CREATE INDEX subject_request_due ON subject_request (due_at, id);
CREATE INDEX subject_request_state ON subject_request (state, due_at, id);
CREATE INDEX subject_request_profile ON subject_request (profile_id, id);

-- Why somebody's data have to stay for now.
CREATE TABLE legal_hold (
    id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL REFERENCES profile (id),
    reason TEXT NOT NULL,
    until BIGINT,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    lifted_at BIGINT,
    lifted_by TEXT,
    lifted_because TEXT,
    version BIGINT NOT NULL
);
CREATE INDEX legal_hold_profile ON legal_hold (profile_id) WHERE lifted_at IS NULL;

-- People who were erased, and how far that is.
CREATE TABLE erasure (
    id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL REFERENCES profile (id),
    request_id TEXT REFERENCES subject_request (id),
    cause TEXT NOT NULL,
    step TEXT NOT NULL,
    nodes BIGINT NOT NULL,
    reason TEXT NOT NULL,
    erased_at BIGINT NOT NULL,
    erased_by TEXT,
    finished_at BIGINT,
    lake_events BIGINT NOT NULL,
    proof TEXT NOT NULL,
    -- What is looked for until nothing is found any more, sealed; empty from then on.
    sought {bytes},
    readmitted_at BIGINT,
    readmitted_by TEXT,
    readmitted_because TEXT,
    version BIGINT NOT NULL
);
CREATE INDEX erasure_newest ON erasure (erased_at, id);
CREATE INDEX erasure_profile ON erasure (profile_id);
CREATE INDEX erasure_request ON erasure (request_id);
CREATE INDEX erasure_step ON erasure (step) WHERE finished_at IS NULL;

-- Identifiers of people who were erased, as keyed digests.
CREATE TABLE erased_identifier (
    node_id TEXT PRIMARY KEY REFERENCES identifier_node (id),
    erasure_id TEXT NOT NULL REFERENCES erasure (id),
    kind TEXT NOT NULL,
    digest TEXT NOT NULL,
    erased_at BIGINT NOT NULL
);
CREATE INDEX erased_identifier_digest ON erased_identifier (digest);
CREATE INDEX erased_identifier_erasure ON erased_identifier (erasure_id);

-- How long what is kept.
CREATE TABLE retention_rule (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    what TEXT NOT NULL,
    after_days BIGINT NOT NULL,
    action TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    last_run_at BIGINT,
    last_count BIGINT,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE TABLE retention_run (
    id TEXT PRIMARY KEY,
    rule_id TEXT NOT NULL REFERENCES retention_rule (id),
    cause TEXT NOT NULL,
    what TEXT NOT NULL,
    action TEXT NOT NULL,
    before BIGINT NOT NULL,
    count BIGINT NOT NULL,
    held BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX retention_run_newest ON retention_run (started_at, id);
CREATE INDEX retention_run_rule ON retention_run (rule_id, started_at, id);

-- Data that got into the wrong hands.
CREATE TABLE leak (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    what_happened TEXT NOT NULL,
    discovered_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    fields TEXT NOT NULL,
    affected_count BIGINT NOT NULL,
    authority_due_at BIGINT NOT NULL,
    authority_reported_at BIGINT,
    authority_reference TEXT,
    authority_waived_because TEXT,
    people_informed_at BIGINT,
    people_informed_how TEXT,
    closed_at BIGINT,
    closed_because TEXT,
    reminded TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    version BIGINT NOT NULL
);
CREATE INDEX leak_newest ON leak (discovered_at, id);
CREATE INDEX leak_due ON leak (authority_due_at) WHERE authority_reported_at IS NULL AND authority_waived_because IS NULL;
CREATE TABLE leak_person (
    leak_id TEXT NOT NULL REFERENCES leak (id),
    profile_id TEXT NOT NULL REFERENCES profile (id),
    named_by TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (leak_id, profile_id)
);
CREATE TABLE leak_step (
    id TEXT PRIMARY KEY,
    leak_id TEXT NOT NULL REFERENCES leak (id),
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    note TEXT,
    by_user TEXT,
    count BIGINT
);
CREATE INDEX leak_step_leak ON leak_step (leak_id, at, id);

-- Lists of people that left as a file; who was in it lies in a file of its own, as long as that is kept.
CREATE TABLE profile_export (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_id TEXT,
    actor_name TEXT NOT NULL,
    format TEXT NOT NULL,
    filter TEXT NOT NULL,
    rows BIGINT NOT NULL,
    people_hash TEXT
);
CREATE INDEX profile_export_newest ON profile_export (at, id);

-- Records that stand for nobody.
CREATE TABLE decoy (
    id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL UNIQUE REFERENCES profile (id),
    label TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    retired_at BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX decoy_newest ON decoy (created_at, id);
CREATE TABLE decoy_export (
    export_id TEXT NOT NULL REFERENCES profile_export (id),
    decoy_id TEXT NOT NULL REFERENCES decoy (id),
    PRIMARY KEY (export_id, decoy_id)
);
CREATE INDEX decoy_export_decoy ON decoy_export (decoy_id, export_id);
CREATE TABLE decoy_hit (
    id TEXT PRIMARY KEY,
    decoy_id TEXT NOT NULL REFERENCES decoy (id),
    channel TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT,
    sender TEXT,
    note TEXT
);
CREATE INDEX decoy_hit_newest ON decoy_hit (recorded_at, id);
CREATE INDEX decoy_hit_decoy ON decoy_hit (decoy_id, recorded_at, id);

-- Days on which somebody took out or looked at more than usual.
CREATE TABLE access_alert (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    count BIGINT NOT NULL,
    usual DOUBLE PRECISION NOT NULL,
    threshold BIGINT NOT NULL,
    because TEXT NOT NULL,
    state TEXT NOT NULL,
    explanation TEXT,
    explained_by TEXT,
    explained_at BIGINT,
    found_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (user_id, day, kind)
);
CREATE INDEX access_alert_newest ON access_alert (found_at, id);

-- Acts by which data of people were taken out or shown, as the audit log has them.
CREATE VIEW v_customers_access AS
SELECT CAST(a.id AS TEXT) AS id, a.at, a.actor_id, a.actor_name, a.action, a.noun, a.row_count
FROM audit_entry a
WHERE a.actor_id IS NOT NULL AND a.action IN ('export', 'unmask', 'download');

DROP VIEW v_customers_profile;
CREATE VIEW v_customers_profile AS
SELECT p.id, p.name, p.given_name, p.city, p.district, p.language, p.time_zone, p.tier, p.tier_since,
       p.age_band, p.income_band, p.household_size, p.children, p.homeowner, p.married, p.source,
       p.email_node_id, p.mobile_node_id, p.member_node_id, p.brand_id, p.department_id, p.owner_id,
       p.created_at, p.updated_at, p.no_automated_since, p.restricted_since
FROM profile p
WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND NOT p.is_decoy;

DROP VIEW v_customers_address;
CREATE VIEW v_customers_address AS
SELECT n.id, n.kind, n.value AS address, n.created_at
FROM identifier_node n
WHERE n.kind IN ('email', 'mobile') AND n.erased_at IS NULL;

DROP VIEW v_customers_contactable;
CREATE VIEW v_customers_contactable AS
SELECT c.id, c.profile_id, c.node_id, c.channel, n.value AS address, c.brand_id, c.purpose,
       (c.state = 'granted' AND p.restricted_since IS NULL AND NOT EXISTS (
           SELECT 1 FROM suppression s
           WHERE s.node_id = c.node_id AND s.channel = c.channel AND s.lifted_at IS NULL
       )) AS allowed,
       c.state AS consent_state, p.language, p.time_zone, c.happened_at
FROM v_customers_answer c
JOIN identifier_node n ON n.id = c.node_id AND n.erased_at IS NULL
JOIN profile p ON p.id = c.profile_id AND p.archived_at IS NULL AND NOT p.is_decoy;

CREATE VIEW v_customers_subject_request AS
SELECT r.id, r.number, r.kind, r.regime, r.state, r.profile_id, r.channel, r.received_at, r.due_at, r.verified_at,
       r.decided_at, r.decided_by, (r.decided_at IS NOT NULL AND r.decided_at <= r.due_at) AS in_time
FROM subject_request r;

CREATE VIEW v_customers_erasure AS
SELECT e.id, e.profile_id, e.request_id, e.cause, e.step, e.nodes, e.lake_events, e.erased_at, e.finished_at,
       e.readmitted_at
FROM erasure e;

CREATE VIEW v_customers_retention_run AS
SELECT r.id, r.rule_id, r.what, r.action, r.before, r.count, r.held, r.started_at, r.finished_at FROM retention_run r;

CREATE VIEW v_customers_leak AS
SELECT l.id, l.number, l.state, l.affected_count, l.discovered_at, l.authority_due_at, l.authority_reported_at,
       (l.authority_waived_because IS NOT NULL) AS is_waived, l.people_informed_at, l.closed_at
FROM leak l;
