//! Records as a table: what the caller sees in a list, written out.

use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Label, Page, Result, Timestamp};
use serde_json::{Value as Json, json};
use tabular::export::{ExportFormat, Exported, Sheet, Written, decimal, export_rows};

use super::{Record, RecordFilter, list, names, rules, secret};
use crate::access::Act;
use crate::record_type::{FieldKind, FieldSpec, RecordType};

/// What every record has, before its own fields.
const FRONT: [&str; 3] = ["number", "state", "owner"];
/// And behind them.
const BACK: [&str; 5] = ["department", "brand", "created_at", "updated_at", "closed_at"];

/// Writes the records that a list would show, in its order, with the fields that the caller may see.
pub async fn export(
    app: &App,
    caller: &Caller,
    type_id: &str,
    format: ExportFormat,
    filter: &RecordFilter,
) -> Result<Exported> {
    let record_type = names::record_type(app, type_id)?;
    caller.require(record_type.read)?;
    let caller = &secret::reader(app, caller).await?;
    let fields: Vec<&FieldSpec> =
        record_type.spec.fields.iter().filter(|field| rules::readable(caller, field)).collect();
    let sheet = Sheet {
        name: type_id.to_owned(),
        noun: record_type.noun,
        titles: titles(app, caller, &fields),
        mark: mark(app, caller, &record_type, &fields),
        facts: json!({ "filter": filter.filter, "search": filter.search, "view": filter.view,
            "state": filter.state, "sort": filter.sort, "mine": filter.mine }),
    };
    let writer = Writer { app, caller, record_type: &record_type, fields: &fields };
    let pages = |query| {
        let writer = &writer;
        async move {
            let page = list::list(app, caller, type_id, &query, filter).await?;
            secret::note(app, caller, writer.record_type, &page.items, Act::Export, None).await?;
            let items = page.items.iter().map(|record| writer.row(record)).collect();
            Ok(Page { items, next_cursor: page.next_cursor })
        }
    };
    export_rows(app, caller, format, sheet, pages, |_| ()).await
}

fn say(app: &App, caller: &Caller, word: &str) -> String {
    app.texts.say(caller.language, &format!("rulebook.record.export.{word}"), &BTreeMap::new())
}

fn titles(app: &App, caller: &Caller, fields: &[&FieldSpec]) -> Vec<String> {
    let own = fields.iter().map(|field| field.title.get(caller.language).to_owned());
    let base = |words: &'static [&'static str]| words.iter().map(|word| say(app, caller, word));
    base(&FRONT).chain(own).chain(base(&BACK)).collect()
}

/// Says who took confidential rows out, and when.
pub(super) fn mark(
    app: &App,
    caller: &Caller,
    record_type: &RecordType,
    fields: &[&FieldSpec],
) -> Option<String> {
    let labels = fields.iter().filter_map(|field| field.label);
    let highest = labels.fold(record_type.spec.label, Label::max);
    if highest < Label::Personal && record_type.spec.secrecy.is_none() {
        return None;
    }
    let at = app.store.now().instant().to_zoned(app.settings.time_zone.clone());
    let args = BTreeMap::from([
        ("name".to_owned(), json!(caller.name())),
        ("at".to_owned(), json!(at.strftime("%Y-%m-%d %H:%M").to_string())),
    ]);
    Some(app.texts.say(caller.language, "rulebook.record.export.mark", &args))
}

/// Says who took whole records out, and when, where they are confidential.
pub fn whole_mark(app: &App, caller: &Caller, record_type: &RecordType) -> Option<String> {
    mark(app, caller, record_type, &record_type.spec.fields.iter().collect::<Vec<_>>())
}

/// Writes records for one reader.
pub(super) struct Writer<'w> {
    pub app: &'w App,
    pub caller: &'w Caller,
    pub record_type: &'w RecordType,
    pub fields: &'w [&'w FieldSpec],
}

impl Writer<'_> {
    fn row(&self, record: &Record) -> Vec<Written> {
        let named = |id: Option<kernel::Id>| id.map_or(Written::Empty, |id| named(record, &id.to_string()));
        let text = |text: &Option<String>| text.clone().map_or(Written::Empty, Written::Text);
        let mut cells =
            vec![Written::Text(record.number.clone()), text(&record.state_title), named(record.owner_id)];
        cells.extend(self.fields.iter().map(|field| match record.values.get(&field.key) {
            Some(value) if !value.is_null() => self.cell(field, value, record),
            _ => Written::Empty,
        }));
        cells.extend([named(record.department_id), named(record.brand_id)]);
        cells.extend(
            [Some(record.created_at), Some(record.updated_at), record.closed_at].map(|at| self.time(at)),
        );
        cells
    }

    fn time(&self, at: Option<Timestamp>) -> Written {
        at.map_or(Written::Empty, |at| Written::Time(self.app.settings.time_zone.to_datetime(at.instant())))
    }

    /// Returns a value as its reader reads it.
    pub fn cell(&self, field: &FieldSpec, value: &Json, record: &Record) -> Written {
        match (field.kind, value) {
            (FieldKind::Money, Json::Number(minor)) => {
                minor.as_i64().map_or(Written::Empty, |minor| Written::Number(decimal(minor, 2)))
            }
            (
                FieldKind::Person | FieldKind::Department | FieldKind::Brand | FieldKind::Reference,
                Json::String(id),
            ) => named(record, id),
            (FieldKind::Table, Json::Array(rows)) => Written::Number(rows.len().to_string()),
            (FieldKind::File, Json::Array(files)) => {
                joined(files.iter().filter_map(|file| file["name"].as_str()))
            }
            (_, Json::Array(ids)) => {
                joined(ids.iter().filter_map(Json::as_str).map(|id| self.option(field, id).unwrap_or(id)))
            }
            (_, Json::Bool(truth)) => {
                Written::Text(say(self.app, self.caller, if *truth { "yes" } else { "no" }))
            }
            (_, Json::Number(number)) => Written::Number(number.to_string()),
            (FieldKind::Time | FieldKind::Computed, Json::String(text)) => match text.parse::<Timestamp>() {
                Ok(at) => self.time(Some(at)),
                Err(_) => Written::Text(self.option(field, text).unwrap_or(text).to_owned()),
            },
            (_, Json::String(text)) => Written::Text(self.option(field, text).unwrap_or(text).to_owned()),
            _ => Written::Empty,
        }
    }

    /// Returns the name of an option, where the field has such options.
    fn option<'f>(&self, field: &'f FieldSpec, id: &str) -> Option<&'f str> {
        let found = field.options.iter().find(|option| option.id == id);
        found.map(|option| option.title.get(self.caller.language))
    }
}

fn named(record: &Record, id: &str) -> Written {
    Written::Text(record.names.get(id).cloned().unwrap_or_else(|| id.to_owned()))
}

fn joined<'t>(texts: impl Iterator<Item = &'t str>) -> Written {
    Written::Text(texts.collect::<Vec<_>>().join("; "))
}
