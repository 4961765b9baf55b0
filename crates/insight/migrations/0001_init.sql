-- Saved queries: a question in SQL with the chart that shows its answer.
CREATE TABLE insight_query (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    sql TEXT NOT NULL,
    chart TEXT NOT NULL,
    parameters TEXT NOT NULL,
    sharing TEXT NOT NULL,
    people TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    archived_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX insight_query_newest ON insight_query (created_at, id);
CREATE INDEX insight_query_owner ON insight_query (owner_id, created_at, id);

-- People with whom a query is shared, where it is shared with some.
CREATE TABLE insight_query_reader (
    query_id TEXT NOT NULL REFERENCES insight_query (id),
    user_id TEXT NOT NULL,
    PRIMARY KEY (query_id, user_id)
);
CREATE INDEX insight_query_reader_user ON insight_query_reader (user_id, query_id);
