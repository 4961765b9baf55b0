use kernel::{Id, Timestamp};
use store::{Query, args, sql};

use super::{Thresholds, TierDefinition};

sql! {
    pub CURRENT = "SELECT id, number AS version, definition, reason, created_at, created_by FROM tier_rule
        ORDER BY number DESC LIMIT 1";

    pub HISTORY = "SELECT id, number AS version, definition, reason, created_at, created_by FROM tier_rule
        ORDER BY number DESC LIMIT 200";

    pub INSERT_RULE = "INSERT INTO tier_rule (id, number, definition, reason, created_at, created_by)
        VALUES ($1, $2, $3, $4, $5, $6)";

    pub START_RUN = "INSERT INTO tier_run
        (id, rule_id, cause, happened_at, watermark, changed, tier_a, tier_b, tier_c, tier_d)
        VALUES ($1, $2, $3, $4, $5, 0, 0, 0, 0, 0)";

    pub FINISH_RUN = "UPDATE tier_run SET changed = $2,
        tier_a = (SELECT COUNT(*) FROM v_customers_profile WHERE tier = 'A'),
        tier_b = (SELECT COUNT(*) FROM v_customers_profile WHERE tier = 'B'),
        tier_c = (SELECT COUNT(*) FROM v_customers_profile WHERE tier = 'C'),
        tier_d = (SELECT COUNT(*) FROM v_customers_profile WHERE tier = 'D')
        WHERE id = $1";

    pub MOVE_PROFILES = "UPDATE profile SET tier = c.to_tier, tier_since = c.happened_at
        FROM tier_change c WHERE c.run_id = $1 AND c.profile_id = profile.id";

    pub WATERMARK = "SELECT MAX(happened_at) FROM v_sales_order WHERE happened_at <= $1";

    /// Index tier_change_profile.
    pub OF_PROFILE = "SELECT run_id, from_tier, to_tier, last_order_at, order_count, total_minor, happened_at
        FROM tier_change WHERE profile_id = $1 ORDER BY happened_at DESC, run_id DESC LIMIT 200";
}

/// Index tier_run_newest.
pub fn runs() -> Query {
    Query::new(
        "SELECT r.id, r.rule_id, t.number AS rule_number, r.cause, r.happened_at, r.watermark, r.changed,
                r.tier_a, r.tier_b, r.tier_c, r.tier_d
         FROM tier_run r JOIN tier_rule t ON t.id = r.rule_id WHERE TRUE",
        args![],
    )
}

/// How many are where, and where the rule puts them.
pub fn moves(definition: &TierDefinition, now: Timestamp, currency: &str) -> Query {
    let mut query =
        Query::new("SELECT x.from_tier, x.to_tier, CAST(COUNT(*) AS BIGINT) AS count FROM (", args![]);
    push_computed(&mut query, definition, now, currency);
    query.push(") x GROUP BY x.from_tier, x.to_tier ORDER BY x.from_tier, x.to_tier");
    query
}

/// Those whom the rule moves, those who pay most first.
pub fn movers(definition: &TierDefinition, now: Timestamp, currency: &str, limit: i64) -> Query {
    let mut query = Query::new(
        "SELECT x.profile_id, x.from_tier, x.to_tier, x.last_order_at, x.order_count, x.total_minor FROM (",
        args![],
    );
    push_computed(&mut query, definition, now, currency);
    query.push(") x WHERE x.from_tier IS NULL OR x.from_tier <> x.to_tier");
    query.push(" ORDER BY x.total_minor DESC, x.profile_id LIMIT ").bind(limit);
    query
}

/// Writes down whom the rule moves, and why.
pub fn insert_changes(run: Id, definition: &TierDefinition, now: Timestamp, currency: &str) -> Query {
    let mut query = Query::new(
        "INSERT INTO tier_change
         (run_id, profile_id, from_tier, to_tier, last_order_at, order_count, total_minor, happened_at)
         SELECT $1, x.profile_id, x.from_tier, x.to_tier, x.last_order_at, x.order_count, x.total_minor,
                CAST($2 AS BIGINT) FROM (",
        args![run, now],
    );
    push_computed(&mut query, definition, now, currency);
    query.push(") x WHERE x.from_tier IS NULL OR x.from_tier <> x.to_tier");
    query
}

/// Appends a statement that gives every profile its figures and its tier.
fn push_computed(query: &mut Query, definition: &TierDefinition, now: Timestamp, currency: &str) {
    query.push(
        "SELECT p.id AS profile_id, p.tier AS from_tier, f.last_order_at,
        COALESCE(f.order_count, 0) AS order_count, COALESCE(f.total_minor, 0) AS total_minor, CASE",
    );
    for (tier, thresholds) in
        [(" THEN 'A'", definition.a), (" THEN 'B'", definition.b), (" THEN 'C'", definition.c)]
    {
        push_when(query, thresholds, now);
        query.push(tier);
    }
    query.push(
        " ELSE 'D' END AS to_tier
        FROM profile p LEFT JOIN (
            SELECT m.profile_id, MAX(o.happened_at) AS last_order_at, CAST(COUNT(*) AS BIGINT) AS order_count,
                   CAST(SUM(o.total_minor) AS BIGINT) AS total_minor
            FROM v_sales_order o
            JOIN profile_node m ON m.node_id = o.customer_node_id AND m.until IS NULL
            WHERE o.kind = 'sale'",
    );
    query.and("o.currency =", currency);
    query.and("o.happened_at >", now.plus_days(-definition.window_days)).and("o.happened_at <=", now);
    query.push(
        " GROUP BY m.profile_id) f ON f.profile_id = p.id 
        WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND p.no_automated_since IS NULL
          AND p.restricted_since IS NULL AND NOT p.is_decoy",
    );
}

fn push_when(query: &mut Query, thresholds: Thresholds, now: Timestamp) {
    query.push(" WHEN f.last_order_at > ").bind(now.plus_days(-thresholds.recency_days));
    query.push(" AND f.order_count >= ").bind(thresholds.order_count);
    query.push(" AND f.total_minor >= ").bind(thresholds.total_minor);
}
