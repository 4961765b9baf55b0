-- Identifiers of people; never changed, so that facts can refer to them for ever.
-- The id is a digest of kind and value: the same identifier gets the same id on every path.
CREATE TABLE identifier_node (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX identifier_node_value ON identifier_node (kind, value);

-- One person as the company knows them. The id is that of the oldest node of the component.
CREATE TABLE profile (
    id TEXT PRIMARY KEY,
    name TEXT,
    given_name TEXT,
    address TEXT,
    city TEXT,
    district TEXT,
    language TEXT,
    time_zone TEXT,
    member_node_id TEXT REFERENCES identifier_node (id),
    email_node_id TEXT REFERENCES identifier_node (id),
    mobile_node_id TEXT REFERENCES identifier_node (id),
    age_band TEXT,
    income_band TEXT,
    household_size BIGINT,
    children BIGINT,
    homeowner BOOLEAN,
    married BOOLEAN,
    source TEXT NOT NULL,
    -- The import that made this profile, and the version in which it left it, so that it can be taken back.
    import_id TEXT,
    import_version BIGINT,
    attributes TEXT NOT NULL DEFAULT '{}',
    tier TEXT,
    tier_since BIGINT,
    brand_id TEXT,
    department_id TEXT,
    owner_id TEXT,
    -- Set when this person turned out to be another one; the row stays for the history.
    merged_into TEXT REFERENCES profile (id),
    archived_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    created_by TEXT,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX profile_newest ON profile (created_at, id);
CREATE INDEX profile_tier ON profile (tier, created_at, id);
CREATE INDEX profile_city ON profile (city, created_at, id);
CREATE INDEX profile_email ON profile (email_node_id);
CREATE INDEX profile_mobile ON profile (mobile_node_id);
CREATE INDEX profile_member ON profile (member_node_id);
CREATE INDEX profile_import ON profile (import_id) WHERE import_id IS NOT NULL;

-- Which profile a node belonged to, and when; open rows are the present.
CREATE TABLE profile_node (
    id TEXT PRIMARY KEY,
    node_id TEXT NOT NULL REFERENCES identifier_node (id),
    profile_id TEXT NOT NULL REFERENCES profile (id),
    since BIGINT NOT NULL,
    until BIGINT
);
CREATE UNIQUE INDEX profile_node_one ON profile_node (node_id) WHERE until IS NULL;
-- Covers the join of facts to people.
CREATE INDEX profile_node_current ON profile_node (node_id, profile_id) WHERE until IS NULL;
CREATE INDEX profile_node_profile ON profile_node (profile_id, node_id) WHERE until IS NULL;

-- Decisions that two nodes are one person; appended, never changed.
CREATE TABLE match_edge (
    id TEXT PRIMARY KEY,
    left_node_id TEXT NOT NULL REFERENCES identifier_node (id),
    right_node_id TEXT NOT NULL REFERENCES identifier_node (id),
    rule TEXT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    source TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    decided_by TEXT,
    UNIQUE (left_node_id, right_node_id, rule, source)
);
CREATE INDEX match_edge_right ON match_edge (right_node_id);

-- Sentences that people agreed to, each kept once.
CREATE TABLE consent_text (
    id TEXT PRIMARY KEY,
    text_version TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- What people said about being contacted, with the proof; appended, never changed.
CREATE TABLE consent_event (
    id TEXT PRIMARY KEY,
    node_id TEXT NOT NULL REFERENCES identifier_node (id),
    brand_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT,
    given_by TEXT NOT NULL,
    source TEXT NOT NULL,
    text_id TEXT REFERENCES consent_text (id),
    ip_hash TEXT,
    reason TEXT,
    import_id TEXT
);
CREATE INDEX consent_event_key ON consent_event (node_id, brand_id, purpose, channel, happened_at);
CREATE INDEX consent_event_recorded ON consent_event (recorded_at, id);
CREATE INDEX consent_event_import ON consent_event (import_id) WHERE import_id IS NOT NULL;

-- The present answer per key: the latest event; can be rebuilt from the events at any time.
CREATE TABLE consent (
    id TEXT PRIMARY KEY,
    node_id TEXT NOT NULL REFERENCES identifier_node (id),
    brand_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    event_id TEXT NOT NULL REFERENCES consent_event (id),
    happened_at BIGINT NOT NULL,
    UNIQUE (node_id, brand_id, purpose, channel)
);
CREATE INDEX consent_state ON consent (channel, purpose, brand_id, state, node_id);

-- Addresses that nothing goes to, whatever anybody agreed to.
CREATE TABLE suppression (
    id TEXT PRIMARY KEY,
    node_id TEXT NOT NULL REFERENCES identifier_node (id),
    channel TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT,
    source TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    expires_at BIGINT,
    lifted_at BIGINT,
    lifted_by TEXT,
    lifted_because TEXT,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX suppression_active ON suppression (node_id, channel, reason) WHERE lifted_at IS NULL;
CREATE INDEX suppression_newest ON suppression (created_at, id);
CREATE INDEX suppression_expiring ON suppression (expires_at) WHERE lifted_at IS NULL;

-- Rules by which tiers are computed; a change is a new version.
CREATE TABLE tier_rule (
    id TEXT PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    definition TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT
);

CREATE TABLE tier_run (
    id TEXT PRIMARY KEY,
    rule_id TEXT NOT NULL REFERENCES tier_rule (id),
    cause TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    watermark BIGINT,
    changed BIGINT NOT NULL,
    tier_a BIGINT NOT NULL,
    tier_b BIGINT NOT NULL,
    tier_c BIGINT NOT NULL,
    tier_d BIGINT NOT NULL
);
CREATE INDEX tier_run_newest ON tier_run (happened_at, id);

-- When somebody's tier changed, and the figures that decided it.
CREATE TABLE tier_change (
    run_id TEXT NOT NULL REFERENCES tier_run (id),
    profile_id TEXT NOT NULL REFERENCES profile (id),
    from_tier TEXT,
    to_tier TEXT NOT NULL,
    last_order_at BIGINT,
    order_count BIGINT NOT NULL,
    total_minor BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    PRIMARY KEY (run_id, profile_id)
);
CREATE INDEX tier_change_profile ON tier_change (profile_id, happened_at);

CREATE TABLE segment (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    state TEXT NOT NULL,
    version_id TEXT NOT NULL,
    version_number BIGINT NOT NULL,
    member_count BIGINT,
    counted_at BIGINT,
    brand_id TEXT,
    department_id TEXT,
    owner_id TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    created_by TEXT,
    archived_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX segment_newest ON segment (created_at, id);

-- Definitions; never changed.
CREATE TABLE segment_version (
    id TEXT PRIMARY KEY,
    segment_id TEXT NOT NULL REFERENCES segment (id),
    number BIGINT NOT NULL,
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    UNIQUE (segment_id, number)
);

-- Members of a segment at the moment when somebody needed them.
CREATE TABLE audience (
    id TEXT PRIMARY KEY,
    segment_id TEXT NOT NULL REFERENCES segment (id),
    segment_version_id TEXT NOT NULL REFERENCES segment_version (id),
    used_by TEXT NOT NULL UNIQUE,
    count BIGINT NOT NULL,
    watermark BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT
);

CREATE TABLE audience_member (
    audience_id TEXT NOT NULL REFERENCES audience (id),
    profile_id TEXT NOT NULL REFERENCES profile (id),
    email_node_id TEXT,
    mobile_node_id TEXT,
    PRIMARY KEY (audience_id, profile_id)
);

-- Coupons that were handed in at the till.
CREATE TABLE loyalty_redemption (
    id TEXT PRIMARY KEY,
    customer_node_id TEXT NOT NULL REFERENCES identifier_node (id),
    coupon_upc TEXT NOT NULL,
    campaign_code TEXT NOT NULL,
    redeemed_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    source TEXT NOT NULL
);
CREATE INDEX loyalty_redemption_node ON loyalty_redemption (customer_node_id, redeemed_at);
CREATE INDEX loyalty_redemption_campaign ON loyalty_redemption (campaign_code, redeemed_at);

CREATE VIEW v_customers_profile AS
SELECT p.id, p.name, p.given_name, p.city, p.district, p.language, p.time_zone, p.tier, p.tier_since,
       p.age_band, p.income_band, p.household_size, p.children, p.homeowner, p.married, p.source,
       p.email_node_id, p.mobile_node_id, p.member_node_id, p.brand_id, p.department_id, p.owner_id,
       p.created_at, p.updated_at
FROM profile p
WHERE p.merged_into IS NULL AND p.archived_at IS NULL;

-- The address behind a contact point, for those that write to it.
CREATE VIEW v_customers_address AS
SELECT n.id, n.kind, n.value AS address, n.created_at
FROM identifier_node n
WHERE n.kind IN ('email', 'mobile');

-- Where a fact's node belongs now.
CREATE VIEW v_customers_profile_node AS
SELECT m.node_id AS id, m.node_id, m.profile_id, n.kind, m.since
FROM profile_node m
JOIN identifier_node n ON n.id = m.node_id
WHERE m.until IS NULL;

CREATE VIEW v_customers_consent AS
SELECT c.id, m.profile_id, c.node_id, c.brand_id, c.purpose, c.channel, c.state, c.event_id, c.happened_at
FROM consent c
JOIN profile_node m ON m.node_id = c.node_id AND m.until IS NULL;

CREATE VIEW v_customers_consent_event AS
SELECT e.id, m.profile_id, e.node_id, e.brand_id, e.purpose, e.channel, e.state, e.happened_at, e.recorded_at,
       e.recorded_by, e.given_by, e.source, t.text_version,
       (e.text_id IS NOT NULL AND e.source <> '') AS has_proof
FROM consent_event e
JOIN profile_node m ON m.node_id = e.node_id AND m.until IS NULL
LEFT JOIN consent_text t ON t.id = e.text_id;

CREATE VIEW v_customers_suppression AS
SELECT s.id, m.profile_id, s.node_id, s.channel, s.reason, s.source, s.happened_at, s.expires_at, s.lifted_at,
       s.created_at
FROM suppression s
JOIN profile_node m ON m.node_id = s.node_id AND m.until IS NULL;

-- One row per contact point, brand and purpose about which somebody ever said something. Whoever is
-- not in here never agreed. A suppression that expired counts until the upkeep has lifted it.
CREATE VIEW v_customers_contactable AS
SELECT c.id, m.profile_id, c.node_id, c.channel, n.value AS address, c.brand_id, c.purpose,
       (c.state = 'granted' AND NOT EXISTS (
           SELECT 1 FROM suppression s
           WHERE s.node_id = c.node_id AND s.channel = c.channel AND s.lifted_at IS NULL
       )) AS allowed,
       c.state AS consent_state, p.language, p.time_zone, c.happened_at
FROM consent c
JOIN identifier_node n ON n.id = c.node_id
JOIN profile_node m ON m.node_id = c.node_id AND m.until IS NULL
JOIN profile p ON p.id = m.profile_id AND p.archived_at IS NULL;

CREATE VIEW v_customers_tier_run AS
SELECT r.id, r.rule_id, t.number AS rule_number, r.cause, r.happened_at, r.watermark, r.changed,
       r.tier_a, r.tier_b, r.tier_c, r.tier_d
FROM tier_run r
JOIN tier_rule t ON t.id = r.rule_id;

CREATE VIEW v_customers_tier_change AS
SELECT c.run_id || '/' || c.profile_id AS id, c.run_id, c.profile_id, c.from_tier, c.to_tier, c.last_order_at,
       c.order_count, c.total_minor, c.happened_at
FROM tier_change c;

CREATE VIEW v_customers_segment AS
SELECT s.id, s.state, s.version_id, s.version_number, s.member_count, s.counted_at, s.brand_id,
       s.department_id, s.owner_id, s.created_at, s.updated_at, s.archived_at
FROM segment s;

CREATE VIEW v_customers_audience_member AS
SELECT a.audience_id || '/' || a.profile_id AS id, a.audience_id, a.profile_id, a.email_node_id AS node_id,
       n.value AS address, a.mobile_node_id, p.name, p.given_name, p.city, p.tier, p.language, p.time_zone,
       d.created_at
FROM audience_member a
JOIN audience d ON d.id = a.audience_id
JOIN profile p ON p.id = a.profile_id
LEFT JOIN identifier_node n ON n.id = a.email_node_id;

CREATE VIEW v_customers_redemption AS
SELECT r.id, r.customer_node_id, r.coupon_upc, r.campaign_code, r.redeemed_at, r.source
FROM loyalty_redemption r;
