use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::{Id, Language, Problem, Timestamp};
use serde_json::{Map, Value as Json, json};

use super::{FieldKind, FieldSpec, RecordType, RecordTypeSpec, RollupFigure};
use crate::expr::{Constant, Facts, Formula, Kind, Names};

/// What every record has: name, kind, column.
pub const BASE: &[(&str, Kind, &str)] = &[
    ("id", Kind::Text, "id"),
    ("number", Kind::Text, "number"),
    ("title", Kind::Text, "title"),
    ("state", Kind::Text, "state"),
    ("ended", Kind::Boolean, "ended"),
    ("owner_id", Kind::Text, "owner_id"),
    ("department_id", Kind::Text, "department_id"),
    ("brand_id", Kind::Text, "brand_id"),
    ("created_by", Kind::Text, "created_by"),
    ("created_at", Kind::Time, "created_at"),
    ("updated_at", Kind::Time, "updated_at"),
    ("closed_at", Kind::Time, "closed_at"),
    ("label", Kind::Text, "label"),
    ("restricted", Kind::Boolean, "restricted"),
];

/// Most characters of one line.
const LINE_MAX: usize = 500;
/// Most characters of a long text.
const TEXT_MAX: usize = 50_000;
/// Most rows of a child table.
const ROWS_MAX: usize = 500;
/// Greatest figure: what JavaScript still counts exactly.
const WHOLE_MAX: i64 = 9_007_199_254_740_991;

/// Returns the names that every record has.
pub fn base_names() -> Names {
    let fields = BASE.iter().map(|(name, kind, _)| ((*name).to_owned(), *kind)).collect();
    Names { fields, ..Names::default() }
}

/// Returns the kind that a field has in expressions; computed ones get theirs from their formula.
pub fn kind(field: &FieldSpec) -> Option<Kind> {
    Some(match field.kind {
        FieldKind::Text
        | FieldKind::RichText
        | FieldKind::Choice
        | FieldKind::Person
        | FieldKind::Department
        | FieldKind::Brand
        | FieldKind::Metric
        | FieldKind::Reference => Kind::Text,
        FieldKind::Number if field.decimals > 0 => Kind::Real,
        FieldKind::Number
        | FieldKind::Money
        | FieldKind::Duration
        | FieldKind::Rating
        | FieldKind::Choices
        | FieldKind::Table
        | FieldKind::File => Kind::Integer,
        FieldKind::Percent => Kind::Real,
        FieldKind::Boolean => Kind::Boolean,
        FieldKind::Date | FieldKind::Time => Kind::Time,
        FieldKind::Computed => return None,
        FieldKind::Rollup => match field.rollup.as_ref()?.figure {
            RollupFigure::Count => Kind::Integer,
            RollupFigure::Sum | RollupFigure::Least | RollupFigure::Greatest | RollupFigure::Latest
                if field.decimals == 0 =>
            {
                Kind::Integer
            }
            _ => Kind::Real,
        },
    })
}

/// Returns what an expression over a type may name, as far as its own formulas can be read.
pub fn names_of(spec: &RecordTypeSpec) -> Names {
    let mut names = base_names();
    for field in &spec.fields {
        if let Some(kind) = kind(field) {
            names.fields.insert(field.key.clone(), kind);
        }
        if field.kind == FieldKind::Table {
            let columns = field.fields.iter().filter_map(|c| Some((c.key.clone(), kind(c)?))).collect();
            names.tables.insert(field.key.clone(), columns);
        }
    }
    for field in &spec.fields {
        if let Some(formula) = field.formula.as_ref().and_then(|source| Formula::parse(source, &names).ok()) {
            names.fields.insert(field.key.clone(), formula.kind());
        }
    }
    names
}

/// Puts an id that nobody has where a filter names its reader.
pub fn for_nobody(filter: &str) -> String {
    for_reader(filter, None)
}

/// Puts the reader's id where a filter names them.
pub fn for_reader(filter: &str, reader: Option<Id>) -> String {
    filter.replace("$me", &format!("'{}'", reader.map(|id| id.to_string()).unwrap_or_default()))
}

/// One field at fault.
type Wrong = (String, &'static str);

/// Checks given values against the fields; what is null is emptied. Every field at fault is named.
pub fn accept(
    record_type: &RecordType,
    given: &Map<String, Json>,
    by_machine: bool,
) -> Result<Map<String, Json>, Problem> {
    let mut accepted = Map::new();
    let mut wrong = Vec::new();
    for (key, value) in given {
        let Some(field) = record_type.field(key) else {
            wrong.push((key.clone(), "rulebook.record.unknown_field"));
            continue;
        };
        let computed = matches!(field.kind, FieldKind::Computed | FieldKind::Rollup);
        if computed || (field.read_only && !by_machine) {
            wrong.push((key.clone(), "rulebook.record.not_written"));
            continue;
        }
        match value_of(field, value, key) {
            Ok(value) => drop(accepted.insert(key.clone(), value)),
            Err(found) => wrong.push(found),
        }
    }
    if wrong.is_empty() { Ok(accepted) } else { Err(invalid(wrong)) }
}

/// Turns fields at fault into one refusal.
pub fn invalid(wrong: Vec<Wrong>) -> Problem {
    let problem = Problem::unprocessable("rulebook.record.invalid");
    wrong.into_iter().fold(problem, |problem, (field, code)| problem.with_field(field, code))
}

fn value_of(field: &FieldSpec, value: &Json, path: &str) -> Result<Json, Wrong> {
    let wrong = |code: &'static str| (path.to_owned(), code);
    if is_empty(value) {
        return Ok(Json::Null);
    }
    match field.kind {
        FieldKind::Text => text(value, LINE_MAX, field.maximum).map_err(wrong),
        FieldKind::RichText => text(value, TEXT_MAX, field.maximum).map_err(wrong),
        FieldKind::Number if field.decimals == 0 => whole(field, value).map_err(wrong),
        FieldKind::Number | FieldKind::Percent => real(field, value).map_err(wrong),
        FieldKind::Money | FieldKind::Duration => whole(field, value).map_err(wrong),
        FieldKind::Rating => match value.as_i64() {
            Some(1..=5) => Ok(value.clone()),
            _ => Err(wrong("rulebook.record.rating_expected")),
        },
        FieldKind::Boolean => {
            value.as_bool().map(Json::from).ok_or_else(|| wrong("rulebook.record.boolean_expected"))
        }
        FieldKind::Date => match value.as_str().and_then(|text| text.parse::<Date>().ok()) {
            Some(date) => Ok(json!(date.to_string())),
            None => Err(wrong("rulebook.record.date_expected")),
        },
        FieldKind::Time => match value.as_str().and_then(|text| text.parse::<Timestamp>().ok()) {
            Some(at) => Ok(json!(at)),
            None => Err(wrong("rulebook.record.time_expected")),
        },
        FieldKind::Choice => match value.as_str().filter(|id| field.options.iter().any(|o| o.id == *id)) {
            Some(id) => Ok(json!(id)),
            None => Err(wrong("rulebook.record.no_such_option")),
        },
        FieldKind::Choices => options(field, value).map_err(wrong),
        FieldKind::Person | FieldKind::Department | FieldKind::Brand => id(value).map_err(wrong),
        FieldKind::Reference if field.record.is_some() => id(value).map_err(wrong),
        FieldKind::Reference | FieldKind::Metric => text(value, 100, None).map_err(wrong),
        FieldKind::Table => rows(field, value, path),
        FieldKind::File => files(value).map_err(wrong),
        FieldKind::Computed | FieldKind::Rollup => Err(wrong("rulebook.record.not_written")),
    }
}

/// Returns true for what counts as "nothing given".
pub fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn text(value: &Json, most: usize, maximum: Option<f64>) -> Result<Json, &'static str> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of characters")]
    let most = maximum.map_or(most, |maximum| (maximum as usize).min(most));
    let text = value.as_str().ok_or("rulebook.record.text_expected")?.trim();
    if text.chars().count() > most {
        return Err("rulebook.record.too_long");
    }
    Ok(json!(text))
}

fn whole(field: &FieldSpec, value: &Json) -> Result<Json, &'static str> {
    let number = value.as_i64().filter(|n| n.abs() <= WHOLE_MAX).ok_or("rulebook.record.whole_expected")?;
    #[expect(clippy::cast_precision_loss, reason = "bounded by WHOLE_MAX")]
    within(field, number as f64)?;
    Ok(json!(number))
}

fn real(field: &FieldSpec, value: &Json) -> Result<Json, &'static str> {
    let number = value.as_f64().filter(|n| n.is_finite()).ok_or("rulebook.record.number_expected")?;
    within(field, number)?;
    Ok(json!(number))
}

fn within(field: &FieldSpec, number: f64) -> Result<(), &'static str> {
    match (field.minimum, field.maximum) {
        (Some(least), _) if number < least => Err("rulebook.record.too_small"),
        (_, Some(most)) if number > most => Err("rulebook.record.too_great"),
        _ => Ok(()),
    }
}

fn id(value: &Json) -> Result<Json, &'static str> {
    let id = value.as_str().and_then(|text| text.parse::<Id>().ok());
    id.map(|id| json!(id)).ok_or("rulebook.record.id_expected")
}

fn options(field: &FieldSpec, value: &Json) -> Result<Json, &'static str> {
    let ids = value.as_array().ok_or("rulebook.record.list_expected")?;
    let known = |id: &Json| id.as_str().is_some_and(|id| field.options.iter().any(|o| o.id == id));
    if ids.iter().all(known) && ids.len() <= field.options.len() {
        Ok(value.clone())
    } else {
        Err("rulebook.record.no_such_option")
    }
}

fn rows(field: &FieldSpec, value: &Json, path: &str) -> Result<Json, Wrong> {
    let wrong = |code: &'static str| (path.to_owned(), code);
    let rows = value.as_array().ok_or_else(|| wrong("rulebook.record.list_expected"))?;
    if rows.len() > ROWS_MAX || field.maximum.is_some_and(|most| as_real(rows.len()) > most) {
        return Err(wrong("rulebook.record.too_many_rows"));
    }
    let mut accepted = Vec::with_capacity(rows.len());
    for (place, row) in rows.iter().enumerate() {
        let row = row.as_object().ok_or_else(|| wrong("rulebook.record.row_expected"))?;
        let mut cells = Map::new();
        for (key, cell) in row {
            let at = format!("{path}.{place}.{key}");
            let Some(column) = field.fields.iter().find(|column| column.key == *key) else {
                return Err((at, "rulebook.record.unknown_field"));
            };
            cells.insert(key.clone(), value_of(column, cell, &at)?);
        }
        cells.retain(|_, cell| !cell.is_null());
        if let Some(missing) =
            field.fields.iter().find(|column| column.required && !cells.contains_key(&column.key))
        {
            return Err((format!("{path}.{place}.{}", missing.key), "rulebook.record.required"));
        }
        accepted.push(Json::Object(cells));
    }
    Ok(Json::Array(accepted))
}

fn files(value: &Json) -> Result<Json, &'static str> {
    let files = value.as_array().ok_or("rulebook.record.list_expected")?;
    let sound = |file: &Json| {
        let hash = file.get("id").and_then(Json::as_str).unwrap_or_default();
        let name = file.get("name").and_then(Json::as_str).unwrap_or_default();
        hash.len() == 64
            && hash.chars().all(|c| c.is_ascii_hexdigit())
            && !name.is_empty()
            && name.len() <= 255
    };
    if files.len() <= 50 && files.iter().all(sound) {
        Ok(value.clone())
    } else {
        Err("rulebook.record.file_expected")
    }
}

#[expect(clippy::cast_precision_loss, reason = "a number of rows")]
fn as_real(count: usize) -> f64 {
    count as f64
}

/// What stands outside a record's own fields, for its expressions.
#[derive(Clone, Debug, Default)]
pub struct Written {
    pub values: Map<String, Json>,
    pub base: Map<String, Json>,
}

/// Returns the facts of a record: its values as expressions read them. Days are the midnight of the company's zone.
pub fn facts(record_type: &RecordType, written: &Written, zone: &TimeZone) -> Map<String, Json> {
    let mut facts = written.base.clone();
    for field in &record_type.spec.fields {
        let Some(value) = written.values.get(&field.key).filter(|value| !value.is_null()) else { continue };
        facts.insert(field.key.clone(), fact(field, value, zone));
    }
    facts
}

fn fact(field: &FieldSpec, value: &Json, zone: &TimeZone) -> Json {
    match field.kind {
        FieldKind::Date => {
            value.as_str().and_then(|day| midnight(day, zone)).map_or(Json::Null, |at| json!(at))
        }
        FieldKind::Table => {
            let rows = value.as_array().map(Vec::as_slice).unwrap_or_default();
            let row = |row: &Json| {
                let cell = |(key, cell): (&String, &Json)| {
                    let column = field.fields.iter().find(|column| column.key == *key);
                    (key.clone(), column.map_or(Json::Null, |column| fact(column, cell, zone)))
                };
                Json::Object(
                    row.as_object().map(|cells| cells.iter().map(cell).collect()).unwrap_or_default(),
                )
            };
            Json::Array(rows.iter().map(row).collect())
        }
        _ => value.clone(),
    }
}

/// Returns the first moment of a day in a zone.
pub fn midnight(day: &str, zone: &TimeZone) -> Option<Timestamp> {
    let date: Date = day.parse().ok()?;
    date.to_zoned(zone.clone()).ok().map(|at| at.timestamp().into())
}

/// Computes what is computed; returns the facts with it.
pub fn finish(
    record_type: &RecordType,
    written: &mut Written,
    zone: &TimeZone,
    now: Timestamp,
) -> Map<String, Json> {
    let none = BTreeMap::new();
    let mut facts = facts(record_type, written, zone);
    for field in &record_type.spec.fields {
        let Some(formula) = record_type.formulas.get(&field.key) else { continue };
        let value = formula.value(&Facts { fields: &facts, parameters: &none, now }).map(said);
        match value {
            Some(value) => {
                facts.insert(field.key.clone(), value.clone());
                written.values.insert(field.key.clone(), value);
            }
            None => {
                facts.remove(&field.key);
                written.values.remove(&field.key);
            }
        }
    }
    facts
}

fn said(value: Constant) -> Json {
    match value {
        Constant::Boolean(v) => json!(v),
        Constant::Integer(v) | Constant::Duration(v) | Constant::TimeRange(v, _) => json!(v),
        Constant::Real(v) => json!((v * 1e6).round() / 1e6),
        Constant::Text(v) => json!(v),
        Constant::Time(v) => json!(Timestamp::from_ms(v)),
    }
}

/// Finds what is missing or contradicts a check.
pub fn complete(
    record_type: &RecordType,
    written: &Written,
    facts: &Map<String, Json>,
    now: Timestamp,
    language: Language,
) -> Result<(), Problem> {
    let missing = |field: &&FieldSpec| {
        let rows = written.values.get(&field.key).and_then(Json::as_array).map_or(0, Vec::len);
        let few = field.kind == FieldKind::Table && field.minimum.is_some_and(|least| as_real(rows) < least);
        let absent = written.values.get(&field.key).is_none_or(is_empty);
        (field.required && !field.read_only && absent) || few
    };
    let wrong: Vec<Wrong> = record_type
        .spec
        .fields
        .iter()
        .filter(missing)
        .map(|f| (f.key.clone(), "rulebook.record.required"))
        .collect();
    if !wrong.is_empty() {
        return Err(invalid(wrong));
    }
    let none = BTreeMap::new();
    let known = Facts { fields: facts, parameters: &none, now };
    let broken = record_type.checks.iter().position(|check| check.holds(&known));
    match broken.map(|place| &record_type.spec.checks[place]) {
        None => Ok(()),
        Some(check) => {
            let text = check.refuse.get(language);
            let problem = Problem::unprocessable("rulebook.record.refused").with("reason", text);
            Err(match &check.field {
                Some(field) => problem.with_field(field, "rulebook.record.see_above"),
                None => problem,
            })
        }
    }
}

/// Returns the text that names a record.
pub fn title(record_type: &RecordType, values: &Map<String, Json>) -> String {
    let text = values.get(record_type.named_by()).and_then(Json::as_str).unwrap_or_default();
    text.chars().take(200).collect()
}
