-- Whose events are not taken any more, and how many arrived all the same.
CREATE TABLE lake_erased_node (
    node_id TEXT PRIMARY KEY,
    erased_at BIGINT NOT NULL,
    refused BIGINT NOT NULL
);
