-- Who keeps conditions on events true as they come: one row a process, with the moment up to which it did so.
CREATE TABLE behaviour_upkeep (
    id TEXT PRIMARY KEY,
    as_of BIGINT NOT NULL
);
-- Who keeps this one; nobody where a job decides it anew from time to time.
ALTER TABLE behaviour_condition ADD COLUMN live_by TEXT;

-- What moved between people is looked for by time.
CREATE INDEX profile_node_since ON profile_node (since) WHERE until IS NULL;
CREATE INDEX profile_node_until ON profile_node (until) WHERE until IS NOT NULL;

-- Segments whose members are kept, with the definition that these meet; those that do not follow events are evaluated
-- in full from time to time.
CREATE TABLE segment_live (
    segment_id TEXT PRIMARY KEY REFERENCES segment (id),
    version_id TEXT NOT NULL,
    members BIGINT NOT NULL,
    full_at BIGINT NOT NULL,
    follows_events BOOLEAN NOT NULL
);
CREATE TABLE segment_member (
    segment_id TEXT NOT NULL REFERENCES segment (id),
    profile_id TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (segment_id, profile_id)
);
CREATE INDEX segment_member_person ON segment_member (profile_id);

-- Who came and who went, for as long as it is kept.
CREATE TABLE segment_change (
    id TEXT PRIMARY KEY,
    segment_id TEXT NOT NULL REFERENCES segment (id),
    profile_id TEXT NOT NULL,
    change TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX segment_change_newest ON segment_change (segment_id, at, id);
CREATE INDEX segment_change_person ON segment_change (profile_id);
CREATE INDEX segment_change_at ON segment_change (at);

-- How many there were at the end of each day.
CREATE TABLE segment_size (
    segment_id TEXT NOT NULL REFERENCES segment (id),
    day TEXT NOT NULL,
    members BIGINT NOT NULL,
    PRIMARY KEY (segment_id, day)
);

-- Which programs are told who enters and leaves a segment.
CREATE TABLE segment_hook (
    segment_id TEXT NOT NULL REFERENCES segment (id),
    endpoint_id TEXT NOT NULL,
    on_enter BOOLEAN NOT NULL,
    on_leave BOOLEAN NOT NULL,
    PRIMARY KEY (segment_id, endpoint_id)
);

-- Why somebody froze a segment by hand.
ALTER TABLE audience ADD COLUMN reason TEXT;
CREATE INDEX audience_segment ON audience (segment_id, created_at, id);
