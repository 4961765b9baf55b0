//! A record as a document (记录文档): what stands on its page, on paper; figures that were frozen have their curve.

use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, Label, Language, Result};
use serde_json::{Map, Value as Json, json};
use store::Audit;

use super::export::{Writer, mark};
use super::{Record, names, rules, secret, service};
use crate::access::Act;
use crate::metric;
use crate::print::{BODY, Book, DETAIL, HEADING, Pages, Style, TITLE};
use crate::record_type::{FieldKind, FieldSpec, RecordType};

/// Height of a curve, in points.
const CURVE: f32 = 34.0;

/// A record as a file.
#[derive(Clone, Debug)]
pub struct Printed {
    /// Name of the file.
    pub name: String,
    /// The file, PDF.
    pub bytes: Vec<u8>,
}

/// Prints a record for its reader; that somebody took it along stands in the audit log.
pub async fn print(app: &App, caller: &Caller, type_id: &str, id: Id) -> Result<Printed> {
    let record_type = names::record_type(app, type_id)?;
    let found = service::find(app, caller, type_id, id).await?.record;
    let reader = secret::reader(app, caller).await?;
    secret::note(app, caller, &record_type, std::slice::from_ref(&found), Act::Export, None).await?;
    let printed = write(app, &reader, &record_type, &found).await?;
    let mut tx = app.store.begin(caller).await?;
    let facts = json!({ "number": found.number, "bytes": printed.bytes.len() });
    let audit = Audit::new("print", record_type.noun, id).within(found.brand_id, found.department_id);
    tx.audit(audit.with(facts)).await?;
    tx.commit().await?;
    Ok(printed)
}

/// Prints a record for a mail, with what everybody may see; nothing where not everybody may see it at all.
pub async fn print_for_mail(app: &App, language: Language, type_id: &str, id: Id) -> Result<Option<Printed>> {
    let record_type = names::record_type(app, type_id)?;
    let mut caller = Caller::system("rulebook");
    (caller.language, caller.clearance) = (language, Label::Internal);
    let found = service::find(app, &caller, type_id, id).await?.record;
    let open =
        found.label <= Label::Internal && record_type.spec.visible == crate::record_type::Visible::Scope;
    if !open {
        return Ok(None);
    }
    write(app, &caller, &record_type, &found).await.map(Some)
}

async fn write(app: &App, caller: &Caller, record_type: &RecordType, record: &Record) -> Result<Printed> {
    let fields: Vec<&FieldSpec> =
        record_type.spec.fields.iter().filter(|field| rules::readable(caller, field)).collect();
    let writer = Writer { app, caller, record_type, fields: &fields };
    let mut pages = Pages::new();
    front(&writer, record, &mut pages);
    for field in fields.iter().filter(|field| record.values.contains_key(&field.key)) {
        let value = &record.values[&field.key];
        let title = field.title.get(caller.language);
        match (field.kind, value) {
            (FieldKind::RichText, Json::String(text)) => {
                pages.paragraph(title, HEADING);
                pages.paragraph(text, BODY);
            }
            (FieldKind::Table, Json::Array(rows)) if !rows.is_empty() => {
                pages.paragraph(title, HEADING);
                for row in rows.iter().filter_map(Json::as_object) {
                    pages.paragraph(&line_of(&writer, field, row, record), BODY);
                    curve(app, record_type, field, row, &mut pages).await?;
                }
            }
            (FieldKind::Table, _) => {}
            _ => {
                let shown = writer.cell(field, value, record).to_string();
                if !shown.is_empty() {
                    pages.paragraph(&format!("{title}：{shown}"), BODY);
                }
            }
        }
    }
    let at = app.store.now().instant().to_zoned(app.settings.time_zone.clone());
    let mark = mark(app, caller, record_type, &fields);
    let footer = mark.unwrap_or_else(|| format!("{} · {}", record.number, at.strftime("%Y-%m-%d %H:%M")));
    let bytes = Book::new(&record.title, caller.language, &footer).finish(&pages);
    Ok(Printed { name: format!("{}.pdf", record.number), bytes })
}

fn front(writer: &Writer<'_>, record: &Record, pages: &mut Pages) {
    let language = writer.caller.language;
    pages.paragraph(&record.title, TITLE);
    let named = |id: Option<Id>| id.and_then(|id| record.names.get(&id.to_string()).cloned());
    let parts = [
        Some(writer.record_type.spec.title.get(language).to_owned()),
        Some(record.number.clone()),
        record.state_title.clone(),
        named(record.owner_id),
        named(record.department_id),
    ];
    pages.paragraph(&parts.into_iter().flatten().collect::<Vec<_>>().join(" · "), DETAIL);
    pages.rule();
}

/// Returns a row of a child table as one line: what each column is called, and its value.
fn line_of(writer: &Writer<'_>, table: &FieldSpec, row: &Map<String, Json>, record: &Record) -> String {
    let cell = |column: &FieldSpec| {
        let value = row.get(&column.key).filter(|value| !value.is_null())?;
        let shown = writer.cell(column, value, record).to_string();
        Some(format!("{}：{shown}", column.title.get(writer.caller.language)))
    };
    let cells = table.fields.iter().filter(|column| column.kind != FieldKind::Metric).filter_map(cell);
    cells.collect::<Vec<_>>().join("　")
}

/// Draws how a frozen figure came about: the samples up to its day, which never change.
async fn curve(
    app: &App,
    record_type: &RecordType,
    table: &FieldSpec,
    row: &Map<String, Json>,
    pages: &mut Pages,
) -> Result<()> {
    let Some(freezes) = record_type.spec.freezes.as_ref().filter(|f| f.table == table.key) else {
        return Ok(());
    };
    let text = |key: &String| row.get(key).and_then(Json::as_str);
    let Some(id) = text(&freezes.metric) else { return Ok(()) };
    let until = freezes.at.as_ref().and_then(text).unwrap_or("9999");
    let zone = &app.settings.time_zone;
    let samples = metric::history(app, id, "").await?;
    let mut days: BTreeMap<String, f64> = BTreeMap::new();
    for sample in samples {
        let day = sample.at.instant().to_zoned(zone.clone()).date().to_string();
        if let (Some(value), true) = (sample.value, day.as_str() <= &until[..until.len().min(10)]) {
            days.insert(day, value);
        }
    }
    let values: Vec<f64> = days.into_values().collect();
    pages.curve(&values, INDENT, CURVE);
    if let (Some(first), true) = (values.first(), values.len() > 1) {
        let last = values.last().unwrap_or(first);
        pages.paragraph(&format!("{first} → {last}"), Style { indent: INDENT, ..DETAIL });
    }
    Ok(())
}

/// How far a curve stands in.
const INDENT: f32 = 14.0;
