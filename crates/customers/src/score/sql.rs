use kernel::{Id, Timestamp};
use serde::Deserialize;
use store::{Query, args, sql};

pub const UPSERT: &str = "INSERT INTO profile_score (profile_id, run_id, recency_days, order_count, total_minor, recency,
    frequency, monetary, rfm_segment, p_alive, expected_orders, expected_order_value_minor, expected_value_minor,
    next_order_at, value_tier) VALUES";
pub const REPLACE: &str = "ON CONFLICT (profile_id) DO UPDATE SET run_id = excluded.run_id,
    recency_days = excluded.recency_days, order_count = excluded.order_count, total_minor = excluded.total_minor,
    recency = excluded.recency, frequency = excluded.frequency, monetary = excluded.monetary,
    rfm_segment = excluded.rfm_segment, p_alive = excluded.p_alive, expected_orders = excluded.expected_orders,
    expected_order_value_minor = excluded.expected_order_value_minor,
    expected_value_minor = excluded.expected_value_minor, next_order_at = excluded.next_order_at,
    value_tier = excluded.value_tier";

sql! {
    pub LATEST_ORDER = "SELECT MAX(happened_at) FROM v_sales_order
        WHERE happened_at <= $1 AND kind = 'sale' AND currency = $2";

    pub INSERT_RUN = "INSERT INTO score_model_run (id, cause, happened_at, window_from, window_until, currency,
        horizon_days, discount_percent, customers, repeat_buyers, scored, verdict, lacks, model, error)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

    /// Who bought nothing in the window any more has no scores.
    pub DROP_OTHERS = "DELETE FROM profile_score WHERE run_id <> $1";

    pub OF_PROFILE = "SELECT s.run_id, r.happened_at AS scored_at, r.verdict, r.currency, r.horizon_days,
        s.recency_days, s.order_count, s.total_minor, s.recency, s.frequency, s.monetary, s.rfm_segment, s.p_alive,
        1 - s.p_alive AS churn, s.expected_orders, s.expected_order_value_minor, s.expected_value_minor,
        s.next_order_at, s.value_tier
        FROM profile_score s JOIN score_model_run r ON r.id = s.run_id WHERE s.profile_id = $1";
}

/// An order of a customer.
#[derive(Clone, Debug, Deserialize)]
pub struct OrderRow {
    pub profile_id: Id,
    pub happened_at: Timestamp,
    pub total_minor: i64,
}

/// Id of the last one of so many people after a place; nobody where there are fewer.
pub fn last_of(after: Option<Id>, count: i64) -> Query {
    let mut query = Query::new("SELECT p.id FROM profile p WHERE TRUE", args![]);
    query.and_some("p.id >", after).push(" ORDER BY p.id LIMIT 1 OFFSET ").bind(count - 1);
    query
}

/// Which orders are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub currency: &'a str,
    pub from: Timestamp,
    pub until: Timestamp,
}

/// Orders of the people in a range of ids, by person. CROSS JOIN has SQLite begin with the people: one range per node
/// of the index by customer.
pub fn orders(wanted: Wanted<'_>, after: Option<Id>, last: Option<Id>) -> Query {
    let mut query = Query::new(
        "SELECT m.profile_id, o.happened_at, o.total_minor FROM profile_node m
         JOIN profile p ON p.id = m.profile_id
         CROSS JOIN v_sales_order o
         WHERE o.customer_node_id = m.node_id AND m.until IS NULL AND o.kind = 'sale'
           AND p.merged_into IS NULL AND p.archived_at IS NULL AND p.no_automated_since IS NULL
           AND p.restricted_since IS NULL AND NOT p.is_decoy",
        args![],
    );
    query.and_some("m.profile_id >", after).and_some("m.profile_id <=", last);
    query.and("o.currency =", wanted.currency);
    query.and("o.happened_at >", wanted.from).and("o.happened_at <=", wanted.until);
    query.push(" ORDER BY m.profile_id, o.happened_at");
    query
}

/// Index score_model_run_newest.
pub fn runs() -> Query {
    Query::new(
        "SELECT r.id, r.cause, r.happened_at, r.window_from, r.window_until, r.currency, r.horizon_days,
            r.discount_percent, r.customers, r.repeat_buyers, r.scored, r.verdict, r.lacks, r.model, r.error
         FROM score_model_run r WHERE TRUE",
        args![],
    )
}

const PEOPLE: &str = " FROM profile_score s JOIN profile p ON p.id = s.profile_id
     WHERE p.merged_into IS NULL AND p.archived_at IS NULL";

/// People by digits; scope and grouping follow.
pub fn cells() -> Query {
    let head = "SELECT s.recency, s.frequency, s.monetary, s.rfm_segment AS segment, CAST(COUNT(*) AS BIGINT) AS count";
    let mut query = Query::new(head, args![]);
    query.push(PEOPLE);
    query
}

pub const BY_CELL: &str = " GROUP BY s.recency, s.frequency, s.monetary, s.rfm_segment
    ORDER BY s.recency, s.frequency, s.monetary";

/// People by segment.
pub fn segments() -> Query {
    let head = "SELECT s.rfm_segment AS segment, CAST(COUNT(*) AS BIGINT) AS count,
        CAST(SUM(s.total_minor) AS BIGINT) AS total_minor,
        CAST(SUM(s.expected_value_minor) AS BIGINT) AS expected_value_minor";
    let mut query = Query::new(head, args![]);
    query.push(PEOPLE);
    query
}

pub const BY_SEGMENT: &str = " GROUP BY s.rfm_segment ORDER BY s.rfm_segment";

/// People by value tier.
pub fn tiers() -> Query {
    let head = "SELECT s.value_tier AS tier, CAST(COUNT(*) AS BIGINT) AS count,
        CAST(COALESCE(SUM(s.expected_value_minor), 0) AS BIGINT) AS expected_value_minor";
    let mut query = Query::new(head, args![]);
    query.push(PEOPLE).push(" AND s.value_tier IS NOT NULL");
    query
}

pub const BY_TIER: &str = " GROUP BY s.value_tier ORDER BY expected_value_minor DESC, s.value_tier";
