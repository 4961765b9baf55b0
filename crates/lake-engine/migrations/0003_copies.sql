-- Columnar copies of records that SQL asks: the one of each table that counts.
CREATE TABLE lake_copy (
    table_name TEXT PRIMARY KEY,
    file TEXT NOT NULL,
    rows BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    watermark BIGINT NOT NULL,
    fingerprint TEXT NOT NULL,
    copied_at BIGINT NOT NULL
);
