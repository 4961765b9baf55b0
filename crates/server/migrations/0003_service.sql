-- Figures of the running product, one row for each node and minute; old ones go.
CREATE TABLE system_service_minute (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    node TEXT NOT NULL,
    requests BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    p95_ms BIGINT,
    backlog BIGINT NOT NULL,
    disk_free DOUBLE PRECISION,
    span_seconds BIGINT NOT NULL,
    down_seconds BIGINT NOT NULL,
    version TEXT NOT NULL,
    version_days BIGINT NOT NULL,
    certificate_days BIGINT
);
CREATE INDEX system_service_minute_at ON system_service_minute (at);

-- Since when each version runs here.
CREATE TABLE system_version (
    version TEXT PRIMARY KEY,
    first_at BIGINT NOT NULL
);

CREATE VIEW v_system_service AS
SELECT id, at, node, requests, errors, p95_ms, backlog, disk_free, span_seconds, down_seconds, version, version_days,
       certificate_days
FROM system_service_minute;

-- The ten minutes before the newest row.
CREATE VIEW v_system_service_now AS
SELECT id, at, node, requests, errors, p95_ms, backlog, disk_free, span_seconds, down_seconds, version, version_days,
       certificate_days
FROM system_service_minute WHERE at > (SELECT MAX(at) FROM system_service_minute) - 600000;
