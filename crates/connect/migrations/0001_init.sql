-- Messages that the mail drop kept; the message itself is an .eml file.
CREATE TABLE mail_drop_message (
    id TEXT PRIMARY KEY,
    message_id TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    file TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    simulated_at BIGINT,
    behaviour TEXT
);
CREATE INDEX mail_drop_message_recipient ON mail_drop_message (recipient, id);
CREATE INDEX mail_drop_message_waiting ON mail_drop_message (simulated_at, id);
CREATE INDEX mail_drop_message_message ON mail_drop_message (message_id);
