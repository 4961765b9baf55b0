use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use kernel::Language;
use sha2::{Digest, Sha256};
use tabular::{FieldKind as Cell, FieldSpec as Column, Note};

use crate::pack::Text;
use crate::record_type::intern::intern;
use crate::record_type::{FieldKind, FieldSpec, RecordTypeSpec};

/// What every record has and a file may say: name, how it is read, titles in three languages.
const BASE: [(&str, Cell, [&str; 3]); 4] = [
    (NUMBER, Cell::Key(60), ["编号", "編號", "Number"]),
    (OWNER, Cell::Text(254), ["负责人", "負責人", "Owner"]),
    (DEPARTMENT, Cell::Text(200), ["部门", "部門", "Department"]),
    (BRAND, Cell::Text(200), ["品牌", "品牌", "Brand"]),
];

/// The record's number, where the file comes from here.
pub const NUMBER: &str = "number";
/// Whose it is.
pub const OWNER: &str = "owner_id";
/// Its department.
pub const DEPARTMENT: &str = "department_id";
/// Its brand.
pub const BRAND: &str = "brand_id";

static KNOWN: Mutex<Option<HashMap<String, &'static [Column]>>> = Mutex::new(None);

/// Returns what a file may say of a record of a type; a version of a type is read once.
pub fn of(spec: &RecordTypeSpec) -> &'static [Column] {
    let key = hex::encode(Sha256::digest(store::json(spec)));
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    // Mappings outlive requests, so their fields do too; types are few and change seldom.
    known.entry(key).or_insert_with(|| Box::leak(columns(spec).into_boxed_slice()))
}

fn columns(spec: &RecordTypeSpec) -> Vec<Column> {
    let own = spec.fields.iter().filter_map(|field| {
        let kind = cell(field)?;
        Some(Column {
            name: intern(&field.key),
            kind,
            required: field.required && field.default.is_none(),
            aliases: Box::leak(titles(&field.title).into_boxed_slice()),
        })
    });
    let base = BASE.iter().map(|(name, kind, titles)| Column::optional(name, *kind, titles));
    own.chain(base).collect()
}

fn titles(title: &Text) -> Vec<&'static str> {
    let mut titles: Vec<&'static str> = Vec::new();
    for language in [Language::ZhHans, Language::ZhHant, Language::En] {
        let title = intern(title.get(language));
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    titles
}

/// Returns how the cells of a field are read; absent where a cell cannot hold it, or nobody writes it by hand.
fn cell(field: &FieldSpec) -> Option<Cell> {
    if field.read_only {
        return None;
    }
    Some(match field.kind {
        FieldKind::Text => Cell::Text(500),
        FieldKind::RichText => Cell::Text(50_000),
        FieldKind::Number if field.decimals > 0 => Cell::Decimal(field.decimals),
        FieldKind::Percent => Cell::Decimal(6),
        FieldKind::Number | FieldKind::Duration | FieldKind::Rating => Cell::Integer,
        FieldKind::Money => Cell::Money,
        FieldKind::Boolean => Cell::Boolean,
        FieldKind::Date => Cell::Date,
        FieldKind::Time => Cell::Time,
        FieldKind::Choice
        | FieldKind::Choices
        | FieldKind::Person
        | FieldKind::Department
        | FieldKind::Brand
        | FieldKind::Metric
        | FieldKind::Reference => Cell::Text(500),
        // Whatever kind comes later is not guessed at.
        _ => return None,
    })
}

/// Returns the name of a field.
pub fn title(spec: &RecordTypeSpec, field: &str, language: Language) -> Option<String> {
    let own = spec.fields.iter().find(|known| known.key == field);
    let place = match language {
        Language::ZhHans => 0,
        Language::ZhHant => 1,
        Language::En => 2,
    };
    let base =
        || BASE.iter().find(|(name, ..)| *name == field).map(|(_, _, titles)| titles[place].to_owned());
    own.map(|field| field.title.get(language).to_owned()).or_else(base)
}

/// Says which fields no cell can fill, where there are some.
pub fn left_out(spec: &RecordTypeSpec) -> Option<Note> {
    let apart =
        |field: &&FieldSpec| matches!(field.kind, FieldKind::Table | FieldKind::File) && !field.read_only;
    let fields: Vec<&FieldSpec> = spec.fields.iter().filter(apart).collect();
    if fields.is_empty() {
        return None;
    }
    let languages = [("zh_hans", Language::ZhHans), ("zh_hant", Language::ZhHant), ("en", Language::En)];
    let note = Note::new("rulebook.record.import.left_out");
    Some(languages.into_iter().fold(note, |note, (suffix, language)| {
        let titles: Vec<&str> = fields.iter().map(|field| field.title.get(language)).collect();
        let comma = if language == Language::En { ", " } else { "、" };
        note.with(&format!("fields_{suffix}"), titles.join(comma))
    }))
}
