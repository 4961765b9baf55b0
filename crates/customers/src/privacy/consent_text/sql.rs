use kernel::Timestamp;
use store::{Query, args, sql};

sql! {
    /// A sentence that consents named before gets its place; one that was published before stays as it is.
    pub PUBLISH = "INSERT INTO consent_text (id, text_version, body, created_at, brand_id, purpose, channel, language,
            valid_from, published_at, published_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $4, $10)
        ON CONFLICT (id) DO UPDATE SET brand_id = excluded.brand_id, purpose = excluded.purpose,
            channel = excluded.channel, language = excluded.language, valid_from = excluded.valid_from,
            published_at = excluded.published_at, published_by = excluded.published_by
        WHERE consent_text.published_at IS NULL";

    pub SAME_VERSION = "SELECT id FROM consent_text WHERE published_at IS NOT NULL AND purpose = $1 AND channel = $2
        AND language = $3 AND text_version = $4 AND COALESCE(brand_id, '') = $5";

    pub SHOWN = "SELECT text_version AS version, body FROM consent_text WHERE id = $1 AND published_at IS NOT NULL
        AND purpose = $2 AND channel = $3 AND valid_from <= $4 AND (brand_id IS NULL OR brand_id = $5)";
}

/// Texts that are published; index `consent_text_valid`.
pub fn list() -> Query {
    Query::new(
        "SELECT t.id, t.brand_id, t.purpose, t.channel, t.language, t.text_version AS version, t.body AS text, t.valid_from,
            (SELECT MIN(n.valid_from) FROM consent_text n
             WHERE n.published_at IS NOT NULL AND n.purpose = t.purpose AND n.channel = t.channel
               AND n.language = t.language AND COALESCE(n.brand_id, '') = COALESCE(t.brand_id, '')
               AND n.valid_from > t.valid_from) AS valid_until,
            (SELECT CAST(COUNT(*) AS BIGINT) FROM consent_event e WHERE e.text_id = t.id) AS consents,
            t.published_at AS created_at, t.published_by AS created_by
         FROM consent_text t WHERE t.published_at IS NOT NULL",
        args![],
    )
}

/// Narrows to those that are shown at a time.
pub fn and_current(query: &mut Query, now: Timestamp) {
    query.and("t.valid_from <=", now).push(
        " AND NOT EXISTS (SELECT 1 FROM consent_text n
         WHERE n.published_at IS NOT NULL AND n.purpose = t.purpose AND n.channel = t.channel
           AND n.language = t.language AND COALESCE(n.brand_id, '') = COALESCE(t.brand_id, '')
           AND n.valid_from > t.valid_from",
    );
    query.and("n.valid_from <=", now).push(")");
}
