-- What was found out about customers, and what became of it.
CREATE TABLE customer_insight (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    finding TEXT NOT NULL,
    kind TEXT NOT NULL,
    evidence TEXT NOT NULL,
    segment_id TEXT REFERENCES segment (id),
    condition TEXT,
    group_in_words TEXT,
    group_size BIGINT,
    state TEXT NOT NULL,
    department_id TEXT,
    due_at BIGINT,
    sent_at BIGINT,
    sent_by TEXT,
    answered_at BIGINT,
    answered_by TEXT,
    answer TEXT,
    adopt_by BIGINT,
    adopted_at BIGINT,
    adopted_by TEXT,
    adoption TEXT,
    overdue_told_at BIGINT,
    brand_id TEXT,
    home_department_id TEXT,
    owner_id TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX customer_insight_newest ON customer_insight (created_at, id);
CREATE INDEX customer_insight_due ON customer_insight (state, due_at);
CREATE INDEX customer_insight_sent ON customer_insight (sent_at);

-- Who was in the group when the insight was sent: one node of each person, because nodes stay whoever is merged with whom.
CREATE TABLE customer_insight_person (
    insight_id TEXT NOT NULL REFERENCES customer_insight (id),
    node_id TEXT NOT NULL REFERENCES identifier_node (id),
    PRIMARY KEY (insight_id, node_id)
);
CREATE INDEX customer_insight_person_node ON customer_insight_person (node_id);

-- The repeat-purchase rate of the group and of everybody, in windows before and after.
CREATE TABLE customer_insight_measurement (
    insight_id TEXT NOT NULL REFERENCES customer_insight (id),
    moment TEXT NOT NULL,
    days BIGINT NOT NULL,
    window_from BIGINT NOT NULL,
    window_until BIGINT NOT NULL,
    measured_at BIGINT,
    buyers BIGINT,
    repeat_buyers BIGINT,
    all_buyers BIGINT,
    all_repeat_buyers BIGINT,
    PRIMARY KEY (insight_id, moment, days)
);
CREATE INDEX customer_insight_measurement_due ON customer_insight_measurement (measured_at, window_until);

-- Computations of what customers search for, say and buy together.
CREATE TABLE need_run (
    id TEXT PRIMARY KEY,
    cause TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    period_from BIGINT NOT NULL,
    period_until BIGINT NOT NULL,
    baskets_from BIGINT,
    baskets_until BIGINT,
    searches BIGINT NOT NULL,
    terms BIGINT NOT NULL,
    feedback BIGINT NOT NULL,
    baskets BIGINT NOT NULL,
    clusters BIGINT NOT NULL,
    unmet BIGINT NOT NULL,
    patterns BIGINT NOT NULL
);
CREATE INDEX need_run_newest ON need_run (happened_at, id);

CREATE TABLE need_cluster (
    id TEXT PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES need_run (id),
    kind TEXT NOT NULL,
    words TEXT NOT NULL,
    examples TEXT NOT NULL,
    texts BIGINT NOT NULL,
    count BIGINT NOT NULL,
    people BIGINT NOT NULL,
    previous_count BIGINT NOT NULL,
    trend TEXT NOT NULL,
    unanswered BIGINT NOT NULL,
    unmet BOOLEAN NOT NULL
);
CREATE INDEX need_cluster_run ON need_cluster (run_id, people, id);

CREATE TABLE basket_pattern (
    id TEXT PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES need_run (id),
    first_product_id TEXT NOT NULL,
    first_name TEXT,
    first_category TEXT,
    first_baskets BIGINT NOT NULL,
    second_product_id TEXT NOT NULL,
    second_name TEXT,
    second_category TEXT,
    second_baskets BIGINT NOT NULL,
    baskets BIGINT NOT NULL,
    people BIGINT NOT NULL,
    support DOUBLE PRECISION NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    reverse_confidence DOUBLE PRECISION NOT NULL,
    lift DOUBLE PRECISION NOT NULL
);
CREATE INDEX basket_pattern_run ON basket_pattern (run_id, lift, id);

-- Reports of a month: written once, never changed.
CREATE TABLE customer_insight_report (
    id TEXT PRIMARY KEY,
    month TEXT NOT NULL,
    month_from BIGINT NOT NULL,
    month_until BIGINT NOT NULL,
    written_at BIGINT NOT NULL,
    written_by TEXT,
    currency TEXT NOT NULL,
    figures TEXT NOT NULL
);
CREATE UNIQUE INDEX customer_insight_report_month ON customer_insight_report (month);

CREATE TABLE customer_insight_report_recipient (
    id TEXT PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES customer_insight_report (id),
    department_id TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    answer TEXT,
    note TEXT,
    answered_at BIGINT,
    answered_by TEXT
);
CREATE UNIQUE INDEX customer_insight_report_recipient_one
    ON customer_insight_report_recipient (report_id, department_id);

-- Searches for what is wrong with what is known about people: the rules that clean customer data.
CREATE TABLE worklist_run (
    id TEXT PRIMARY KEY,
    happened_at BIGINT NOT NULL,
    people BIGINT NOT NULL,
    found BIGINT NOT NULL,
    mended BIGINT NOT NULL
);
CREATE INDEX worklist_run_newest ON worklist_run (happened_at, id);

CREATE VIEW v_customers_insight AS
SELECT i.id, i.kind, i.state, i.segment_id, i.group_size, i.department_id, i.due_at, i.sent_at, i.answered_at,
       i.answered_by, i.adopt_by, i.adopted_at, i.brand_id, i.owner_id, i.created_at,
       CASE WHEN i.answered_by IS NOT NULL AND i.answered_by = i.sent_by THEN TRUE ELSE FALSE END AS answered_by_sender,
       b.buyers AS buyers_before, b.repeat_buyers AS repeat_buyers_before,
       a.buyers AS buyers_after, a.repeat_buyers AS repeat_buyers_after
FROM customer_insight i
LEFT JOIN customer_insight_measurement b ON b.insight_id = i.id AND b.moment = 'before' AND b.days = 90
LEFT JOIN customer_insight_measurement a ON a.insight_id = i.id AND a.moment = 'after' AND a.days = 90;

CREATE VIEW v_customers_insight_measurement AS
SELECT m.insight_id || '/' || m.moment || '/' || CAST(m.days AS TEXT) AS id, m.insight_id, m.moment, m.days,
       m.window_from, m.window_until, m.measured_at, m.buyers, m.repeat_buyers, m.all_buyers, m.all_repeat_buyers,
       i.department_id, i.brand_id, i.owner_id
FROM customer_insight_measurement m JOIN customer_insight i ON i.id = m.insight_id;

CREATE VIEW v_customers_need_run AS
SELECT r.id, r.cause, r.happened_at, r.searches, r.feedback, r.baskets, r.clusters, r.unmet, r.patterns
FROM need_run r;

CREATE VIEW v_customers_need AS
SELECT c.id, c.run_id, c.kind, c.count, c.people, c.previous_count, c.trend, c.unanswered, c.unmet, r.happened_at
FROM need_cluster c JOIN need_run r ON r.id = c.run_id;

CREATE VIEW v_customers_insight_report AS
SELECT r.id, r.month, r.month_from, r.month_until, r.written_at,
       (SELECT CAST(COUNT(*) AS BIGINT) FROM customer_insight_report_recipient x WHERE x.report_id = r.id) AS recipients,
       (SELECT CAST(COUNT(*) AS BIGINT) FROM customer_insight_report_recipient x
           WHERE x.report_id = r.id AND x.answered_at IS NOT NULL) AS answered
FROM customer_insight_report r;

CREATE VIEW v_customers_insight_report_answer AS
SELECT x.id, x.report_id, r.month, x.department_id, x.due_at, x.answer,
       x.answered_at, x.answered_by, r.written_at
FROM customer_insight_report_recipient x JOIN customer_insight_report r ON r.id = x.report_id;

CREATE VIEW v_customers_cleaning_run AS
SELECT r.id, r.happened_at, r.people, r.found, r.mended FROM worklist_run r;
