use std::collections::BTreeMap;

use kernel::{Id, Timestamp};
use serde_json::{Map, Value as Json};

use super::Record;
use crate::profile::facts::Facts;

/// What counts of what was told: the last word on each field, and who said it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// Every telling of a field, the last one first.
    pub fields: BTreeMap<String, Vec<Telling>>,
}

/// One telling of one field.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    /// What was told; absent: that there is nothing.
    pub value: Option<Json>,
    /// Who told it.
    pub source: String,
    /// When.
    pub told_at: Timestamp,
    /// About which identifier.
    pub node_id: Id,
}

/// Puts together what was told about one person, in whatever order it is read.
pub fn fold(mut records: Vec<Record>) -> Told {
    records.sort_by_key(|record| (record.told_at, record.id));
    let mut told = Told::default();
    for record in records {
        let telling = |value: Option<Json>| Telling {
            value,
            source: record.source.clone(),
            told_at: record.told_at,
            node_id: record.node_id,
        };
        for field in &record.cleared {
            told.fields.entry(field.clone()).or_default().insert(0, telling(None));
        }
        for (field, value) in flat(&record.facts) {
            told.fields.entry(field).or_default().insert(0, telling(Some(value)));
        }
    }
    told
}

/// Fields with their values; what is not told is left out, and further attributes are fields of their own.
pub fn flat(facts: &Facts) -> Map<String, Json> {
    let Ok(Json::Object(mut fields)) = serde_json::to_value(facts) else { return Map::new() };
    if let Some(Json::Object(attributes)) = fields.remove("attributes") {
        fields.extend(attributes.into_iter().map(|(name, value)| (format!("attributes.{name}"), value)));
    }
    fields.retain(|_, value| !value.is_null());
    fields
}

impl Told {
    /// Returns what counts.
    pub fn facts(&self) -> Facts {
        let (mut fields, mut attributes) = (Map::new(), Map::new());
        for (field, tellings) in &self.fields {
            let Some(value) = tellings.first().and_then(|telling| telling.value.clone()) else { continue };
            match field.strip_prefix("attributes.") {
                Some(name) => drop(attributes.insert(name.to_owned(), value)),
                None => drop(fields.insert(field.clone(), value)),
            }
        }
        fields.insert("attributes".to_owned(), Json::Object(attributes));
        // Everything in it came out of facts.
        serde_json::from_value(Json::Object(fields)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(at: i64, source: &str, facts: Json, cleared: &[&str]) -> Record {
        Record {
            id: Id::new(),
            node_id: Id::from_digest([7; 16]),
            source: source.to_owned(),
            told_at: Timestamp::from_ms(at),
            facts: serde_json::from_value(facts).expect("facts"),
            cleared: cleared.iter().map(|field| (*field).to_owned()).collect(),
        }
    }

    #[test]
    fn the_last_word_counts_field_by_field() {
        let told = fold(vec![
            record(3, "staff", serde_json::json!({ "city": "苏州" }), &["address"]),
            record(
                1,
                "till",
                serde_json::json!({ "name": "林晓", "address": "湖滨路", "attributes": { "cat": 2, "dog": 1 } }),
                &[],
            ),
            record(
                2,
                "shop",
                serde_json::json!({ "name": "林小", "city": "杭州", "attributes": { "cat": 3 } }),
                &[],
            ),
        ]);
        let facts = told.facts();
        assert_eq!(
            (facts.name.as_deref(), facts.city.as_deref(), facts.address),
            (Some("林小"), Some("苏州"), None)
        );
        assert_eq!(Json::from_iter(facts.attributes), serde_json::json!({ "cat": 3, "dog": 1 }));
        let names: Vec<&str> = told.fields["name"].iter().map(|telling| telling.source.as_str()).collect();
        assert_eq!(names, ["shop", "till"]);
    }

    #[test]
    fn what_was_emptied_can_be_told_again() {
        let cleared = record(2, "staff", serde_json::json!({}), &["city"]);
        let told = fold(vec![record(1, "till", serde_json::json!({ "city": "杭州" }), &[]), cleared.clone()]);
        assert_eq!(told.facts().city, None);
        let told = fold(vec![cleared, record(3, "shop", serde_json::json!({ "city": "宁波" }), &[])]);
        assert_eq!(told.facts().city.as_deref(), Some("宁波"));
    }
}
