macro_rules! columns {
    () => {
        "SELECT id, name, url, format, kinds, record_id, language, active, created_at, updated_at, version \
        FROM rulebook_webhook_endpoint"
    };
}

store::sql! {
    /// All endpoints, by name.
    pub LIST = concat!(columns!(), " ORDER BY name, id");
    /// One endpoint.
    pub FIND = concat!(columns!(), " WHERE id = $1");
    /// Who is told, and of what.
    pub LISTENING = "SELECT id, kinds, record_id FROM rulebook_webhook_endpoint WHERE active = TRUE ORDER BY id";
    /// Whether a record is another one or refers to it.
    pub CONCERNS = "SELECT id FROM rulebook_record WHERE id = $1 AND (id = $2 OR document LIKE $3)";
    /// Keeps an endpoint.
    pub INSERT = "INSERT INTO rulebook_webhook_endpoint \
        (id, name, url, format, kinds, language, secret, active, created_at, created_by, updated_at, version, record_id) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, TRUE, $8, $9, $8, 1, $10)";
    /// Changes what the caller saw.
    pub CHANGE = "UPDATE rulebook_webhook_endpoint SET name = $3, url = $4, kinds = $5, language = $6, active = $7, \
        updated_at = $8, version = version + 1 WHERE id = $1 AND version = $2";
    /// The key that signs.
    pub SECRET = "SELECT secret FROM rulebook_webhook_endpoint WHERE id = $1";
    /// Puts a test into the ledger.
    pub INTEND_TEST = "INSERT INTO rulebook_notification_delivery \
        (id, notification_id, channel, user_id, endpoint_id, state, dedupe_key, due_at, attempts, created_at) \
        VALUES ($1, NULL, 'webhook', NULL, $2, 'intent', $3, $4, 0, $4)";
    /// The endpoints by name.
    pub NAMES = "SELECT id, name, active FROM rulebook_webhook_endpoint ORDER BY name, id";
    /// Puts what happened into the ledger, where somebody listens.
    pub INTEND_PUSH = "INSERT INTO rulebook_notification_delivery \
        (id, notification_id, channel, user_id, endpoint_id, state, dedupe_key, due_at, attempts, created_at, \
         event_type, event_data, event_link, event_title_code, event_title_args) \
        SELECT CAST($1 AS TEXT), NULL, 'webhook', NULL, e.id, 'intent', CAST($3 AS TEXT), CAST($4 AS BIGINT), 0, \
            CAST($4 AS BIGINT), CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS TEXT), CAST($8 AS TEXT), CAST($9 AS TEXT) \
        FROM rulebook_webhook_endpoint e WHERE e.id = $2 AND e.active = TRUE";
    /// What is due; by rulebook_notification_delivery_due.
    pub DUE = "SELECT id FROM rulebook_notification_delivery \
        WHERE state = 'intent' AND channel = 'webhook' AND due_at <= $1 ORDER BY due_at, id LIMIT 200";
    /// One that is due, with what it says.
    pub DUE_ONE = "SELECT d.id, d.endpoint_id, d.attempts, d.created_at, e.active, e.url, e.format, e.language, \
            e.name, n.kind, COALESCE(n.link, d.event_link) AS link, COALESCE(n.title_code, d.event_title_code) AS title_code, \
            COALESCE(n.title_args, d.event_title_args) AS title_args, n.subject_noun, n.subject_id, d.event_type, \
            d.event_data \
        FROM rulebook_notification_delivery d JOIN rulebook_webhook_endpoint e ON e.id = d.endpoint_id \
        LEFT JOIN rulebook_notification n ON n.id = d.notification_id \
        WHERE d.id = $1 AND d.state = 'intent'";
    /// Tries by hand what was given up.
    pub REDELIVER = "UPDATE rulebook_notification_delivery \
        SET state = 'intent', attempts = 0, due_at = $2, settled_at = NULL \
        WHERE id = $1 AND state IN ('failed', 'unknown')";
    /// One delivery.
    pub DELIVERY = "SELECT d.id, d.endpoint_id, e.name AS endpoint_name, n.kind, d.event_type, d.state, d.attempts, d.due_at, \
            d.detail, d.created_at, d.settled_at \
        FROM rulebook_notification_delivery d JOIN rulebook_webhook_endpoint e ON e.id = d.endpoint_id \
        LEFT JOIN rulebook_notification n ON n.id = d.notification_id WHERE d.id = $1";
    /// Whether somebody was told already that an endpoint does not answer.
    pub TOLD = "SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_task \
        WHERE subject_noun = $1 AND subject_id = $2 AND kind = $3 AND state = 'open'";
}

/// Deliveries; conditions follow.
pub const DELIVERIES: &str = "SELECT d.id, d.endpoint_id, e.name AS endpoint_name, n.kind, d.event_type, d.state, d.attempts, d.due_at, \
        d.detail, d.created_at, d.settled_at \
    FROM rulebook_notification_delivery d JOIN rulebook_webhook_endpoint e ON e.id = d.endpoint_id \
    LEFT JOIN rulebook_notification n ON n.id = d.notification_id WHERE d.channel = 'webhook'";
