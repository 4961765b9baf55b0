-- Forms that were published from a record, with their questions as they were then.
CREATE TABLE rulebook_form (
    id TEXT PRIMARY KEY,
    type_id TEXT NOT NULL,
    parent_id TEXT NOT NULL REFERENCES rulebook_record (id),
    parent_type TEXT NOT NULL,
    questions TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    published_by TEXT,
    withdrawn_at BIGINT,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX rulebook_form_parent ON rulebook_form (parent_id, type_id);

-- Addresses of a form, one for each channel or person.
CREATE TABLE rulebook_form_link (
    id TEXT PRIMARY KEY,
    form_id TEXT NOT NULL REFERENCES rulebook_form (id),
    token TEXT NOT NULL,
    name TEXT NOT NULL,
    channel TEXT,
    once BOOLEAN NOT NULL,
    invited BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    closed_at BIGINT
);
CREATE UNIQUE INDEX rulebook_form_link_token ON rulebook_form_link (token);
CREATE INDEX rulebook_form_link_form ON rulebook_form_link (form_id, id);

-- Visits, never changed; the sender is a digest that differs each day.
CREATE TABLE rulebook_form_visit (
    id TEXT PRIMARY KEY,
    form_id TEXT NOT NULL REFERENCES rulebook_form (id),
    link_id TEXT NOT NULL REFERENCES rulebook_form_link (id),
    at BIGINT NOT NULL,
    sender TEXT NOT NULL,
    human BOOLEAN NOT NULL
);
CREATE INDEX rulebook_form_visit_link ON rulebook_form_visit (link_id, at);

-- Answers: the record that each became, and what its sender agreed to.
CREATE TABLE rulebook_form_answer (
    id TEXT PRIMARY KEY,
    form_id TEXT NOT NULL REFERENCES rulebook_form (id),
    link_id TEXT NOT NULL REFERENCES rulebook_form_link (id),
    nonce TEXT NOT NULL,
    person TEXT,
    record_id TEXT REFERENCES rulebook_record (id),
    consent_text TEXT NOT NULL,
    consent_version TEXT NOT NULL,
    language TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE UNIQUE INDEX rulebook_form_answer_nonce ON rulebook_form_answer (form_id, nonce);
CREATE UNIQUE INDEX rulebook_form_answer_person ON rulebook_form_answer (form_id, person);
CREATE INDEX rulebook_form_answer_link ON rulebook_form_answer (link_id, at);

-- What was sent, by digest of the sender: limits how much comes from one address. Goes after a day.
CREATE TABLE rulebook_form_attempt (
    id TEXT PRIMARY KEY,
    sender TEXT NOT NULL,
    at BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('taken', 'refused', 'trapped'))
);
CREATE INDEX rulebook_form_attempt_sender ON rulebook_form_attempt (sender, at);

CREATE VIEW v_rulebook_form AS
SELECT f.id, f.type_id, f.parent_type, f.parent_id, f.published_at, f.withdrawn_at,
    (SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_form_link l WHERE l.form_id = f.id) AS links,
    (SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_form_visit v WHERE v.form_id = f.id AND v.human = TRUE) AS visits,
    (SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_form_answer a WHERE a.form_id = f.id) AS answers
FROM rulebook_form f;
