-- Backups that were tried: those that succeeded with what they hold, those that failed with the reason.
CREATE TABLE backup_run (
    id TEXT PRIMARY KEY,
    begun_by TEXT NOT NULL CHECK (begun_by IN ('schedule', 'person', 'command')),
    state TEXT NOT NULL CHECK (state IN ('done', 'failed', 'removed')),
    taken_at BIGINT NOT NULL,
    file TEXT,
    size_bytes BIGINT,
    sha256 TEXT,
    took_ms BIGINT NOT NULL,
    row_count BIGINT,
    file_count BIGINT,
    manifest TEXT,
    master_key BOOLEAN NOT NULL,
    verified BOOLEAN NOT NULL,
    verified_at BIGINT,
    verify_ms BIGINT,
    problem TEXT,
    removed_at BIGINT,
    created_at BIGINT NOT NULL,
    created_by TEXT
);
CREATE INDEX backup_run_taken ON backup_run (taken_at);
CREATE INDEX backup_run_verified ON backup_run (verified, taken_at);

-- Real restores into a place of their own, compared row by row and file by file.
CREATE TABLE backup_restore_test (
    id TEXT PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES backup_run (id),
    begun_by TEXT NOT NULL CHECK (begun_by IN ('schedule', 'person', 'command')),
    at BIGINT NOT NULL,
    passed BOOLEAN NOT NULL,
    took_ms BIGINT NOT NULL,
    row_count BIGINT,
    file_count BIGINT,
    differences TEXT NOT NULL,
    problem TEXT,
    created_by TEXT
);
CREATE INDEX backup_restore_test_at ON backup_restore_test (at);

-- What IT was told about: one open alert of a kind at a time.
CREATE TABLE backup_alert (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('missed', 'failed', 'damaged', 'restore_failed')),
    run_id TEXT REFERENCES backup_run (id),
    at BIGINT NOT NULL,
    problem TEXT,
    cleared_at BIGINT
);
CREATE UNIQUE INDEX backup_alert_open ON backup_alert (kind) WHERE cleared_at IS NULL;
CREATE INDEX backup_alert_at ON backup_alert (at);

-- Losses of data, from the notice to the superior's acknowledgement.
CREATE TABLE backup_loss (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('open', 'restoring', 'restored', 'reported', 'acknowledged')),
    what TEXT NOT NULL,
    cause TEXT,
    noticed_at BIGINT NOT NULL,
    noticed_by TEXT NOT NULL,
    department_id TEXT,
    run_id TEXT REFERENCES backup_run (id),
    restored TEXT,
    problem TEXT,
    superior_id TEXT,
    findings TEXT,
    report TEXT,
    reported_at BIGINT,
    acknowledged_at BIGINT,
    acknowledged_by TEXT,
    acknowledgement TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_by TEXT
);
CREATE INDEX backup_loss_noticed ON backup_loss (noticed_at);

CREATE VIEW v_backup_run AS
SELECT id, taken_at AS at, begun_by, state, verified, verified_at, took_ms, row_count, file_count, size_bytes
FROM backup_run;

CREATE VIEW v_backup_restore_test AS
SELECT id, run_id, at, begun_by, passed, took_ms, row_count, file_count FROM backup_restore_test;

CREATE VIEW v_backup_alert AS
SELECT id, kind, run_id, at, cleared_at FROM backup_alert;

CREATE VIEW v_backup_loss AS
SELECT id, state, noticed_at AS at, department_id, superior_id, reported_at, acknowledged_at, acknowledged_by,
    CASE WHEN acknowledged_at IS NULL THEN FALSE ELSE TRUE END AS acknowledged
FROM backup_loss;
