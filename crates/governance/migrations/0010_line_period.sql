-- A month of a line under the name that records use for it, such as 2026-11.
DROP VIEW v_governance_line_month;
CREATE VIEW v_governance_line_month AS
    SELECT m.line_id || '/' || CAST(m.month AS TEXT) AS id, m.line_id, l.budget_id, b.year, m.month,
        CAST(b.year AS TEXT) || CASE WHEN m.month < 10 THEN '-0' ELSE '-' END || CAST(m.month AS TEXT) AS period,
        l.code, l.cost_group, l.contingency, b.brand_id, b.department_id, l.owner_id, m.planned_minor, m.adjusted_minor,
        m.committed_minor, m.spent_minor,
        m.planned_minor + m.adjusted_minor - m.committed_minor - m.spent_minor AS rest_minor, m.overrun,
        (SELECT COALESCE(SUM(s.planned_minor), 0) FROM governance_balance s WHERE s.line_id = m.line_id) = l.annual_minor
            AS sums_up,
        b.approved_at AS at
    FROM governance_balance m
    JOIN governance_line l ON l.id = m.line_id
    JOIN governance_budget b ON b.id = l.budget_id;

-- Which project or campaign a closed month belongs to.
DROP VIEW v_governance_report;
CREATE VIEW v_governance_report AS
    SELECT r.id, r.budget_id, b.year, r.month, b.brand_id, b.department_id, b.scope_noun, b.scope_id,
        (SELECT CAST(COALESCE(SUM(l.annual_minor), 0) AS BIGINT) FROM governance_line l WHERE l.budget_id = b.id) AS annual_minor,
        r.plan_minor, r.actual_minor, r.committed_minor, r.forecast_minor, r.variance_percent, r.closed_at, r.due_at, r.issued_at,
        (r.issued_at IS NOT NULL AND r.issued_at <= r.due_at) AS on_time,
        (SELECT COUNT(*) FROM governance_report_line l WHERE l.report_id = r.id AND l.over_tolerance
            AND (l.cause IS NULL OR l.measure IS NULL)) AS unexplained
    FROM governance_report r JOIN governance_budget b ON b.id = r.budget_id;
