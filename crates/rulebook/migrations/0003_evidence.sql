-- What a person signed about a control; never changed, the newest one counts.
CREATE TABLE rulebook_attestation (
    id TEXT PRIMARY KEY,
    control_id TEXT NOT NULL,
    statement_hash TEXT NOT NULL,
    statement TEXT NOT NULL,
    holds BOOLEAN NOT NULL,
    note TEXT NOT NULL,
    signed_by TEXT NOT NULL,
    signed_by_name TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    valid_until BIGINT NOT NULL,
    signature TEXT NOT NULL
);
CREATE INDEX rulebook_attestation_control ON rulebook_attestation (control_id, id);

-- Files that prove something; the bytes are in the blob store under their digest.
CREATE TABLE rulebook_evidence_file (
    id TEXT PRIMARY KEY,
    control_id TEXT NOT NULL,
    file_hash TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_bytes BIGINT NOT NULL,
    content_type TEXT NOT NULL,
    note TEXT NOT NULL,
    uploaded_by TEXT NOT NULL,
    uploaded_by_name TEXT NOT NULL,
    uploaded_at BIGINT NOT NULL,
    valid_until BIGINT NOT NULL,
    withdrawn_at BIGINT,
    withdrawn_by TEXT,
    version BIGINT NOT NULL
);
CREATE INDEX rulebook_evidence_file_control ON rulebook_evidence_file (control_id, id);

-- A person's word over the derived status of a clause: asked for by one, signed by another, for a time.
CREATE TABLE rulebook_waiver (
    id TEXT PRIMARY KEY,
    clause_id TEXT NOT NULL,
    shown_status TEXT NOT NULL,
    reason TEXT NOT NULL,
    days BIGINT NOT NULL,
    state TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    requested_by_name TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    decided_by TEXT,
    decided_by_name TEXT,
    decided_at BIGINT,
    decision_note TEXT NOT NULL,
    expires_at BIGINT,
    signature TEXT,
    version BIGINT NOT NULL
);
CREATE INDEX rulebook_waiver_clause ON rulebook_waiver (clause_id, id);
CREATE INDEX rulebook_waiver_state ON rulebook_waiver (state, expires_at);

-- A company's own version of a pack, which goes before the shipped one; with the shipped version that it was made from.
CREATE TABLE rulebook_local_pack (
    pack_id TEXT PRIMARY KEY,
    version_id TEXT NOT NULL REFERENCES rulebook_pack_version (id),
    base_files TEXT,
    reason TEXT NOT NULL,
    applied_by TEXT,
    applied_by_name TEXT NOT NULL,
    applied_at BIGINT NOT NULL
);

-- Counts the changes of packs, so that every node sees that there is a newer rulebook.
CREATE TABLE rulebook_edition (
    id TEXT PRIMARY KEY,
    number BIGINT NOT NULL
);

CREATE VIEW v_rulebook_attestation AS
    SELECT id, control_id, holds, note, signed_by, signed_by_name, signed_at, valid_until FROM rulebook_attestation;

CREATE VIEW v_rulebook_evidence_file AS
    SELECT id, control_id, file_name, file_hash, file_bytes, note, uploaded_by, uploaded_by_name, uploaded_at,
           valid_until, withdrawn_at
    FROM rulebook_evidence_file;

CREATE VIEW v_rulebook_waiver AS
    SELECT id, clause_id, shown_status, reason, state, requested_by, requested_at, decided_by, decided_at, expires_at
    FROM rulebook_waiver;
