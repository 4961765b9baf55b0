-- What models of customers' purchases came to: how they were trained, and how wrong they were.
CREATE TABLE score_model_run (
    id TEXT PRIMARY KEY,
    cause TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    window_from BIGINT NOT NULL,
    window_until BIGINT NOT NULL,
    currency TEXT NOT NULL,
    horizon_days BIGINT NOT NULL,
    discount_percent DOUBLE PRECISION NOT NULL,
    customers BIGINT NOT NULL,
    repeat_buyers BIGINT NOT NULL,
    scored BIGINT NOT NULL,
    verdict TEXT NOT NULL,
    -- What there was too little of, as JSON.
    lacks TEXT,
    -- Parameters, as JSON.
    model TEXT,
    -- Error on the part of the window that was held back, as JSON.
    error TEXT
);
CREATE INDEX score_model_run_newest ON score_model_run (happened_at, id);

-- What is known about one customer's purchases, and expected of them, by the last run.
CREATE TABLE profile_score (
    profile_id TEXT PRIMARY KEY REFERENCES profile (id),
    run_id TEXT NOT NULL REFERENCES score_model_run (id),
    recency_days BIGINT NOT NULL,
    order_count BIGINT NOT NULL,
    total_minor BIGINT NOT NULL,
    recency BIGINT NOT NULL,
    frequency BIGINT NOT NULL,
    monetary BIGINT NOT NULL,
    rfm_segment TEXT NOT NULL,
    p_alive DOUBLE PRECISION,
    expected_orders DOUBLE PRECISION,
    expected_order_value_minor BIGINT,
    expected_value_minor BIGINT,
    next_order_at BIGINT,
    value_tier TEXT
);
CREATE INDEX profile_score_run ON profile_score (run_id);
CREATE INDEX profile_score_recency ON profile_score (recency);
CREATE INDEX profile_score_frequency ON profile_score (frequency);
CREATE INDEX profile_score_monetary ON profile_score (monetary);
CREATE INDEX profile_score_value ON profile_score (expected_value_minor);

-- A way of grouping people, and what it came to last.
CREATE TABLE persona_set (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    features TEXT NOT NULL,
    group_count BIGINT,
    brand_id TEXT,
    department_id TEXT,
    owner_id TEXT,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    archived_at BIGINT,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    computed_at BIGINT,
    people BIGINT NOT NULL,
    silhouette DOUBLE PRECISION,
    stability DOUBLE PRECISION,
    tried TEXT NOT NULL
);
CREATE INDEX persona_set_newest ON persona_set (created_at, id);

-- A group of people who are alike.
CREATE TABLE persona (
    id TEXT PRIMARY KEY,
    set_id TEXT NOT NULL REFERENCES persona_set (id),
    number BIGINT NOT NULL,
    name TEXT,
    size BIGINT NOT NULL,
    share DOUBLE PRECISION NOT NULL,
    traits TEXT NOT NULL
);
CREATE INDEX persona_set_id ON persona (set_id, number);

CREATE TABLE persona_member (
    set_id TEXT NOT NULL REFERENCES persona_set (id),
    profile_id TEXT NOT NULL REFERENCES profile (id),
    persona_id TEXT NOT NULL REFERENCES persona (id),
    PRIMARY KEY (set_id, profile_id)
);
CREATE INDEX persona_member_persona ON persona_member (persona_id, profile_id);
CREATE INDEX persona_member_profile ON persona_member (profile_id, persona_id);
