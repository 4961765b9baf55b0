use store::{Query, args, sql};

sql! {
    pub INSERT = "INSERT INTO access_alert (id, user_id, user_name, day, kind, count, usual, threshold, because, state,
            found_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, 1)
        ON CONFLICT (user_id, day, kind) DO NOTHING";
    pub EXPLAIN = "UPDATE access_alert SET state = 'explained', explanation = $3, explained_by = $4, explained_at = $5,
        version = version + 1 WHERE id = $1 AND version = $2 AND state = 'open'";

    /// What each did on each day, days counted in a zone so many milliseconds ahead.
    pub DAYS = "SELECT d.actor_id, MAX(d.actor_name) AS actor_name, d.number,
            CAST(SUM(CASE WHEN d.action = 'export' THEN 1 ELSE 0 END) AS BIGINT) AS exports,
            CAST(SUM(CASE WHEN d.action = 'export' THEN d.row_count ELSE 0 END) AS BIGINT) AS export_rows,
            CAST(SUM(CASE WHEN d.action = 'export' THEN 0 ELSE 1 END) AS BIGINT) AS unmasks
        FROM (SELECT a.actor_id, a.actor_name, a.action, a.row_count, (a.at + $2) / 86400000 AS number
              FROM v_customers_access a WHERE a.at >= $1) d
        GROUP BY d.actor_id, d.number ORDER BY d.number DESC, d.actor_id";
}

pub fn list() -> Query {
    Query::new(
        "SELECT a.id, a.user_id, a.user_name, a.day, a.kind, a.count, a.usual, a.threshold, a.because, a.state,
            a.explanation, a.explained_by, a.explained_at, a.found_at, a.version FROM access_alert a WHERE TRUE",
        args![],
    )
}
