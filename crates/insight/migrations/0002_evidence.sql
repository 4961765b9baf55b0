-- What this domain shows of itself to controls: queries that are kept, and what was taken out.
CREATE VIEW v_insight_query AS
SELECT q.id, q.owner_id, q.sharing, CASE WHEN TRIM(q.description) = '' THEN FALSE ELSE TRUE END AS has_description,
       q.created_at, q.updated_at, q.archived_at
FROM insight_query q;

CREATE VIEW v_insight_export AS
SELECT CAST(a.id AS TEXT) AS id, a.at, a.actor_id, a.actor_name, a.row_count,
       CASE WHEN a.reason IS NULL OR a.reason = '' THEN FALSE ELSE TRUE END AS has_reason
FROM audit_entry a
WHERE a.action = 'export' AND a.noun = 'insight.query';
