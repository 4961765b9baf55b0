-- Budgets: of the company's marketing, or of one thing such as a project.
CREATE TABLE governance_budget (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    year BIGINT NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    brand_id TEXT,
    department_id TEXT,
    owner_id TEXT,
    scope_noun TEXT,
    scope_id TEXT,
    -- The budget of the year before; a year is opened once after it.
    previous_id TEXT UNIQUE REFERENCES governance_budget (id),
    instance_id TEXT NOT NULL,
    state TEXT NOT NULL,
    submitted_at BIGINT,
    submitted_by TEXT,
    checked_at BIGINT,
    checked_by TEXT,
    approved_at BIGINT,
    approved_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    created_by TEXT
);
-- The list, newest year first.
CREATE INDEX governance_budget_year ON governance_budget (year, id);

CREATE TABLE governance_line (
    id TEXT PRIMARY KEY,
    budget_id TEXT NOT NULL REFERENCES governance_budget (id),
    code TEXT NOT NULL,
    names TEXT NOT NULL,
    cost_group TEXT NOT NULL,
    owner_id TEXT,
    contingency BOOLEAN NOT NULL,
    annual_minor BIGINT NOT NULL CHECK (annual_minor >= 0),
    last_year_minor BIGINT,
    -- Twelve planned amounts, as they are written until the approval puts them into the ledger.
    months TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (budget_id, code)
);

-- What a line may spend in a month, and what it does; made by the approval.
CREATE TABLE governance_balance (
    line_id TEXT NOT NULL REFERENCES governance_line (id),
    month BIGINT NOT NULL CHECK (month BETWEEN 1 AND 12),
    planned_minor BIGINT NOT NULL,
    adjusted_minor BIGINT NOT NULL,
    committed_minor BIGINT NOT NULL CHECK (committed_minor >= 0),
    spent_minor BIGINT NOT NULL,
    -- True where a bill that came from outside went beyond the plan; nothing else can.
    overrun BOOLEAN NOT NULL,
    PRIMARY KEY (line_id, month),
    CHECK (overrun OR committed_minor + spent_minor <= planned_minor + adjusted_minor)
);

-- The ledger: only ever added to.
CREATE TABLE governance_entry (
    id TEXT PRIMARY KEY,
    line_id TEXT NOT NULL REFERENCES governance_line (id),
    month BIGINT NOT NULL,
    kind TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    used_by_noun TEXT NOT NULL,
    used_by_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    by_id TEXT,
    by_name TEXT NOT NULL
);
-- The entries of a line and month, and their sums.
CREATE INDEX governance_entry_line ON governance_entry (line_id, month, kind, amount_minor);

CREATE TABLE governance_commitment (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    budget_id TEXT NOT NULL REFERENCES governance_budget (id),
    line_id TEXT NOT NULL REFERENCES governance_line (id),
    month BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    open_minor BIGINT NOT NULL CHECK (open_minor >= 0),
    spent_minor BIGINT NOT NULL,
    released_minor BIGINT NOT NULL,
    used_by_noun TEXT NOT NULL,
    used_by_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    created_by_name TEXT NOT NULL,
    closed_at BIGINT
);
-- The reservations of a line, newest first; of what spends.
CREATE INDEX governance_commitment_line ON governance_commitment (line_id, id);
CREATE INDEX governance_commitment_use ON governance_commitment (used_by_id);

-- Every decision of the money door, refusals too.
CREATE TABLE governance_decision (
    id TEXT PRIMARY KEY,
    budget_id TEXT NOT NULL REFERENCES governance_budget (id),
    line_id TEXT NOT NULL REFERENCES governance_line (id),
    month BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    allowed BOOLEAN NOT NULL,
    code TEXT,
    args TEXT NOT NULL,
    commitment_id TEXT,
    used_by_noun TEXT NOT NULL,
    used_by_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    decided_by TEXT,
    decided_by_name TEXT NOT NULL,
    decided_at BIGINT NOT NULL
);
CREATE INDEX governance_decision_budget ON governance_decision (budget_id, id);

CREATE TABLE governance_expense (
    id TEXT PRIMARY KEY,
    budget_id TEXT NOT NULL REFERENCES governance_budget (id),
    line_id TEXT NOT NULL REFERENCES governance_line (id),
    month BIGINT NOT NULL,
    happened_on TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    supplier TEXT,
    description TEXT NOT NULL,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    commitment_id TEXT,
    -- True where it went beyond what the line had left.
    over BOOLEAN NOT NULL,
    import_id TEXT,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT,
    reversed_at BIGINT,
    UNIQUE (source, external_id)
);
CREATE INDEX governance_expense_line ON governance_expense (line_id, id);
CREATE INDEX governance_expense_import ON governance_expense (import_id);

CREATE TABLE governance_adjustment (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    budget_id TEXT NOT NULL REFERENCES governance_budget (id),
    from_line_id TEXT NOT NULL REFERENCES governance_line (id),
    from_month BIGINT NOT NULL,
    to_line_id TEXT NOT NULL REFERENCES governance_line (id),
    to_month BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    reason TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    state TEXT NOT NULL,
    checked_at BIGINT,
    checked_by TEXT,
    applied_at BIGINT,
    approved_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    created_by TEXT
);
CREATE INDEX governance_adjustment_budget ON governance_adjustment (budget_id, id);

-- Signals: once for a line, month, kind and threshold.
CREATE TABLE governance_alert (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    budget_id TEXT NOT NULL REFERENCES governance_budget (id),
    line_id TEXT NOT NULL REFERENCES governance_line (id),
    month BIGINT NOT NULL,
    kind TEXT NOT NULL,
    threshold BIGINT NOT NULL,
    used_percent BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    cause TEXT,
    measure TEXT,
    answered_at BIGINT,
    answered_by TEXT,
    UNIQUE (line_id, month, kind, threshold)
);
CREATE INDEX governance_alert_budget ON governance_alert (budget_id, id);

-- Month ends; what is issued stays as it was.
CREATE TABLE governance_report (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    budget_id TEXT NOT NULL REFERENCES governance_budget (id),
    month BIGINT NOT NULL,
    plan_minor BIGINT NOT NULL,
    actual_minor BIGINT NOT NULL,
    committed_minor BIGINT NOT NULL,
    forecast_minor BIGINT NOT NULL,
    variance_percent DOUBLE PRECISION,
    tolerance_percent DOUBLE PRECISION NOT NULL,
    closed_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    issued_at BIGINT,
    issued_by TEXT,
    comment TEXT,
    -- The report as it was issued.
    frozen TEXT,
    UNIQUE (budget_id, month)
);

CREATE TABLE governance_report_line (
    report_id TEXT NOT NULL REFERENCES governance_report (id),
    line_id TEXT NOT NULL REFERENCES governance_line (id),
    code TEXT NOT NULL,
    names TEXT NOT NULL,
    cost_group TEXT NOT NULL,
    owner_id TEXT,
    plan_minor BIGINT NOT NULL,
    actual_minor BIGINT NOT NULL,
    committed_minor BIGINT NOT NULL,
    forecast_minor BIGINT NOT NULL,
    variance_percent DOUBLE PRECISION,
    over_tolerance BOOLEAN NOT NULL,
    cause TEXT,
    measure TEXT,
    explained_at BIGINT,
    explained_by TEXT,
    measure_done_at BIGINT,
    measure_done_by TEXT,
    PRIMARY KEY (report_id, line_id)
);

CREATE VIEW v_governance_budget AS
    SELECT b.id, b.year, b.currency, b.brand_id, b.department_id, b.owner_id, b.scope_noun, b.scope_id, b.state,
        (b.previous_id IS NOT NULL) AS continues, b.submitted_at, b.checked_at, b.approved_at, b.created_at,
        (SELECT COUNT(DISTINCT l.cost_group) FROM governance_line l
            WHERE l.budget_id = b.id AND l.cost_group IN ('campaigns', 'channels', 'staff')) AS main_groups,
        (SELECT COUNT(DISTINCT l.cost_group) FROM governance_line l
            WHERE l.budget_id = b.id AND l.cost_group IN ('labour', 'equipment', 'software', 'services')) AS cost_types,
        EXISTS (SELECT 1 FROM governance_line l WHERE l.budget_id = b.id AND l.contingency) AS has_contingency,
        (b.approved_at IS NOT NULL AND b.checked_at IS NOT NULL AND b.checked_at <= b.approved_at
            AND b.checked_by IS NOT NULL AND b.approved_by IS NOT NULL AND b.checked_by <> b.approved_by
            AND (b.submitted_by IS NULL OR (b.submitted_by <> b.checked_by AND b.submitted_by <> b.approved_by)))
            AS well_approved
    FROM governance_budget b;

CREATE VIEW v_governance_line_month AS
    SELECT m.line_id || '/' || CAST(m.month AS TEXT) AS id, m.line_id, l.budget_id, b.year, m.month, l.code, l.cost_group,
        l.contingency, b.brand_id, b.department_id, l.owner_id, m.planned_minor, m.adjusted_minor, m.committed_minor,
        m.spent_minor, m.planned_minor + m.adjusted_minor - m.committed_minor - m.spent_minor AS rest_minor, m.overrun,
        (SELECT COALESCE(SUM(s.planned_minor), 0) FROM governance_balance s WHERE s.line_id = m.line_id) = l.annual_minor
            AS sums_up,
        b.approved_at AS at
    FROM governance_balance m
    JOIN governance_line l ON l.id = m.line_id
    JOIN governance_budget b ON b.id = l.budget_id;

CREATE VIEW v_governance_commitment AS
    SELECT c.id, c.budget_id, c.line_id, c.month, c.amount_minor, c.open_minor, c.spent_minor, c.released_minor,
        c.used_by_noun, c.used_by_id, b.brand_id, b.department_id, c.created_at, c.closed_at,
        c.amount_minor = c.open_minor + c.spent_minor + c.released_minor AS adds_up
    FROM governance_commitment c JOIN governance_budget b ON b.id = c.budget_id;

CREATE VIEW v_governance_decision AS
    SELECT d.id, d.budget_id, d.line_id, d.month, d.amount_minor, d.allowed, d.code, d.used_by_noun, d.used_by_id,
        b.brand_id, b.department_id, d.decided_by, d.decided_at
    FROM governance_decision d JOIN governance_budget b ON b.id = d.budget_id;

CREATE VIEW v_governance_expense AS
    SELECT e.id, e.budget_id, e.line_id, e.month, e.amount_minor, l.cost_group, e.over, e.source, b.brand_id,
        b.department_id, e.commitment_id, (e.reversed_at IS NOT NULL) AS reversed, e.recorded_at
    FROM governance_expense e
    JOIN governance_budget b ON b.id = e.budget_id
    JOIN governance_line l ON l.id = e.line_id;

CREATE VIEW v_governance_adjustment AS
    SELECT a.id, a.budget_id, a.from_line_id, a.from_month, a.to_line_id, a.to_month, a.amount_minor, a.state,
        b.brand_id, b.department_id, a.created_at, a.checked_at, a.applied_at,
        (SELECT l.contingency FROM governance_line l WHERE l.id = a.from_line_id) AS from_contingency,
        (a.applied_at IS NOT NULL AND a.checked_at IS NOT NULL AND a.checked_at <= a.applied_at
            AND a.checked_by IS NOT NULL AND a.approved_by IS NOT NULL AND a.checked_by <> a.approved_by
            AND a.created_by IS NOT NULL AND a.created_by <> a.checked_by AND a.created_by <> a.approved_by)
            AS well_approved,
        -- What the ledger holds of it: only what was applied has moved, both ways alike.
        (SELECT CAST(COALESCE(SUM(e.amount_minor), 0) AS BIGINT) FROM governance_entry e
            WHERE e.used_by_id = a.id AND e.kind = 'adjust' AND e.amount_minor > 0) AS moved_minor
    FROM governance_adjustment a JOIN governance_budget b ON b.id = a.budget_id;

CREATE VIEW v_governance_report AS
    SELECT r.id, r.budget_id, b.year, r.month, b.brand_id, b.department_id, b.scope_noun, r.plan_minor, r.actual_minor,
        r.committed_minor, r.forecast_minor, r.variance_percent, r.closed_at, r.due_at, r.issued_at,
        (r.issued_at IS NOT NULL AND r.issued_at <= r.due_at) AS on_time,
        (SELECT COUNT(*) FROM governance_report_line l WHERE l.report_id = r.id AND l.over_tolerance
            AND (l.cause IS NULL OR l.measure IS NULL)) AS unexplained
    FROM governance_report r JOIN governance_budget b ON b.id = r.budget_id;

CREATE VIEW v_governance_report_line AS
    SELECT l.report_id || '/' || l.line_id AS id, l.report_id, l.line_id, r.budget_id, r.month, b.brand_id, b.department_id,
        l.owner_id, l.code, l.cost_group, l.plan_minor, l.actual_minor, l.committed_minor, l.forecast_minor, l.variance_percent,
        l.over_tolerance, (l.cause IS NOT NULL AND l.measure IS NOT NULL) AS explained, l.measure_done_at, r.closed_at,
        r.issued_at
    FROM governance_report_line l
    JOIN governance_report r ON r.id = l.report_id
    JOIN governance_budget b ON b.id = r.budget_id;

CREATE VIEW v_governance_alert AS
    SELECT a.id, a.budget_id, a.line_id, a.month, a.kind, a.threshold, a.used_percent, b.brand_id, b.department_id,
        l.owner_id, a.opened_at, a.due_at, a.answered_at,
        (a.answered_at IS NOT NULL AND a.answered_at <= a.due_at) AS answered_in_time
    FROM governance_alert a
    JOIN governance_budget b ON b.id = a.budget_id
    JOIN governance_line l ON l.id = a.line_id;
