use std::collections::BTreeMap;
use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, Id, Result, Timestamp};
use serde_json::{Map, Value as Json};
use store::{Query, Tx, args};

use super::rules::Words;
use super::write::{Draft, Row, make};
use super::{accept, act, everybody, forget, moving, names, sql, work};
use crate::Rulebook;
use crate::machine::{EffectSpec, ReceiverSpec, TransitionSpec};
use crate::notification::{self, Notice, NoticeKind};
use crate::pack::Text;
use crate::record_type::{FieldKind, RecordType, intern::intern, rules};

/// Most records that one effect makes or moves: what is more is a mistake in the pack.
const AT_ONCE_MAX: usize = 500;

/// Sets the fields that a transition sets, before the record is stored.
pub fn set(
    app: &App,
    caller: &Caller,
    record_type: &RecordType,
    row: &mut Row,
    transition: &TransitionSpec,
    facts: &Map<String, Json>,
    now: Timestamp,
) -> Result<()> {
    for effect in &transition.effects {
        let EffectSpec::Set(values) = effect else { continue };
        let words = words(app, caller.find_user_id(), row, facts, None, now);
        let mut given = filled(record_type, values, &words);
        // Owner and department are no fields of the type, yet an action may hand a record over.
        for (name, place) in [("owner_id", &mut row.owner_id), ("department_id", &mut row.department_id)] {
            if let Some(value) = given.remove(name) {
                *place = value.as_str().and_then(|id| id.parse().ok());
            }
        }
        for (key, value) in rules::accept(record_type, &given, true)? {
            row.document.insert(key, value);
        }
    }
    Ok(())
}

/// Brings about the other effects of a transition, after the record is stored.
pub async fn run(
    tx: &mut Tx,
    app: &App,
    record_type: &Arc<RecordType>,
    row: &Row,
    transition: &TransitionSpec,
    facts: &Map<String, Json>,
) -> Result<()> {
    for (place, effect) in transition.effects.iter().enumerate() {
        match effect {
            EffectSpec::Set(_) => {}
            EffectSpec::Create { record, values, for_each_person: Some(whom), .. } => {
                let each = everybody::Each { action: &transition.action, record, values, whom };
                everybody::begin(tx, app, row, facts, &each).await?;
            }
            EffectSpec::Create { record, values, for_each, .. } => {
                create(tx, app, row, facts, record, values, for_each.as_deref()).await?;
            }
            EffectSpec::Notify { who, text, document } => {
                let key = format!("record/{}/{}/{place}", row.id, row.version);
                notify(tx, app, record_type, row, facts, (who, text, *document, key)).await?;
            }
            EffectSpec::MovePerson { person, position, roles, work_to } => {
                let named = [Some(person), position.as_ref(), roles.as_ref(), work_to.as_ref()];
                moving::carry_out(tx, app, row, facts, named.map(|name| name.map(String::as_str))).await?;
            }
            EffectSpec::AcceptLimits { table, metric, limit, accepted } => {
                let columns = accept::Columns { metric, limit, accepted };
                accept::accept_limits(tx, app, row, table, &columns).await?;
            }
            EffectSpec::Forget(fields) => forget::forget(tx, row.id, fields).await?,
            EffectSpec::Cascade { record, by, action } => cascade(tx, app, row, record, by, action).await?,
        }
    }
    Ok(())
}

/// Tells people what happened to a record; the same step tells each of them once.
async fn notify(
    tx: &mut Tx,
    app: &App,
    record_type: &RecordType,
    row: &Row,
    facts: &Map<String, Json>,
    (who, text, document, group_key): (&[ReceiverSpec], &Text, bool, String),
) -> Result<()> {
    let mut people: Vec<Id> = Vec::new();
    for one in who {
        people.extend(work::people(tx, app, facts, one).await?);
    }
    people.sort_unstable();
    people.dedup();
    let notice = Notice {
        kind: NoticeKind::Record,
        subject_noun: record_type.noun,
        subject_id: row.id,
        link: format!("/records/{}/{}", row.type_id, row.id),
        title: work::sentence(row, text),
        group_key,
        document,
    };
    notification::tell(tx, &people, &notice).await.map(drop)
}

fn words<'w>(
    app: &'w App,
    caller: Option<Id>,
    row: &Row,
    facts: &'w Map<String, Json>,
    table_row: Option<&'w Map<String, Json>>,
    now: Timestamp,
) -> Words<'w> {
    let (zone, department) = (&app.settings.time_zone, row.department_id);
    Words { caller, department, now, zone, facts, id: Some(row.id), row: table_row, person: None }
}

/// Puts words into the values of an effect; facts are times where a date is wanted.
pub fn filled(
    record_type: &RecordType,
    values: &BTreeMap<String, Json>,
    words: &Words<'_>,
) -> Map<String, Json> {
    let one = |(key, said): (&String, &Json)| {
        let value = words.value(said);
        let date = record_type.field(key).is_some_and(|field| field.kind == FieldKind::Date);
        let value = match value.as_str() {
            Some(text) if date => {
                text.parse().map_or(value.clone(), |at| Json::from(words.day_of(at).to_string()))
            }
            _ => value,
        };
        (key.clone(), value)
    };
    values.iter().map(one).collect()
}

/// Puts words into given values, for what makes records by itself.
pub fn fill(
    app: &App,
    record_type: &RecordType,
    values: &BTreeMap<String, Json>,
    facts: &Map<String, Json>,
    id: Option<Id>,
    now: Timestamp,
) -> Map<String, Json> {
    filled(record_type, values, &said_of(app, facts, id, None, now))
}

/// Returns the words of what is said by nobody of a thing, and of one person where it is for each of some.
pub fn said_of<'w>(
    app: &'w App,
    facts: &'w Map<String, Json>,
    id: Option<Id>,
    person: Option<Id>,
    now: Timestamp,
) -> Words<'w> {
    let zone = &app.settings.time_zone;
    Words { caller: None, department: None, now, zone, facts, id, row: None, person }
}

async fn create(
    tx: &mut Tx,
    app: &App,
    row: &Row,
    facts: &Map<String, Json>,
    record: &str,
    values: &BTreeMap<String, Json>,
    for_each: Option<&str>,
) -> Result<()> {
    let record_type = names::record_type(app, record)?;
    let none = Map::new();
    let rows: Vec<&Map<String, Json>> = match for_each {
        None => vec![&none],
        Some(table) => {
            let table = facts.get(table).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
            table.iter().filter_map(Json::as_object).take(AT_ONCE_MAX).collect()
        }
    };
    let caller = tx.caller();
    for table_row in rows {
        let now = tx.now();
        let words = words(app, caller.find_user_id(), row, facts, Some(table_row), now);
        let mut given = filled(&record_type, values, &words);
        let mut id_of = |name: &str| given.remove(name).and_then(|value| value.as_str()?.parse::<Id>().ok());
        let (owner, department, brand) = (id_of("owner_id"), id_of("department_id"), id_of("brand_id"));
        let draft = Draft {
            values: given,
            owner_id: owner.or(row.owner_id),
            department_id: department.or(row.department_id),
            brand_id: brand.or(row.brand_id),
            reason: Some(row.number.clone()),
        };
        make(tx, app, &Caller::system("rulebook"), &record_type, draft).await?;
    }
    Ok(())
}

/// Does an action on the records that refer to this one, on those that can do it now.
async fn cascade(tx: &mut Tx, app: &App, row: &Row, record: &str, by: &str, action: &str) -> Result<()> {
    let record_type = names::record_type(app, record)?;
    let Some(slot) = app.part::<Rulebook>()?.slots(record).get(by).copied() else { return Ok(()) };
    let mut query = Query::new(sql::REFERRING, args![]);
    query.and("type_id =", record).push(" AND ").push(intern(&slot.column())).push(" = ").bind(row.id);
    query.push(" ORDER BY id LIMIT 500");
    for id in tx.list::<Id>(query).await? {
        act::try_by_product(tx, app, &record_type, id, action).await?;
    }
    Ok(())
}
