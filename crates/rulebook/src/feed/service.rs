use std::collections::BTreeMap;
use std::sync::Arc;

use http_kit::App;
use jiff::civil::Date;
use kernel::{Actor, Caller, HOUR_MS, Id, Label, PageQuery, Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use store::{Audit, Observation, Query, args};

use super::rules::{self, Entry, When};
use super::{CalendarFeed, sql};
use crate::record::{self, Record};
use crate::record_type::{FieldKind, RecordType, ViewKind, ViewSpec, intern::intern};
use crate::task::{self, TaskFilter};
use crate::{Rulebook, cadence};

const NOUN: &str = "rulebook.calendar_feed";
/// How far a feed looks back and ahead.
const DAYS_BACK: i64 = 30;
const DAYS_AHEAD: i64 = 180;
/// How far ahead it shows what will open by itself.
const CADENCE_DAYS: i64 = 60;
/// Most records of one type in a feed.
const RECORDS_MAX: u32 = 200;
/// Most tasks in a feed.
const TASKS_MAX: u32 = 200;

#[derive(Deserialize)]
struct Row {
    created_at: Timestamp,
    read_at: Option<Timestamp>,
}

/// Says whether the caller has a feed.
pub async fn find(app: &App, caller: &Caller) -> Result<CalendarFeed> {
    let row: Option<Row> = app.store.find(sql::OF_USER, args![caller.user_id()?]).await?;
    let (created_at, read_at) = row.map(|row| (row.created_at, row.read_at)).unzip();
    Ok(CalendarFeed { active: created_at.is_some(), url: None, created_at, read_at: read_at.flatten() })
}

/// Makes the caller's feed, in place of the one that they have; its address is shown this once.
pub async fn create(app: &App, caller: &Caller) -> Result<CalendarFeed> {
    let user = person(caller)?;
    let secret = store::random::token();
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    tx.exec(sql::PUT, args![user, digest(&secret), now]).await?;
    tx.audit(Audit::new("create", NOUN, user)).await?;
    tx.commit().await?;
    let address = app.settings.admin_url.trim_end_matches('/');
    let url = format!("{address}/api/v1/rulebook/calendar-feeds/{secret}.ics");
    Ok(CalendarFeed { active: true, url: Some(url), created_at: Some(now), read_at: None })
}

/// Ends the caller's feed: its address opens nothing any more.
pub async fn end(app: &App, caller: &Caller) -> Result<()> {
    let user = person(caller)?;
    let mut tx = app.store.begin(caller).await?;
    if tx.exec(sql::DELETE, args![user]).await? == 0 {
        return Ok(());
    }
    tx.audit(Audit::new("end", NOUN, user)).await?;
    tx.commit().await
}

/// A program must not give itself a way to read on after its token has ended.
fn person(caller: &Caller) -> Result<Id> {
    match caller.actor {
        Actor::User { by_token: true, .. } => Err(Problem::forbidden("rulebook.feed.person_needed")),
        _ => caller.user_id(),
    }
}

fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}

#[derive(Deserialize)]
struct Found {
    user_id: Id,
    read_at: Option<Timestamp>,
}

/// Writes the feed that a secret opens; an unknown one opens nothing.
pub async fn read(app: &App, stranger: &Caller, secret: &str) -> Result<String> {
    let secret = secret.strip_suffix(".ics").unwrap_or(secret);
    let unknown = || Problem::not_found("rulebook.feed.unknown");
    let found: Option<Found> = app.store.find(sql::BY_DIGEST, args![digest(secret)]).await?;
    let found = found.ok_or_else(unknown)?;
    let mut caller = match app.people.get()?.caller(app, found.user_id, stranger).await? {
        Some(caller) => caller,
        None => return Err(unknown()),
    };
    // A calendar program keeps copies wherever it likes.
    caller.clearance = caller.clearance.min(Label::Internal);
    note_reading(app, &found).await?;
    let mut entries = tasks(app, &caller).await?;
    entries.extend(records(app, &caller).await?);
    entries.extend(coming(app, &caller, found.user_id).await?);
    let name = app.texts.say(caller.language, "rulebook.feed.name", &BTreeMap::new());
    Ok(rules::write(&name, &entries))
}

async fn note_reading(app: &App, found: &Found) -> Result<()> {
    let now = app.store.now();
    if found.read_at.is_some_and(|at| now.ms() - at.ms() < HOUR_MS) {
        return Ok(());
    }
    let mut tx = app.store.begin_observation(Observation::Tracking).await?;
    tx.exec(sql::READ, args![found.user_id, now]).await?;
    tx.commit().await
}

fn url(app: &App, link: &str) -> String {
    format!("{}{link}", app.settings.admin_url.trim_end_matches('/'))
}

/// Returns what is to be done: at its due time, or as something to be done where it has none.
async fn tasks(app: &App, caller: &Caller) -> Result<Vec<Entry>> {
    let page = PageQuery { page_size: Some(TASKS_MAX), cursor: None };
    let tasks = task::list(app, caller, &page, &TaskFilter::default()).await?.items;
    let of_record = |task: &&task::Task| task.subject_noun.starts_with("record.");
    let ids: Vec<Id> = tasks.iter().filter(of_record).map(|task| task.subject_id).collect();
    let rows = record::rows(app, &ids).await?;
    // Work with something confidential is there by its number alone.
    let kept: BTreeMap<Id, String> =
        rows.into_iter().filter(|row| row.label > Label::Internal).map(|row| (row.id, row.number)).collect();
    let entry = |task: task::Task| Entry {
        uid: format!("task-{}@brandwright", task.id),
        url: url(app, &task.link),
        when: task.due_at.map_or(When::Some, When::At),
        changed_at: task.created_at,
        summary: kept.get(&task.subject_id).cloned().unwrap_or(task.title),
    };
    Ok(tasks.into_iter().map(entry).collect())
}

/// Returns the records that name the caller and stand in the calendar of their type.
async fn records(app: &App, caller: &Caller) -> Result<Vec<Entry>> {
    let types: Vec<Arc<RecordType>> = app.part::<Rulebook>()?.record_types().cloned().collect();
    let mut entries = Vec::new();
    for record_type in types.iter().filter(|t| caller.may(t.read)) {
        let views = record_type.spec.views.iter().filter(|view| view.kind == ViewKind::Calendar);
        for view in views {
            entries.extend(of_view(app, caller, record_type, view).await?);
        }
    }
    Ok(entries)
}

async fn of_view(
    app: &App,
    caller: &Caller,
    record_type: &Arc<RecordType>,
    view: &ViewSpec,
) -> Result<Vec<Entry>> {
    let Some(from) = view.from.as_deref().and_then(|name| record_type.view.column(name)) else {
        return Ok(Vec::new());
    };
    let (user, now) = (caller.user_id()?, app.store.now());
    let mut query = Query::new(sql::IDS, args![]);
    query.push(record_type.view.name).push(" v WHERE TRUE");
    record::visible(&mut query, record_type, caller)?;
    query.push(" AND ").push(from.name).push(" >= ").bind(now.plus_days(-DAYS_BACK));
    query.push(" AND ").push(from.name).push(" <= ").bind(now.plus_days(DAYS_AHEAD));
    query.push(" AND (owner_id = ").bind(user);
    let people = record_type.spec.fields.iter().filter(|field| field.kind == FieldKind::Person);
    for field in people.filter(|field| record::sees(caller, field)) {
        query.push(" OR ").push(intern(&field.key)).push(" = ").bind(user);
    }
    let tables = record_type.spec.fields.iter().filter(|field| field.kind == FieldKind::Table);
    let mut of_people = tables.filter(|t| t.fields.iter().any(|column| column.kind == FieldKind::Person));
    if of_people.any(|field| record::sees(caller, field)) {
        query.push(sql::NAMES).bind(format!("%{user}%")).push(")");
    }
    query.push(") ORDER BY ").push(from.name).push(", id LIMIT ").bind(i64::from(RECORDS_MAX));
    let ids: Vec<Id> = app.store.list(query).await?;
    let records = record::load(app, caller, record_type, &ids).await?;
    let entries = records.into_iter().filter_map(|record| {
        let when = when(record_type, view, &record)?;
        Some(Entry {
            uid: format!("record-{}-{}@brandwright", record.id, view.id),
            summary: format!("{} {}", record.number, record.title),
            url: url(app, &format!("/records/{}/{}", record.type_id, record.id)),
            when,
            changed_at: record.updated_at,
        })
    });
    Ok(entries.collect())
}

/// Returns when a record stands in a calendar; absent where the reader does not see that field.
fn when(record_type: &RecordType, view: &ViewSpec, record: &Record) -> Option<When> {
    let value = |name: &Option<String>| {
        let name = name.as_ref()?;
        Some((record_type.field(name), record.values.get(name)?))
    };
    let (field, from) = value(&view.from)?;
    let to = value(&view.to).map(|(_, to)| to);
    if field.is_some_and(|field| field.kind == FieldKind::Date) {
        let day = |value: &Json| value.as_str()?.parse::<Date>().ok();
        let from = day(from)?;
        return Some(When::Days(from, to.and_then(day).unwrap_or(from)));
    }
    let at = |value: &Json| value.as_str()?.parse::<Timestamp>().ok();
    let from = at(from)?;
    Some(to.and_then(at).map_or(When::At(from), |to| When::Between(from, to)))
}

/// Returns what will open by itself and become the caller's.
async fn coming(app: &App, caller: &Caller, user: Id) -> Result<Vec<Entry>> {
    let until = app.store.now().plus_days(CADENCE_DAYS);
    let mut entries = Vec::new();
    for found in cadence::coming(app, user, until).await? {
        let Some(opens) = app.part::<Rulebook>()?.record_type(&found.type_id) else { continue };
        if !caller.may(opens.read) {
            continue;
        }
        let about = found.subject.as_ref().map_or(String::new(), |(number, _)| format!(" {number}"));
        let subject = found.subject.as_ref().map_or(String::new(), |(_, id)| id.to_string());
        entries.push(Entry {
            uid: format!("cadence-{}-{subject}-{}@brandwright", found.cadence_id, found.at.ms()),
            summary: format!("{}{about}", found.title.get(caller.language)),
            url: url(app, &format!("/records/{}", found.type_id)),
            when: When::At(found.at),
            // It stays what it is until it opens.
            changed_at: found.at.plus_days(-CADENCE_DAYS),
        });
    }
    Ok(entries)
}
