-- Personal values lie sealed from here on: two of the same do not look the same any more. An identifier is found by its id,
-- and a person by keyed digests of what can be searched for.
DROP INDEX identifier_node_value;

CREATE TABLE node_term (
    term BIGINT NOT NULL,
    node_id TEXT NOT NULL,
    PRIMARY KEY (term, node_id)
);
CREATE INDEX node_term_node ON node_term (node_id);

CREATE TABLE profile_term (
    term BIGINT NOT NULL,
    profile_id TEXT NOT NULL,
    PRIMARY KEY (term, profile_id)
);
CREATE INDEX profile_term_profile ON profile_term (profile_id);

-- Until where the rows of a table are sealed under which key.
CREATE TABLE sealing (
    table_name TEXT PRIMARY KEY,
    mark TEXT NOT NULL,
    after_key TEXT NOT NULL,
    finished_at BIGINT
);
