-- What detectors reported and what is not over yet: one record for each episode.
CREATE TABLE rulebook_detection (
    source TEXT PRIMARY KEY,
    record_id TEXT NOT NULL REFERENCES rulebook_record (id),
    at BIGINT NOT NULL
);
