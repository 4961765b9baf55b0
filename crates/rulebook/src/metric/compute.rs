use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Result, Scope, Timestamp};
use serde_json::{Map, Value as Json, json};

use super::prove::{Metric, Source};
use super::{FigureKind, Inputs};
use crate::Rulebook;
use crate::control::{Look, Measure};
use crate::expr::{Constant, Facts, Formula};
use crate::run::rules::{self, Setting};
use crate::run::sql;

/// One value (测算结果); the series is empty for the metric as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub series: String,
    pub value: Option<f64>,
    pub rows: i64,
}

/// Measures a metric over all rows; nothing where nobody publishes what it reads. The first value is the whole.
pub async fn evaluate(
    app: &App,
    book: &Rulebook,
    metric: &Metric,
    inputs: &Inputs,
) -> Result<Option<Vec<Found>>> {
    let scopes = |_: &Measure| Ok(Some(Scope::everything()));
    scoped(app, book, metric, inputs, scopes).await
}

/// Measures a metric over the rows of a scope; nothing where a part of it has none.
pub async fn scoped(
    app: &App,
    book: &Rulebook,
    metric: &Metric,
    inputs: &Inputs,
    scope_of: impl Fn(&Measure) -> Result<Option<Scope>>,
) -> Result<Option<Vec<Found>>> {
    let mut known: BTreeMap<&str, Option<f64>> = BTreeMap::new();
    let needed: Vec<_> = metric.needs().iter().filter_map(|id| book.metric(id)).collect();
    for inner in &needed {
        let value = match &inner.source {
            Source::Rows { measure, .. } => {
                let Some(measure) = measure else { return Ok(None) };
                let Some(scope) = scope_of(measure)? else { return Ok(None) };
                whole(app, inner, measure, inputs, &scope).await?.value
            }
            Source::Formula { formula, names, .. } => of_formula(app, formula, names, &known, inputs),
        };
        known.insert(&inner.spec.id, value);
    }
    match &metric.source {
        Source::Formula { formula, names, .. } => {
            let value = of_formula(app, formula, names, &known, inputs);
            let parts =
                names.values().filter(|id| known.get(id.as_str()).is_some_and(Option::is_some)).count();
            Ok(Some(vec![Found { series: String::new(), value, rows: i64::try_from(parts).unwrap_or(0) }]))
        }
        Source::Rows { measure: None, .. } => Ok(None),
        Source::Rows { measure: Some(measure), by } => {
            let Some(scope) = scope_of(measure)? else { return Ok(None) };
            let mut found = vec![whole(app, metric, measure, inputs, &scope).await?];
            if by.is_some() {
                found.extend(over_rows(app, metric, measure, inputs, *by, &scope).await?);
            }
            Ok(Some(found))
        }
    }
}

async fn whole(
    app: &App,
    metric: &Metric,
    measure: &Measure,
    inputs: &Inputs,
    scope: &Scope,
) -> Result<Found> {
    let found = over_rows(app, metric, measure, inputs, None, scope).await?.into_iter().next();
    // A figure of no rows has no row in its result.
    Ok(found.unwrap_or_else(|| of_counts(metric, measure, String::new(), 0, Some(0.0))))
}

async fn over_rows(
    app: &App,
    metric: &Metric,
    measure: &Measure,
    inputs: &Inputs,
    by: Option<&'static str>,
    scope: &Scope,
) -> Result<Vec<Found>> {
    let setting = setting_of(app, measure, inputs, app.store.now())?;
    if let Look::Quantity { statistic, of } = &measure.look {
        let query = sql::figure_by(measure, &setting, (*statistic, *of), by, scope)?;
        let rows: Vec<(String, i64, Option<f64>)> = app.store.list(query).await?;
        let one = |(series, rows, value)| of_counts(metric, measure, series, rows, value);
        return Ok(rows.into_iter().map(one).collect());
    }
    let rows: Vec<(String, i64, i64)> = app.store.list(sql::counts_by(measure, &setting, by, scope)?).await?;
    let counts = metric.spec.figure.as_ref().is_some_and(|figure| figure.kind == FigureKind::Query);
    let one = |(series, rows, counted): (String, i64, i64)| {
        of_counts(metric, measure, series, rows, share(counts, rows, counted))
    };
    Ok(rows.into_iter().map(one).collect())
}

#[expect(clippy::cast_precision_loss, reason = "row counts stay far below 2^53")]
fn share(counts: bool, rows: i64, counted: i64) -> Option<f64> {
    if counts {
        return Some(counted as f64);
    }
    (rows > 0).then(|| 100.0 * counted as f64 / rows as f64)
}

/// Drops a value that stands on too few rows.
fn of_counts(metric: &Metric, measure: &Measure, series: String, rows: i64, value: Option<f64>) -> Found {
    let says = rows >= measure.minimum_rows;
    // Nothing is the sum of nothing; it is no median of it.
    let of_nothing = metric.spec.figure.as_ref().is_some_and(|figure| figure.least_rows() == 0);
    let value = value.filter(|_| says && (rows > 0 || of_nothing));
    Found { series, value: value.map(rounded), rows }
}

fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// Puts the present policy parameters into a measurement.
pub fn setting_of(app: &App, measure: &Measure, inputs: &Inputs, now: Timestamp) -> Result<Setting> {
    rules::setting(measure, &measure.parameters(), inputs, (now, &app.settings.time_zone))
}

fn of_formula(
    app: &App,
    formula: &Formula,
    names: &BTreeMap<String, String>,
    known: &BTreeMap<&str, Option<f64>>,
    inputs: &Inputs,
) -> Option<f64> {
    let fact = |(name, id): (&String, &String)| Some((name.clone(), json!((*known.get(id.as_str())?)?)));
    let fields: Map<String, Json> = names.iter().filter_map(fact).collect();
    let parameters: BTreeMap<String, Constant> =
        inputs.iter().filter_map(|(key, input)| Some((key.clone(), input.constant()?))).collect();
    let value = formula.value(&Facts { fields: &fields, parameters: &parameters, now: app.store.now() })?;
    match value {
        Constant::Real(value) => Some(rounded(value)),
        #[expect(clippy::cast_precision_loss, reason = "what is counted stays far below 2^53")]
        Constant::Integer(value) => Some(value as f64),
        _ => None,
    }
}
