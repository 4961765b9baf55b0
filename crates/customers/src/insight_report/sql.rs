use kernel::{Id, Timestamp};
use store::{Query, args, sql};

sql! {
    pub INSERT = "INSERT INTO customer_insight_report (id, month, month_from, month_until, written_at, written_by,
        currency, figures) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    pub INSERT_RECIPIENT = "INSERT INTO customer_insight_report_recipient (id, report_id, department_id, due_at)
        VALUES ($1, $2, $3, $4)";

    pub ANSWER = "UPDATE customer_insight_report_recipient SET answer = $3, note = $4, answered_at = $5, answered_by = $6
        WHERE report_id = $1 AND department_id = $2 AND answered_at IS NULL";

    pub RECIPIENTS = "SELECT x.id, x.department_id, x.due_at, x.answer, x.note, x.answered_at, x.answered_by,
        CASE WHEN x.answered_at IS NULL AND x.due_at < $2 THEN TRUE ELSE FALSE END AS overdue
        FROM customer_insight_report_recipient x WHERE x.report_id = $1 ORDER BY x.due_at, x.id";

    pub OF_MONTH = "SELECT id FROM customer_insight_report WHERE month = $1";

    pub FIGURES = "SELECT figures FROM customer_insight_report WHERE id = $1";

    /// Those who became known in a time: by their first order, or by being written down where that came before.
    pub PEOPLE = "SELECT CAST(COUNT(*) AS BIGINT) FROM profile p
        WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND NOT p.is_decoy AND p.created_at >= $1
          AND (p.created_at < $2 OR EXISTS (SELECT 1 FROM profile_node n CROSS JOIN v_sales_order o
            WHERE n.profile_id = p.id AND n.until IS NULL AND o.customer_node_id = n.node_id
              AND o.kind = 'sale' AND o.happened_at < $2))
          AND NOT EXISTS (SELECT 1 FROM profile_node n CROSS JOIN v_sales_order e
            WHERE n.profile_id = p.id AND n.until IS NULL AND e.customer_node_id = n.node_id
              AND e.kind = 'sale' AND e.happened_at < $1)";

    /// Those whose first order was in a time. Index sales_order_time.
    pub FIRST_BUYERS = "SELECT CAST(COUNT(*) AS BIGINT) FROM (
            SELECT DISTINCT m.profile_id FROM v_sales_order o
            JOIN profile_node m ON m.node_id = o.customer_node_id AND m.until IS NULL
            JOIN profile p ON p.id = m.profile_id
            WHERE o.kind = 'sale' AND o.happened_at > $1 AND o.happened_at <= $2 AND p.merged_into IS NULL
              AND p.archived_at IS NULL AND p.restricted_since IS NULL AND NOT p.is_decoy) b
        WHERE NOT EXISTS (SELECT 1 FROM profile_node n CROSS JOIN v_sales_order e
            WHERE n.profile_id = b.profile_id AND n.until IS NULL AND e.customer_node_id = n.node_id
              AND e.kind = 'sale' AND e.happened_at <= $1)";

    /// Those who bought in a time and not after it, until another.
    pub GONE = "SELECT CAST(COUNT(*) AS BIGINT) FROM (
            SELECT DISTINCT m.profile_id FROM v_sales_order o
            JOIN profile_node m ON m.node_id = o.customer_node_id AND m.until IS NULL
            JOIN profile p ON p.id = m.profile_id
            WHERE o.kind = 'sale' AND o.happened_at > $1 AND o.happened_at <= $2 AND p.merged_into IS NULL
              AND p.archived_at IS NULL AND p.restricted_since IS NULL AND NOT p.is_decoy) b
        WHERE NOT EXISTS (SELECT 1 FROM profile_node n CROSS JOIN v_sales_order e
            WHERE n.profile_id = b.profile_id AND n.until IS NULL AND e.customer_node_id = n.node_id
              AND e.kind = 'sale' AND e.happened_at > $2 AND e.happened_at <= $3)";

    pub TIERS = "SELECT p.tier AS key, CAST(COUNT(*) AS BIGINT) AS count FROM profile p
        WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND NOT p.is_decoy AND p.tier IS NOT NULL
        GROUP BY p.tier ORDER BY p.tier";

    /// A is the highest tier.
    pub TIER_MOVES = "SELECT CAST(COALESCE(SUM(CASE WHEN c.to_tier < c.from_tier THEN 1 ELSE 0 END), 0) AS BIGINT),
            CAST(COALESCE(SUM(CASE WHEN c.to_tier > c.from_tier THEN 1 ELSE 0 END), 0) AS BIGINT)
        FROM tier_change c WHERE c.from_tier IS NOT NULL AND c.happened_at >= $1 AND c.happened_at < $2";

    pub RFM = "SELECT s.rfm_segment AS key, CAST(COUNT(*) AS BIGINT) AS count
        FROM profile_score s JOIN profile p ON p.id = s.profile_id
        WHERE p.merged_into IS NULL AND p.archived_at IS NULL GROUP BY s.rfm_segment ORDER BY s.rfm_segment";

    pub CHURN = "SELECT CAST(COUNT(*) AS BIGINT),
            CAST(COALESCE(SUM(CASE WHEN s.p_alive <= 0.5 THEN 1 ELSE 0 END), 0) AS BIGINT)
        FROM profile_score s JOIN profile p ON p.id = s.profile_id
        WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND s.p_alive IS NOT NULL";

    pub VALUE_TIERS = "SELECT s.value_tier, CAST(COUNT(*) AS BIGINT),
            CAST(COALESCE(SUM(s.expected_value_minor), 0) AS BIGINT)
        FROM profile_score s JOIN profile p ON p.id = s.profile_id
        WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND s.value_tier IS NOT NULL
        GROUP BY s.value_tier ORDER BY s.value_tier";

    pub NEEDS = "SELECT c.kind, c.words, c.count, c.unanswered, c.unmet FROM need_cluster c
        WHERE c.run_id = (SELECT id FROM need_run ORDER BY happened_at DESC, id DESC LIMIT 1)
        ORDER BY c.people DESC, c.id DESC";

    pub PATTERNS = "SELECT b.first_product_id, b.first_name, b.second_product_id, b.second_name, b.lift
        FROM basket_pattern b
        WHERE b.run_id = (SELECT id FROM need_run ORDER BY happened_at DESC, id DESC LIMIT 1)
        ORDER BY b.lift DESC, b.id DESC LIMIT 10";

    pub SEGMENTS = "SELECT s.id, s.name, s.member_count FROM segment s
        WHERE s.state = 'active' AND s.member_count IS NOT NULL ORDER BY s.member_count DESC, s.id LIMIT 100";

    pub INSIGHTS = "SELECT
            CAST(COALESCE(SUM(CASE WHEN i.sent_at >= $1 AND i.sent_at < $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS sent,
            CAST(COALESCE(SUM(CASE WHEN i.state <> 'declined' AND i.answered_at >= $1 AND i.answered_at < $2
                THEN 1 ELSE 0 END), 0) AS BIGINT) AS accepted,
            CAST(COALESCE(SUM(CASE WHEN i.state = 'declined' AND i.answered_at >= $1 AND i.answered_at < $2
                THEN 1 ELSE 0 END), 0) AS BIGINT) AS declined,
            CAST(COALESCE(SUM(CASE WHEN i.adopted_at >= $1 AND i.adopted_at < $2 THEN 1 ELSE 0 END), 0) AS BIGINT)
                AS adopted,
            CAST(COALESCE(SUM(CASE WHEN i.state = 'sent' AND i.due_at < $3 THEN 1 ELSE 0 END), 0) AS BIGINT) AS overdue
        FROM customer_insight i";

    pub REACHABLE = "SELECT CAST(COUNT(*) AS BIGINT),
            CAST(COALESCE(SUM(CASE WHEN p.email_node_id IS NOT NULL OR p.mobile_node_id IS NOT NULL
                THEN 1 ELSE 0 END), 0) AS BIGINT)
        FROM profile p WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND NOT p.is_decoy";
}

/// Index customer_insight_report_month.
pub fn reports() -> Query {
    Query::new(
        "SELECT r.id, r.month, r.month_from, r.month_until, r.written_at, r.written_by, r.currency,
            (SELECT CAST(COUNT(*) AS BIGINT) FROM customer_insight_report_recipient x WHERE x.report_id = r.id)
                AS recipients,
            (SELECT CAST(COUNT(*) AS BIGINT) FROM customer_insight_report_recipient x
                WHERE x.report_id = r.id AND x.answered_at IS NOT NULL) AS answered
         FROM customer_insight_report r WHERE TRUE",
        args![],
    )
}

/// One report.
pub fn one(id: Id) -> Query {
    let mut query = reports();
    query.and("r.id =", id);
    query
}

/// A time, from its first moment to that of the next, as orders are asked for: after one, until another.
pub fn orders_in(from: Timestamp, until: Timestamp) -> (Timestamp, Timestamp) {
    (from.plus_ms(-1), until.plus_ms(-1))
}
