-- Imports: one file on its way into one noun.
CREATE TABLE tabular_import (
    id TEXT PRIMARY KEY,
    noun TEXT NOT NULL,
    source TEXT NOT NULL,
    brand_id TEXT,
    currency TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_hash TEXT NOT NULL,
    file_bytes BIGINT NOT NULL,
    layout TEXT NOT NULL,
    sheets TEXT NOT NULL,
    titles TEXT NOT NULL,
    columns TEXT NOT NULL,
    notes TEXT NOT NULL,
    state TEXT NOT NULL,
    read_count BIGINT NOT NULL DEFAULT 0,
    stored_count BIGINT NOT NULL DEFAULT 0,
    rejected_count BIGINT NOT NULL DEFAULT 0,
    present_count BIGINT NOT NULL DEFAULT 0,
    undone_count BIGINT NOT NULL DEFAULT 0,
    bytes_done BIGINT NOT NULL DEFAULT 0,
    failure TEXT,
    created_by TEXT,
    created_by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1,
    CHECK (read_count = stored_count + rejected_count),
    CHECK (present_count <= rejected_count)
);
-- The list of imports, newest first: ids grow with time.
CREATE INDEX tabular_import_noun ON tabular_import (noun, id);
CREATE INDEX tabular_import_file ON tabular_import (file_hash, noun);

-- Rejected rows: neighbours with the same reason share a line. The cells stay in the file.
CREATE TABLE tabular_reject (
    import_id TEXT NOT NULL REFERENCES tabular_import (id),
    first_row BIGINT NOT NULL,
    last_row BIGINT NOT NULL,
    code TEXT NOT NULL,
    field TEXT,
    args TEXT NOT NULL,
    PRIMARY KEY (import_id, first_row)
);

-- Mappings that people saved for files with the same titles.
CREATE TABLE tabular_mapping (
    id TEXT PRIMARY KEY,
    noun TEXT NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    columns TEXT NOT NULL,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    archived_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX tabular_mapping_noun ON tabular_mapping (noun, archived_at, id);

-- Rows that were there already are no fault of the file: they do not count as rejected here.
CREATE VIEW v_tabular_import AS
    SELECT id, noun, source, brand_id, state, read_count, stored_count, rejected_count, present_count,
           CASE WHEN read_count = 0 THEN 0.0
                ELSE 100.0 * (rejected_count - present_count) / read_count END AS rejected_share,
           created_at, finished_at
    FROM tabular_import;
