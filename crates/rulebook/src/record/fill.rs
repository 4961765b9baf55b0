//! Fields that fill themselves (自动填写): what the product knows is put where people would have to look it up.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use http_kit::App;
use kernel::{Language, Result, Timestamp, View};
use serde_json::{Map, Value as Json, json};
use store::{Query, Tx, args};

use super::rules::Words;
use super::write::{Row, compute};
use super::{measured, names, rollup, sql};
use crate::expr::{Facts, Kind};
use crate::metric;
use crate::record_type::fill::{FillSpec, Filling, LINE, MAKE, VALUE, kind_of};
use crate::record_type::intern::intern;
use crate::record_type::{FieldKind, FieldSpec, RecordType, RollupFigure, rules};

/// Most characters of one line of text.
const LINE_MAX: usize = 500;

/// Fills what a type fills at this action, or when a record is made; returns the facts that follow.
pub async fn fill(
    tx: &mut Tx,
    app: &App,
    record_type: &Arc<RecordType>,
    row: &mut Row,
    action: &str,
    facts: Map<String, Json>,
) -> Result<Map<String, Json>> {
    let fills = record_type.spec.fills.iter().zip(&record_type.fillings);
    let due: Vec<(&FillSpec, &Filling)> =
        fills.filter(|(fill, _)| fill.on.iter().any(|on| on == action)).collect();
    let freezes = record_type.spec.freezes.as_ref().is_some_and(|f| f.on.iter().any(|on| on == action));
    if due.is_empty() && !freezes {
        return Ok(facts);
    }
    // What a new record was given stays; several fills may add to one table.
    let given: BTreeSet<String> = match action {
        MAKE => row.document.keys().cloned().collect(),
        _ => BTreeSet::new(),
    };
    let now = tx.now();
    let (mut facts, mut anew) = (facts, BTreeSet::new());
    for (fill, filling) in due {
        let known = Facts { fields: &facts, parameters: &BTreeMap::new(), now };
        let wanted = filling.when.as_ref().is_none_or(|when| when.holds(&known));
        let Some(field) = record_type.field(&fill.field).filter(|_| wanted && !given.contains(&fill.field))
        else {
            continue;
        };
        if field.read_only && anew.insert(&fill.field) {
            row.document.remove(&field.key);
        }
        let found = found(tx, app, row, &facts, field, (fill, filling)).await?;
        put(record_type, row, field, found);
        // The next fill may ask for what this one brought.
        facts = compute(app, record_type, row, now)?;
    }
    measured::freeze(app, record_type, row, action).await?;
    compute(app, record_type, row, now)
}

/// Puts what was found into the record; what a field cannot take is left out, and the log says so.
fn put(record_type: &RecordType, row: &mut Row, field: &FieldSpec, found: Json) {
    let value = match (field.kind, row.document.get(&field.key)) {
        (FieldKind::Table, Some(Json::Array(before))) => {
            let mut rows = before.clone();
            rows.extend(found.as_array().into_iter().flatten().filter(|new| !before.contains(new)).cloned());
            Json::Array(rows)
        }
        // A text that somebody began is theirs.
        (FieldKind::RichText, Some(before)) => before.clone(),
        _ => found,
    };
    let given = Map::from_iter([(field.key.clone(), value)]);
    match rules::accept(record_type, &given, true) {
        Ok(values) => row.document.extend(values.into_iter().filter(|(_, value)| !value.is_null())),
        Err(problem) => tracing::warn!(
            record_type = record_type.spec.id,
            field = field.key,
            code = %problem.code,
            "{}.{} could not be filled: {}",
            record_type.spec.id,
            field.key,
            problem.code
        ),
    }
}

async fn found(
    tx: &mut Tx,
    app: &App,
    row: &Row,
    facts: &Map<String, Json>,
    field: &FieldSpec,
    (fill, filling): (&FillSpec, &Filling),
) -> Result<Json> {
    let view = match (&fill.record, filling.view) {
        (Some(record), _) => names::record_type(app, record)?.view,
        (None, Some(view)) => view,
        // Nobody publishes what it reads, yet.
        (None, None) if fill.view.is_some() => return Ok(Json::Null),
        (None, None) => return of_metrics(app, field, &fill.metrics).await,
    };
    if fill.figure.is_some() {
        return figure(tx, facts, field, &view, (fill, filling)).await;
    }
    let rows = rows(tx, facts, &view, (fill, filling)).await?;
    let (now, zone) = (tx.now(), &app.settings.time_zone);
    let mut filled = rows.iter().map(|found| {
        let words = Words {
            caller: None,
            department: row.department_id,
            now,
            zone,
            facts,
            id: Some(row.id),
            row: Some(found),
            person: None,
        };
        fill.values
            .iter()
            .map(|(key, said)| (key.clone(), said_of(said, &words)))
            .collect::<Map<String, Json>>()
    });
    Ok(match field.kind {
        FieldKind::Table => {
            let fits = |row: Map<String, Json>| Json::Object(fitted(&field.fields, row, zone));
            Json::Array(filled.map(fits).collect())
        }
        FieldKind::RichText => {
            let lines = filled.filter_map(|row| Some(format!("- {}", row.get(LINE)?.as_str()?)));
            Json::from(lines.collect::<Vec<String>>().join("\n"))
        }
        _ => {
            let first = filled.next().unwrap_or_default();
            let column = FieldSpec { key: VALUE.to_owned(), ..field.clone() };
            fitted(std::slice::from_ref(&column), first, zone).remove(VALUE).unwrap_or_default()
        }
    })
}

/// Returns a row for each of these metrics that has a value; what stands beside it is frozen afterwards.
async fn of_metrics(app: &App, field: &FieldSpec, wanted: &[String]) -> Result<Json> {
    let Some(column) = field.fields.iter().find(|column| column.kind == FieldKind::Metric) else {
        return Ok(Json::Null);
    };
    let measured = metric::measured(app).await?;
    let rows = wanted.iter().filter(|id| measured.contains(*id));
    Ok(Json::Array(rows.map(|id| json!({ column.key.as_str(): id })).collect()))
}

/// Returns the rows that are found, times as people write them.
async fn rows(
    tx: &mut Tx,
    facts: &Map<String, Json>,
    view: &View,
    (fill, filling): (&FillSpec, &Filling),
) -> Result<Vec<Map<String, Json>>> {
    let mut query = Query::new(sql::COLUMNS, args![]);
    query.push("id");
    for column in filling.columns.iter().filter(|column| *column != "id") {
        query.push(", ").push(intern(column));
    }
    if !narrowed(&mut query, facts, view, (fill, filling), tx.now())? {
        return Ok(Vec::new());
    }
    query.push(" ORDER BY ");
    if let Some(sort) = &fill.sort {
        let column = intern(sort.trim_start_matches('-'));
        // Both databases put what is absent last.
        query.push(column).push(" IS NULL, ").push(column);
        query.push(if sort.starts_with('-') { " DESC, " } else { ", " });
    }
    query.push("id LIMIT ").bind(i64::from(fill.limit));
    let found: Vec<Map<String, Json>> = tx.list(query).await?;
    Ok(found
        .into_iter()
        .map(|row| row.into_iter().map(|(key, value)| shown(view, key, value)).collect())
        .collect())
}

/// Appends from where and which rows; false where the record lacks what they would belong to.
fn narrowed(
    query: &mut Query,
    facts: &Map<String, Json>,
    view: &View,
    (fill, filling): (&FillSpec, &Filling),
    now: Timestamp,
) -> Result<bool> {
    query.push(" FROM ").push(view.name).push(" WHERE TRUE");
    for (column, key) in &fill.by {
        let Some(value) = facts.get(key).and_then(Json::as_str) else { return Ok(false) };
        query.push(" AND ").push(intern(column)).push(" = ").bind(value);
    }
    if let Some(condition) = filling.condition.as_ref().filter(|_| fill.figure != Some(RollupFigure::Share)) {
        query.push(" AND ");
        condition.push_sql(query, view, &Default::default(), now)?;
    }
    Ok(true)
}

async fn figure(
    tx: &mut Tx,
    facts: &Map<String, Json>,
    field: &FieldSpec,
    view: &View,
    (fill, filling): (&FillSpec, &Filling),
) -> Result<Json> {
    let Some(figure) = fill.figure else { return Ok(Json::Null) };
    let mut query = Query::new(sql::COLUMNS, args![]);
    let counted = filling.condition.as_ref();
    rollup::push_figure(&mut query, figure, fill.of.as_deref(), counted, view, tx.now())?;
    if !narrowed(&mut query, facts, view, (fill, filling), tx.now())? {
        return Ok(Json::Null);
    }
    let found: Option<f64> = tx.list::<Option<f64>>(query).await?.into_iter().next().flatten();
    Ok(found.map_or(Json::Null, |value| rollup::number(field, value)))
}

/// Returns a column's value as facts have it.
fn shown(view: &View, key: String, value: Json) -> (String, Json) {
    let value = match (kind_of(view, &key), value.as_i64()) {
        (Some(Kind::Time), Some(ms)) => json!(Timestamp::from_ms(ms)),
        (Some(Kind::Boolean), Some(number)) => Json::from(number != 0),
        _ => value,
    };
    (key, value)
}

/// Returns what a value of a fill stands for.
fn said_of(said: &Json, words: &Words<'_>) -> Json {
    match said {
        // What a pack does not say in the company's language it says in its own.
        Json::Object(texts) => {
            let said = texts.get(Language::default().as_str()).or_else(|| texts.values().next());
            said.map_or(Json::Null, |said| said_of(said, words))
        }
        Json::String(text) if text.contains('{') => Json::from(sentence(text, words)),
        said => words.value(said),
    }
}

/// Puts what was found into a sentence.
fn sentence(text: &str, words: &Words<'_>) -> String {
    let mut said = text.to_owned();
    for (name, value) in words.row.into_iter().flatten() {
        let value = match value {
            Json::Null => "—".to_owned(),
            Json::String(text) => match text.parse::<Timestamp>() {
                Ok(at) => words.day_of(at).to_string(),
                Err(_) => text.clone(),
            },
            other => other.to_string(),
        };
        said = said.replace(&format!("{{{name}}}"), &value);
    }
    said.chars().take(LINE_MAX).collect()
}

/// Makes values such as the columns of a table take: days of times, whole numbers, texts.
fn fitted(columns: &[FieldSpec], row: Map<String, Json>, zone: &jiff::tz::TimeZone) -> Map<String, Json> {
    let fit = |(key, value): (String, Json)| {
        let kind =
            columns.iter().find(|column| column.key == key).map(|column| (column.kind, column.decimals));
        let value = match (kind, &value) {
            (Some((FieldKind::Date, _)), Json::String(text)) => match text.parse::<Timestamp>() {
                Ok(at) => Json::from(at.instant().to_zoned(zone.clone()).date().to_string()),
                Err(_) => value,
            },
            (Some((FieldKind::Text | FieldKind::RichText, _)), Json::Number(number)) => {
                Json::from(number.to_string())
            }
            #[expect(clippy::cast_possible_truncation, reason = "figures of records stay far below 2^53")]
            (
                Some((FieldKind::Number, 0) | (FieldKind::Money | FieldKind::Duration, _)),
                Json::Number(number),
            ) => number.as_f64().map_or(Json::Null, |number| Json::from(number.round() as i64)),
            _ => value,
        };
        (key, value)
    };
    row.into_iter().map(fit).filter(|(_, value)| !value.is_null()).collect()
}
