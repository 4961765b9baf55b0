-- Who opened, listed or took what is secret, and who was refused it; never updated or deleted.
CREATE TABLE rulebook_access (
    id TEXT PRIMARY KEY,
    subject_noun TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    number TEXT NOT NULL,
    act TEXT NOT NULL CHECK (act IN ('view', 'list', 'download', 'export', 'refused')),
    file_name TEXT,
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    once TEXT NOT NULL
);
CREATE UNIQUE INDEX rulebook_access_once ON rulebook_access (once);
CREATE INDEX rulebook_access_user ON rulebook_access (user_id, id);
CREATE INDEX rulebook_access_subject ON rulebook_access (subject_id, id);

CREATE VIEW v_rulebook_access AS
SELECT id, subject_noun, subject_id, number, act, file_name, user_id, user_name, at FROM rulebook_access;
