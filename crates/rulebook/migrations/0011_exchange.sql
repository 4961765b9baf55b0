-- Rows of imports that became records: the same row comes once, and an import can be taken back.
CREATE TABLE rulebook_record_import (
    type_id TEXT NOT NULL,
    row_key TEXT NOT NULL,
    record_id TEXT NOT NULL REFERENCES rulebook_record (id),
    import_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (type_id, row_key)
);
CREATE INDEX rulebook_record_import_of ON rulebook_record_import (import_id, record_id);

-- Calendar feeds, one for a person; of their secrets only the digest.
CREATE TABLE rulebook_calendar_feed (
    user_id TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    read_at BIGINT
);
CREATE UNIQUE INDEX rulebook_calendar_feed_digest ON rulebook_calendar_feed (digest);
