use kernel::{Id, Timestamp};
use store::{Query, args, sql};

sql! {
    pub INSERT = "INSERT INTO customer_insight (id, title, finding, kind, evidence, segment_id, condition, state,
        department_id, brand_id, home_department_id, owner_id, created_at, updated_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, $9, $10, $11, $12, $12, 1)";

    pub UPDATE = "UPDATE customer_insight SET title = $3, finding = $4, kind = $5, segment_id = $6, condition = $7,
        department_id = $8, updated_at = $9, version = version + 1
        WHERE id = $1 AND version = $2 AND state = 'draft'";

    pub SEND = "UPDATE customer_insight SET state = 'sent', department_id = $3, due_at = $4, sent_at = $5, sent_by = $6,
        group_in_words = $7, group_size = $8, updated_at = $5, version = version + 1
        WHERE id = $1 AND version = $2 AND state = 'draft'";

    pub ANSWER = "UPDATE customer_insight SET state = $3, answer = $4, answered_at = $5, answered_by = $6,
        adopt_by = $7, updated_at = $5, version = version + 1
        WHERE id = $1 AND version = $2 AND state = 'sent'";

    pub ADOPT = "UPDATE customer_insight SET state = 'adopted', adoption = $3, adopted_at = $4, adopted_by = $5,
        updated_at = $4, version = version + 1
        WHERE id = $1 AND version = $2 AND state = 'accepted'";

    pub GROUP_SIZE = "SELECT CAST(COUNT(*) AS BIGINT) FROM customer_insight_person WHERE insight_id = $1";

    pub INSERT_MEASUREMENT = "INSERT INTO customer_insight_measurement (insight_id, moment, days, window_from,
        window_until, measured_at, buyers, repeat_buyers, all_buyers, all_repeat_buyers)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

    pub MEASURED = "UPDATE customer_insight_measurement SET measured_at = $4, buyers = $5, repeat_buyers = $6,
        all_buyers = $7, all_repeat_buyers = $8
        WHERE insight_id = $1 AND moment = $2 AND days = $3 AND measured_at IS NULL";

    pub MEASUREMENTS = "SELECT moment, days, window_from, window_until, measured_at, buyers, repeat_buyers,
        all_buyers, all_repeat_buyers
        FROM customer_insight_measurement WHERE insight_id = $1 ORDER BY days, moment DESC";

    /// Windows that have ended and are not measured. Index customer_insight_measurement_due.
    pub TO_MEASURE = "SELECT insight_id, moment, days, window_from, window_until FROM customer_insight_measurement
        WHERE measured_at IS NULL AND window_until <= $1 ORDER BY window_until, insight_id LIMIT 500";

    /// Buyers of a group in a window: those who bought, and those of them who bought twice or more. A person of the group
    /// is found through one node, and their orders through all that they have now. CROSS JOIN has SQLite begin with
    /// the people.
    pub OF_GROUP = "SELECT CAST(COUNT(*) AS BIGINT) AS buyers,
            CAST(COALESCE(SUM(CASE WHEN b.orders > 1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS repeat_buyers
        FROM (SELECT m.profile_id, COUNT(DISTINCT o.id) AS orders
              FROM customer_insight_person g
              JOIN profile_node f ON f.node_id = g.node_id AND f.until IS NULL
              JOIN profile_node m ON m.profile_id = f.profile_id AND m.until IS NULL
              CROSS JOIN v_sales_order o
              WHERE o.customer_node_id = m.node_id AND g.insight_id = $1 AND o.kind = 'sale'
                AND o.happened_at > $2 AND o.happened_at <= $3
              GROUP BY m.profile_id) b";

    /// The same of everybody who may be looked at. Index sales_order_time.
    pub OF_ALL = "SELECT CAST(COUNT(*) AS BIGINT) AS buyers,
            CAST(COALESCE(SUM(CASE WHEN b.orders > 1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS repeat_buyers
        FROM (SELECT m.profile_id, COUNT(DISTINCT o.id) AS orders
              FROM v_sales_order o
              JOIN profile_node m ON m.node_id = o.customer_node_id AND m.until IS NULL
              JOIN profile p ON p.id = m.profile_id
              WHERE o.kind = 'sale' AND o.happened_at > $1 AND o.happened_at <= $2
                AND p.merged_into IS NULL AND p.archived_at IS NULL AND p.restricted_since IS NULL AND NOT p.is_decoy
              GROUP BY m.profile_id) b";

    /// Insights without an answer in time whose raiser was not told yet. Index customer_insight_due.
    pub TO_TELL = "SELECT id, title, owner_id, brand_id, department_id FROM customer_insight
        WHERE state = 'sent' AND due_at < $1 AND overdue_told_at IS NULL ORDER BY due_at, id LIMIT 500";

    pub TOLD = "UPDATE customer_insight SET overdue_told_at = $2 WHERE id = $1 AND overdue_told_at IS NULL";

    /// Who is erased is in no group any more.
    pub FORGET_PERSON = "DELETE FROM customer_insight_person WHERE node_id = $1";
}

/// Insights as of a time; index customer_insight_newest.
pub fn list(now: Timestamp) -> Query {
    Query::new(
        "SELECT i.id, i.title, i.finding, i.kind, i.evidence, i.segment_id, i.condition, i.group_in_words, i.group_size,
            i.state, i.department_id, i.due_at,
            CASE WHEN i.state = 'sent' AND i.due_at < $1 THEN TRUE ELSE FALSE END AS overdue, i.sent_at, i.sent_by,
            i.answered_at, i.answered_by, i.answer, i.adopt_by, i.adopted_at, i.adopted_by, i.adoption, i.brand_id,
            i.home_department_id, i.owner_id, i.created_at, i.updated_at, i.version
         FROM customer_insight i WHERE TRUE",
        args![now],
    )
}

/// One insight.
pub fn one(id: Id, now: Timestamp) -> Query {
    let mut query = list(now);
    query.and("i.id =", id);
    query
}

/// Keeps who is in a group: people `p` who may be looked at, one node of each; conditions and scope follow.
pub fn keep_group(insight: Id) -> Query {
    Query::new(
        "INSERT INTO customer_insight_person (insight_id, node_id)
         SELECT $1, MIN(m.node_id) FROM profile p JOIN profile_node m ON m.profile_id = p.id AND m.until IS NULL
         WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND p.restricted_since IS NULL AND NOT p.is_decoy",
        args![insight],
    )
}

pub const BY_PERSON: &str = " GROUP BY p.id";

/// Beginning of the condition that an insight is the caller's in one of two ways; scope follows.
pub const IS_HOME: &str = " AND (EXISTS (SELECT 1 FROM customer_insight h WHERE h.id = i.id";
pub const OR_IS_ASKED: &str = ") OR EXISTS (SELECT 1 FROM customer_insight a WHERE a.id = i.id";
pub const END: &str = "))";

/// Drafts; scope follows.
pub fn drafts() -> Query {
    Query::new("SELECT CAST(COUNT(*) AS BIGINT) FROM customer_insight i WHERE i.state = 'draft'", args![])
}

/// What became of insights that were sent since a time, by department; scope and grouping follow. Index
/// customer_insight_sent.
pub fn departments(since: Timestamp, now: Timestamp) -> Query {
    let mut query = Query::new(
        "SELECT i.department_id, CAST(COUNT(*) AS BIGINT) AS sent,
            CAST(SUM(CASE WHEN i.state = 'accepted' THEN 1 ELSE 0 END) AS BIGINT) AS accepted,
            CAST(SUM(CASE WHEN i.state = 'declined' THEN 1 ELSE 0 END) AS BIGINT) AS declined,
            CAST(SUM(CASE WHEN i.state = 'adopted' THEN 1 ELSE 0 END) AS BIGINT) AS adopted,
            CAST(SUM(CASE WHEN i.state = 'sent' AND i.due_at < $1 THEN 1 ELSE 0 END) AS BIGINT) AS overdue
         FROM customer_insight i WHERE i.department_id IS NOT NULL",
        args![now],
    );
    query.and("i.sent_at >=", since);
    query
}

pub const BY_DEPARTMENT: &str = " GROUP BY i.department_id ORDER BY sent DESC, i.department_id";
