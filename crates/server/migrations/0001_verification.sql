-- What each verification of the audit log found.
CREATE TABLE audit_verification (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    ok BOOLEAN NOT NULL,
    entries BIGINT NOT NULL,
    sealed BIGINT NOT NULL,
    anchored BIGINT NOT NULL,
    problems BIGINT NOT NULL,
    first_problem TEXT
);
CREATE INDEX audit_verification_at ON audit_verification (at, id);

CREATE VIEW v_store_audit_verification AS
SELECT id, at, ok, entries, sealed, anchored, problems, first_problem FROM audit_verification;
