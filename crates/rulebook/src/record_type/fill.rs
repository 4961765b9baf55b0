use std::collections::{BTreeMap, BTreeSet};

use kernel::{Label, View};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{FieldKind, FieldSpec, Flaw, Known, RecordTypeSpec, RollupFigure, Visible, rules};
use crate::expr::{Condition, Kind, Names};

/// The word for "when a record is made" among the actions of a fill.
pub const MAKE: &str = "make";
/// The one value of a fill of a long text: a line for each row that is found.
pub const LINE: &str = "line";

/// The one value of a fill of any other field: that of the first row.
pub const VALUE: &str = "value";

/// A field that the product fills from what it knows (自动填写): a child table takes a row for each row that is found, a
/// long text a line, any other field a figure over them or what the first one says. What people wrote is never
/// taken away; a table that only the product writes is put in anew.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FillSpec {
    /// The field.
    pub field: String,
    /// Only where this holds, over the record's own fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// When: `make`, where a new record has nothing in the field, or actions of its machine, before their guards are asked.
    #[serde(default = "on_make")]
    pub on: Vec<String>,
    /// The record type that is read ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// ... or the published view ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<String>,
    /// ... or these metrics, those that have a value: the table's column of kind metric names them, and what the type
    /// freezes is filled beside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<String>,
    /// Its columns that must equal a field of the record, such as `project: project`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by: BTreeMap<String, String>,
    /// Which rows, over its columns; all when absent. Of a share it says which of them count.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// The column by which they come, `-` before it for falling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// Most rows.
    #[serde(default = "limit")]
    pub limit: u16,
    /// Columns of the child table, `line`, or `value`: a literal, `$row.<column>` of what was found, `$<field>` of the record, or a
    /// sentence with `{column}` in it, once per language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, Json>,
    /// The figure that a field takes which is neither ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<RollupFigure>,
    /// ... and the column that it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
}

fn on_make() -> Vec<String> {
    vec![MAKE.to_owned()]
}

fn limit() -> u16 {
    50
}

/// A fill whose expressions were read.
#[derive(Clone, Debug)]
pub struct Filling {
    /// When the field is filled, over the record.
    pub when: Option<Condition>,
    /// Which rows are found.
    pub condition: Option<Condition>,
    /// The published view of a domain; that of a record type is known once all types are.
    pub view: Option<View>,
    /// The columns that its values read.
    pub columns: BTreeSet<String>,
}

/// Proves the fills of a type: what they name is there, and nothing is shown to more people than may see it.
pub fn prove(spec: &RecordTypeSpec, own: &Names, known: &Known<'_>) -> Result<Vec<Filling>, Vec<Flaw>> {
    let (mut fillings, mut flaws) = (Vec::new(), Vec::new());
    for (place, fill) in spec.fills.iter().enumerate() {
        let mut prover = Prover { spec, fill, place, known, flaws: &mut flaws };
        fillings.extend(prover.prove(own));
    }
    if flaws.is_empty() { Ok(fillings) } else { Err(flaws) }
}

struct Prover<'p> {
    spec: &'p RecordTypeSpec,
    fill: &'p FillSpec,
    place: usize,
    known: &'p Known<'p>,
    flaws: &'p mut Vec<Flaw>,
}

impl Prover<'_> {
    fn flaw(&mut self, key: &'static str, code: &'static str, args: &[(&'static str, &str)]) {
        let args = args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.flaws.push(Flaw { path: vec![("fills", Some(self.place)), (key, None)], code, args });
    }

    fn condition(&mut self, key: &'static str, source: Option<&String>, names: &Names) -> Option<Condition> {
        match Condition::parse(source?, names) {
            Ok(condition) => Some(condition),
            Err(fault) => {
                let path = vec![("fills", Some(self.place)), (key, None)];
                self.flaws.push(Flaw { path, code: fault.code, args: fault.args });
                None
            }
        }
    }

    fn prove(&mut self, own: &Names) -> Option<Filling> {
        let (spec, fill) = (self.spec, self.fill);
        let Some(field) = spec.fields.iter().find(|field| field.key == fill.field) else {
            self.flaw("field", "rulebook.pack.unknown_field", &[("field", &fill.field)]);
            return None;
        };
        let view = fill.view.as_ref().and_then(|name| self.known.views.iter().find(|v| v.name == *name));
        let names = match (&fill.view, view) {
            // As with controls: it is filled once somebody publishes what it reads.
            (Some(_), None) => {
                return Some(Filling { when: None, condition: None, view: None, columns: BTreeSet::new() });
            }
            _ => self.source(view)?,
        };
        let columns = self.values(field);
        let named = columns.iter().chain(fill.by.keys()).chain(&fill.of).map(String::as_str);
        let sort = fill.sort.as_deref().map(|sort| sort.trim_start_matches('-'));
        let unknown = named.chain(sort).find(|column| !names.fields.contains_key(*column));
        if let Some(column) = unknown {
            self.flaw("values", "rulebook.pack.unknown_field", &[("field", column)]);
        }
        if let Some(other) = fill.by.values().find(|key| !own.fields.contains_key(*key)) {
            self.flaw("by", "rulebook.pack.unknown_field", &[("field", other)]);
        }
        self.secrecy(field, view, &columns);
        let when = self.condition("when", fill.when.as_ref(), own);
        let condition = self.condition("where", fill.condition.as_ref(), &names);
        Some(Filling { when, condition, view: view.copied(), columns })
    }

    /// Returns what may be named of the source.
    fn source(&mut self, view: Option<&View>) -> Option<Names> {
        let fill = self.fill;
        match (&fill.record, &fill.view) {
            (None, None) if !fill.metrics.is_empty() => Some(Names::default()),
            (Some(record), None) => match self.known.types.get(record) {
                Some(other) => Some(Names { tables: BTreeMap::new(), ..rules::names_of(other) }),
                None => {
                    self.flaw("record", "rulebook.pack.unknown_record_type", &[("type", record)]);
                    None
                }
            },
            (None, Some(_)) => view.map(|view| Names::of_view(view, &BTreeMap::new())),
            _ => {
                self.flaw("record", "rulebook.pack.fill_shape", &[("field", &fill.field)]);
                None
            }
        }
    }

    /// Checks the shape of what is filled in and returns the columns that it reads.
    fn values(&mut self, field: &FieldSpec) -> BTreeSet<String> {
        let fill = self.fill;
        let args = [("field", fill.field.as_str())];
        let rows = matches!(field.kind, FieldKind::Table | FieldKind::RichText);
        let computed = matches!(field.kind, FieldKind::Computed | FieldKind::Rollup);
        let figure_lacks_column = match fill.figure {
            Some(RollupFigure::Count | RollupFigure::Share) => fill.of.is_some(),
            // Only records have an order of their own in which one is the newest.
            Some(RollupFigure::Latest) => true,
            Some(_) => fill.of.is_none(),
            None => false,
        };
        let takes_metrics = field.fields.iter().any(|column| column.kind == FieldKind::Metric);
        let shape = match fill.metrics.is_empty() {
            true => fill.figure.is_some() == fill.values.is_empty() && !(rows && fill.figure.is_some()),
            false => takes_metrics && fill.values.is_empty() && fill.figure.is_none(),
        };
        if computed || !shape || figure_lacks_column {
            self.flaw("field", "rulebook.pack.fill_shape", &args);
        }
        let takes = |key: &str| match field.kind {
            FieldKind::Table => field.fields.iter().any(|column| column.key == key),
            FieldKind::RichText => key == LINE,
            _ => key == VALUE,
        };
        if let Some(key) = fill.values.keys().find(|key| !takes(key)) {
            self.flaw("values", "rulebook.pack.unknown_field", &[("field", key)]);
        }
        fill.values.values().flat_map(named).collect()
    }

    /// Refuses what would show rows or values to people who may not see them where they stand.
    fn secrecy(&mut self, field: &FieldSpec, view: Option<&View>, columns: &BTreeSet<String>) {
        let takes = field.label.unwrap_or(Label::Internal).max(self.spec.label);
        let other = self.fill.record.as_ref().and_then(|record| self.known.types.get(record));
        let hidden_rows = other.is_some_and(|other| {
            let parties = other.visible == Visible::Parties && self.spec.visible != Visible::Parties;
            other.label > takes || parties
        });
        let label_of = |column: &String| {
            let of_type = other.and_then(|other| other.fields.iter().find(|f| f.key == *column)?.label);
            let of_view = view.and_then(|view| view.column(column)).is_some_and(|column| column.personal);
            of_type.unwrap_or(if of_view { Label::Personal } else { Label::Internal })
        };
        let read = columns.iter().chain(&self.fill.of);
        if hidden_rows || read.map(label_of).any(|label| label > takes) {
            self.flaw("field", "rulebook.pack.fill_reveals", &[("field", &self.fill.field)]);
        }
    }
}

/// Returns the columns that a value names: `$row.<column>`, or `{column}` in each of its languages.
fn named(value: &Json) -> Vec<String> {
    match value {
        Json::String(text) => match text.strip_prefix("$row.") {
            Some(column) => vec![column.to_owned()],
            None => places(text).map(str::to_owned).collect(),
        },
        Json::Object(texts) => texts.values().flat_map(named).collect(),
        _ => Vec::new(),
    }
}

/// Returns the names in braces.
fn places(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// Returns the kind that a column of a source has, as its view says.
pub fn kind_of(view: &View, column: &str) -> Option<Kind> {
    view.column(column).map(|column| column.kind.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_names_its_columns() {
        let value = serde_json::json!({"en": "{number} {name} is late", "zh-Hans": "{name}延误"});
        assert_eq!(named(&value), ["number", "name", "name"]);
        assert_eq!(named(&"$row.owner_id".into()), ["owner_id"]);
        assert!(named(&"$project".into()).is_empty());
    }
}
