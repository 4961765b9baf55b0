use std::collections::{BTreeMap, BTreeSet};

use jiff::Zoned;
use kernel::Id;
use rulebook::record_type::{FieldKind, FieldSpec, RecordType};
use serde_json::{Map, Value as Json, json};

use super::day;
use super::story::turned;

/// What words of a story stand for.
#[derive(Default)]
pub(super) struct Known {
    /// People by the first part of their address.
    pub people: BTreeMap<String, Id>,
    /// Departments by code.
    pub departments: BTreeMap<String, Id>,
    /// Brands by code.
    pub brands: BTreeMap<String, Id>,
    /// Records by their name in the story.
    pub records: BTreeMap<String, Id>,
    /// Files by name, as a file field names them.
    pub files: BTreeMap<String, Json>,
    /// Names of records that are made only later than today.
    pub ahead: BTreeSet<String>,
}

impl Known {
    /// Returns the record of a name: of the same telling before that of the whole story.
    pub fn record(&self, name: &str, turn: Option<usize>) -> Option<Id> {
        let told = turn.and_then(|turn| self.records.get(&turned(name, Some(turn))));
        told.or_else(|| self.records.get(name)).copied()
    }

    /// Returns true where a record that is not there is one that is made later than today.
    pub fn lies_ahead(&self, name: &str, turn: Option<usize>) -> bool {
        self.ahead.contains(name) || self.ahead.contains(&turned(name, turn))
    }
}

/// Why values cannot be given.
pub(super) enum Missing {
    /// A record of this name is not there.
    Record(String),
    /// The story says something that nobody understands.
    Word(String),
}

/// Turns the words of a story into values.
pub(super) struct Reader<'r> {
    pub known: &'r Known,
    pub base: &'r Zoned,
    pub turn: Option<usize>,
}

impl Reader<'_> {
    /// Turns the values of a record, or of one of its actions, into what the service takes.
    pub fn values(
        &self,
        record_type: &RecordType,
        said: &Map<String, Json>,
    ) -> Result<Map<String, Json>, Missing> {
        let one = |(key, value): (&String, &Json)| {
            let value = match record_type.field(key) {
                Some(field) => self.value(field, value)?,
                None => self.free(value),
            };
            Ok((key.clone(), value))
        };
        said.iter().map(one).collect()
    }

    fn value(&self, field: &FieldSpec, said: &Json) -> Result<Json, Missing> {
        match (field.kind, said) {
            (FieldKind::Table, Json::Array(rows)) => {
                let rows: Result<Vec<Json>, Missing> = rows.iter().map(|row| self.row(field, row)).collect();
                Ok(Json::Array(rows?))
            }
            (FieldKind::File, Json::Array(names)) => {
                let files: Result<Vec<Json>, Missing> = names.iter().map(|name| self.file(name)).collect();
                Ok(Json::Array(files?))
            }
            (kind, Json::String(text)) => self.word(kind, text),
            _ => Ok(said.clone()),
        }
    }

    fn row(&self, field: &FieldSpec, row: &Json) -> Result<Json, Missing> {
        let cells = row.as_object().ok_or_else(|| Missing::Word(format!("{}: a row", field.key)))?;
        let one = |(key, value): (&String, &Json)| {
            let column = field.fields.iter().find(|column| column.key == *key);
            let column = column.ok_or_else(|| Missing::Word(format!("{}.{key}", field.key)))?;
            Ok((key.clone(), self.value(column, value)?))
        };
        Ok(Json::Object(cells.iter().map(one).collect::<Result<_, Missing>>()?))
    }

    fn file(&self, name: &Json) -> Result<Json, Missing> {
        let name = day::fill(name.as_str().unwrap_or_default(), self.base);
        self.known.files.get(&name).cloned().ok_or(Missing::Word(name))
    }

    fn word(&self, kind: FieldKind, text: &str) -> Result<Json, Missing> {
        let of = |names: &BTreeMap<String, Id>| {
            names.get(text).map(|id| json!(id)).ok_or_else(|| Missing::Word(text.to_owned()))
        };
        match kind {
            FieldKind::Person => of(&self.known.people),
            FieldKind::Department => of(&self.known.departments),
            FieldKind::Brand => of(&self.known.brands),
            FieldKind::Reference => match text.strip_prefix('@') {
                Some(name) => self
                    .known
                    .record(name, self.turn)
                    .map(|id| json!(id))
                    .ok_or_else(|| Missing::Record(name.to_owned())),
                None => Ok(json!(text)),
            },
            FieldKind::Date | FieldKind::Time => {
                let at = day::moment(text, self.base).ok_or_else(|| Missing::Word(text.to_owned()))?;
                Ok(if kind == FieldKind::Date {
                    json!(at.date().to_string())
                } else {
                    json!(day::stamp(&at))
                })
            }
            _ => Ok(json!(day::fill(text, self.base))),
        }
    }

    fn free(&self, said: &Json) -> Json {
        said.as_str().map_or_else(|| said.clone(), |text| json!(day::fill(text, self.base)))
    }

    /// Returns the names of the files that values mention, for a type.
    pub fn files(&self, record_type: &RecordType, said: &Map<String, Json>) -> Vec<String> {
        let of_kind =
            |key: &String| record_type.field(key).is_some_and(|field| field.kind == FieldKind::File);
        let named = said.iter().filter(|(key, _)| of_kind(key)).filter_map(|(_, value)| value.as_array());
        named.flatten().filter_map(Json::as_str).map(|name| day::fill(name, self.base)).collect()
    }
}
