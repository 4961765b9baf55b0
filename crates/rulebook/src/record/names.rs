use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, Grant, GrantScope, Id, Language, LocalText, Problem, Result};
use serde_json::Value as Json;
use store::{Query, Tx, args};

use super::rules;
use super::sql;
use super::write::Row;
use crate::Rulebook;
use crate::record_type::rules::invalid;
use crate::record_type::{FieldKind, FieldSpec, RecordType, ReferenceView};

/// Returns the department of a user; none where the staff is not connected.
pub async fn department_of(tx: &mut Tx, app: &App, user: Option<Id>) -> Result<Option<Id>> {
    let (Some(user), Ok(people)) = (user, app.people.get()) else { return Ok(None) };
    Ok(people.people(tx, &[user]).await?.into_iter().next().and_then(|person| person.department_id))
}

/// What the values of records point at, gathered by kind.
#[derive(Default)]
struct Pointed {
    people: BTreeSet<Id>,
    units: BTreeSet<Id>,
    brands: BTreeSet<Id>,
    records: BTreeSet<Id>,
    rows: BTreeMap<String, (ReferenceView, BTreeSet<String>)>,
    metrics: BTreeSet<String>,
}

impl Pointed {
    fn field(&mut self, field: &FieldSpec, value: &Json) {
        let id = || value.as_str().and_then(|text| text.parse::<Id>().ok());
        match field.kind {
            FieldKind::Person => self.people.extend(id()),
            FieldKind::Department => self.units.extend(id()),
            FieldKind::Brand => self.brands.extend(id()),
            FieldKind::Metric => self.metrics.extend(value.as_str().map(str::to_owned)),
            FieldKind::Reference => match &field.view {
                None => self.records.extend(id()),
                Some(view) => {
                    let row =
                        self.rows.entry(view.name.clone()).or_insert_with(|| (view.clone(), BTreeSet::new()));
                    row.1.extend(value.as_str().map(str::to_owned));
                }
            },
            FieldKind::Table => {
                for row in value.as_array().into_iter().flatten().filter_map(Json::as_object) {
                    for column in &field.fields {
                        if let Some(cell) = row.get(&column.key) {
                            self.field(column, cell);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn row(&mut self, record_type: &RecordType, row: &Row) {
        self.people.extend(row.owner_id.into_iter().chain(row.created_by));
        self.units.extend(row.department_id);
        self.brands.extend(row.brand_id);
        for field in &record_type.spec.fields {
            if let Some(value) = row.document.get(&field.key) {
                self.field(field, value);
            }
        }
    }
}

/// Returns the names of everything that stands in some records, by id.
pub async fn of(
    app: &App,
    caller: &Caller,
    record_type: &RecordType,
    rows: &[Row],
) -> Result<BTreeMap<String, String>> {
    let mut pointed = Pointed::default();
    for row in rows {
        pointed.row(record_type, row);
    }
    named(app, caller, pointed).await
}

async fn named(app: &App, caller: &Caller, pointed: Pointed) -> Result<BTreeMap<String, String>> {
    let mut tx = app.store.begin(&Caller::system("records")).await?;
    let mut names = staff(&mut tx, app, caller.language, &pointed).await?;
    drop(tx);
    if !pointed.records.is_empty() {
        let mut query = Query::new(sql::TITLES, args![]);
        query.and_in("id", &pointed.records);
        query.and_in("label", rules::labels_up_to(caller.clearance));
        query.push(" AND (restricted = FALSE OR ").any_of("type_id", all_read(app, caller)?);
        match caller.find_user_id() {
            Some(user) => query.push(sql::OR_PARTY).bind(user).push("))"),
            None => query.push(")"),
        };
        if caller.guest {
            // Somebody from outside learns of no record that they were not invited to.
            query.and_in("id", theirs(caller));
        }
        let found: Vec<(Id, String, String)> = app.store.list(query).await?;
        names.extend(
            found.into_iter().map(|(id, title, number)| (id.to_string(), format!("{number} {title}"))),
        );
    }
    let book = app.part::<Rulebook>()?;
    let titled =
        |id: &String| Some((id.clone(), book.metric(id)?.spec.title.get(caller.language).to_owned()));
    names.extend(pointed.metrics.iter().filter_map(titled));
    for (view, ids) in pointed.rows.into_values() {
        names.extend(rows_of(app, caller, &view, &ids).await?);
    }
    Ok(names)
}

fn theirs(caller: &Caller) -> BTreeSet<Id> {
    let row = |grant: &Grant| match grant.scope {
        GrantScope::Row(id) => Some(id),
        _ => None,
    };
    caller.grants.iter().filter_map(row).collect()
}

/// Returns the types of which a caller sees every record that they may read, whomever it names.
fn all_read(app: &App, caller: &Caller) -> Result<Vec<String>> {
    let types = app.part::<Rulebook>()?.record_types();
    Ok(types.filter(|known| caller.may(known.read_all)).map(|known| known.spec.id.clone()).collect())
}

/// Returns the names of people, departments, brands and records, by id.
pub async fn of_ids(app: &App, caller: &Caller, ids: &[Id]) -> Result<BTreeMap<String, String>> {
    let set: BTreeSet<Id> = ids.iter().copied().collect();
    let pointed = Pointed {
        people: set.clone(),
        units: set.clone(),
        brands: set.clone(),
        records: set,
        ..Pointed::default()
    };
    named(app, caller, pointed).await
}

async fn staff(
    tx: &mut Tx,
    app: &App,
    language: Language,
    pointed: &Pointed,
) -> Result<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    if let Ok(people) = app.people.get() {
        let ids: Vec<Id> = pointed.people.iter().copied().collect();
        if !ids.is_empty() {
            names.extend(people.people(tx, &ids).await?.into_iter().map(|p| (p.id.to_string(), p.name)));
        }
        if !pointed.units.is_empty() {
            let units = people.units(tx).await?.into_iter().filter(|unit| pointed.units.contains(&unit.id));
            names.extend(units.map(|unit| (unit.id.to_string(), unit.names.get(language).to_owned())));
        }
    }
    if let (Some(view), false) = (app.view("v_brand_brand"), pointed.brands.is_empty()) {
        let mut query = Query::new(sql::NAMES, args![]);
        query.push(view.name).push(" WHERE TRUE").and_in("id", &pointed.brands);
        let found: Vec<(Id, String)> = tx.list(query).await?;
        names.extend(found.into_iter().map(|(id, name)| (id.to_string(), local(&name, language))));
    }
    Ok(names)
}

/// Returns a name that may stand in three languages.
fn local(name: &str, language: Language) -> String {
    serde_json::from_str::<LocalText>(name)
        .map_or_else(|_| name.to_owned(), |text| text.get(language).to_owned())
}

/// Returns names from another domain's published view, as far as the caller may read it.
async fn rows_of(
    app: &App,
    caller: &Caller,
    view: &ReferenceView,
    ids: &BTreeSet<String>,
) -> Result<BTreeMap<String, String>> {
    let Some(found) = app.view(&view.name) else { return Ok(BTreeMap::new()) };
    let Some(column) = found.column(&view.shows).filter(|column| !column.personal) else {
        return Ok(BTreeMap::new());
    };
    let allowed = app.permission(found.permission).is_some_and(|permission| caller.may(permission));
    if !allowed || ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut query = Query::new(sql::SHOWN, args![]);
    query.push(column.name).push(" AS TEXT) AS shown FROM ").push(found.name).push(" WHERE TRUE");
    query.and_in("id", ids.iter().map(String::as_str));
    let rows: Vec<(String, Option<String>)> = app.store.list(query).await?;
    Ok(rows.into_iter().filter_map(|(id, name)| Some((id, local(&name?, caller.language)))).collect())
}

/// Refuses values that point at nothing: unknown people, departments, records of the wrong type.
pub async fn known(tx: &mut Tx, app: &App, record_type: &Arc<RecordType>, row: &Row) -> Result<()> {
    let mut wrong = Vec::new();
    for field in &record_type.spec.fields {
        let Some(value) = row.document.get(&field.key) else { continue };
        let there = match (field.kind, &field.record) {
            (FieldKind::Reference, Some(record)) => is_record(tx, record, value).await?,
            (FieldKind::Reference, None) => is_row(tx, app, field, value).await?,
            (FieldKind::Person, _) => is_person(tx, app, value).await?,
            (FieldKind::Department, _) => is_unit(tx, app, value).await?,
            (FieldKind::Metric, _) => {
                app.part::<Rulebook>()?.metric(value.as_str().unwrap_or_default()).is_some()
            }
            _ => true,
        };
        if !there {
            wrong.push((field.key.clone(), "rulebook.record.points_at_nothing"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(invalid(wrong)) }
}

fn id_in(value: &Json) -> Result<Id> {
    value
        .as_str()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Problem::internal("a reference without an id"))
}

async fn is_record(tx: &mut Tx, record: &str, value: &Json) -> Result<bool> {
    let row: Option<Row> = tx.find(sql::FIND, args![id_in(value)?]).await?;
    Ok(row.is_some_and(|row| row.type_id == record && row.archived_at.is_none()))
}

async fn is_row(tx: &mut Tx, app: &App, field: &FieldSpec, value: &Json) -> Result<bool> {
    let Some(view) = field.view.as_ref().and_then(|view| app.view(&view.name)) else {
        let view = field.view.as_ref().map_or("", |view| view.name.as_str());
        return Err(Problem::unavailable("rulebook.record.view_not_connected").with("view", view));
    };
    let mut query = Query::new(sql::ROW_IDS, args![]);
    query
        .push(view.name)
        .push(" WHERE TRUE")
        .and("id =", value.as_str().unwrap_or_default())
        .push(" LIMIT 1");
    Ok(!tx.list::<String>(query).await?.is_empty())
}

async fn is_person(tx: &mut Tx, app: &App, value: &Json) -> Result<bool> {
    match app.people.get() {
        Ok(people) => Ok(!people.people(tx, &[id_in(value)?]).await?.is_empty()),
        Err(_) => Ok(true),
    }
}

async fn is_unit(tx: &mut Tx, app: &App, value: &Json) -> Result<bool> {
    let id = id_in(value)?;
    match app.people.get() {
        Ok(people) => Ok(people.units(tx).await?.iter().any(|unit| unit.id == id)),
        Err(_) => Ok(true),
    }
}

/// Returns the rulebook's record type, or that it is not there.
pub fn record_type(app: &App, id: &str) -> Result<Arc<RecordType>> {
    app.part::<Rulebook>()?.record_type(id).ok_or_else(rules::no_such_type)
}
