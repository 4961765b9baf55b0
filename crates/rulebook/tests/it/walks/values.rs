use std::collections::BTreeMap;

use kernel::{Id, Timestamp};
use rulebook::record_type::{FieldKind, FieldSpec, RecordType};
use serde_json::{Map, Value as Json, json};

use super::dice::Dice;

/// What generated values may name.
#[derive(Debug)]
pub struct Known {
    pub people: Vec<Id>,
    pub department: Id,
    /// Records that are there, by type.
    pub records: BTreeMap<String, Vec<Id>>,
    pub now: Timestamp,
}

/// Makes values for a type: what is required always, the rest often.
pub fn of_type(dice: &mut Dice, known: &Known, record_type: &RecordType) -> Map<String, Json> {
    let mut values = Map::new();
    for field in &record_type.spec.fields {
        if !field.read_only
            && (field.required || dice.percent(60))
            && let Some(value) = value(dice, known, field)
        {
            values.insert(field.key.clone(), value);
        }
    }
    values
}

/// Makes a value for a field; nothing where none can be made.
pub fn value(dice: &mut Dice, known: &Known, field: &FieldSpec) -> Option<Json> {
    // A plan for years asks for years: chance alone would never fit its check.
    let day = |dice: &mut Dice| match field.key.as_str() {
        "horizon_from" => known.now,
        "horizon_to" => known.now.plus_days(1_200),
        _ => known.now.plus_days(dice.between(-60, 120)),
    };
    Some(match field.kind {
        FieldKind::Text | FieldKind::RichText => json!(format!("文字 {}", dice.below(1_000_000))),
        FieldKind::Number | FieldKind::Percent | FieldKind::Money | FieldKind::Duration => {
            number(dice, field)
        }
        FieldKind::Rating => json!(dice.between(1, 5)),
        FieldKind::Boolean => json!(dice.percent(70)),
        FieldKind::Date => json!(day(dice).instant().to_string().get(..10)),
        FieldKind::Time => json!(day(dice)),
        FieldKind::Choice => json!(dice.one(&field.options)?.id),
        FieldKind::Choices => json!([dice.one(&field.options)?.id]),
        FieldKind::Person => json!(dice.one(&known.people)?),
        FieldKind::Department => json!(known.department),
        FieldKind::Reference => json!(dice.one(known.records.get(field.record.as_ref()?)?)?),
        FieldKind::Table => {
            let rows = dice.between(1, 3);
            json!((0..rows).map(|_| row(dice, known, field)).collect::<Option<Vec<Json>>>()?)
        }
        FieldKind::File => {
            json!([{ "id": "ab".repeat(32), "name": "a.txt", "size": 3, "media_type": "text/plain" }])
        }
        FieldKind::Brand | FieldKind::Metric | FieldKind::Computed | FieldKind::Rollup => return None,
    })
}

fn row(dice: &mut Dice, known: &Known, field: &FieldSpec) -> Option<Json> {
    let mut cells = Map::new();
    for column in &field.fields {
        match value(dice, known, column) {
            Some(value) => drop(cells.insert(column.key.clone(), value)),
            None if column.required => return None,
            None => {}
        }
    }
    Some(Json::Object(cells))
}

#[expect(clippy::cast_possible_truncation, reason = "limits of fields are small")]
fn number(dice: &mut Dice, field: &FieldSpec) -> Json {
    let least = field.minimum.unwrap_or(0.0).ceil() as i64;
    let most = field.maximum.map_or(least + 100, |most| most.floor() as i64).max(least);
    json!(dice.between(least, most))
}
