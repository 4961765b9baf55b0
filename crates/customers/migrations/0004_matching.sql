-- What a source told about a person at one time; appended, never changed. A profile is what was told last, field by
-- field, by any of its identifiers: so people can be joined and parted, and every fact goes where it belongs.
CREATE TABLE profile_record (
    id TEXT PRIMARY KEY,
    node_id TEXT NOT NULL REFERENCES identifier_node (id),
    source TEXT NOT NULL,
    import_id TEXT,
    told_at BIGINT NOT NULL,
    told_by TEXT,
    name TEXT,
    given_name TEXT,
    address TEXT,
    city TEXT,
    district TEXT,
    language TEXT,
    time_zone TEXT,
    age_band TEXT,
    income_band TEXT,
    household_size BIGINT,
    children BIGINT,
    homeowner BOOLEAN,
    married BOOLEAN,
    attributes TEXT NOT NULL,
    -- Fields that somebody emptied, as a JSON list.
    cleared TEXT NOT NULL
);
CREATE INDEX profile_record_node ON profile_record (node_id, told_at, id);
CREATE INDEX profile_record_import ON profile_record (import_id) WHERE import_id IS NOT NULL;

INSERT INTO profile_record (id, node_id, source, import_id, told_at, name, given_name, address, city, district,
    language, time_zone, age_band, income_band, household_size, children, homeowner, married, attributes, cleared)
SELECT p.id, p.id, p.source, p.import_id, p.updated_at, p.name, p.given_name, p.address, p.city, p.district,
    p.language, p.time_zone, p.age_band, p.income_band, p.household_size, p.children, p.homeowner, p.married,
    p.attributes, '[]'
FROM profile p
WHERE p.name IS NOT NULL OR p.given_name IS NOT NULL OR p.address IS NOT NULL OR p.city IS NOT NULL
   OR p.district IS NOT NULL OR p.language IS NOT NULL OR p.time_zone IS NOT NULL OR p.age_band IS NOT NULL
   OR p.income_band IS NOT NULL OR p.household_size IS NOT NULL OR p.children IS NOT NULL
   OR p.homeowner IS NOT NULL OR p.married IS NOT NULL OR p.attributes <> '{}';

-- A decision stays; when it turns out to be wrong it is retracted.
ALTER TABLE match_edge ADD COLUMN retracted_at BIGINT;
ALTER TABLE match_edge ADD COLUMN retracted_by TEXT;

-- Two people who turned out to be one.
CREATE TABLE profile_merge (
    id TEXT PRIMARY KEY,
    kept_id TEXT NOT NULL REFERENCES profile (id),
    merged_id TEXT NOT NULL REFERENCES profile (id),
    rule TEXT NOT NULL,
    source TEXT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    happened_at BIGINT NOT NULL,
    decided_by TEXT,
    reason TEXT,
    -- Of brand, department and owner: which the staying profile took from the other, as a JSON list.
    taken TEXT NOT NULL,
    undone_at BIGINT,
    undone_by TEXT,
    undo_reason TEXT,
    version BIGINT NOT NULL
);
CREATE INDEX profile_merge_kept ON profile_merge (kept_id, happened_at, id);
CREATE INDEX profile_merge_merged ON profile_merge (merged_id);

-- Whose each identifier was before the merge.
CREATE TABLE profile_merge_node (
    merge_id TEXT NOT NULL REFERENCES profile_merge (id),
    node_id TEXT NOT NULL REFERENCES identifier_node (id),
    came BOOLEAN NOT NULL,
    PRIMARY KEY (merge_id, node_id)
);

-- Pairs that may be one person, and what somebody decided about them.
CREATE TABLE match_candidate (
    id TEXT PRIMARY KEY,
    left_node_id TEXT NOT NULL REFERENCES identifier_node (id),
    right_node_id TEXT NOT NULL REFERENCES identifier_node (id),
    rule TEXT NOT NULL,
    probability DOUBLE PRECISION NOT NULL,
    weight DOUBLE PRECISION NOT NULL,
    agreements TEXT NOT NULL,
    state TEXT NOT NULL,
    found_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT,
    reason TEXT,
    version BIGINT NOT NULL,
    UNIQUE (left_node_id, right_node_id)
);
CREATE INDEX match_candidate_strongest ON match_candidate (state, weight, id);
CREATE INDEX match_candidate_right ON match_candidate (right_node_id);

-- What the last search for duplicates learned and found.
CREATE TABLE match_model (
    id TEXT PRIMARY KEY,
    trained_at BIGINT NOT NULL,
    standing TEXT NOT NULL
);

CREATE VIEW v_customers_match_candidate AS
SELECT c.id, c.rule, c.probability, c.state, c.found_at, c.decided_at, c.decided_by FROM match_candidate c;

CREATE VIEW v_customers_merge AS
SELECT g.id, g.kept_id, g.merged_id, g.rule, g.source, g.score, g.happened_at, g.decided_by, g.undone_at
FROM profile_merge g;

-- What was said about being contacted, as it counts: where people turned out to be one, the refusal by either of their
-- addresses holds for both, until they agree again after they were joined.
CREATE VIEW v_customers_answer AS
SELECT c.id, m.profile_id, c.node_id, c.brand_id, c.purpose, c.channel,
       CASE WHEN c.state = 'granted' AND EXISTS (
           SELECT 1 FROM profile_node o
           JOIN consent x ON x.node_id = o.node_id AND x.brand_id = c.brand_id AND x.purpose = c.purpose
                         AND x.channel = c.channel
           WHERE o.profile_id = m.profile_id AND o.until IS NULL AND o.node_id <> c.node_id
             AND x.state = 'withdrawn'
             AND (c.happened_at <= x.happened_at OR c.happened_at <= o.since OR c.happened_at <= m.since)
       ) THEN 'withdrawn' ELSE c.state END AS state,
       c.event_id, c.happened_at
FROM consent c
JOIN profile_node m ON m.node_id = c.node_id AND m.until IS NULL;

DROP VIEW v_customers_contactable;
CREATE VIEW v_customers_contactable AS
SELECT c.id, c.profile_id, c.node_id, c.channel, n.value AS address, c.brand_id, c.purpose,
       (c.state = 'granted' AND NOT EXISTS (
           SELECT 1 FROM suppression s
           WHERE s.node_id = c.node_id AND s.channel = c.channel AND s.lifted_at IS NULL
       )) AS allowed,
       c.state AS consent_state, p.language, p.time_zone, c.happened_at
FROM v_customers_answer c
JOIN identifier_node n ON n.id = c.node_id
JOIN profile p ON p.id = c.profile_id AND p.archived_at IS NULL;
