use kernel::{Id, Page, PageQuery, Result, Timestamp};
use store::{Query, Store, Value, args};

use super::rules::{Earned, InHour, InState, Seen};
use super::{AttributedOrder, LinkResult};

/// Orders of people whom a campaign touched, each with its last touch; those whose last touch was this
/// campaign's. `$1` campaign, `$2` window in milliseconds, `$3` and `$4` from when and until when orders count.
///
/// `CROSS JOIN` keeps SQLite to this order: few people first, then their rows by index.
macro_rules! attributed {
    () => {
        "WITH person AS (
            SELECT DISTINCT m.profile_id
            FROM delivery_event e
            JOIN send s ON s.id = e.send_id
            JOIN v_customers_profile_node m ON m.node_id = s.node_id
            WHERE e.campaign_id = $1 AND e.kind IN ('clicked', 'opened') AND e.likelihood = 'human'
        ), touched AS (
            SELECT o.id, o.happened_at, o.total_minor, o.currency, t.id AS send_id, t.campaign_id, t.profile_id,
                t.language, e.kind AS touch, e.at AS touched_at,
                ROW_NUMBER() OVER (
                    PARTITION BY o.id
                    ORDER BY CASE WHEN e.kind = 'clicked' THEN 0 ELSE 1 END, e.at DESC, e.id DESC
                ) AS place
            FROM person
            CROSS JOIN v_customers_profile_node n
            CROSS JOIN v_sales_order o
            CROSS JOIN v_customers_profile_node m
            CROSS JOIN send t
            CROSS JOIN delivery_event e
            WHERE n.profile_id = person.profile_id AND o.customer_node_id = n.node_id AND o.kind = 'sale'
                AND o.happened_at >= $3 AND o.happened_at < $4
                AND m.profile_id = person.profile_id AND t.node_id = m.node_id AND e.send_id = t.id
                AND e.kind IN ('clicked', 'opened') AND e.likelihood = 'human'
                AND e.at <= o.happened_at AND e.at > o.happened_at - $2
        ), attributed AS (
            SELECT id, happened_at, total_minor, currency, send_id, profile_id, language, touch, touched_at
            FROM touched WHERE place = 1 AND campaign_id = $1
        )"
    };
}

const ORDERS: &str = concat!(
    attributed!(),
    " SELECT id, happened_at, total_minor, currency, send_id, profile_id, touch, touched_at FROM attributed WHERE TRUE"
);

store::sql! {
    // Index send_queue.
    STATES = "SELECT language, state, CAST(COUNT(*) AS BIGINT) AS count FROM send WHERE campaign_id = $1
        GROUP BY language, state";
    // Index delivery_event_campaign.
    SEEN = "SELECT s.language, e.kind,
            CAST(COUNT(DISTINCT CASE WHEN e.likelihood = 'human' THEN e.send_id END) AS BIGINT) AS people,
            CAST(COUNT(DISTINCT e.send_id) AS BIGINT) AS messages, CAST(COUNT(*) AS BIGINT) AS visits
        FROM delivery_event e JOIN send s ON s.id = e.send_id
        WHERE e.campaign_id = $1 AND e.kind <> 'accepted'
        GROUP BY s.language, e.kind";
    RETURNED = "SELECT CAST(COUNT(DISTINCT e.send_id) AS BIGINT) FROM delivery_event e JOIN send s ON s.id = e.send_id
        WHERE e.campaign_id = $1 AND e.kind = 'bounced' AND s.state = 'sent'";
    SENT_HOURS = "SELECT 'accepted' AS kind, at, CAST(COUNT(*) AS BIGINT) AS count
        FROM (SELECT (sent_at / 3600000) * 3600000 AS at FROM send
              WHERE campaign_id = $1 AND state = 'sent' AND sent_at IS NOT NULL) x
        GROUP BY at";
    SEEN_HOURS = "SELECT kind, at, CAST(COUNT(*) AS BIGINT) AS count
        FROM (SELECT kind, (MIN(at) / 3600000) * 3600000 AS at FROM delivery_event
              WHERE campaign_id = $1 AND kind IN ('opened', 'clicked', 'unsubscribed') AND likelihood = 'human'
              GROUP BY kind, send_id) x
        GROUP BY kind, at";
    LINKS = "SELECT l.number, l.url,
            CAST(COUNT(DISTINCT CASE WHEN e.likelihood = 'human' THEN e.send_id END) AS BIGINT) AS clicked,
            CAST(COUNT(DISTINCT e.send_id) AS BIGINT) AS clicked_raw, CAST(COUNT(e.id) AS BIGINT) AS visits
        FROM tracked_link l
        LEFT JOIN delivery_event e
            ON e.campaign_id = l.campaign_id AND e.kind = 'clicked' AND e.link_number = l.number
        WHERE l.campaign_id = $1
        GROUP BY l.number, l.url ORDER BY l.number";
    EARNED = concat!(
        attributed!(),
        " SELECT language, currency, (happened_at / 3600000) * 3600000 AS at, CAST(COUNT(*) AS BIGINT) AS orders,
            CAST(SUM(total_minor) AS BIGINT) AS total_minor
        FROM attributed GROUP BY language, currency, (happened_at / 3600000) * 3600000"
    );
}

/// Which orders may count.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub campaign: Id,
    pub length_ms: i64,
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Window {
    fn args(&self) -> Vec<Value> {
        args![self.campaign, self.length_ms, self.from, self.to]
    }
}

pub(super) async fn states(store: &Store, campaign: Id) -> Result<Vec<InState>> {
    store.all(STATES, args![campaign]).await
}

pub(super) async fn seen(store: &Store, campaign: Id) -> Result<Vec<Seen>> {
    store.all(SEEN, args![campaign]).await
}

/// Counts messages that the server took and sent back later.
pub(super) async fn returned(store: &Store, campaign: Id) -> Result<i64> {
    store.get(RETURNED, args![campaign]).await
}

pub(super) async fn hours(store: &Store, campaign: Id) -> Result<Vec<InHour>> {
    let mut hours: Vec<InHour> = store.all(SENT_HOURS, args![campaign]).await?;
    hours.extend(store.all::<InHour>(SEEN_HOURS, args![campaign]).await?);
    Ok(hours)
}

pub(super) async fn links(store: &Store, campaign: Id) -> Result<Vec<LinkResult>> {
    store.all(LINKS, args![campaign]).await
}

pub(super) async fn earned(store: &Store, window: &Window) -> Result<Vec<Earned>> {
    store.all(EARNED, window.args()).await
}

/// Lists the orders that belong to a campaign, newest first.
pub(super) async fn orders(
    store: &Store,
    window: &Window,
    page: &PageQuery,
) -> Result<Page<AttributedOrder>> {
    let size = page.size()?;
    let mut query = Query::new(ORDERS, window.args());
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (happened_at, id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY happened_at DESC, id DESC").limit_overfull(size);
    Ok(Page::from_overfull(store.list(query).await?, size, |order: &AttributedOrder| {
        (order.happened_at, order.id)
    }))
}
