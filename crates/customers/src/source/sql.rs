use kernel::{Id, Timestamp};
use store::{Query, args, sql};

sql! {
    pub INSERT = "INSERT INTO event_source (id, name, kind, purpose, brand_id, key_digest, key_sealed, active,
        silent_after_hours, created_at, created_by, updated_at, version, plan)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10, 1, $12)";

    pub CHANGE = "UPDATE event_source SET name = $3, kind = $4, purpose = $5, brand_id = $6, active = $7,
        silent_after_hours = $8, updated_at = $9, plan = $10, version = version + 1 WHERE id = $1 AND version = $2";

    pub CHANGE_KEY = "UPDATE event_source SET key_digest = $3, key_sealed = $4, updated_at = $5,
        version = version + 1 WHERE id = $1 AND version = $2";

    pub NAMED = "SELECT id FROM event_source WHERE name = $1";

    pub EXISTS = "SELECT id FROM event_source WHERE id = $1";

    pub SEALED = "SELECT key_sealed FROM event_source WHERE id = $1";

    /// Keys of all sources: there are tens of them, not thousands.
    pub KEYS = "SELECT id, kind, key_digest, active, plan FROM event_source";

    /// Which kinds of data sources are to bring.
    pub EXPECTED = "SELECT source_id, data FROM event_source_expected ORDER BY source_id, data";

    pub EXPECT = "INSERT INTO event_source_expected (source_id, data, since) VALUES ($1, $2, $3)
        ON CONFLICT (source_id, data) DO NOTHING";

    pub EXPECT_NO_MORE = "DELETE FROM event_source_expected WHERE source_id = $1 AND data = $2";

    pub COUNT_BOTS = "INSERT INTO event_source_bot (source_id, day, events) VALUES ($1, $2, $3)
        ON CONFLICT (source_id, day) DO UPDATE SET events = event_source_bot.events + excluded.events";

    /// Where reading a stream of our own goes on.
    pub WATERMARK = "SELECT after_at, after_id FROM event_projection WHERE stream = $1";

    pub SET_WATERMARK = "INSERT INTO event_projection (stream, after_at, after_id, updated_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (stream) DO UPDATE SET after_at = excluded.after_at, after_id = excluded.after_id,
        updated_at = excluded.updated_at";

    /// A day on which only programs came counts, too.
    pub DAYS = "SELECT a.day, CAST(SUM(a.stored) AS BIGINT) AS stored, CAST(SUM(a.duplicates) AS BIGINT) AS duplicates,
            CAST(SUM(a.bots) AS BIGINT) AS bots, MAX(a.last_at) AS last_at
        FROM (SELECT d.day, d.stored, d.duplicates, 0 AS bots, d.last_at FROM v_lake_source_day d
                WHERE d.source_id = $1 AND d.day >= $2
              UNION ALL
              SELECT b.day, 0, 0, b.events, CAST(NULL AS BIGINT) FROM event_source_bot b
                WHERE b.source_id = $1 AND b.day >= $2) a
        GROUP BY a.day ORDER BY a.day";

    pub LATEST_VOLUMES = "SELECT v.source_id, v.day, v.events, v.expected, v.state FROM event_source_volume v
        WHERE v.day = (SELECT MAX(w.day) FROM event_source_volume w WHERE w.source_id = v.source_id)";

    pub BROUGHT = "SELECT s.id, COALESCE(d.stored, 0) AS stored, d.day
        FROM event_source s JOIN v_lake_source_day d ON d.source_id = s.id
        WHERE d.day IN ($1, $2, $3, $4, $5)";

    pub JUDGED_SOURCES = "SELECT id FROM event_source WHERE created_at < $1 AND (active OR kind = 'internal')";

    pub KEEP_VOLUME = "INSERT INTO event_source_volume (source_id, day, starts_at, events, expected, state)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (source_id, day) DO UPDATE SET
        events = excluded.events, expected = excluded.expected, state = excluded.state";

    pub FORGET_VOLUMES = "DELETE FROM event_source_volume WHERE starts_at < $1";

    pub SAY_TOTAL = "INSERT INTO event_source_total (source_id, day, starts_at, events, said_at, said_by)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (source_id, day) DO UPDATE SET
        events = excluded.events, said_at = excluded.said_at, said_by = excluded.said_by";

    pub PLAN_MODE = "SELECT plan FROM event_source WHERE id = $1";

    pub PLANNED_KINDS_SEEN = "SELECT n.kind, n.name, CAST(SUM(n.events) AS BIGINT) AS events FROM event_seen n
        WHERE n.source_id = $1 AND n.day >= $2 AND n.kind IN ('track', 'page', 'screen', 'identify')
        GROUP BY n.kind, n.name";

    pub FLAWS = "SELECT b.kind, b.name, b.field, b.reason, CAST(SUM(b.events) AS BIGINT) AS events FROM plan_breach b
        WHERE b.source_id = $1 AND b.day >= $2 GROUP BY b.kind, b.name, b.field, b.reason";

    pub PLANNED_EVENTS = "SELECT e.id, e.kind, e.name, e.state, v.definition FROM planned_event e
        JOIN planned_event_version v ON v.event_id = e.id AND v.number = e.version WHERE e.state <> 'draft'";
}

/// Sources as they stand, for figures since a day.
pub fn sources(since: &str) -> Query {
    Query::new(
        "SELECT s.id, s.name, s.kind, s.purpose, s.brand_id, s.active, s.silent_after_hours, s.created_at,
            s.updated_at, s.version, s.plan,
            (SELECT MAX(d.last_at) FROM v_lake_source_day d WHERE d.source_id = s.id) AS last_event_at,
            CAST(COALESCE((SELECT SUM(d.stored) FROM v_lake_source_day d
                WHERE d.source_id = s.id AND d.day >= $1), 0) AS BIGINT) AS events_7d,
            CAST(COALESCE((SELECT SUM(d.duplicates) FROM v_lake_source_day d
                WHERE d.source_id = s.id AND d.day >= $1), 0) AS BIGINT) AS duplicates_7d,
            CAST(COALESCE((SELECT SUM(b.events) FROM event_source_bot b
                WHERE b.source_id = s.id AND b.day >= $1), 0) AS BIGINT) AS bots_7d,
            (SELECT CAST(COUNT(*) AS BIGINT) FROM quarantined_event q
                WHERE q.source_id = s.id AND q.state = 'open') AS quarantined
         FROM event_source s WHERE TRUE",
        args![since],
    )
}

/// Returns the first day of the figures that a list shows.
pub fn week_before(now: Timestamp) -> String {
    now.plus_days(-6).utc_day().to_string()
}

/// Orders in the order in which they were written down; index sales_order_recorded.
pub fn orders(after_at: i64, after_id: &str, until: Timestamp, limit: i64) -> Query {
    let mut query = Query::new(
        "SELECT o.id, o.customer_node_id, o.happened_at, o.recorded_at, o.total_minor, o.currency, o.number, o.kind
         FROM v_sales_order o WHERE (o.recorded_at, o.id) > ($1, $2) AND o.recorded_at <= $3
         ORDER BY o.recorded_at, o.id",
        args![after_at, after_id, until],
    );
    query.push(" LIMIT ").bind(limit);
    query
}

/// What happened to messages, in the order in which it was written down: ids grow with time.
pub fn deliveries(after_id: &str, until: Timestamp, limit: i64) -> Query {
    let mut query = Query::new(
        "SELECT e.id, s.node_id, e.campaign_id, s.channel, e.kind, e.at, e.likelihood
         FROM v_campaigns_delivery_event e JOIN v_campaigns_send s ON s.id = e.send_id
         WHERE e.id > $1 AND e.at <= $2 ORDER BY e.id",
        args![after_id, until],
    );
    query.push(" LIMIT ").bind(limit);
    query
}

/// What the sending side says beside what arrived.
pub fn totals(source: Id) -> Query {
    Query::new(
        "SELECT v.source_id, v.day, v.events, v.stored, v.duplicates, v.quarantined, v.difference, t.said_at, t.said_by
         FROM v_customers_source_total v JOIN event_source_total t ON t.source_id = v.source_id AND t.day = v.day
         WHERE v.source_id = $1",
        args![source],
    )
}

/// What arrived by kind of data, with the figures since a day.
pub fn seen_data(since: &str) -> Query {
    Query::new(
        "SELECT n.source_id, n.data, MAX(n.last_at) AS last_at,
            CAST(SUM(CASE WHEN n.day >= $1 THEN n.events ELSE 0 END) AS BIGINT) AS events
         FROM event_seen n WHERE n.data IS NOT NULL GROUP BY n.source_id, n.data",
        args![since],
    )
}
