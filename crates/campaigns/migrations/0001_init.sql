-- A campaign: who gets which approved content, when, and what it is meant to bring.
CREATE TABLE campaign (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL DEFAULT 1,
    brand_id TEXT NOT NULL,
    department_id TEXT,
    owner_id TEXT,
    name TEXT NOT NULL,
    purpose TEXT NOT NULL,
    goal_metric TEXT,
    goal_target BIGINT,
    period_from BIGINT,
    period_to BIGINT,
    segment_id TEXT,
    content_id TEXT,
    approval TEXT,
    instance_id TEXT NOT NULL,
    state TEXT NOT NULL,
    schedule_at BIGINT,
    rate_per_minute BIGINT,
    audience_id TEXT,
    audience_count BIGINT,
    audience_watermark BIGINT,
    release_id TEXT,
    -- As the release named it, for the pages that receivers see.
    brand_name TEXT,
    tested_at BIGINT,
    expanded_after TEXT,
    expanded_at BIGINT,
    launched_at BIGINT,
    finished_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    created_by TEXT,
    archived_at BIGINT
);
CREATE INDEX campaign_list ON campaign (updated_at, id);
CREATE INDEX campaign_due ON campaign (state, schedule_at);
CREATE INDEX campaign_brand ON campaign (brand_id, launched_at);

-- The ledger: one row per planned message. What stands here decides what goes to the wire.
CREATE TABLE send (
    id TEXT PRIMARY KEY,
    campaign_id TEXT NOT NULL REFERENCES campaign (id),
    release_id TEXT NOT NULL,
    profile_id TEXT NOT NULL,
    node_id TEXT NOT NULL,
    brand_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    purpose TEXT NOT NULL,
    dedupe_key TEXT NOT NULL UNIQUE,
    message_id TEXT NOT NULL UNIQUE,
    language TEXT,
    state TEXT NOT NULL,
    reason TEXT,
    attempts BIGINT NOT NULL DEFAULT 0,
    not_before BIGINT NOT NULL,
    lease_id TEXT,
    leased_until BIGINT,
    attempted_at BIGINT,
    sent_at BIGINT,
    settled_at BIGINT,
    reply TEXT,
    created_at BIGINT NOT NULL
);
-- The sender's queue, and the list of a campaign's sends by state.
CREATE INDEX send_queue ON send (campaign_id, state, not_before, id);
CREATE INDEX send_leased ON send (state, leased_until);
CREATE INDEX send_attempted ON send (campaign_id, attempted_at) WHERE attempted_at IS NOT NULL;
CREATE INDEX send_profile ON send (profile_id, id);
CREATE INDEX send_node ON send (node_id, id);

-- What the contact door decided about each send, with the rule and the figures that decided.
CREATE TABLE contact_decision (
    id TEXT PRIMARY KEY,
    send_id TEXT NOT NULL,
    campaign_id TEXT NOT NULL,
    profile_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    purpose TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    facts TEXT NOT NULL,
    local_minute BIGINT,
    at BIGINT NOT NULL
);
CREATE INDEX contact_decision_campaign ON contact_decision (campaign_id, outcome, id);
CREATE INDEX contact_decision_profile ON contact_decision (profile_id, id);
CREATE INDEX contact_decision_at ON contact_decision (at);
CREATE INDEX contact_decision_send ON contact_decision (send_id);

-- Room under the cap that a send took up; released when the message never left.
CREATE TABLE contact_reservation (
    send_id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL,
    brand_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX contact_reservation_cap ON contact_reservation (profile_id, channel, at);

-- Links of a release, in the order in which they stand in the content.
CREATE TABLE tracked_link (
    id TEXT PRIMARY KEY,
    campaign_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    url TEXT NOT NULL,
    UNIQUE (campaign_id, number),
    UNIQUE (campaign_id, url)
);

-- What happened to messages, as far as it was seen. Only ever added to; the likelihood is a score, which later
-- hits of the same visitor may lower.
CREATE TABLE delivery_event (
    id TEXT PRIMARY KEY,
    send_id TEXT NOT NULL,
    campaign_id TEXT NOT NULL,
    profile_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    link_number BIGINT,
    likelihood TEXT NOT NULL,
    agent TEXT,
    detail TEXT
);
CREATE INDEX delivery_event_campaign ON delivery_event (campaign_id, kind, at);
CREATE INDEX delivery_event_list ON delivery_event (campaign_id, id);
CREATE INDEX delivery_event_send ON delivery_event (send_id, at);
CREATE INDEX delivery_event_profile ON delivery_event (profile_id, kind, at);

CREATE VIEW v_campaigns_campaign AS
SELECT c.id, c.brand_id, c.department_id, c.owner_id, c.state, c.purpose,
       (c.goal_metric IS NOT NULL AND c.goal_target > 0) AS has_goal,
       (c.period_from IS NOT NULL AND c.period_to > c.period_from) AS has_period,
       (c.release_id IS NOT NULL) AS is_released,
       (c.segment_id IS NOT NULL) AS has_segment,
       -- Approved as it went out, and not changed before the last message had left.
       EXISTS (SELECT 1 FROM v_brand_release r JOIN v_brand_approval a ON a.id = r.approval_id
               WHERE r.id = c.release_id AND r.allowed AND r.hash_matches
                 AND (a.voided_at IS NULL OR NOT EXISTS (
                     SELECT 1 FROM send s WHERE s.campaign_id = c.id
                        AND (s.state IN ('intent', 'attempting') OR s.attempted_at > a.voided_at)))) AS approval_stands,
       c.segment_id, c.content_id, c.audience_count, c.schedule_at, c.launched_at, c.finished_at, c.period_from,
       c.period_to, c.created_at, c.updated_at
FROM campaign c
WHERE c.archived_at IS NULL;

-- sends_in_7_days counts this one: what the cap was held against.
CREATE VIEW v_campaigns_send AS
SELECT s.id, s.campaign_id, s.profile_id, s.node_id, s.brand_id, s.channel, s.purpose, s.state, s.reason,
       s.attempted_at, s.sent_at, COALESCE(s.sent_at, s.attempted_at, s.created_at) AS at, s.created_at,
       (s.release_id <> '') AS is_released,
       EXISTS (SELECT 1 FROM contact_decision d WHERE d.send_id = s.id AND d.outcome = 'allowed') AS is_decided,
       -- They had taken their consent back by then, although nobody had recorded it yet.
       EXISTS (SELECT 1 FROM v_customers_consent w
               WHERE w.node_id = s.node_id AND w.brand_id = s.brand_id AND w.purpose = s.purpose
                 AND w.channel = s.channel AND w.state = 'withdrawn' AND w.happened_at < s.attempted_at)
           AS after_withdrawal,
       (SELECT COUNT(*) FROM contact_reservation r
        WHERE r.profile_id = s.profile_id AND r.channel = s.channel
          AND r.at <= COALESCE(s.attempted_at, s.created_at)
          AND r.at > COALESCE(s.attempted_at, s.created_at) - 604800000) AS sends_in_7_days
FROM send s;

CREATE VIEW v_campaigns_contact_decision AS
SELECT d.id, d.send_id, d.campaign_id, d.profile_id, d.channel, d.purpose, d.outcome, d.reason, d.local_minute, d.at
FROM contact_decision d;

CREATE VIEW v_campaigns_delivery_event AS
SELECT e.id, e.send_id, e.campaign_id, e.profile_id, e.kind, e.at, e.link_number, e.likelihood,
       (e.likelihood = 'human') AS is_human
FROM delivery_event e;
