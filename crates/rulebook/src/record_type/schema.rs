use kernel::{Caller, Labelled, Language};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use utoipa::ToSchema;

use super::{Area, FieldKind, FieldSpec, RecordType, ReferenceView, ViewKind};
use crate::expr::Kind;
use crate::machine::MachineSpec;

/// Record type (记录类型) as forms and lists need it, in the caller's language.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecordSchema {
    /// Its id.
    pub id: String,
    /// Its version.
    pub type_version: i64,
    /// Its name, of one.
    pub title: String,
    /// Its name, of many.
    pub plural: String,
    /// What it is for.
    pub summary: String,
    /// Area of the navigation.
    pub area: Area,
    /// Letters before the running number.
    pub prefix: String,
    /// The field that names a record.
    pub named_by: String,
    /// Clauses that it serves.
    pub clauses: Vec<String>,
    /// True where the caller may make and change records of it.
    pub can_write: bool,
    /// True where people from outside can be invited to its records.
    pub guests: bool,
    /// Its fields, in the order of the form.
    pub fields: Vec<RecordField>,
    /// Ways to look at many records.
    pub views: Vec<RecordView>,
    /// The states of its machines.
    pub states: Vec<RecordState>,
    /// Types whose public form is published from records of this one.
    #[serde(default)]
    pub forms: Vec<String>,
    /// JSON Schema of the values.
    #[schema(value_type = Object)]
    pub json_schema: Json,
}

impl Labelled for RecordSchema {
    const NOUN: &'static str = "rulebook.record_type";
}

/// Field of a record type, in the caller's language.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecordField {
    /// Its key.
    pub key: String,
    /// Its kind.
    pub kind: FieldKind,
    /// Its name.
    pub title: String,
    /// What to write.
    pub hint: String,
    /// True where a record cannot be made without it.
    pub required: bool,
    /// True where nobody writes it by hand.
    pub read_only: bool,
    /// True where the caller may see it.
    pub readable: bool,
    /// What a new record begins with here, for this caller at this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub default: Option<Json>,
    /// What can be chosen.
    pub options: Vec<RecordOption>,
    /// The record type that it refers to.
    pub record: Option<String>,
    /// The published view that it refers to.
    pub view: Option<String>,
    /// Columns of a child table.
    #[schema(no_recursion)]
    pub fields: Vec<RecordField>,
    /// Places after the point.
    pub decimals: u8,
    /// Least number.
    pub minimum: Option<f64>,
    /// Greatest number.
    pub maximum: Option<f64>,
    /// Kind of its values in expressions; absent inside child tables.
    pub value_kind: Option<String>,
}

/// One of the things that can be chosen.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecordOption {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// How it looks.
    pub tone: Option<String>,
}

/// Way to look at many records, in the caller's language.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecordView {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: ViewKind,
    /// Its name.
    pub title: String,
    /// Which records.
    pub filter: Option<String>,
    /// By which field they are sorted.
    pub sort: Option<String>,
    /// What is shown.
    pub columns: Vec<String>,
    /// Columns of a board, rows of a matrix, parent of a tree.
    pub group_by: Option<String>,
    /// Columns of a matrix.
    pub across: Option<String>,
    /// When a bar or an entry begins.
    pub from: Option<String>,
    /// When a bar ends.
    pub to: Option<String>,
}

/// State of a record, in the caller's language.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecordState {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// True where nothing more is to be done.
    pub end: bool,
    /// The machine.
    pub machine: String,
}

/// Shapes a type as this caller may see it.
pub fn schema(record_type: &RecordType, machines: &[MachineSpec], caller: &Caller) -> RecordSchema {
    let (spec, language) = (&record_type.spec, caller.language);
    let states = machines.iter().flat_map(|machine| {
        machine.states.iter().map(|state| RecordState {
            id: state.id.clone(),
            title: state.title.get(language).to_owned(),
            end: state.end,
            machine: machine.id.clone(),
        })
    });
    RecordSchema {
        id: spec.id.clone(),
        type_version: spec.version,
        title: spec.title.get(language).to_owned(),
        plural: spec.plural.as_ref().unwrap_or(&spec.title).get(language).to_owned(),
        summary: spec.summary.get(language).to_owned(),
        area: spec.area,
        prefix: spec.prefix.clone(),
        named_by: record_type.named_by().to_owned(),
        clauses: spec.clauses.clone(),
        can_write: caller.may(record_type.write),
        guests: spec.guests.is_some(),
        fields: spec.fields.iter().map(|field| shown(record_type, field, caller)).collect(),
        views: views(record_type, language),
        states: states.collect(),
        forms: Vec::new(),
        json_schema: json_schema(&spec.fields, language),
    }
}

fn shown(record_type: &RecordType, field: &FieldSpec, caller: &Caller) -> RecordField {
    let language = caller.language;
    let options = field.options.iter().map(|option| RecordOption {
        id: option.id.clone(),
        title: option.title.get(language).to_owned(),
        tone: option.tone.clone(),
    });
    let kind = record_type.names.fields.get(&field.key).map(|kind| kind_word(*kind).to_owned());
    RecordField {
        key: field.key.clone(),
        kind: field.kind,
        title: field.title.get(language).to_owned(),
        hint: field.hint.get(language).to_owned(),
        required: field.required,
        read_only: field.read_only || matches!(field.kind, FieldKind::Computed | FieldKind::Rollup),
        readable: field.label.is_none_or(|label| label <= caller.clearance),
        default: None,
        options: options.collect(),
        record: field.record.clone(),
        view: field.view.as_ref().map(|ReferenceView { name, .. }| name.clone()),
        fields: field.fields.iter().map(|column| shown(record_type, column, caller)).collect(),
        decimals: field.decimals,
        minimum: field.minimum,
        maximum: field.maximum,
        value_kind: kind,
    }
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Boolean => "boolean",
        Kind::Integer | Kind::Duration | Kind::TimeRange => "integer",
        Kind::Real => "real",
        Kind::Text => "text",
        Kind::Time => "time",
    }
}

fn views(record_type: &RecordType, language: Language) -> Vec<RecordView> {
    let one = |view: &super::ViewSpec| RecordView {
        id: view.id.clone(),
        kind: view.kind,
        title: view.title.get(language).to_owned(),
        filter: view.filter.clone(),
        sort: view.sort.clone(),
        columns: view.columns.clone(),
        group_by: view.group_by.clone(),
        across: view.across.clone(),
        from: view.from.clone(),
        to: view.to.clone(),
    };
    record_type.spec.views.iter().map(one).collect()
}

/// Returns the JSON Schema of what may be written (draft 2020-12).
pub fn json_schema(fields: &[FieldSpec], language: Language) -> Json {
    let written = |field: &&FieldSpec| {
        !field.read_only && !matches!(field.kind, FieldKind::Computed | FieldKind::Rollup)
    };
    let mut properties = Map::new();
    for field in fields.iter().filter(written) {
        let mut property = property(field, language);
        if let Json::Object(property) = &mut property {
            property.insert("title".to_owned(), json!(field.title.get(language)));
        }
        properties.insert(field.key.clone(), property);
    }
    let required: Vec<&String> =
        fields.iter().filter(written).filter(|f| f.required).map(|f| &f.key).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object", "properties": properties, "required": required, "additionalProperties": false
    })
}

fn property(field: &FieldSpec, language: Language) -> Json {
    let ids: Vec<&String> = field.options.iter().map(|option| &option.id).collect();
    let number = |kind: &str| {
        let mut schema = json!({ "type": kind });
        for (key, value) in [("minimum", field.minimum), ("maximum", field.maximum)] {
            if let (Some(value), Json::Object(schema)) = (value, &mut schema) {
                schema.insert(key.to_owned(), json!(value));
            }
        }
        schema
    };
    match field.kind {
        FieldKind::Text => {
            json!({ "type": "string", "maxLength": field.maximum.map_or(500.0, |m| m.min(500.0)) })
        }
        FieldKind::RichText => json!({ "type": "string", "maxLength": 50_000 }),
        FieldKind::Number if field.decimals > 0 => number("number"),
        FieldKind::Percent => number("number"),
        FieldKind::Number | FieldKind::Money | FieldKind::Duration => number("integer"),
        FieldKind::Rating => json!({ "type": "integer", "minimum": 1, "maximum": 5 }),
        FieldKind::Boolean => json!({ "type": "boolean" }),
        FieldKind::Date => json!({ "type": "string", "format": "date" }),
        FieldKind::Time => json!({ "type": "string", "format": "date-time" }),
        FieldKind::Choice => json!({ "type": "string", "enum": ids }),
        FieldKind::Choices => json!({ "type": "array", "items": { "enum": ids }, "uniqueItems": true }),
        FieldKind::Person | FieldKind::Department | FieldKind::Brand => {
            json!({ "type": "string", "format": "uuid" })
        }
        FieldKind::Reference if field.record.is_some() => json!({ "type": "string", "format": "uuid" }),
        FieldKind::Reference | FieldKind::Metric => json!({ "type": "string" }),
        FieldKind::Table => json!({ "type": "array", "items": json_schema(&field.fields, language) }),
        FieldKind::File => {
            json!({ "type": "array", "items": { "type": "object", "required": ["id", "name"] } })
        }
        FieldKind::Computed | FieldKind::Rollup => json!({}),
    }
}
