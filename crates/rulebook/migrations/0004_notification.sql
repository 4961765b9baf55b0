-- What somebody was told; one row for one thing, however often it is said.
CREATE TABLE rulebook_notification (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_noun TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    link TEXT NOT NULL,
    title_code TEXT NOT NULL,
    title_args TEXT NOT NULL,
    group_key TEXT NOT NULL,
    in_app BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    read_at BIGINT,
    UNIQUE (user_id, group_key)
);
CREATE INDEX rulebook_notification_mine ON rulebook_notification (user_id, in_app, id);
CREATE INDEX rulebook_notification_group ON rulebook_notification (group_key);

-- How a person wants to be told: for one kind, or for all others ('*').
CREATE TABLE rulebook_notification_choice (
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    in_app BOOLEAN NOT NULL,
    mail BOOLEAN NOT NULL,
    webhook BOOLEAN NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (user_id, kind)
);

-- When a person wants to be left alone, and when their digest comes.
CREATE TABLE rulebook_notification_habit (
    user_id TEXT PRIMARY KEY,
    own_quiet_hours BOOLEAN NOT NULL,
    quiet_from BIGINT,
    quiet_to BIGINT,
    digest_hour BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Programs of others that are told.
CREATE TABLE rulebook_webhook_endpoint (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    format TEXT NOT NULL,
    kinds TEXT NOT NULL,
    language TEXT NOT NULL,
    secret {bytes} NOT NULL,
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

-- The ledger of what leaves; a row is attempting before anything is on the wire.
CREATE TABLE rulebook_notification_delivery (
    id TEXT PRIMARY KEY,
    notification_id TEXT REFERENCES rulebook_notification (id),
    channel TEXT NOT NULL,
    user_id TEXT,
    endpoint_id TEXT REFERENCES rulebook_webhook_endpoint (id),
    state TEXT NOT NULL,
    dedupe_key TEXT NOT NULL UNIQUE,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    claim_id TEXT,
    claimed_at BIGINT,
    message_id TEXT,
    detail TEXT,
    settled_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX rulebook_notification_delivery_due ON rulebook_notification_delivery (state, channel, due_at, id);
CREATE INDEX rulebook_notification_delivery_claim ON rulebook_notification_delivery (claim_id);
CREATE INDEX rulebook_notification_delivery_of ON rulebook_notification_delivery (notification_id);
CREATE INDEX rulebook_notification_delivery_endpoint ON rulebook_notification_delivery (endpoint_id, id);
