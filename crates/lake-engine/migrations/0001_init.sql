-- Files of events: the one authority on what is in the lake.
CREATE TABLE lake_file (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    month TEXT NOT NULL,
    level BIGINT NOT NULL,
    rows BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    first_node TEXT NOT NULL,
    last_node TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT
);
CREATE UNIQUE INDEX lake_file_name ON lake_file (name);
CREATE INDEX lake_file_month ON lake_file (month, retired_at);

-- Until where the log of each node is in files.
CREATE TABLE lake_cursor (
    log_id TEXT PRIMARY KEY,
    segment BIGINT NOT NULL,
    byte_offset BIGINT NOT NULL,
    next_number BIGINT NOT NULL,
    watermark BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- What each source brought, by the day of arrival (UTC).
CREATE TABLE lake_source_day (
    source_id TEXT NOT NULL,
    day TEXT NOT NULL,
    stored BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (source_id, day)
);

CREATE VIEW v_lake_source_day AS
SELECT source_id || '/' || day AS id, source_id, day, stored, duplicates, last_at FROM lake_source_day;
