-- Metrics as they were published; a metric that no pack has any more keeps its row and is marked.
CREATE TABLE rulebook_metric (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    pack_id TEXT NOT NULL,
    title TEXT NOT NULL,
    unit TEXT NOT NULL,
    key_metric BOOLEAN NOT NULL,
    has_near BOOLEAN NOT NULL,
    has_over BOOLEAN NOT NULL,
    has_owner BOOLEAN NOT NULL,
    content_hash TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    removed_at BIGINT
);

-- What each version of a metric computes; never updated or deleted.
CREATE TABLE rulebook_metric_version (
    metric_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    content_hash TEXT NOT NULL,
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (metric_id, version)
);

-- What was measured; never updated or deleted. The series is empty for the metric as a whole.
CREATE TABLE rulebook_metric_sample (
    id TEXT PRIMARY KEY,
    metric_id TEXT NOT NULL REFERENCES rulebook_metric (id),
    series TEXT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    value DOUBLE PRECISION,
    row_count BIGINT NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX rulebook_metric_sample_series ON rulebook_metric_sample (metric_id, series, at);
CREATE INDEX rulebook_metric_sample_at ON rulebook_metric_sample (at, id);

-- Where each series stands: its newest sample, how long it has been beyond a limit, and the alert that is open for it.
CREATE TABLE rulebook_metric_state (
    metric_id TEXT NOT NULL REFERENCES rulebook_metric (id),
    series TEXT NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    near_run BIGINT NOT NULL,
    over_run BIGINT NOT NULL,
    value DOUBLE PRECISION,
    value_before DOUBLE PRECISION,
    row_count BIGINT NOT NULL,
    measured_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    alert_id TEXT REFERENCES rulebook_record (id),
    alert_level TEXT,
    PRIMARY KEY (metric_id, series)
);

CREATE VIEW v_rulebook_metric AS
    SELECT m.id AS id, m.title AS title, m.version AS version, m.unit AS unit, m.key_metric AS key_metric,
           m.has_near AS has_near, m.has_over AS has_over, m.has_owner AS has_owner,
           (m.has_near AND m.has_over) AS has_limits, s.state AS state, s.value AS value,
           s.row_count AS row_count, s.measured_at AS measured_at, s.changed_at AS changed_at
    FROM rulebook_metric m LEFT JOIN rulebook_metric_state s ON s.metric_id = m.id AND s.series = ''
    WHERE m.removed_at IS NULL;

CREATE VIEW v_rulebook_metric_sample AS
    SELECT id, metric_id, series, version, at, value, row_count, state FROM rulebook_metric_sample;

-- Steps of all machines with the time that the thing stood in the state before, and what names the step.
DROP VIEW v_rulebook_step;
CREATE VIEW v_rulebook_step AS
    SELECT s.instance_id || '/' || CAST(s.position AS TEXT) AS id, i.machine_id AS machine_id,
           i.machine_id || '/' || COALESCE(s.from_state, '') AS step,
           i.subject_noun AS subject_noun, i.subject_id AS subject_id, s.action AS action,
           s.from_state AS from_state, s.to_state AS to_state, s.actor_id AS actor_id, s.at AS at,
           (s.at - p.at) / 60000 AS minutes_in_state
    FROM rulebook_instance_step s
    JOIN rulebook_instance i ON i.id = s.instance_id
    LEFT JOIN rulebook_instance_step p ON p.instance_id = s.instance_id AND p.position = s.position - 1;
