-- A brand of the company.
CREATE TABLE brand (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    names TEXT NOT NULL,
    sender_names TEXT NOT NULL,
    sender_address TEXT NOT NULL,
    link_domains TEXT NOT NULL,
    state TEXT NOT NULL,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

-- A picture of the library; its bytes are those of its current version.
CREATE TABLE asset (
    id TEXT PRIMARY KEY,
    brand_id TEXT NOT NULL REFERENCES brand (id),
    department_id TEXT,
    owner_id TEXT,
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    alt_texts TEXT NOT NULL,
    rights_until BIGINT,
    rights_note TEXT NOT NULL,
    state TEXT NOT NULL,
    number BIGINT NOT NULL,
    blob_hash TEXT NOT NULL,
    content_type TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    byte_size BIGINT NOT NULL,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (brand_id, key)
);
CREATE INDEX asset_list ON asset (brand_id, id);

-- Every file that an asset ever had; never changed, because mails that left still show it.
CREATE TABLE asset_version (
    id TEXT PRIMARY KEY,
    asset_id TEXT NOT NULL REFERENCES asset (id),
    number BIGINT NOT NULL,
    blob_hash TEXT NOT NULL,
    content_type TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    byte_size BIGINT NOT NULL,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    UNIQUE (asset_id, number)
);
CREATE INDEX asset_version_hash ON asset_version (blob_hash);

-- A reusable part of mails.
CREATE TABLE partial (
    id TEXT PRIMARY KEY,
    brand_id TEXT NOT NULL REFERENCES brand (id),
    department_id TEXT,
    owner_id TEXT,
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    number BIGINT NOT NULL,
    version_id TEXT NOT NULL,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (brand_id, key)
);
CREATE INDEX partial_list ON partial (brand_id, id);

-- Immutable.
CREATE TABLE partial_version (
    id TEXT PRIMARY KEY,
    partial_id TEXT NOT NULL REFERENCES partial (id),
    number BIGINT NOT NULL,
    sources TEXT NOT NULL,
    digest TEXT NOT NULL,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    UNIQUE (partial_id, number)
);

-- A content item; its words are in its versions.
CREATE TABLE content (
    id TEXT PRIMARY KEY,
    brand_id TEXT NOT NULL REFERENCES brand (id),
    department_id TEXT,
    owner_id TEXT,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    languages TEXT NOT NULL,
    state TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    version_id TEXT NOT NULL,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX content_list ON content (updated_at, id);
CREATE INDEX content_state ON content (state, updated_at, id);
CREATE INDEX content_brand ON content (brand_id, updated_at, id);

-- Immutable: all language variants together.
CREATE TABLE content_version (
    id TEXT PRIMARY KEY,
    content_id TEXT NOT NULL REFERENCES content (id),
    number BIGINT NOT NULL,
    variants TEXT NOT NULL,
    digest TEXT NOT NULL,
    note TEXT NOT NULL,
    restored_from BIGINT,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    UNIQUE (content_id, number)
);

-- Remarks, pinned on a place or on the whole.
CREATE TABLE content_comment (
    id TEXT PRIMARY KEY,
    content_id TEXT NOT NULL REFERENCES content (id),
    version_id TEXT NOT NULL,
    review_id TEXT,
    language TEXT,
    field TEXT,
    line BIGINT,
    body TEXT NOT NULL,
    resolved_by TEXT,
    resolved_at BIGINT,
    created_by TEXT,
    created_by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX content_comment_list ON content_comment (content_id, id);

-- A pre-flight of one exact closure.
CREATE TABLE preflight_run (
    id TEXT PRIMARY KEY,
    content_id TEXT NOT NULL REFERENCES content (id),
    version_id TEXT NOT NULL,
    closure_hash TEXT NOT NULL,
    verdict TEXT NOT NULL,
    findings TEXT NOT NULL,
    serious_count BIGINT NOT NULL,
    warning_count BIGINT NOT NULL,
    info_count BIGINT NOT NULL,
    word_pack TEXT NOT NULL,
    word_pack_date TEXT NOT NULL,
    word_hits BIGINT NOT NULL,
    run_by TEXT,
    run_at BIGINT NOT NULL
);
CREATE INDEX preflight_run_closure ON preflight_run (content_id, closure_hash, run_at);

-- One round of review.
CREATE TABLE content_review (
    id TEXT PRIMARY KEY,
    content_id TEXT NOT NULL REFERENCES content (id),
    version_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    since_number BIGINT NOT NULL,
    closure_hash TEXT NOT NULL,
    preflight_run_id TEXT NOT NULL REFERENCES preflight_run (id),
    message TEXT NOT NULL,
    submitted_by TEXT,
    submitted_by_name TEXT NOT NULL,
    submitted_at BIGINT NOT NULL,
    decision TEXT,
    reason TEXT NOT NULL,
    decided_by TEXT,
    decided_by_name TEXT,
    decided_at BIGINT
);
CREATE INDEX content_review_content ON content_review (content_id, submitted_at);
-- At most one open round for an item.
CREATE UNIQUE INDEX content_review_open ON content_review (content_id) WHERE decision IS NULL;

-- An approval binds exactly one closure; its token is derived from it, never stored.
CREATE TABLE content_approval (
    id TEXT PRIMARY KEY,
    content_id TEXT NOT NULL REFERENCES content (id),
    version_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    review_id TEXT NOT NULL REFERENCES content_review (id),
    closure_hash TEXT NOT NULL,
    state TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    approved_by_name TEXT NOT NULL,
    approved_at BIGINT NOT NULL,
    voided_at BIGINT,
    void_reason TEXT
);
CREATE INDEX content_approval_content ON content_approval (content_id, approved_at);
CREATE UNIQUE INDEX content_approval_valid ON content_approval (content_id) WHERE state = 'valid';

-- What the closure that was last submitted is made of, to find the items that a change touches.
CREATE TABLE content_part (
    content_id TEXT NOT NULL REFERENCES content (id),
    noun TEXT NOT NULL,
    noun_id TEXT NOT NULL,
    PRIMARY KEY (content_id, noun, noun_id)
);
CREATE INDEX content_part_noun ON content_part (noun, noun_id);

-- Every decision of the release door, refusals too.
CREATE TABLE release_decision (
    id TEXT PRIMARY KEY,
    content_id TEXT NOT NULL,
    brand_id TEXT,
    department_id TEXT,
    owner_id TEXT,
    version_id TEXT,
    approval_id TEXT,
    closure_hash TEXT,
    allowed BOOLEAN NOT NULL,
    reason TEXT,
    args TEXT NOT NULL,
    hash_matches BOOLEAN NOT NULL,
    had_preflight BOOLEAN NOT NULL,
    used_by_kind TEXT NOT NULL,
    used_by TEXT NOT NULL,
    decided_by TEXT,
    decided_by_name TEXT NOT NULL,
    decided_at BIGINT NOT NULL
);
CREATE INDEX release_decision_list ON release_decision (content_id, id);
CREATE INDEX release_decision_use ON release_decision (used_by, id);

-- What this domain shows of itself.
CREATE VIEW v_brand_brand AS
SELECT id, key, state, created_at FROM brand;

CREATE VIEW v_brand_content AS
SELECT id, brand_id, department_id, owner_id, kind, state, languages, number, created_at, updated_at
FROM content;

CREATE VIEW v_brand_review AS
SELECT r.id, r.content_id, c.brand_id, c.department_id, c.owner_id, r.submitted_at, r.decided_at, r.decision,
    r.submitted_by AS author_id, r.decided_by, (r.decided_at - r.submitted_at) / 60000 AS minutes,
    -- Derived from who wrote the versions under review, not from what the decision said.
    EXISTS (SELECT 1 FROM content_version v WHERE v.content_id = r.content_id AND v.created_by = r.decided_by
        AND r.decision IN ('approved', 'returned')
        AND ((v.number > r.since_number AND v.number <= r.number) OR v.number = r.number)) AS same_person,
    -- An author tried to decide on it; that was refused.
    EXISTS (SELECT 1 FROM v_identity_session_refusal f
        WHERE f.code IN ('brand.review.own_work', 'rulebook.machine.separated')
        AND f.path LIKE '%/' || r.content_id || '/%'
        AND f.at >= r.submitted_at AND f.at <= COALESCE(r.decided_at, f.at)) AS tried_alone
FROM content_review r JOIN content c ON c.id = r.content_id;

CREATE VIEW v_brand_release AS
SELECT id, content_id, brand_id, department_id, owner_id, allowed, reason, hash_matches, had_preflight,
    approval_id, used_by_kind, used_by, decided_by, decided_at AS at
FROM release_decision;

CREATE VIEW v_brand_preflight AS
SELECT p.id, p.content_id, c.brand_id, c.department_id, c.owner_id, p.verdict, p.serious_count, p.warning_count,
    p.word_hits, p.word_pack, p.word_pack_date, p.run_by, p.run_at AS at
FROM preflight_run p JOIN content c ON c.id = p.content_id;

CREATE VIEW v_brand_approval AS
SELECT a.id, a.content_id, c.brand_id, c.department_id, c.owner_id, a.number, a.state, a.approved_by, a.approved_at,
    a.voided_at, a.void_reason
FROM content_approval a JOIN content c ON c.id = a.content_id;
