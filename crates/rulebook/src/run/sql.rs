use kernel::{Result, Scope, Timestamp, View};
use store::{Query, ScopeColumns, args};

use super::RowSet;
use super::rules::Setting;
use crate::control::{Look, Measure, Quantity, Statistic};
use crate::expr::Condition;

/// Most values of a column for which a figure is told apart.
const SERIES_MAX: i64 = 200;

store::sql! {
    /// Newest run of each control.
    pub LATEST = "SELECT r.id, r.control_id, r.spec_hash, r.kind, r.verdict, r.value, r.operator, r.threshold, \
        r.population, r.counted, r.window_days, r.window_from, r.window_to, r.inputs, r.row_set, r.row_ids, \
        r.evaluated_at, r.confirmed_at \
        FROM rulebook_control_state s JOIN rulebook_evidence_run r ON r.id = s.run_id";
    /// Keeps a run.
    pub INSERT = "INSERT INTO rulebook_evidence_run \
        (id, control_id, spec_hash, kind, verdict, value, operator, threshold, population, counted, window_days, \
         window_from, window_to, inputs, row_set, row_ids, evaluated_at, confirmed_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)";
    /// Notes that the same was found again.
    pub CONFIRM = "UPDATE rulebook_evidence_run SET value = $2, population = $3, counted = $4, window_from = $5, \
        window_to = $6, row_ids = $7, confirmed_at = $8 WHERE id = $1";
    /// Notes the newest run of a control.
    pub POINT_TO = "INSERT INTO rulebook_control_state (control_id, run_id) VALUES ($1, $2) \
        ON CONFLICT (control_id) DO UPDATE SET run_id = excluded.run_id";
    /// Verdicts since a time, for trends.
    pub POINTS = "SELECT control_id, verdict, evaluated_at, confirmed_at FROM rulebook_evidence_run \
        WHERE confirmed_at >= $1";
    /// Controls whose verdict changed since a time, newest first.
    pub TURNS = "SELECT run_id, control_id, verdict_before AS before, verdict AS after, evaluated_at AS at FROM ( \
            SELECT id AS run_id, control_id, verdict, evaluated_at, \
                   LAG(verdict) OVER (PARTITION BY control_id ORDER BY evaluated_at, id) AS verdict_before \
            FROM rulebook_evidence_run) AS run \
        WHERE evaluated_at >= $1 AND verdict_before <> verdict ORDER BY evaluated_at DESC, run_id DESC";
    /// One run.
    pub FIND = "SELECT id, control_id, spec_hash, kind, verdict, value, operator, threshold, population, counted, \
        window_days, window_from, window_to, inputs, row_set, row_ids, evaluated_at, confirmed_at \
        FROM rulebook_evidence_run WHERE id = $1";
}

/// Runs; conditions follow.
pub const LIST: &str = "SELECT id, control_id, spec_hash, kind, verdict, value, operator, threshold, population, \
    counted, window_days, window_from, window_to, inputs, row_set, row_ids, evaluated_at, confirmed_at \
    FROM rulebook_evidence_run WHERE TRUE";

/// Counts the rows that a measurement is about and those that count: `(population, counted)`.
pub fn count(measure: &Measure, setting: &Setting) -> Result<Query> {
    if matches!(measure.look, Look::Newest) {
        return newest(measure, setting);
    }
    let mut query =
        Query::new("SELECT CAST(COUNT(*) AS BIGINT) AS population, CAST(COALESCE(SUM(CASE WHEN ", args![]);
    condition(&mut query, &measure.counted, measure, setting)?;
    query.push(" THEN 1 ELSE 0 END), 0) AS BIGINT) AS counted");
    from(&mut query, measure, setting)?;
    Ok(query)
}

/// Looks at the newest row only: one row or none, and whether it is in order.
fn newest(measure: &Measure, setting: &Setting) -> Result<Query> {
    let mut query = Query::new("SELECT CAST(1 AS BIGINT) AS population, CAST(CASE WHEN ", args![]);
    condition(&mut query, &measure.counted, measure, setting)?;
    query.push(" THEN 1 ELSE 0 END AS BIGINT) AS counted");
    from(&mut query, measure, setting)?;
    let at = measure.at;
    query.push(" AND ").push(at).push(" IS NOT NULL ORDER BY ").push(at).push(" DESC, id DESC LIMIT 1");
    Ok(query)
}

/// Asks for the time of the first row ever: `at`, absent where there is none.
pub fn first(measure: &Measure, setting: &Setting) -> Result<Query> {
    let mut query = Query::new("SELECT CAST(MIN(", args![]);
    query.push(measure.at).push(") AS BIGINT) AS at FROM ").push(measure.view.name).push(" WHERE ");
    condition(&mut query, &measure.filter, measure, setting)?;
    Ok(query)
}

/// Counts the rows of each period: one column per period, oldest first.
pub fn periods(measure: &Measure, setting: &Setting) -> Result<Query> {
    let mut query = Query::new("SELECT ", args![]);
    for (place, start) in setting.starts.iter().enumerate() {
        query.push(if place == 0 {
            "CAST(COALESCE(SUM(CASE WHEN "
        } else {
            ", CAST(COALESCE(SUM(CASE WHEN "
        });
        query.push(measure.at).push(" >= ").bind(*start).push(" AND ").push(measure.at);
        match setting.starts.get(place + 1) {
            Some(end) => query.push(" < ").bind(*end),
            None => query.push(" <= ").bind(setting.to),
        };
        query.push(" THEN 1 ELSE 0 END), 0) AS BIGINT)");
    }
    from(&mut query, measure, setting)?;
    Ok(query)
}

/// Computes a figure over a quantity: `(population, value)`. The middle ones are found by their places, so that both
/// databases mean the same.
pub fn figure(measure: &Measure, setting: &Setting, statistic: Statistic, of: Quantity) -> Result<Query> {
    let mut query = Query::new("SELECT CAST(COUNT(*) AS BIGINT) AS population, CAST(", args![]);
    query.push(over_places(statistic));
    query.push(
        " AS DOUBLE PRECISION) AS value FROM (SELECT quantity, ROW_NUMBER() OVER (ORDER BY quantity) AS place, \
         COUNT(*) OVER () AS size FROM (SELECT ",
    );
    quantity(&mut query, of, setting);
    from(&mut query, measure, setting)?;
    query.push(") AS measured WHERE quantity IS NOT NULL) AS ranked");
    Ok(query)
}

/// Returns the figure over quantities with their places.
fn over_places(statistic: Statistic) -> &'static str {
    match statistic {
        Statistic::Median => "AVG(CASE WHEN place IN ((size + 1) / 2, (size + 2) / 2) THEN quantity END)",
        Statistic::P90 => "MAX(CASE WHEN place = (9 * size + 9) / 10 THEN quantity END)",
        Statistic::Sum => "SUM(quantity)",
        Statistic::Average => "AVG(quantity)",
        Statistic::Maximum => "MAX(quantity)",
        Statistic::Minimum => "MIN(quantity)",
    }
}

fn quantity(query: &mut Query, of: Quantity, setting: &Setting) {
    match of {
        Quantity::Column(name) => query.push("CAST(").push(name).push(" AS DOUBLE PRECISION)"),
        Quantity::Between { from, to, unit } => {
            query.push("CAST(").push(to).push(" - ").push(from).push(" AS DOUBLE PRECISION) / CAST(");
            query.bind(unit.ms()).push(" AS DOUBLE PRECISION)")
        }
        Quantity::Since { from, unit } => {
            query.push("CAST(").bind(setting.to).push(" - ").push(from).push(" AS DOUBLE PRECISION) / CAST(");
            query.bind(unit.ms()).push(" AS DOUBLE PRECISION)")
        }
    };
    query.push(" AS quantity");
}

/// Counts the rows that a measurement is about and those that count, within a scope, once for each value of a column:
/// `(series, population, counted)`.
pub fn counts_by(
    measure: &Measure,
    setting: &Setting,
    by: Option<&'static str>,
    scope: &Scope,
) -> Result<Query> {
    let mut query = Query::new("SELECT ", args![]);
    series(&mut query, by);
    query.push(", CAST(COUNT(*) AS BIGINT) AS population, CAST(COALESCE(SUM(CASE WHEN ");
    condition(&mut query, &measure.counted, measure, setting)?;
    query.push(" THEN 1 ELSE 0 END), 0) AS BIGINT) AS counted");
    within(&mut query, measure, setting, by, scope)?;
    if let Some(by) = by {
        query.push(" GROUP BY ").push(by).push(" ORDER BY ").push(by).push(" LIMIT ").bind(SERIES_MAX);
    }
    Ok(query)
}

/// Computes a figure over a quantity, within a scope, once for each value of a column: `(series, population, value)`;
/// nothing where there are no rows.
pub fn figure_by(
    measure: &Measure,
    setting: &Setting,
    (statistic, of): (Statistic, Quantity),
    by: Option<&'static str>,
    scope: &Scope,
) -> Result<Query> {
    let mut query = Query::new("SELECT series, CAST(COUNT(*) AS BIGINT) AS population, CAST(", args![]);
    query.push(over_places(statistic)).push(
        " AS DOUBLE PRECISION) AS value FROM (SELECT series, quantity, \
         ROW_NUMBER() OVER (PARTITION BY series ORDER BY quantity) AS place, \
         COUNT(*) OVER (PARTITION BY series) AS size FROM (SELECT ",
    );
    series(&mut query, by);
    query.push(", ");
    quantity(&mut query, of, setting);
    within(&mut query, measure, setting, by, scope)?;
    query.push(") AS measured WHERE quantity IS NOT NULL) AS ranked GROUP BY series ORDER BY series LIMIT ");
    query.bind(SERIES_MAX);
    Ok(query)
}

fn series(query: &mut Query, by: Option<&'static str>) {
    query.push("CAST(").push(by.unwrap_or("''")).push(" AS TEXT) AS series");
}

fn within(
    query: &mut Query,
    measure: &Measure,
    setting: &Setting,
    by: Option<&'static str>,
    scope: &Scope,
) -> Result<()> {
    from(query, measure, setting)?;
    if let Some(by) = by {
        query.push(" AND ").push(by).push(" IS NOT NULL");
    }
    query.scope(scope, scope_columns(&measure.view));
    Ok(())
}

/// Selects the ids of a set of rows, newest first.
pub fn ids(measure: &Measure, setting: &Setting, set: RowSet, limit: i64) -> Result<Query> {
    let mut query = Query::new("SELECT id", args![]);
    from(&mut query, measure, setting)?;
    only(&mut query, measure, setting, set)?;
    newest_first(&mut query, &measure.view);
    query.push(" LIMIT ").bind(if matches!(measure.look, Look::Newest) { 1 } else { limit });
    Ok(query)
}

/// Selects the rows of a set with all columns of the view, each as text, within a scope.
pub fn rows(measure: &Measure, setting: &Setting, set: RowSet, scope: &Scope) -> Result<Query> {
    let mut query = columns(&measure.view);
    from(&mut query, measure, setting)?;
    only(&mut query, measure, setting, set)?;
    query.scope(scope, scope_columns(&measure.view));
    Ok(query)
}

/// Selects rows by id with all columns of the view, within a scope.
pub fn rows_by_id(view: &View, ids: &[String], scope: &Scope) -> Query {
    let mut query = columns(view);
    query.push(" FROM ").push(view.name).push(" WHERE TRUE");
    query.and_in("id", ids.iter().map(String::as_str)).scope(scope, scope_columns(view));
    query
}

/// Appends the order of evidence rows.
pub fn newest_first(query: &mut Query, view: &View) {
    query.push(" ORDER BY COALESCE(").push(view.at).push(", 0) DESC, id DESC");
}

/// Appends "after the last row of the page before".
pub fn after(query: &mut Query, view: &View, at: i64, id: &str) {
    query.push(" AND (COALESCE(").push(view.at).push(", 0), id) < (").bind(at).push(", ").bind(id).push(")");
}

fn columns(view: &View) -> Query {
    let mut query = Query::new("SELECT ", args![]);
    for (place, column) in view.columns.iter().enumerate() {
        query
            .push(if place == 0 { "CAST(" } else { ", CAST(" })
            .push(column.name)
            .push(" AS TEXT) AS ")
            .push(column.name);
    }
    query
}

fn from(query: &mut Query, measure: &Measure, setting: &Setting) -> Result<()> {
    query.push(" FROM ").push(measure.view.name).push(" WHERE ");
    condition(query, &measure.filter, measure, setting)?;
    if let Some(from) = setting.from {
        query.push(" AND ").push(measure.at).push(" >= ").bind(from);
        query.push(" AND ").push(measure.at).push(" <= ").bind(setting.to);
    }
    Ok(())
}

fn only(query: &mut Query, measure: &Measure, setting: &Setting, set: RowSet) -> Result<()> {
    match set {
        RowSet::All => return Ok(()),
        RowSet::Counted => query.push(" AND "),
        RowSet::Others => query.push(" AND NOT "),
    };
    condition(query, &measure.counted, measure, setting)
}

fn condition(query: &mut Query, condition: &Condition, measure: &Measure, setting: &Setting) -> Result<()> {
    condition.push_sql(query, &measure.view, &setting.constants, setting.to)
}

/// Returns the view's columns by which grants narrow it; one without them shows a narrowed grant nothing.
fn scope_columns(view: &View) -> ScopeColumns {
    let column = |name: &str| view.column(name).map(|column| column.name);
    ScopeColumns { brand: column("brand_id"), department: column("department_id"), owner: column("owner_id") }
}

/// Returns the arguments that keep a run.
pub fn insert(run: &super::Run) -> Vec<store::Value> {
    args![
        run.id,
        &run.control_id,
        &run.spec_hash,
        run.kind.as_str(),
        run.verdict.as_str(),
        run.value,
        run.operator.as_str(),
        run.threshold,
        run.population,
        run.counted,
        run.window_days,
        run.window_from,
        run.window_to,
        store::json(&run.inputs),
        run.row_set.as_str(),
        store::json(&run.row_ids),
        run.evaluated_at,
    ]
}

/// Returns the arguments that confirm a run.
pub fn confirm(id: kernel::Id, run: &super::Run, now: Timestamp) -> Vec<store::Value> {
    args![
        id,
        run.value,
        run.population,
        run.counted,
        run.window_from,
        run.window_to,
        store::json(&run.row_ids),
        now,
    ]
}
