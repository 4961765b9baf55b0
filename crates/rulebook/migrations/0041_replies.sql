-- Comments also come as replies to mails, and may bring files along.
ALTER TABLE rulebook_record_comment ADD COLUMN by_mail BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE rulebook_record_comment ADD COLUMN files TEXT NOT NULL DEFAULT '[]';
ALTER TABLE rulebook_record_comment ADD COLUMN left_out TEXT NOT NULL DEFAULT '[]';

-- Addresses to which one person answers about one record for a while; only a digest is kept.
CREATE TABLE rulebook_reply_address (
    digest TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    record_id TEXT NOT NULL REFERENCES rulebook_record (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX rulebook_reply_address_expires ON rulebook_reply_address (expires_at);

-- Comments with the mails that mirror them; what they say stays where it is.
CREATE VIEW v_rulebook_comment AS
SELECT c.id AS id, r.type_id AS type_id, c.record_id AS record_id, r.number AS number, c.author_id AS author_id,
       c.by_mail AS by_mail, c.created_at AS created_at, r.department_id AS department_id,
       (SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_notification n
            JOIN rulebook_notification_delivery d ON d.notification_id = n.id
            WHERE n.group_key = 'comment/' || c.id AND d.channel = 'mail') AS mails,
       (SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_notification n
            JOIN rulebook_notification_delivery d ON d.notification_id = n.id
            WHERE n.group_key = 'comment/' || c.id AND d.channel = 'mail'
                AND d.state IN ('failed', 'unknown')) AS undelivered
FROM rulebook_record_comment c JOIN rulebook_record r ON r.id = c.record_id;

-- Replies that came by mail, and what became of each.
CREATE VIEW v_rulebook_mail_reply AS
SELECT e.id AS id, e.at AS at, e.outcome AS outcome, e.code AS code, e.record_id AS record_id
FROM rulebook_intake_entry e JOIN rulebook_intake i ON i.id = e.intake_id
WHERE i.opens = 'comment' AND e.kind = 'mail';
