use kernel::Timestamp;
use store::{Query, args, sql};

sql! {
    pub INSERT = "INSERT INTO retention_rule (id, name, what, after_days, action, active, created_at, created_by,
            updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7, 1) ON CONFLICT (name) DO NOTHING";
    pub UPDATE = "UPDATE retention_rule SET name = $3, after_days = $4, action = $5, active = $6, updated_at = $7,
        version = version + 1 WHERE id = $1 AND version = $2";
    pub RAN = "UPDATE retention_rule SET last_run_at = $2, last_count = $3 WHERE id = $1";
    pub SAME_NAME = "SELECT id FROM retention_rule WHERE name = $1";
    pub ACTIVE = "SELECT id FROM retention_rule WHERE active ORDER BY id";
    pub START_RUN = "INSERT INTO retention_run (id, rule_id, cause, what, action, before, count, held, started_at)
        VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7)";
    pub FINISH_RUN = "UPDATE retention_run SET count = $2, held = $3, finished_at = $4 WHERE id = $1";
    pub COUNT_QUARANTINE = "SELECT CAST(COUNT(*) AS BIGINT) FROM quarantined_event WHERE received_at < $1";
    pub DELETE_QUARANTINE = "DELETE FROM quarantined_event WHERE received_at < $1";
}

pub fn list() -> Query {
    Query::new(
        "SELECT r.id, r.name, r.what, r.after_days, r.action, r.active, r.last_run_at, r.last_count, r.created_at,
            r.updated_at, r.version FROM retention_rule r WHERE TRUE",
        args![],
    )
}

pub fn runs() -> Query {
    Query::new(
        "SELECT x.id, x.rule_id, r.name AS rule_name, x.what, x.action, x.cause, x.before, x.count, x.held, x.started_at,
            x.finished_at FROM retention_run x JOIN retention_rule r ON r.id = x.rule_id WHERE TRUE",
        args![],
    )
}

macro_rules! silent {
    ($columns:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM profile p
             WHERE p.merged_into IS NULL AND p.erased_at IS NULL AND NOT p.is_decoy
               AND p.created_at < $1 AND p.updated_at < $1
               AND NOT EXISTS (SELECT 1 FROM profile_node m JOIN consent_event e ON e.node_id = m.node_id
                               WHERE m.profile_id = p.id AND m.until IS NULL AND e.happened_at >= $1)
               AND NOT EXISTS (SELECT 1 FROM profile_node m JOIN loyalty_redemption l ON l.customer_node_id = m.node_id
                               WHERE m.profile_id = p.id AND m.until IS NULL AND l.redeemed_at >= $1)
               AND NOT EXISTS (SELECT 1 FROM profile_node m JOIN v_sales_order o ON o.customer_node_id = m.node_id
                               WHERE m.profile_id = p.id AND m.until IS NULL AND o.happened_at >= $1)"
        )
    };
}

const NOT_HELD: &str = " AND NOT EXISTS (SELECT 1 FROM legal_hold h
    WHERE h.profile_id = p.id AND h.lifted_at IS NULL AND (h.until IS NULL OR h.until > ";

/// How many people nothing was heard of since a time.
pub fn count_silent(before: Timestamp) -> Query {
    Query::new(silent!("CAST(COUNT(*) AS BIGINT)"), args![before])
}

/// The same without those whose data have to stay.
pub fn count_free(before: Timestamp, now: Timestamp) -> Query {
    let mut query = count_silent(before);
    query.push(NOT_HELD).bind(now).push("))");
    query
}

/// Some of them, the oldest first.
pub fn silent(before: Timestamp, now: Timestamp, limit: i64) -> Query {
    let mut query = Query::new(silent!("p.id"), args![before]);
    query.push(NOT_HELD).bind(now).push(")) ORDER BY p.created_at, p.id LIMIT ").bind(limit);
    query
}
