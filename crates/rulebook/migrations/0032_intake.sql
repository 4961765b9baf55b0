-- Sources of others that send what becomes a record; what opens one is kept only as a digest.
CREATE TABLE rulebook_intake (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    opens TEXT NOT NULL,
    mapping TEXT NOT NULL,
    key_path TEXT,
    per_minute BIGINT NOT NULL,
    owner_id TEXT NOT NULL,
    department_id TEXT,
    active BOOLEAN NOT NULL,
    digest TEXT NOT NULL,
    used_at BIGINT,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX rulebook_intake_digest ON rulebook_intake (digest);

-- What came, and what became of it; never changed. What was refused goes after a while.
CREATE TABLE rulebook_intake_entry (
    id TEXT PRIMARY KEY,
    intake_id TEXT NOT NULL REFERENCES rulebook_intake (id),
    at BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('json', 'mail')),
    outcome TEXT NOT NULL CHECK (outcome IN ('opened', 'known', 'refused')),
    code TEXT,
    fields TEXT NOT NULL,
    record_id TEXT REFERENCES rulebook_record (id)
);
CREATE INDEX rulebook_intake_entry_intake ON rulebook_intake_entry (intake_id, id);
CREATE INDEX rulebook_intake_entry_at ON rulebook_intake_entry (intake_id, at);

-- The sender's keys: what is sent twice opens one record.
CREATE TABLE rulebook_intake_seen (
    intake_id TEXT NOT NULL REFERENCES rulebook_intake (id),
    sender_key TEXT NOT NULL,
    record_id TEXT REFERENCES rulebook_record (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (intake_id, sender_key)
);
