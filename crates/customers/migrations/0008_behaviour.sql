-- Conditions on events that segments ask about, and of whom each is not as it is of people without any events.
CREATE TABLE behaviour_condition (
    id TEXT PRIMARY KEY,
    definition TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    watermark BIGINT,
    used_at BIGINT NOT NULL
);
CREATE TABLE behaviour_exception (
    condition_id TEXT NOT NULL REFERENCES behaviour_condition (id),
    profile_id TEXT NOT NULL,
    PRIMARY KEY (condition_id, profile_id)
);
CREATE INDEX behaviour_exception_person ON behaviour_exception (profile_id);
