store::sql! {
    /// Tells somebody, unless they were told already.
    pub INSERT = "INSERT INTO rulebook_notification \
        (id, user_id, kind, subject_noun, subject_id, link, title_code, title_args, group_key, in_app, created_at, \
         document) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (user_id, group_key) DO NOTHING";
    /// Puts a delivery into the ledger, unless the same one is there.
    pub INTEND = "INSERT INTO rulebook_notification_delivery \
        (id, notification_id, channel, user_id, endpoint_id, state, dedupe_key, due_at, attempts, created_at) \
        VALUES ($1, $2, $3, $4, $5, 'intent', $6, $7, 0, $7) ON CONFLICT (dedupe_key) DO NOTHING";
    /// Takes what was said back: it needs no reading any more.
    pub WITHDRAW = "UPDATE rulebook_notification SET read_at = $2 WHERE group_key = $1 AND read_at IS NULL";
    /// What has not left by then stays.
    pub WITHDRAW_MAIL = "UPDATE rulebook_notification_delivery \
        SET state = 'suppressed', detail = 'no longer needed', settled_at = $2 \
        WHERE state = 'intent' AND channel = 'mail' AND notification_id IN \
            (SELECT id FROM rulebook_notification WHERE group_key = $1)";
    /// Marks one as read.
    pub READ = "UPDATE rulebook_notification SET read_at = $3 WHERE id = $1 AND user_id = $2 AND read_at IS NULL";
    /// Marks all as read.
    pub READ_ALL = "UPDATE rulebook_notification SET read_at = $2 WHERE user_id = $1 AND read_at IS NULL";
    /// How many are unread; by rulebook_notification_mine.
    pub COUNT = "SELECT CAST(COUNT(*) AS BIGINT) AS unread FROM rulebook_notification \
        WHERE user_id = $1 AND in_app = TRUE AND read_at IS NULL";
    /// One of somebody's.
    pub FIND = "SELECT id, kind, subject_noun, subject_id, link, title_code, title_args, created_at, read_at \
        FROM rulebook_notification WHERE id = $1 AND user_id = $2";
    /// How somebody wants to be told of a kind.
    pub CHOICES = "SELECT kind, in_app, mail, webhook, digest FROM rulebook_notification_choice WHERE user_id = $1";
    /// Keeps a choice.
    pub CHOOSE = "INSERT INTO rulebook_notification_choice (user_id, kind, in_app, mail, webhook, digest) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_id, kind) DO UPDATE SET in_app = excluded.in_app, \
        mail = excluded.mail, webhook = excluded.webhook, digest = excluded.digest";
    /// When somebody wants to be left alone.
    pub HABIT = "SELECT own_quiet_hours, quiet_from, quiet_to, digest_hour FROM rulebook_notification_habit \
        WHERE user_id = $1";
    /// Keeps it.
    pub KEEP_HABIT = "INSERT INTO rulebook_notification_habit \
        (user_id, own_quiet_hours, quiet_from, quiet_to, digest_hour, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_id) DO UPDATE SET \
        own_quiet_hours = excluded.own_quiet_hours, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, \
        digest_hour = excluded.digest_hour, updated_at = excluded.updated_at";
    /// People for whom mail is due; by rulebook_notification_delivery_due.
    pub DUE_PEOPLE = "SELECT DISTINCT user_id FROM rulebook_notification_delivery \
        WHERE state = 'intent' AND channel = 'mail' AND due_at <= $1 ORDER BY user_id LIMIT 500";
    /// What is due for one of them.
    pub DUE_MAIL = "SELECT d.id, d.dedupe_key, d.attempts, n.kind, n.link, n.title_code, n.title_args, \
            n.created_at, n.read_at, n.document, n.subject_id, n.group_key \
        FROM rulebook_notification_delivery d JOIN rulebook_notification n ON n.id = d.notification_id \
        WHERE d.state = 'intent' AND d.channel = 'mail' AND d.due_at <= $2 AND d.user_id = $1 \
        ORDER BY n.created_at, d.id LIMIT 100";
    /// Puts a delivery off.
    pub DEFER = "UPDATE rulebook_notification_delivery SET due_at = $2 WHERE id = $1 AND state = 'intent'";
    /// Ends a delivery that is no longer needed.
    pub SUPPRESS = "UPDATE rulebook_notification_delivery SET state = 'suppressed', detail = $2, settled_at = $3 \
        WHERE id = $1 AND state = 'intent'";
    /// Claims a delivery: from here on it may be on the wire.
    pub CLAIM = "UPDATE rulebook_notification_delivery \
        SET state = 'attempting', attempts = attempts + 1, claim_id = $2, claimed_at = $3, message_id = $4 \
        WHERE id = $1 AND state = 'intent'";
    /// Settles what one claim took; a worker that was given up and comes back knows better than nobody.
    pub SETTLE = "UPDATE rulebook_notification_delivery SET state = $2, detail = $3, settled_at = $4 \
        WHERE claim_id = $1 AND state IN ('attempting', 'unknown')";
    /// Lets what one claim took be tried again.
    pub AGAIN = "UPDATE rulebook_notification_delivery SET state = 'intent', detail = $2, due_at = $3 \
        WHERE claim_id = $1 AND state IN ('attempting', 'unknown')";
    /// Gives up what a worker left when it vanished.
    pub ABANDON = "UPDATE rulebook_notification_delivery \
        SET state = 'unknown', detail = 'the worker vanished while it was being sent', settled_at = $2 \
        WHERE state = 'attempting' AND claimed_at < $1";
}

/// Somebody's notifications; conditions follow.
pub const LIST: &str = "SELECT id, kind, subject_noun, subject_id, link, title_code, title_args, created_at, read_at \
    FROM rulebook_notification WHERE in_app = TRUE";
