use std::collections::BTreeMap;
use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use serde_json::{Map, Value as Json};
use store::{Query, Tx, args};

use super::write::{Act, Draft, Row, make, put_away, save, with_defaults};
use super::{
    NewRecord, Record, RecordChange, RecordDetail, RecordFilter, RecordPatch, RecordTypeRow, RelatedRecords,
    act, list, measured, names, rules, secret, sql,
};
use crate::access;
use crate::record_type::{RecordType, rules as values};
use crate::{Rulebook, approval, machine};

/// Most related records of one type that a page shows at once.
const RELATED_MAX: u32 = 20;

/// Returns the types that the caller may read.
pub fn types(app: &App, caller: &Caller) -> Result<Vec<RecordTypeRow>> {
    let language = caller.language;
    let rows = app.part::<Rulebook>()?.record_types().filter(|t| caller.may(t.read)).map(|t| RecordTypeRow {
        id: t.spec.id.clone(),
        title: t.spec.title.get(language).to_owned(),
        plural: t.spec.plural.as_ref().unwrap_or(&t.spec.title).get(language).to_owned(),
        summary: t.spec.summary.get(language).to_owned(),
        area: t.spec.area,
        prefix: t.spec.prefix.clone(),
        clauses: t.spec.clauses.clone(),
        can_write: caller.may(t.write),
    });
    Ok(rows.collect())
}

/// Makes a record.
pub async fn create(app: &App, caller: &Caller, type_id: &str, new: NewRecord) -> Result<RecordDetail> {
    let record_type = names::record_type(app, type_id)?;
    let scope = caller.scope(record_type.write)?;
    let mut tx = app.store.begin(caller).await?;
    let department_id = match new.department_id {
        Some(id) => Some(id),
        None => names::department_of(&mut tx, app, caller.find_user_id()).await?,
    };
    let owner_id = new.owner_id.or_else(|| caller.find_user_id());
    scope.require_new(new.brand_id, department_id, owner_id)?;
    let draft = Draft { values: new.values, owner_id, department_id, brand_id: new.brand_id, reason: None };
    let id = make(&mut tx, app, caller, &record_type, draft).await?;
    tx.commit().await?;
    find(app, caller, type_id, id).await
}

/// Returns what a new record of the caller's begins with, by field.
pub async fn defaults(app: &App, caller: &Caller, record_type: &RecordType) -> Result<Map<String, Json>> {
    let mut tx = app.store.begin(caller).await?;
    let maker = caller.find_user_id();
    let department = names::department_of(&mut tx, app, maker).await?;
    let (zone, now) = (&app.settings.time_zone, tx.now());
    let mut given = with_defaults(record_type, Map::new(), maker, department, zone, now);
    given.retain(|_, value| !value.is_null());
    Ok(given)
}

/// Opens a record: what is secret of it is noted.
pub async fn open(app: &App, caller: &Caller, type_id: &str, id: Id) -> Result<RecordDetail> {
    let record_type = names::record_type(app, type_id)?;
    let found = find(app, caller, type_id, id).await?;
    let shown = std::slice::from_ref(&found.record);
    secret::note(app, caller, &record_type, shown, access::Act::View, None).await?;
    Ok(found)
}

/// What else hangs on a record.
#[derive(serde::Deserialize)]
struct Counts {
    comments: i64,
    guests: i64,
}

/// Returns a record with what may be done with it.
pub async fn find(app: &App, caller: &Caller, type_id: &str, id: Id) -> Result<RecordDetail> {
    let record_type = names::record_type(app, type_id)?;
    let row: Option<Row> = app.store.find(sql::FIND, args![id]).await?;
    let row = row.filter(|row| row.type_id == type_id).ok_or_else(rules::no_such_type)?;
    let party = is_party(app, caller, &row).await?;
    require_visible(caller, &record_type, &row, party)?;
    let reader = secret::reader(app, caller).await?;
    secret::require(app, caller, &reader, &record_type, &row).await?;
    let caller = &reader;
    let actions = act::offers(app, caller, &record_type, &row).await?;
    let can_write = caller.may(record_type.write)
        && caller.scope(record_type.write)?.covers(row.brand_id, row.department_id, row.owner_id)
        && row.archived_at.is_none()
        && !row.ended;
    let counts: Counts = app.store.get(sql::COUNTS, args![id, app.store.now()]).await?;
    let rows = vec![row];
    let names = names::of(app, caller, &record_type, &rows).await?;
    let record = shown(app, caller, &record_type, rows, &names).await?.into_iter().next();
    let record = record.ok_or_else(rules::no_such_type)?;
    Ok(RecordDetail {
        record,
        actions,
        can_write,
        comments_count: counts.comments,
        guests_count: counts.guests,
    })
}

async fn is_party(app: &App, caller: &Caller, row: &Row) -> Result<bool> {
    let Some(user) = caller.find_user_id().filter(|_| row.restricted) else { return Ok(false) };
    Ok(app.store.find::<Id>(sql::IS_PARTY, args![row.id, user]).await?.is_some())
}

/// Refuses a record that the caller may not see as if it were not there.
fn require_visible(caller: &Caller, record_type: &RecordType, row: &Row, party: bool) -> Result<()> {
    let scope = caller.scope(record_type.read)?;
    if !scope.covers_row(row.id, row.brand_id, row.department_id, row.owner_id) {
        return Err(Problem::not_found("access.not_found"));
    }
    let system = matches!(caller.actor, kernel::Actor::System(_));
    if row.label > caller.clearance
        || (row.restricted && !party && !system && !caller.may(record_type.read_all))
    {
        return Err(rules::no_such_type());
    }
    Ok(())
}

/// Loads a record that the caller may see, inside their transaction.
pub async fn load_in(tx: &mut Tx, caller: &Caller, record_type: &RecordType, id: Id) -> Result<Row> {
    let row: Option<Row> = tx.find(sql::FIND, args![id]).await?;
    let row = row.filter(|row| row.type_id == record_type.spec.id).ok_or_else(rules::no_such_type)?;
    let party = match caller.find_user_id().filter(|_| row.restricted) {
        Some(user) => tx.find::<Id>(sql::IS_PARTY, args![id, user]).await?.is_some(),
        None => false,
    };
    require_visible(caller, record_type, &row, party)?;
    if row.archived_at.is_some() {
        return Err(Problem::conflict("rulebook.record.archived").with("number", &row.number));
    }
    Ok(row)
}

/// Changes a record's values.
pub async fn update(
    app: &App,
    caller: &Caller,
    type_id: &str,
    id: Id,
    version: i64,
    patch: RecordPatch,
) -> Result<RecordDetail> {
    let record_type = names::record_type(app, type_id)?;
    let scope = caller.scope(record_type.write)?;
    let reader = secret::reader(app, caller).await?;
    let mut tx = app.store.begin(caller).await?;
    tx.lock(record_type.noun, id).await?;
    let before = load_in(&mut tx, &reader, &record_type, id).await?;
    scope.require(before.brand_id, before.department_id, before.owner_id)?;
    if before.version != version {
        return Err(Problem::precondition_failed("store.changed_meanwhile"));
    }
    if before.ended {
        return Err(Problem::conflict("rulebook.record.ended").with("number", &before.number));
    }
    let mut row = before.clone();
    for (key, value) in values::accept(&record_type, &patch.values, false)? {
        row.document.insert(key, value);
    }
    row.owner_id = patch.owner_id.unwrap_or(row.owner_id);
    row.department_id = patch.department_id.unwrap_or(row.department_id);
    row.brand_id = patch.brand_id.unwrap_or(row.brand_id);
    row.label = relabelled(caller, &row, patch.label)?;
    scope.require_new(row.brand_id, row.department_id, row.owner_id)?;
    let act = Act { action: "change", from_state: before.state.clone(), reason: patch.reason.as_deref() };
    save(&mut tx, app, caller, &record_type, &before, &mut row, &act).await?;
    if row.content_hash != before.content_hash {
        // Nobody agrees to what they did not see.
        let hash = &row.content_hash;
        Box::pin(approval::content_changed(&mut tx, app, record_type.noun, id, hash)).await?;
    }
    measured::after_naming(&mut tx, &record_type, &before.document, &row).await?;
    if let (Some(instance), Some(user)) = (row.instance_id, caller.find_user_id()) {
        // Whoever writes it is an author of what is decided next.
        machine::participate(&mut tx, instance, user, "author").await?;
    }
    tx.commit().await?;
    find(app, caller, type_id, id).await
}

/// Nobody raises a record above what they see themselves, or lowers what they do not see.
fn relabelled(caller: &Caller, row: &Row, label: Option<kernel::Label>) -> Result<kernel::Label> {
    match label {
        Some(label) if label > caller.clearance => Err(Problem::forbidden("rulebook.record.label_too_high")),
        Some(label) => Ok(label),
        None => Ok(row.label),
    }
}

/// Puts a record away: it stays readable and counts nowhere.
pub async fn archive(
    app: &App,
    caller: &Caller,
    type_id: &str,
    id: Id,
    version: i64,
    reason: &str,
) -> Result<RecordDetail> {
    let record_type = names::record_type(app, type_id)?;
    let scope = caller.scope(record_type.write)?;
    if reason.trim().is_empty() {
        return Err(values::invalid(vec![("reason".to_owned(), "rulebook.record.required")]));
    }
    let reader = secret::reader(app, caller).await?;
    let mut tx = app.store.begin(caller).await?;
    tx.lock(record_type.noun, id).await?;
    let before = load_in(&mut tx, &reader, &record_type, id).await?;
    scope.require(before.brand_id, before.department_id, before.owner_id)?;
    if before.version != version {
        return Err(Problem::precondition_failed("store.changed_meanwhile"));
    }
    let mut row = before.clone();
    row.archived_at = Some(tx.now());
    let act = Act { action: "archive", from_state: before.state.clone(), reason: Some(reason.trim()) };
    put_away(&mut tx, app, &record_type, &before, &mut row, &act).await?;
    super::work::close(&mut tx, &record_type, &before).await?;
    tx.commit().await?;
    find(app, caller, type_id, id).await
}

/// Shapes rows as this caller may see them.
pub async fn shown(
    app: &App,
    caller: &Caller,
    record_type: &RecordType,
    rows: Vec<Row>,
    names: &BTreeMap<String, String>,
) -> Result<Vec<Record>> {
    let titles = state_titles(app, record_type, caller)?;
    let secret = record_type.spec.secrecy.as_ref().map(|secrecy| secrecy.title.get(caller.language));
    let one = |row: Row| {
        let state_title =
            row.state.as_ref().map(|state| titles.get(state).cloned().unwrap_or_else(|| state.clone()));
        let (values, masked) = rules::masked(record_type, caller, row.document);
        let mentioned = |id: &String| {
            let of_row = [row.owner_id, row.department_id, row.brand_id, row.created_by];
            of_row.iter().flatten().any(|known| known.to_string() == *id)
                || values.values().any(|value| mentions(value, id))
        };
        let names = names
            .iter()
            .filter(|(id, _)| mentioned(id))
            .map(|(id, name)| (id.clone(), name.clone()))
            .collect();
        Record {
            id: row.id,
            type_id: row.type_id,
            number: row.number,
            title: row.title,
            state_title,
            state: row.state,
            ended: row.ended,
            names,
            values,
            masked,
            owner_id: row.owner_id,
            department_id: row.department_id,
            brand_id: row.brand_id,
            label: row.label,
            secrecy: secret.filter(|_| row.restricted).map(str::to_owned),
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
            closed_at: row.closed_at,
            archived_at: row.archived_at,
            version: row.version,
        }
    };
    Ok(rows.into_iter().map(one).collect())
}

fn mentions(value: &serde_json::Value, id: &str) -> bool {
    match value {
        serde_json::Value::String(text) => text == id,
        serde_json::Value::Array(items) => items.iter().any(|item| mentions(item, id)),
        serde_json::Value::Object(cells) => cells.values().any(|cell| mentions(cell, id)),
        _ => false,
    }
}

/// Returns the names of the states of all machines of a type.
pub fn state_titles(
    app: &App,
    record_type: &RecordType,
    caller: &Caller,
) -> Result<BTreeMap<String, String>> {
    let book = app.part::<Rulebook>()?;
    let machines = record_type.spec.machines.iter().filter_map(|choice| book.machine(&choice.machine));
    let states = machines.flat_map(|m| {
        m.spec
            .states
            .iter()
            .map(|s| (s.id.clone(), s.title.get(caller.language).to_owned()))
            .collect::<Vec<_>>()
    });
    Ok(states.collect())
}

/// Returns the changes of a record, newest first.
pub async fn history(
    app: &App,
    caller: &Caller,
    type_id: &str,
    id: Id,
    page: &PageQuery,
) -> Result<Page<RecordChange>> {
    let record_type = names::record_type(app, type_id)?;
    find(app, caller, type_id, id).await?;
    let caller = &secret::reader(app, caller).await?;
    let size = page.size()?;
    let mut query = Query::new(sql::CHANGES, args![id]);
    query.and_some("version <", page.after::<i64>()?).push(" ORDER BY version DESC").limit_overfull(size);
    let mut changes: Vec<RecordChange> = app.store.list(query).await?;
    let titles = action_titles(app, &record_type, caller)?;
    for change in &mut changes {
        rules::masked_changes(&record_type, caller, &mut change.changes);
        let own = format!("rulebook.record.action.{}", change.action);
        change.action_title = match titles.get(&change.action) {
            Some(title) => title.clone(),
            None => app.texts.say(caller.language, &own, &BTreeMap::new()),
        };
    }
    Ok(Page::from_overfull(changes, size, |change| change.version))
}

fn action_titles(app: &App, record_type: &RecordType, caller: &Caller) -> Result<BTreeMap<String, String>> {
    let book = app.part::<Rulebook>()?;
    let machines = record_type.spec.machines.iter().filter_map(|choice| book.machine(&choice.machine));
    let actions = machines.flat_map(|m| {
        let one = |t: &machine::TransitionSpec| (t.action.clone(), t.title.get(caller.language).to_owned());
        m.spec.transitions.iter().map(one).collect::<Vec<_>>()
    });
    Ok(actions.collect())
}

/// Returns the records that refer to one, by type and field.
pub async fn related(app: &App, caller: &Caller, type_id: &str, id: Id) -> Result<Vec<RelatedRecords>> {
    find(app, caller, type_id, id).await?;
    let types: Vec<Arc<RecordType>> = app.part::<Rulebook>()?.record_types().cloned().collect();
    let mut related = Vec::new();
    for other in types.iter().filter(|other| caller.may(other.read)) {
        let refers = other.spec.fields.iter().filter(|field| field.record.as_deref() == Some(type_id));
        for field in refers.filter(|field| rules::readable(caller, field)) {
            let filter =
                RecordFilter { filter: Some(format!("{} == '{id}'", field.key)), ..RecordFilter::default() };
            let page = PageQuery { page_size: Some(RELATED_MAX), cursor: None };
            let page = list::list(app, caller, &other.spec.id, &page, &filter).await?;
            if !page.items.is_empty() {
                related.push(RelatedRecords {
                    type_id: other.spec.id.clone(),
                    title: other
                        .spec
                        .plural
                        .as_ref()
                        .unwrap_or(&other.spec.title)
                        .get(caller.language)
                        .to_owned(),
                    field: field.key.clone(),
                    more: page.next_cursor.is_some(),
                    items: page.items,
                });
            }
        }
    }
    Ok(related)
}

/// Returns records by id, in no order.
pub async fn rows(app: &App, ids: &[Id]) -> Result<Vec<Row>> {
    let mut found = Vec::new();
    for some in ids.chunks(500) {
        let mut query = Query::new(sql::SOME, args![]);
        query.and_in("id", some);
        found.extend(app.store.list::<Row>(query).await?);
    }
    Ok(found)
}

/// Returns the facts of a record.
pub fn facts_of(app: &App, record_type: &RecordType, row: &Row) -> Map<String, Json> {
    let written = values::Written { values: row.document.clone(), base: row.base() };
    values::facts(record_type, &written, &app.settings.time_zone)
}
