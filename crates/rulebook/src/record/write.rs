use std::collections::BTreeMap;
use std::sync::Arc;

use http_kit::App;
use jiff::tz::TimeZone;
use kernel::{Caller, Id, Label, Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use store::{Audit, Query, Tx, args};

use super::rules::{self, Words};
use super::{fill, measured, names, rollup, sql, work};
use crate::record_type::fill::MAKE;
use crate::record_type::rules as values;
use crate::record_type::rules::Written;
use crate::record_type::{RecordType, Slot, Visible, intern};
use crate::{Rulebook, machine};

/// A record as it stands in its table.
#[derive(Clone, Debug, Deserialize)]
pub struct Row {
    pub id: Id,
    pub type_id: String,
    pub type_version: i64,
    pub number: String,
    pub title: String,
    #[serde(default)]
    pub search: String,
    pub state: Option<String>,
    pub ended: bool,
    pub instance_id: Option<Id>,
    pub brand_id: Option<Id>,
    pub department_id: Option<Id>,
    pub owner_id: Option<Id>,
    pub label: Label,
    pub restricted: bool,
    pub document: Map<String, Json>,
    pub content_hash: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub archived_at: Option<Timestamp>,
    pub created_by: Option<Id>,
    pub version: i64,
    #[serde(skip)]
    pub columns: BTreeMap<Slot, store::Value>,
}

impl Row {
    /// Returns the value of a column.
    pub fn slot(&self, slot: Slot) -> store::Value {
        self.columns.get(&slot).cloned().unwrap_or_else(|| rules::absent(slot))
    }

    /// Returns what every record has, as facts.
    pub fn base(&self) -> Map<String, Json> {
        let mut base = Map::new();
        let mut put = |name: &str, value: Json| {
            if !value.is_null() {
                base.insert(name.to_owned(), value);
            }
        };
        put("id", json!(self.id));
        put("number", json!(self.number));
        put("title", json!(self.title));
        put("state", json!(self.state));
        put("ended", json!(self.ended));
        put("owner_id", json!(self.owner_id));
        put("department_id", json!(self.department_id));
        put("brand_id", json!(self.brand_id));
        put("created_by", json!(self.created_by));
        put("created_at", json!(self.created_at));
        put("updated_at", json!(self.updated_at));
        put("closed_at", json!(self.closed_at));
        put("label", json!(self.label));
        put("restricted", json!(self.restricted));
        base
    }
}

/// What a new record begins with; whoever makes it was let through already.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Its values, by field.
    pub values: Map<String, Json>,
    /// Whose it is; the maker's when absent.
    pub owner_id: Option<Id>,
    /// Its department; the maker's when absent.
    pub department_id: Option<Id>,
    /// Its brand.
    pub brand_id: Option<Id>,
    /// Why it was made, where the product made it.
    pub reason: Option<String>,
}

/// Why and how a record changes, for its history.
pub struct Act<'a> {
    pub action: &'a str,
    pub from_state: Option<String>,
    pub reason: Option<&'a str>,
}

/// Makes a record inside the caller's transaction; the rules of its type hold for the product as for people.
pub async fn make(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    record_type: &Arc<RecordType>,
    draft: Draft,
) -> Result<Id> {
    let (zone, now) = (&app.settings.time_zone, tx.now());
    let maker = caller.find_user_id();
    let department_id = match draft.department_id {
        Some(id) => Some(id),
        None => names::department_of(tx, app, maker).await?,
    };
    let mut given = with_defaults(record_type, draft.values, maker, department_id, zone, now);
    given.retain(|_, value| !value.is_null());
    let values = values::accept(record_type, &given, maker.is_none())?;
    let number: i64 = tx.get(sql::NEXT_NUMBER, args![&record_type.spec.id]).await?;
    let mut row = Row {
        id: Id::new(),
        type_id: record_type.spec.id.clone(),
        type_version: record_type.spec.version,
        number: format!("{}-{number:04}", record_type.spec.prefix),
        title: String::new(),
        search: String::new(),
        state: None,
        ended: false,
        instance_id: None,
        brand_id: draft.brand_id,
        department_id,
        owner_id: draft.owner_id.or(maker),
        label: record_type.spec.label,
        restricted: false,
        document: values,
        content_hash: String::new(),
        created_at: now,
        updated_at: now,
        closed_at: None,
        archived_at: None,
        created_by: maker,
        version: 1,
        columns: BTreeMap::new(),
    };
    let facts = compute(app, record_type, &mut row, now)?;
    let facts = fill::fill(tx, app, record_type, &mut row, MAKE, facts).await?;
    check(tx, app, caller, record_type, &row, &facts).await?;
    begin(tx, app, caller, record_type, &mut row, &facts).await?;
    let facts = compute(app, record_type, &mut row, now)?;
    tx.exec(sql::INSERT, sql::insert(&row)).await?;
    note_parties(tx, record_type, &row).await?;
    let act = Act { action: "create", from_state: None, reason: draft.reason.as_deref() };
    keep(tx, record_type, &Map::new(), &row, &act).await?;
    work::open(tx, app, record_type, &row, &facts).await?;
    rollup::of_parents(tx, app, record_type, &Map::new(), &row.document).await?;
    measured::after_naming(tx, record_type, &Map::new(), &row).await?;
    Ok(row.id)
}

/// Writes a changed record: computes, checks, stores, keeps the change.
pub async fn save(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    record_type: &Arc<RecordType>,
    before: &Row,
    row: &mut Row,
    act: &Act<'_>,
) -> Result<Map<String, Json>> {
    let now = tx.now();
    row.updated_at = now;
    row.version = before.version + 1;
    row.type_version = record_type.spec.version;
    row.document.retain(|_, value| !value.is_null());
    let facts = compute(app, record_type, row, now)?;
    check(tx, app, caller, record_type, row, &facts).await?;
    store_row(tx, before, row).await?;
    note_parties(tx, record_type, row).await?;
    keep(tx, record_type, &before.document, row, act).await?;
    rollup::of_parents(tx, app, record_type, &before.document, &row.document).await?;
    Ok(facts)
}

/// What the product wrote into a record by itself.
pub struct Noted {
    pub row: Row,
    /// Its facts before.
    pub before: Map<String, Json>,
    /// Its facts now.
    pub after: Map<String, Json>,
}

/// Writes values into a record on behalf of the product; nothing where they stand there already.
pub async fn note(
    tx: &mut Tx,
    app: &App,
    record_type: &Arc<RecordType>,
    id: Id,
    given: Map<String, Json>,
    action: &'static str,
) -> Result<Option<Noted>> {
    tx.lock(record_type.noun, id).await?;
    let found: Option<Row> = tx.find(sql::FIND, args![id]).await?;
    let Some(before) = found.filter(|row| row.archived_at.is_none()) else { return Ok(None) };
    let mut row = before.clone();
    row.document.extend(values::accept(record_type, &given, true)?);
    row.document.retain(|_, value| !value.is_null());
    if row.document == before.document {
        return Ok(None);
    }
    let known = super::service::facts_of(app, record_type, &before);
    let act = Act { action, from_state: before.state.clone(), reason: None };
    let facts = save(tx, app, &Caller::system("metrics"), record_type, &before, &mut row, &act).await?;
    Ok(Some(Noted { row, before: known, after: facts }))
}

/// Puts a record away. What its type asks for today is no reason to keep in the lists what is to leave them.
pub async fn put_away(
    tx: &mut Tx,
    app: &App,
    record_type: &Arc<RecordType>,
    before: &Row,
    row: &mut Row,
    act: &Act<'_>,
) -> Result<()> {
    let now = tx.now();
    row.updated_at = now;
    row.version = before.version + 1;
    compute(app, record_type, row, now)?;
    store_row(tx, before, row).await?;
    keep(tx, record_type, &before.document, row, act).await?;
    rollup::of_parents(tx, app, record_type, &before.document, &row.document).await
}

/// Gives a record to another owner. What its type asks for today is no reason to leave it with whoever is gone.
pub async fn pass_on(
    tx: &mut Tx,
    app: &App,
    record_type: &Arc<RecordType>,
    before: &Row,
    to: Id,
    act: &Act<'_>,
) -> Result<()> {
    let now = tx.now();
    let mut row = Row { owner_id: Some(to), updated_at: now, version: before.version + 1, ..before.clone() };
    compute(app, record_type, &mut row, now)?;
    store_row(tx, before, &row).await?;
    note_parties(tx, record_type, &row).await?;
    keep(tx, record_type, &before.document, &row, act).await
}

/// Stores a row over the version that was read.
pub async fn store_row(tx: &mut Tx, before: &Row, row: &Row) -> Result<()> {
    tx.exec_one(sql::UPDATE, sql::update(row, before.version)).await
}

/// Computes what follows from a record's values: formulas, title, columns, digest.
pub fn compute(
    app: &App,
    record_type: &RecordType,
    row: &mut Row,
    now: Timestamp,
) -> Result<Map<String, Json>> {
    let slots = app.part::<Rulebook>()?.slots(&record_type.spec.id);
    row.title = values::title(record_type, &row.document);
    let mut written = Written { values: std::mem::take(&mut row.document), base: row.base() };
    let facts = values::finish(record_type, &mut written, &app.settings.time_zone, now);
    row.document = written.values;
    row.restricted =
        record_type.spec.visible == Visible::Parties || rules::is_kept_secret(record_type, &facts, now);
    row.search = rules::searched(record_type, row);
    row.content_hash = rules::content_hash(record_type, &row.document);
    row.columns = rules::columns(record_type, &slots, &facts);
    Ok(facts)
}

/// Puts defaults in for what is not given.
pub fn with_defaults(
    record_type: &RecordType,
    mut given: Map<String, Json>,
    caller: Option<Id>,
    department: Option<Id>,
    zone: &TimeZone,
    now: Timestamp,
) -> Map<String, Json> {
    let none = Map::new();
    let words = Words { caller, department, now, zone, facts: &none, id: None, row: None, person: None };
    for field in &record_type.spec.fields {
        if let (Some(default), None) = (&field.default, given.get(&field.key))
            && !field.read_only
        {
            given.insert(field.key.clone(), words.value(default));
        }
    }
    given
}

/// Checks what only the database and the type's own sentences know.
async fn check(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    record_type: &Arc<RecordType>,
    row: &Row,
    facts: &Map<String, Json>,
) -> Result<()> {
    let written = Written { values: row.document.clone(), base: Map::new() };
    values::complete(record_type, &written, facts, tx.now(), caller.language)?;
    names::known(tx, app, record_type, row).await?;
    unique(tx, app, record_type, row).await
}

/// Refuses a second record with the same key.
async fn unique(tx: &mut Tx, app: &App, record_type: &Arc<RecordType>, row: &Row) -> Result<()> {
    let slots = app.part::<Rulebook>()?.slots(&record_type.spec.id);
    let single =
        record_type.spec.fields.iter().filter(|field| field.unique).map(|field| vec![field.key.clone()]);
    let keys: Vec<Vec<String>> = record_type.spec.keys.iter().cloned().chain(single).collect();
    for key in keys {
        let part = |name: &String| {
            let slot = slots.get(name)?;
            Some((*slot, row.columns.get(slot)?))
        };
        let parts: Option<Vec<(Slot, &store::Value)>> = key.iter().map(part).collect();
        // What lacks a part of the key cannot clash by it.
        let Some(parts) = parts else { continue };
        tx.lock(record_type.noun, Id::from_digest([0; 16])).await?;
        let mut query = Query::new(sql::SAME_KEY, args![]);
        query.and("type_id =", &row.type_id).and("id <>", row.id);
        for (slot, value) in parts {
            query.push(" AND ").push(intern::intern(&slot.column())).push(" = ").bind(value.clone());
        }
        query.push(" LIMIT 1");
        if let Some(number) = tx.list::<String>(query).await?.into_iter().next() {
            let field = key.first().cloned().unwrap_or_default();
            return Err(Problem::conflict("rulebook.record.not_unique")
                .with("number", number)
                .with_field(field, "rulebook.record.not_unique_field"));
        }
    }
    Ok(())
}

/// Chooses the machine and puts the record into its first state.
async fn begin(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    record_type: &Arc<RecordType>,
    row: &mut Row,
    facts: &Map<String, Json>,
) -> Result<()> {
    let none = BTreeMap::new();
    let known = crate::expr::Facts { fields: facts, parameters: &none, now: tx.now() };
    let fits = |when: &Option<crate::expr::Condition>| when.as_ref().is_none_or(|when| when.holds(&known));
    let Some(place) = record_type.choices.iter().position(fits) else { return Ok(()) };
    let machine_id = &record_type.spec.machines[place].machine;
    let instance = machine::start(tx, app, machine_id, record_type.noun, row.id).await?;
    if let Some(user) = caller.find_user_id() {
        machine::participate(tx, instance.id, user, "author").await?;
    }
    row.instance_id = Some(instance.id);
    row.ended = instance.ended;
    row.state = Some(instance.state);
    Ok(())
}

async fn note_parties(tx: &mut Tx, record_type: &RecordType, row: &Row) -> Result<()> {
    if !row.restricted {
        return Ok(());
    }
    for user in rules::parties(record_type, row) {
        tx.exec(sql::ADD_PARTY, args![row.id, user]).await?;
    }
    Ok(())
}

/// Keeps a change in the record's own history and in the audit log.
async fn keep(
    tx: &mut Tx,
    record_type: &RecordType,
    before: &Map<String, Json>,
    row: &Row,
    act: &Act<'_>,
) -> Result<()> {
    let changes = rules::difference(before, &row.document);
    let caller = tx.caller();
    let now = tx.now();
    let args = args![
        row.id,
        row.version,
        act.action,
        act.from_state.as_deref(),
        row.state.as_deref(),
        store::json(&changes),
        act.reason,
        caller.find_user_id(),
        caller.name(),
        now,
    ];
    tx.exec(sql::INSERT_CHANGE, args).await?;
    let mut facts = rules::audited(record_type, &changes);
    if let (Json::Object(facts), true) = (&mut facts, act.from_state.as_deref() != row.state.as_deref()) {
        facts.insert("state".to_owned(), json!([act.from_state, row.state]));
    }
    let audit = Audit::new(intern::intern(act.action), record_type.noun, row.id);
    let audit = audit.within(row.brand_id, row.department_id).with(facts);
    match act.reason {
        Some(reason) => tx.audit(audit.because(reason)).await,
        None => tx.audit(audit).await,
    }
}
