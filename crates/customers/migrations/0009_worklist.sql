-- What is wrong with what is known about somebody, until it is mended or somebody decides that it may stay.
CREATE TABLE worklist_item (
    id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL REFERENCES profile (id),
    problem TEXT NOT NULL,
    state TEXT NOT NULL,
    found_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT,
    reason TEXT,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX worklist_item_of ON worklist_item (profile_id, problem);
CREATE INDEX worklist_item_oldest ON worklist_item (state, found_at, id);

-- When somebody last made sure that what is known about a person still holds.
CREATE TABLE profile_check (
    profile_id TEXT PRIMARY KEY REFERENCES profile (id),
    checked_at BIGINT NOT NULL,
    checked_by TEXT
);

CREATE VIEW v_customers_worklist_item AS
SELECT w.id, w.profile_id, w.problem, w.state, w.found_at, w.decided_at, w.decided_by, p.brand_id, p.department_id,
       p.owner_id
FROM worklist_item w JOIN profile p ON p.id = w.profile_id
WHERE p.merged_into IS NULL AND p.archived_at IS NULL;
