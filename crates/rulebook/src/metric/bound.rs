use std::collections::BTreeSet;
use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, Id, Result, Timestamp};
use serde_json::{Map, Value as Json, json};
use store::{Query, args};

use super::prove::Metric;
use super::service::StateRow;
use super::{Found, MetricUnit, rules, sql};
use crate::Rulebook;
use crate::expr::Condition;
use crate::record::{self, Draft};
use crate::record_type::intern::intern;
use crate::record_type::{FieldKind, FieldSpec, FreezeSpec, MeasuredSpec, RecordType};

/// Most records that one sample fills.
const RECORDS_MAX: i64 = 2_000;

/// Writes a new sample into the open records that name its metric; returns into how many.
pub async fn fill(app: &App, metric: &Metric, found: &[Found], at: Timestamp) -> Result<usize> {
    let types: Vec<_> = app.part::<Rulebook>()?.record_types().cloned().collect();
    let mut count = 0;
    for record_type in types {
        for (measured, when) in record_type.spec.measured.iter().zip(&record_type.measured_when) {
            for id in naming(app, &record_type, (measured, when.as_ref()), &metric.spec.id).await? {
                let sample = Sample { metric, measured, found, at };
                count += usize::from(fill_one(app, &record_type, id, &sample).await?);
            }
        }
    }
    Ok(count)
}

async fn naming(
    app: &App,
    record_type: &RecordType,
    (measured, when): (&MeasuredSpec, Option<&Condition>),
    metric_id: &str,
) -> Result<Vec<Id>> {
    let mut query = Query::new(sql::RECORDS, args![]);
    query.push(record_type.view.name).push(" WHERE ended = FALSE AND ");
    query.push(intern(&measured.metric)).push(" = ").bind(metric_id);
    if let Some(when) = when {
        query.push(" AND ");
        when.push_sql(&mut query, &record_type.view, &Default::default(), app.store.now())?;
    }
    query.push(" ORDER BY id LIMIT ").bind(RECORDS_MAX);
    app.store.list(query).await
}

/// What was measured, and into which fields it goes.
struct Sample<'s> {
    metric: &'s Metric,
    measured: &'s MeasuredSpec,
    found: &'s [Found],
    at: Timestamp,
}

async fn fill_one(app: &App, record_type: &Arc<RecordType>, id: Id, sample: &Sample<'_>) -> Result<bool> {
    let measured = sample.measured;
    let Some(row) = record::rows(app, &[id]).await?.into_iter().next() else { return Ok(false) };
    let wanted = |key: &String| row.document.get(key).and_then(Json::as_str);
    let series = measured.series.as_ref().and_then(wanted).unwrap_or_default();
    let Some(found) = sample.found.iter().find(|found| found.series == series) else { return Ok(false) };
    let values = written(app, record_type, sample, found);
    if values.is_empty() || says_the_same(measured, &row.document, &values) {
        return Ok(false);
    }
    let mut tx = app.store.begin(&Caller::system("metrics")).await?;
    let breached = |facts: &Map<String, Json>| {
        measured.breach.as_ref().is_some_and(|b| facts.get(&b.field).and_then(Json::as_bool).unwrap_or(false))
    };
    match record::note(&mut tx, app, record_type, id, values, "measure").await {
        Ok(None) => Ok(false),
        Ok(Some(noted)) => {
            if !breached(&noted.before) && breached(&noted.after) {
                open_breach(&mut tx, app, measured, &noted).await?;
            }
            tx.commit().await?;
            Ok(true)
        }
        // What the type refuses now it may take once the record is mended; the sample is kept anyway.
        Err(problem) if problem.status < 500 => {
            tracing::warn!(record = row.number, code = %problem.code, "{} could not take a sample: {}", row.number, problem.code);
            Ok(false)
        }
        Err(problem) => Err(problem),
    }
}

/// Returns true where a record has the same value of the same day: one note a day is enough.
fn says_the_same(measured: &MeasuredSpec, known: &Map<String, Json>, values: &Map<String, Json>) -> bool {
    let day = |values: &Map<String, Json>| {
        let at = measured.at.as_ref().and_then(|key| values.get(key)?.as_str());
        at.map(|at| at.chars().take(10).collect::<String>())
    };
    known.get(&measured.value) == values.get(&measured.value) && day(known) == day(values)
}

fn written(app: &App, record_type: &RecordType, sample: &Sample<'_>, found: &Found) -> Map<String, Json> {
    let (mut values, measured, unit) = (Map::new(), sample.measured, sample.metric.spec.unit);
    let Some(value) = found.value else { return values };
    let mut put = |key: &String, value: Option<Json>| {
        values.extend(value.map(|value| (key.clone(), value)));
    };
    let field = |key: &String| record_type.field(key);
    put(&measured.value, field(&measured.value).and_then(|field| number(field, unit, value)));
    if let Some(key) = &measured.at {
        put(key, field(key).map(|field| time(app, field, sample.at)));
    }
    if let Some(key) = &measured.rows {
        put(key, Some(json!(found.rows)));
    }
    values
}

async fn open_breach(
    tx: &mut store::Tx,
    app: &App,
    measured: &MeasuredSpec,
    noted: &record::Noted,
) -> Result<()> {
    let Some(breach) = &measured.breach else { return Ok(()) };
    let record_type = record::record_type(app, &breach.record)?;
    let mut values =
        record::fill(app, &record_type, &breach.values, &noted.after, Some(noted.row.id), tx.now());
    let mut id_of = |name: &str| values.remove(name).and_then(|value| value.as_str()?.parse::<Id>().ok());
    let (owner, department, brand) = (id_of("owner_id"), id_of("department_id"), id_of("brand_id"));
    let draft = Draft {
        values,
        owner_id: owner.or(noted.row.owner_id),
        department_id: department.or(noted.row.department_id),
        brand_id: brand.or(noted.row.brand_id),
        reason: Some(noted.row.number.clone()),
    };
    record::make(tx, app, &Caller::system("metrics"), &record_type, draft).await.map(drop)
}

/// Returns a value as a field takes it: money in minor units where the field is money, in major ones elsewhere.
pub fn number(field: &FieldSpec, unit: MetricUnit, value: f64) -> Option<Json> {
    let major = unit == MetricUnit::Money && field.kind != FieldKind::Money;
    let value = if major { value / 100.0 } else { value };
    #[expect(clippy::cast_possible_truncation, reason = "bounded before")]
    let whole = |value: f64| (value.abs() < 9e15).then(|| json!(value.round() as i64));
    let places = |places: u8| {
        let factor = 10_f64.powi(i32::from(places));
        json!((value * factor).round() / factor)
    };
    match field.kind {
        FieldKind::Number if field.decimals == 0 => whole(value),
        FieldKind::Money | FieldKind::Duration => whole(value),
        FieldKind::Number => Some(places(field.decimals)),
        FieldKind::Percent => Some(places(2)),
        _ => None,
    }
}

fn time(app: &App, field: &FieldSpec, at: Timestamp) -> Json {
    if field.kind == FieldKind::Date {
        let day = at.instant().to_zoned(app.settings.time_zone.clone()).date();
        return json!(day.to_string());
    }
    json!(at)
}

/// Returns the metrics that have a value, as a whole.
pub async fn measured(app: &App) -> Result<BTreeSet<String>> {
    let states: Vec<StateRow> = app.store.all(sql::STATES, args![]).await?;
    let valued = states.into_iter().filter(|state| state.series.is_empty() && state.value.is_some());
    Ok(valued.map(|state| state.metric_id).collect())
}

/// Puts the newest samples into the rows of a child table that name a metric.
pub async fn frozen(app: &App, freezes: &FreezeSpec, table: &FieldSpec, rows: &mut [Json]) -> Result<()> {
    let states: Vec<StateRow> = app.store.all(sql::STATES, args![]).await?;
    let book = app.part::<Rulebook>()?;
    let column = |key: &String| table.fields.iter().find(|column| column.key == *key);
    for row in rows.iter_mut().filter_map(Json::as_object_mut) {
        let Some(id) = row.get(&freezes.metric).and_then(Json::as_str).map(str::to_owned) else { continue };
        let state = states.iter().find(|state| state.metric_id == id && state.series.is_empty());
        let (Some(metric), Some(state)) = (book.metric(&id), state) else { continue };
        let Some(value) = state.value else { continue };
        let unit = metric.spec.unit;
        let number = column(&freezes.value).and_then(|column| number(column, unit, value));
        row.extend(number.map(|number| (freezes.value.clone(), number)));
        if let Some(key) = &freezes.at {
            row.extend(column(key).map(|column| (key.clone(), time(app, column, state.measured_at))));
        }
        if let Some(key) = &freezes.name {
            row.insert(key.clone(), json!(metric.spec.title.get(kernel::Language::default())));
        }
        if let Some(key) = &freezes.unit {
            row.insert(key.clone(), json!(rules::sign(unit).trim()));
        }
    }
    Ok(())
}
