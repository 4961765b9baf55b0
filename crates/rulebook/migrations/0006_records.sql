-- Record types as they were published; the slots say in which column of a record each field stands, for ever.
CREATE TABLE rulebook_record_type (
    type_id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    pack_id TEXT NOT NULL,
    slots TEXT NOT NULL,
    view_definition TEXT NOT NULL,
    last_number BIGINT NOT NULL,
    published_at BIGINT NOT NULL
);

-- Versions of record types; never updated or deleted.
CREATE TABLE rulebook_record_type_version (
    type_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    content_hash TEXT NOT NULL,
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (type_id, version)
);

-- Records of every type: the whole as a document, and columns for what lists filter and sort by.
CREATE TABLE rulebook_record (
    id TEXT PRIMARY KEY,
    type_id TEXT NOT NULL REFERENCES rulebook_record_type (type_id),
    type_version BIGINT NOT NULL,
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    search TEXT NOT NULL,
    state TEXT,
    ended BOOLEAN NOT NULL,
    instance_id TEXT REFERENCES rulebook_instance (id),
    brand_id TEXT,
    department_id TEXT,
    owner_id TEXT,
    label TEXT NOT NULL,
    restricted BOOLEAN NOT NULL,
    document TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    closed_at BIGINT,
    archived_at BIGINT,
    created_by TEXT,
    version BIGINT NOT NULL,
    s1 TEXT, s2 TEXT, s3 TEXT, s4 TEXT, s5 TEXT, s6 TEXT,
    s7 TEXT, s8 TEXT, s9 TEXT, s10 TEXT, s11 TEXT, s12 TEXT,
    s13 TEXT, s14 TEXT, s15 TEXT, s16 TEXT, s17 TEXT, s18 TEXT,
    s19 TEXT, s20 TEXT, s21 TEXT, s22 TEXT, s23 TEXT, s24 TEXT,
    n1 BIGINT, n2 BIGINT, n3 BIGINT, n4 BIGINT, n5 BIGINT, n6 BIGINT,
    n7 BIGINT, n8 BIGINT, n9 BIGINT, n10 BIGINT, n11 BIGINT, n12 BIGINT,
    n13 BIGINT, n14 BIGINT, n15 BIGINT, n16 BIGINT, n17 BIGINT, n18 BIGINT,
    n19 BIGINT, n20 BIGINT, n21 BIGINT, n22 BIGINT, n23 BIGINT, n24 BIGINT,
    r1 DOUBLE PRECISION, r2 DOUBLE PRECISION, r3 DOUBLE PRECISION, r4 DOUBLE PRECISION, r5 DOUBLE PRECISION, r6 DOUBLE PRECISION,
    r7 DOUBLE PRECISION, r8 DOUBLE PRECISION, b1 BOOLEAN, b2 BOOLEAN, b3 BOOLEAN, b4 BOOLEAN,
    b5 BOOLEAN, b6 BOOLEAN, b7 BOOLEAN, b8 BOOLEAN
);
CREATE INDEX rulebook_record_list ON rulebook_record (type_id, id);
CREATE INDEX rulebook_record_state ON rulebook_record (type_id, state, id);
CREATE INDEX rulebook_record_open ON rulebook_record (type_id, ended, id);
CREATE INDEX rulebook_record_owner ON rulebook_record (type_id, owner_id, id);
CREATE INDEX rulebook_record_updated ON rulebook_record (type_id, updated_at, id);
CREATE INDEX rulebook_record_closed ON rulebook_record (type_id, closed_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX rulebook_record_instance ON rulebook_record (instance_id);
-- Of every class the first slots are indexed; a field that nobody fills costs nothing.
CREATE INDEX rulebook_record_s1 ON rulebook_record (type_id, s1, id) WHERE s1 IS NOT NULL;
CREATE INDEX rulebook_record_s2 ON rulebook_record (type_id, s2, id) WHERE s2 IS NOT NULL;
CREATE INDEX rulebook_record_s3 ON rulebook_record (type_id, s3, id) WHERE s3 IS NOT NULL;
CREATE INDEX rulebook_record_s4 ON rulebook_record (type_id, s4, id) WHERE s4 IS NOT NULL;
CREATE INDEX rulebook_record_s5 ON rulebook_record (type_id, s5, id) WHERE s5 IS NOT NULL;
CREATE INDEX rulebook_record_s6 ON rulebook_record (type_id, s6, id) WHERE s6 IS NOT NULL;
CREATE INDEX rulebook_record_s7 ON rulebook_record (type_id, s7, id) WHERE s7 IS NOT NULL;
CREATE INDEX rulebook_record_s8 ON rulebook_record (type_id, s8, id) WHERE s8 IS NOT NULL;
CREATE INDEX rulebook_record_s9 ON rulebook_record (type_id, s9, id) WHERE s9 IS NOT NULL;
CREATE INDEX rulebook_record_s10 ON rulebook_record (type_id, s10, id) WHERE s10 IS NOT NULL;
CREATE INDEX rulebook_record_s11 ON rulebook_record (type_id, s11, id) WHERE s11 IS NOT NULL;
CREATE INDEX rulebook_record_s12 ON rulebook_record (type_id, s12, id) WHERE s12 IS NOT NULL;
CREATE INDEX rulebook_record_n1 ON rulebook_record (type_id, n1, id) WHERE n1 IS NOT NULL;
CREATE INDEX rulebook_record_n2 ON rulebook_record (type_id, n2, id) WHERE n2 IS NOT NULL;
CREATE INDEX rulebook_record_n3 ON rulebook_record (type_id, n3, id) WHERE n3 IS NOT NULL;
CREATE INDEX rulebook_record_n4 ON rulebook_record (type_id, n4, id) WHERE n4 IS NOT NULL;
CREATE INDEX rulebook_record_n5 ON rulebook_record (type_id, n5, id) WHERE n5 IS NOT NULL;
CREATE INDEX rulebook_record_n6 ON rulebook_record (type_id, n6, id) WHERE n6 IS NOT NULL;
CREATE INDEX rulebook_record_n7 ON rulebook_record (type_id, n7, id) WHERE n7 IS NOT NULL;
CREATE INDEX rulebook_record_n8 ON rulebook_record (type_id, n8, id) WHERE n8 IS NOT NULL;
CREATE INDEX rulebook_record_n9 ON rulebook_record (type_id, n9, id) WHERE n9 IS NOT NULL;
CREATE INDEX rulebook_record_n10 ON rulebook_record (type_id, n10, id) WHERE n10 IS NOT NULL;
CREATE INDEX rulebook_record_n11 ON rulebook_record (type_id, n11, id) WHERE n11 IS NOT NULL;
CREATE INDEX rulebook_record_n12 ON rulebook_record (type_id, n12, id) WHERE n12 IS NOT NULL;
CREATE INDEX rulebook_record_r1 ON rulebook_record (type_id, r1, id) WHERE r1 IS NOT NULL;
CREATE INDEX rulebook_record_r2 ON rulebook_record (type_id, r2, id) WHERE r2 IS NOT NULL;
CREATE INDEX rulebook_record_r3 ON rulebook_record (type_id, r3, id) WHERE r3 IS NOT NULL;
CREATE INDEX rulebook_record_r4 ON rulebook_record (type_id, r4, id) WHERE r4 IS NOT NULL;

-- Those whom a record names, where only they see it.
CREATE TABLE rulebook_record_party (
    record_id TEXT NOT NULL REFERENCES rulebook_record (id),
    user_id TEXT NOT NULL,
    PRIMARY KEY (record_id, user_id)
);

-- What became of a record, change by change; never updated or deleted.
CREATE TABLE rulebook_record_change (
    record_id TEXT NOT NULL REFERENCES rulebook_record (id),
    version BIGINT NOT NULL,
    action TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT,
    changes TEXT NOT NULL,
    reason TEXT,
    actor_id TEXT,
    actor_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (record_id, version)
);

CREATE TABLE rulebook_record_comment (
    id TEXT PRIMARY KEY,
    record_id TEXT NOT NULL REFERENCES rulebook_record (id),
    body TEXT NOT NULL,
    author_id TEXT,
    author_name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX rulebook_record_comment_record ON rulebook_record_comment (record_id, id);

-- Steps of all machines with the time that the thing stood in the state before.
CREATE VIEW v_rulebook_step AS
    SELECT s.instance_id || '/' || CAST(s.position AS TEXT) AS id, i.machine_id AS machine_id,
           i.subject_noun AS subject_noun, i.subject_id AS subject_id, s.action AS action,
           s.from_state AS from_state, s.to_state AS to_state, s.actor_id AS actor_id, s.at AS at,
           (s.at - p.at) / 60000 AS minutes_in_state
    FROM rulebook_instance_step s
    JOIN rulebook_instance i ON i.id = s.instance_id
    LEFT JOIN rulebook_instance_step p ON p.instance_id = s.instance_id AND p.position = s.position - 1;

-- Since when each cadence is watched: nothing is opened for the time before it was there.
CREATE TABLE rulebook_cadence (
    cadence_id TEXT PRIMARY KEY,
    watched_from BIGINT NOT NULL
);

-- What cadences opened: one row for each occurrence, so that none is opened twice.
CREATE TABLE rulebook_cadence_run (
    cadence_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    occurrence_at BIGINT NOT NULL,
    record_id TEXT REFERENCES rulebook_record (id),
    opened_at BIGINT NOT NULL,
    PRIMARY KEY (cadence_id, subject_id, occurrence_at)
);

CREATE VIEW v_rulebook_cadence_run AS
    SELECT c.cadence_id || '/' || c.subject_id || '/' || CAST(c.occurrence_at AS TEXT) AS id, c.cadence_id AS cadence_id,
           c.subject_id AS subject_id, c.occurrence_at AS occurrence_at, c.opened_at AS opened_at,
           r.type_id AS type_id, r.id AS record_id, r.state AS state, r.ended AS ended, r.closed_at AS closed_at,
           r.department_id AS department_id
    FROM rulebook_cadence_run c JOIN rulebook_record r ON r.id = c.record_id;
