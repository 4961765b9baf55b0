use store::sql;

sql! {
    pub COUNTS = "SELECT
        (SELECT CAST(COUNT(*) AS BIGINT) FROM subject_request WHERE state = 'open') AS open,
        (SELECT CAST(COUNT(*) AS BIGINT) FROM subject_request WHERE state = 'verified') AS verified,
        (SELECT CAST(COUNT(*) AS BIGINT) FROM subject_request
         WHERE state IN ('open', 'verified') AND due_at > $1 AND due_at <= $2) AS due_soon,
        (SELECT CAST(COUNT(*) AS BIGINT) FROM subject_request
         WHERE state IN ('open', 'verified') AND due_at <= $1) AS overdue,
        (SELECT CAST(COUNT(*) AS BIGINT) FROM subject_request WHERE state = 'done' AND decided_at > $3) AS done_30d,
        (SELECT CAST(COUNT(*) AS BIGINT) FROM subject_request WHERE state = 'refused' AND decided_at > $3) AS refused_30d,
        (SELECT CAST(COUNT(*) AS BIGINT) FROM leak WHERE state <> 'closed') AS leaks_open,
        (SELECT CAST(COUNT(*) AS BIGINT) FROM leak WHERE authority_reported_at IS NULL
         AND authority_waived_because IS NULL AND authority_due_at <= $1) AS leaks_overdue,
        (SELECT CAST(COUNT(*) AS BIGINT) FROM access_alert WHERE state = 'open') AS access_alerts_open,
        (SELECT CAST(COUNT(*) AS BIGINT) FROM decoy_hit WHERE recorded_at > $3) AS decoy_hits_30d,
        (SELECT CAST(COUNT(*) AS BIGINT) FROM erasure WHERE readmitted_at IS NULL) AS erased_total,
        (SELECT CAST(COUNT(*) AS BIGINT) FROM retention_rule WHERE active) AS retention_rules_active";
}
