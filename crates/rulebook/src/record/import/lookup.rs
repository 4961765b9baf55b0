use std::collections::{BTreeMap, BTreeSet};

use http_kit::App;
use kernel::{Id, Label, Language, LocalText, Result};
use serde_json::{Value as Json, json};
use store::{Query, Tx, args};
use tabular::{Datum, MappedRow, Reject};

use super::super::{rules, sql};
use super::{RecordTarget, fields};
use crate::record_type::intern::intern;
use crate::record_type::{FieldKind, FieldSpec, OptionSpec, ReferenceView};

/// Words that one statement asks for.
const WORDS_AT_ONCE: usize = 300;

/// What a word can stand for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Person,
    Unit,
    Brand,
    Record(String),
    Row(String),
}

/// What the words of some rows stand for (引用解析): people, departments, brands, records, rows of others' views.
#[derive(Debug, Default)]
pub struct Lookup {
    known: BTreeMap<(Place, String), BTreeSet<String>>,
}

impl Lookup {
    /// Finds what the words of these rows stand for, some hundred at a time.
    pub async fn load(app: &App, tx: &mut Tx, target: &RecordTarget, rows: &[MappedRow]) -> Result<Self> {
        let mut wanted: BTreeMap<Place, BTreeSet<String>> = BTreeMap::new();
        let mut views: BTreeMap<String, ReferenceView> = BTreeMap::new();
        for (place, column) in target.fields.iter().enumerate() {
            let Some(kind) = place_of(target, column.name, &mut views) else { continue };
            let words = rows.iter().filter_map(|row| row.text(place)).map(str::to_owned);
            wanted.entry(kind).or_default().extend(words);
        }
        let mut lookup = Self::default();
        for (place, words) in wanted.into_iter().filter(|(_, words)| !words.is_empty()) {
            let words: Vec<String> = words.into_iter().collect();
            match &place {
                Place::Person => lookup.people(app, tx, &words).await?,
                Place::Unit => lookup.units(app, tx).await?,
                Place::Brand => lookup.brands(app, tx).await?,
                Place::Record(record) => lookup.records(tx, record, &words).await?,
                Place::Row(name) => {
                    if let Some(view) = views.get(name) {
                        lookup.rows(app, tx, view, &words).await?;
                    }
                }
            }
        }
        Ok(lookup)
    }

    fn note(&mut self, place: &Place, word: &str, id: impl ToString) {
        self.known.entry((place.clone(), word.trim().to_lowercase())).or_default().insert(id.to_string());
    }

    fn note_names(&mut self, place: &Place, names: &LocalText, id: Id) {
        for language in [Language::ZhHans, Language::ZhHant, Language::En] {
            self.note(place, names.get(language), id);
        }
    }

    async fn people(&mut self, app: &App, tx: &mut Tx, words: &[String]) -> Result<()> {
        for some in words.chunks(WORDS_AT_ONCE) {
            for person in app.people.get()?.look_up(tx, some).await? {
                self.note(&Place::Person, &person.email, person.id);
                self.note(&Place::Person, &person.name, person.id);
            }
        }
        Ok(())
    }

    async fn units(&mut self, app: &App, tx: &mut Tx) -> Result<()> {
        for unit in app.people.get()?.units(tx).await? {
            self.note(&Place::Unit, &unit.code, unit.id);
            self.note_names(&Place::Unit, &unit.names, unit.id);
        }
        Ok(())
    }

    async fn brands(&mut self, app: &App, tx: &mut Tx) -> Result<()> {
        let Some(view) = app.view("v_brand_brand") else { return Ok(()) };
        let mut query = Query::new(sql::NAMES, args![]);
        query.push(view.name);
        for (id, name) in tx.list::<(Id, String)>(query).await? {
            match serde_json::from_str::<LocalText>(&name) {
                Ok(names) => self.note_names(&Place::Brand, &names, id),
                Err(_) => self.note(&Place::Brand, &name, id),
            }
        }
        Ok(())
    }

    /// Finds records by number or title; what is confidential is not found by its name.
    async fn records(&mut self, tx: &mut Tx, record: &str, words: &[String]) -> Result<()> {
        let place = Place::Record(record.to_owned());
        for some in words.chunks(WORDS_AT_ONCE) {
            let mut query = Query::new(sql::NAMED, args![]);
            query.and("type_id =", record).and_in("label", rules::labels_up_to(Label::Internal));
            query.push(" AND (").any_of("number", some.iter().map(String::as_str)).push(" OR ");
            query.any_of("title", some.iter().map(String::as_str)).push(")");
            for (id, title, number) in tx.list::<(Id, String, String)>(query).await? {
                self.note(&place, &number, id);
                self.note(&place, &title, id);
            }
        }
        Ok(())
    }

    async fn rows(&mut self, app: &App, tx: &mut Tx, view: &ReferenceView, words: &[String]) -> Result<()> {
        let Some(found) = app.view(&view.name) else { return Ok(()) };
        let Some(shows) = found.column(&view.shows).filter(|column| !column.personal) else { return Ok(()) };
        let place = Place::Row(view.name.clone());
        let shown = intern(&format!("CAST({} AS TEXT)", shows.name));
        for some in words.chunks(WORDS_AT_ONCE) {
            let mut query = Query::new(sql::SHOWN, args![]);
            query.push(shows.name).push(" AS TEXT) AS shown FROM ").push(found.name).push(" WHERE (");
            query.any_of("CAST(id AS TEXT)", some.iter().map(String::as_str)).push(" OR ");
            query.any_of(shown, some.iter().map(String::as_str)).push(")");
            for (id, name) in tx.list::<(String, Option<String>)>(query).await? {
                self.note(&place, &id, &id);
                if let Some(name) = name {
                    self.note(&place, &name, &id);
                }
            }
        }
        Ok(())
    }

    fn one(&self, place: Place, word: &str) -> Result<Json, Reject> {
        let found = self.known.get(&(place, word.trim().to_lowercase()));
        let mut found = found.into_iter().flatten();
        match (found.next(), found.next()) {
            (Some(id), None) => Ok(json!(id)),
            (Some(_), Some(_)) => Err(Reject::new("rulebook.record.import.ambiguous")),
            (None, _) => Err(Reject::new("rulebook.record.import.unknown")),
        }
    }

    /// Returns the person, department or brand that a cell about every record names.
    pub fn base(&self, name: &str, word: &str) -> Result<Option<Id>, Reject> {
        let place = match name {
            fields::OWNER => Place::Person,
            fields::DEPARTMENT => Place::Unit,
            _ => Place::Brand,
        };
        let found = self.one(place, word).map_err(|reject| reject.of(name))?;
        Ok(found.as_str().and_then(|id| id.parse().ok()))
    }

    /// Returns the value that a cell says.
    pub fn value(&self, field: &FieldSpec, datum: &Datum) -> Result<Json, Reject> {
        let found = match (field.kind, datum) {
            (FieldKind::Person, Datum::Text(word)) => self.one(Place::Person, word),
            (FieldKind::Department, Datum::Text(word)) => self.one(Place::Unit, word),
            (FieldKind::Brand, Datum::Text(word)) => self.one(Place::Brand, word),
            (FieldKind::Reference, Datum::Text(word)) => match (&field.record, &field.view) {
                (Some(record), _) => self.one(Place::Record(record.clone()), word),
                (None, Some(view)) => self.one(Place::Row(view.name.clone()), word),
                (None, None) => Ok(json!(word)),
            },
            (FieldKind::Choice, Datum::Text(word)) => option(&field.options, word).map(|id| json!(id)),
            (FieldKind::Choices, Datum::Text(words)) => {
                let words = words.split([';', ',', '；', '，', '、']).filter(|word| !word.trim().is_empty());
                let ids: Result<Vec<&str>, Reject> = words.map(|word| option(&field.options, word)).collect();
                ids.map(|ids| json!(ids))
            }
            (FieldKind::Number, Datum::Integer(number)) if field.decimals > 0 => {
                Ok(real(*number, field.decimals))
            }
            (FieldKind::Percent, Datum::Integer(number)) => Ok(real(*number, 6)),
            (_, Datum::Text(text)) => Ok(json!(text)),
            (_, Datum::Integer(number)) => Ok(json!(number)),
            (_, Datum::Day(day)) => Ok(json!(day.to_string())),
            (_, Datum::Time(at)) => Ok(json!(at)),
            (_, Datum::Boolean(truth)) => Ok(json!(truth)),
        };
        found.map_err(|reject| reject.of(&field.key))
    }
}

fn place_of(
    target: &RecordTarget,
    column: &str,
    views: &mut BTreeMap<String, ReferenceView>,
) -> Option<Place> {
    let Some(field) = target.record_type.field(column) else {
        return match column {
            fields::OWNER => Some(Place::Person),
            fields::DEPARTMENT => Some(Place::Unit),
            fields::BRAND => Some(Place::Brand),
            _ => None,
        };
    };
    match field.kind {
        FieldKind::Person => Some(Place::Person),
        FieldKind::Department => Some(Place::Unit),
        FieldKind::Brand => Some(Place::Brand),
        FieldKind::Reference => match (&field.record, &field.view) {
            (Some(record), _) => Some(Place::Record(record.clone())),
            (None, Some(view)) => {
                views.insert(view.name.clone(), view.clone());
                Some(Place::Row(view.name.clone()))
            }
            (None, None) => None,
        },
        _ => None,
    }
}

/// Returns the option that a word means, by its id or its name in any language.
fn option<'o>(options: &'o [OptionSpec], word: &str) -> Result<&'o str, Reject> {
    let word = word.trim().to_lowercase();
    let named = |option: &&OptionSpec| {
        let names =
            [Language::ZhHans, Language::ZhHant, Language::En].map(|l| option.title.get(l).to_lowercase());
        option.id == word || names.contains(&word)
    };
    let found = options.iter().find(named).map(|option| option.id.as_str());
    found.ok_or_else(|| Reject::new("rulebook.record.no_such_option"))
}

#[expect(clippy::cast_precision_loss, reason = "the reader holds fewer digits than a double")]
fn real(number: i64, places: u8) -> Json {
    json!(number as f64 / 10_f64.powi(i32::from(places)))
}
