-- Reminders of secrecy: when each was shown to whom and when they confirmed it; once per session and occasion.
CREATE TABLE identity_secrecy_reminder (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    session_id TEXT REFERENCES identity_session (id),
    occasion TEXT NOT NULL CHECK (occasion IN ('period', 'record')),
    shown_at BIGINT NOT NULL,
    confirmed_at BIGINT
);
CREATE UNIQUE INDEX identity_secrecy_reminder_once ON identity_secrecy_reminder (session_id, occasion);
CREATE INDEX identity_secrecy_reminder_user ON identity_secrecy_reminder (user_id, confirmed_at);

-- Screens that were locked, and unlocked again.
CREATE TABLE identity_screen_lock (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    session_id TEXT NOT NULL REFERENCES identity_session (id),
    locked_at BIGINT NOT NULL,
    unlocked_at BIGINT
);
CREATE INDEX identity_screen_lock_session ON identity_screen_lock (session_id, unlocked_at);

CREATE VIEW v_identity_secrecy_reminder AS
SELECT r.id, r.user_id, u.department_id, r.occasion, r.shown_at, r.confirmed_at
FROM identity_secrecy_reminder r JOIN identity_user u ON u.id = r.user_id;

CREATE VIEW v_identity_screen_lock AS
SELECT l.id, l.user_id, u.department_id, l.locked_at, l.unlocked_at
FROM identity_screen_lock l JOIN identity_user u ON u.id = l.user_id;
