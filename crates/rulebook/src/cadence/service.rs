use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, Id, Problem, Result, Timestamp};
use serde_json::{Map, Value as Json, json};
use store::{Query, Tx, args};

use super::rules::{self, Cadence, Occurrence, REACH_DAYS};
use super::{Fill, WhenSpec, sql};
use crate::pack::Text;
use crate::record::{self, Draft};
use crate::record_type::RecordType;
use crate::{Rulebook, calendar, metric};

/// Most records of which each gets its own.
const EACH_MAX: i64 = 5_000;
/// Most days in a row on which nobody works.
const IDLE_DAYS: i64 = 15;
/// Stands for the company where a cadence is not for each of some records.
const COMPANY: &str = "";

/// What a cadence is about: the company, or one record.
struct Subject {
    id: Option<Id>,
    facts: Map<String, Json>,
    owner_id: Option<Id>,
    department_id: Option<Id>,
    brand_id: Option<Id>,
}

/// Opens what is due by now; returns how many records were made.
pub async fn open_due(app: &App) -> Result<usize> {
    let cadences: Vec<Arc<Cadence>> = app.part::<Rulebook>()?.cadences().cloned().collect();
    let mut opened = 0;
    for cadence in cadences {
        opened += open_one(app, &cadence).await?;
    }
    Ok(opened)
}

async fn open_one(app: &App, cadence: &Cadence) -> Result<usize> {
    let now = app.store.now();
    let from = watched_from(app, cadence, now).await?.max(now.plus_days(-REACH_DAYS));
    let zone = &app.settings.time_zone;
    let by_calendar = by_calendar(app, cadence, from, now).await?;
    let by_event = matches!(cadence.spec.when, WhenSpec::After { .. } | WhenSpec::Before { .. });
    if by_calendar.is_empty() && !by_event {
        return Ok(0);
    }
    let mut opened = 0;
    for subject in subjects(app, cadence).await? {
        let occurrences = match event_of(&cadence.spec.when, &subject) {
            Some(event) => rules::from_event(&cadence.spec.when, zone, event, from, now),
            None if by_event => Vec::new(),
            None => by_calendar.clone(),
        };
        for occurrence in occurrences {
            opened += usize::from(open(app, cadence, &subject, &occurrence).await?);
        }
    }
    Ok(opened)
}

/// Returns the occurrences of a cadence's own calendar after one time until another.
async fn by_calendar(
    app: &App,
    cadence: &Cadence,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Occurrence>> {
    let zone = &app.settings.time_zone;
    if !cadence.spec.on_working_day {
        return Ok(rules::occurrences(&cadence.spec.when, zone, from, to));
    }
    let calendar = calendar::working(app).await?;
    let works = |day: jiff::civil::Date| -> Result<bool> {
        let midnight = |day: jiff::civil::Date| -> Result<Timestamp> {
            day.to_zoned(zone.clone()).map(|at| at.timestamp().into()).map_err(Problem::internal)
        };
        let next = day.tomorrow().map_err(Problem::internal)?;
        Ok(calendar.ms_between(midnight(day)?, midnight(next)?)? > 0)
    };
    // What falls on a holiday after the time may move before it.
    let mut found = rules::occurrences(&cadence.spec.when, zone, from, to.plus_days(IDLE_DAYS));
    for occurrence in &mut found {
        rules::to_working_day(occurrence, zone, IDLE_DAYS, &works)?;
    }
    found.retain(|occurrence| occurrence.at > from && occurrence.at <= to);
    Ok(found)
}

/// Returns since when a cadence is watched, and begins with it where nobody has.
async fn watched_from(app: &App, cadence: &Cadence, now: Timestamp) -> Result<Timestamp> {
    if let Some(from) = app.store.find::<Timestamp>(sql::WATCHED, args![&cadence.spec.id]).await? {
        return Ok(from);
    }
    let mut tx = app.store.begin_observation(store::Observation::Upkeep).await?;
    tx.exec(sql::WATCH, args![&cadence.spec.id, now]).await?;
    tx.commit().await?;
    Ok(now)
}

fn event_of(when: &WhenSpec, subject: &Subject) -> Option<Timestamp> {
    let (WhenSpec::After { field, .. } | WhenSpec::Before { field, .. }) = when else { return None };
    subject.facts.get(field)?.as_str()?.parse().ok()
}

/// Returns what a cadence is for: the company, or each of some records.
async fn subjects(app: &App, cadence: &Cadence) -> Result<Vec<Subject>> {
    let Some(each) = &cadence.spec.for_each else {
        let none =
            Subject { id: None, facts: Map::new(), owner_id: None, department_id: None, brand_id: None };
        return Ok(vec![none]);
    };
    let record_type = record::record_type(app, &each.record)?;
    let mut query = Query::new(sql::IDS, args![]);
    query.push(record_type.view.name).push(" WHERE TRUE");
    if let Some(filter) = &cadence.filter {
        query.push(" AND ");
        filter.push_sql(&mut query, &record_type.view, &Default::default(), app.store.now())?;
    }
    query.push(" ORDER BY id LIMIT ").bind(EACH_MAX);
    let ids: Vec<Id> = app.store.list(query).await?;
    let rows = record::rows(app, &ids).await?;
    Ok(rows.into_iter().map(|row| subject(app, &record_type, row)).collect())
}

fn subject(app: &App, record_type: &RecordType, row: record::Row) -> Subject {
    let facts = record::facts_of(app, record_type, &row);
    let (owner_id, department_id, brand_id) = (row.owner_id, row.department_id, row.brand_id);
    Subject { id: Some(row.id), facts, owner_id, department_id, brand_id }
}

/// Something that will open by itself (将至的周期事项).
#[derive(Clone, Debug)]
pub struct Coming {
    /// The cadence.
    pub cadence_id: String,
    /// Its name.
    pub title: Text,
    /// Type of the record that it opens.
    pub type_id: String,
    /// The record of which it is one of, with its number; absent where it is for the company.
    pub subject: Option<(String, Id)>,
    /// When.
    pub at: Timestamp,
}

/// Returns what will open until then and become this person's.
pub async fn coming(app: &App, user: Id, until: Timestamp) -> Result<Vec<Coming>> {
    let cadences: Vec<Arc<Cadence>> = app.part::<Rulebook>()?.cadences().cloned().collect();
    let (now, zone) = (app.store.now(), &app.settings.time_zone);
    let mut found = Vec::new();
    for cadence in cadences {
        let by_calendar = by_calendar(app, &cadence, now, until).await?;
        let by_event = matches!(cadence.spec.when, WhenSpec::After { .. } | WhenSpec::Before { .. });
        if by_calendar.is_empty() && !by_event {
            continue;
        }
        for subject in owned(app, &cadence, user).await? {
            let occurrences = match event_of(&cadence.spec.when, &subject) {
                Some(event) => rules::from_event(&cadence.spec.when, zone, event, now, until),
                None if by_event => Vec::new(),
                None => by_calendar.clone(),
            };
            let number = subject.facts.get("number").and_then(Json::as_str).map(str::to_owned);
            found.extend(occurrences.into_iter().map(|occurrence| Coming {
                cadence_id: cadence.spec.id.clone(),
                title: cadence.spec.title.clone(),
                type_id: cadence.spec.opens.record.clone(),
                subject: number.clone().zip(subject.id),
                at: occurrence.at,
            }));
        }
    }
    Ok(found)
}

/// Returns what a cadence is about, as far as what it opens becomes this person's.
async fn owned(app: &App, cadence: &Cadence, user: Id) -> Result<Vec<Subject>> {
    let mut owned = Vec::new();
    let mut tx = app.store.begin(&Caller::system("cadence")).await?;
    for subject in subjects(app, cadence).await? {
        let owner = match &cadence.spec.opens.owner {
            Some(who) => record::people(&mut tx, app, &subject.facts, who).await?.into_iter().next(),
            None => None,
        };
        if owner.or(subject.owner_id) == Some(user) {
            owned.push(subject);
        }
    }
    Ok(owned)
}

/// Opens one occurrence, once.
async fn open(app: &App, cadence: &Cadence, subject: &Subject, occurrence: &Occurrence) -> Result<bool> {
    let spec = &cadence.spec;
    let about = subject.id.map_or_else(|| COMPANY.to_owned(), |id| id.to_string());
    let caller = Caller::system("cadence");
    let mut tx = app.store.begin(&caller).await?;
    let now = tx.now();
    if tx.exec(sql::TAKE, args![&spec.id, &about, occurrence.at, now]).await? == 0 {
        return Ok(false);
    }
    let record_type = record::record_type(app, &spec.opens.record)?;
    let draft = draft(&mut tx, app, cadence, subject, occurrence).await?;
    match record::make(&mut tx, app, &caller, &record_type, draft).await {
        Ok(id) => {
            tx.exec(sql::OPENED, args![&spec.id, &about, occurrence.at, id]).await?;
            tx.commit().await?;
            Ok(true)
        }
        // What the type refuses now it may take later, once the record that it follows from is mended.
        Err(problem) if problem.status < 500 => {
            tracing::warn!(cadence = spec.id, code = %problem.code, "cadence {} could not open: {}", spec.id, problem.code);
            Ok(false)
        }
        Err(problem) => Err(problem),
    }
}

async fn draft(
    tx: &mut Tx,
    app: &App,
    cadence: &Cadence,
    subject: &Subject,
    occurrence: &Occurrence,
) -> Result<Draft> {
    let spec = &cadence.spec;
    let mut facts = subject.facts.clone();
    facts.insert("occurrence".into(), json!(occurrence.day.to_string()));
    facts.insert("period".into(), json!(rules::period(&spec.when, occurrence.day)));
    facts.insert("previous_period".into(), json!(rules::previous_period(&spec.when, occurrence.day)));
    let record_type = record::record_type(app, &spec.opens.record)?;
    let mut values = record::fill(app, &record_type, &spec.opens.values, &facts, subject.id, tx.now());
    for (key, fill) in &spec.opens.fills {
        let Some(table) = record_type.field(key) else { continue };
        let rows = match fill {
            Fill::Alerts => {
                let (from, to) = rules::span_before(&spec.when, occurrence.day);
                let midnight = |day: jiff::civil::Date| -> Result<Timestamp> {
                    let zone = app.settings.time_zone.clone();
                    day.to_zoned(zone).map(|at| at.timestamp().into()).map_err(Problem::internal)
                };
                metric::review::alert_rows(app, table, midnight(from)?, midnight(to)?).await?
            }
        };
        values.insert(key.clone(), Json::Array(rows));
    }
    let mut id_of = |name: &str| values.remove(name).and_then(|value| value.as_str()?.parse::<Id>().ok());
    let (named, department, brand) = (id_of("owner_id"), id_of("department_id"), id_of("brand_id"));
    let owner = match &spec.opens.owner {
        Some(who) => record::people(tx, app, &facts, who).await?.into_iter().next(),
        None => None,
    };
    Ok(Draft {
        values,
        owner_id: named.or(owner).or(subject.owner_id),
        department_id: department.or(subject.department_id),
        brand_id: brand.or(subject.brand_id),
        reason: Some(spec.id.clone()),
    })
}
