use std::collections::HashMap;

use http_kit::App;
use kernel::{Id, Result, Timestamp};
use serde::Deserialize;
use store::{Lease, Observation, Tx, Value, args};

use super::rules::{self, Event, Standing};
use super::service::{Calendars, calendars, of};
use super::{Clock, ClockAct, ClockState, StepBasis, sql};
use crate::calendar;

/// Clocks in one transaction: enough that committing costs little, few enough that others get their turn.
const CHUNK: i64 = 5_000;
/// Before every id.
const FIRST: &str = "";

/// An event with its clock.
#[derive(Debug, Deserialize)]
struct EventRow {
    clock_id: Id,
    act: ClockAct,
    calendar_id: Option<Id>,
    calendar_version: Option<i64>,
    budget_seconds: Option<i64>,
    happened_at: Timestamp,
}

/// A step with its clock.
#[derive(Debug, Deserialize)]
struct StepRow {
    clock_id: Id,
    step: String,
    basis: StepBasis,
    amount: i64,
}

/// Counts every open clock that follows a calendar anew by one of its versions; returns how many there were.
///
/// Each chunk is its own transaction and marks its clocks, so a recount that was broken off goes on where
/// it stopped.
pub async fn recount(app: &App, calendar_id: Id, version: i64, lease: Option<&Lease>) -> Result<u64> {
    let (mut after, mut total) = (FIRST.to_owned(), 0);
    loop {
        let mut tx = app.store.begin_observation(Observation::Measurement).await?;
        let clocks: Vec<Clock> = tx.all(sql::OUTDATED, args![calendar_id, &after, version, CHUNK]).await?;
        let (Some(first), Some(last)) = (clocks.first(), clocks.last()) else { return Ok(total) };
        let bounds = (first.id, last.id);
        total += clocks.len() as u64;
        chunk(app, &mut tx, (calendar_id, version), &clocks, bounds).await?;
        if let Some(lease) = lease {
            lease.guard(&mut tx).await?;
        }
        tx.commit().await?;
        after = bounds.1.to_string();
        if let Some(lease) = lease {
            lease.progress(&serde_json::json!({ "clocks": total })).await?;
        }
    }
}

async fn chunk(app: &App, tx: &mut Tx, bound: (Id, i64), clocks: &[Clock], bounds: (Id, Id)) -> Result<()> {
    let events = events(tx, bound, clocks, bounds).await?;
    let named: Vec<Event> = events.values().flatten().cloned().collect();
    let mut known = calendars(app, tx, &named).await?;
    known.insert(bound, calendar::pinned_version(app, tx, bound.0, bound.1).await?.compiled);
    let now = tx.now();
    let (mut settled, mut former, mut moved) = (Vec::new(), Vec::new(), HashMap::new());
    for clock in clocks {
        let mut standing = stand(clock, bound, events.get(&clock.id), &known)?;
        if standing.state == ClockState::Running && standing.due_at.is_some_and(|due| due < now) {
            standing.breached_at = standing.due_at;
        }
        let after = (standing.remaining_ms, standing.due_at, standing.breached_at);
        if after == (clock.remaining_ms, clock.due_at, clock.breached_at) {
            continue;
        }
        former.push(args![clock.id, clock.calendar_version, clock.due_at, now]);
        settled.push([Value::from(clock.id), after.0.into(), after.1.into(), after.2.into()]);
        moved.insert(clock.id, standing);
    }
    tx.insert_many(sql::FORMER_HEAD, former, sql::FORMER_TAIL).await?;
    for query in sql::settle_many(settled) {
        tx.exec_query(query).await?;
    }
    move_steps(tx, bound, bounds, &moved, &known).await?;
    tx.exec(sql::PIN_BETWEEN, args![bounds.0, bounds.1, bound.0, bound.1]).await.map(drop)
}

/// Returns the events of the clocks that more than one thing happened to, as they count by the new version.
async fn events(
    tx: &mut Tx,
    bound: (Id, i64),
    clocks: &[Clock],
    bounds: (Id, Id),
) -> Result<HashMap<Id, Vec<Event>>> {
    let mut events: HashMap<Id, Vec<Event>> = HashMap::new();
    if clocks.iter().all(|clock| clock.version == 1) {
        return Ok(events);
    }
    let rows: Vec<EventRow> = tx.all(sql::EVENTS_BETWEEN, args![bounds.0, bounds.1, bound.0]).await?;
    for row in rows {
        let calendar = row.calendar_id.zip(row.calendar_version);
        let calendar = calendar.map(|named| if named.0 == bound.0 { bound } else { named });
        let EventRow { act, budget_seconds, happened_at, .. } = row;
        events.entry(row.clock_id).or_default().push(Event { act, calendar, budget_seconds, happened_at });
    }
    Ok(events)
}

fn stand(
    clock: &Clock,
    bound: (Id, i64),
    events: Option<&Vec<Event>>,
    known: &Calendars,
) -> Result<Standing> {
    let begun;
    let events = match events {
        Some(events) => events.as_slice(),
        None => {
            begun = [Event {
                act: ClockAct::Start,
                calendar: Some(bound),
                budget_seconds: Some(clock.budget_seconds),
                happened_at: clock.started_at,
            }];
            &begun
        }
    };
    rules::fold(events, |named| of(known, named))
}

async fn move_steps(
    tx: &mut Tx,
    bound: (Id, i64),
    bounds: (Id, Id),
    moved: &HashMap<Id, Standing>,
    known: &Calendars,
) -> Result<()> {
    if moved.is_empty() {
        return Ok(());
    }
    let compiled = of(known, bound)?;
    let steps: Vec<StepRow> = tx.all(sql::STEPS_BETWEEN, args![bounds.0, bounds.1, bound.0]).await?;
    let mut rows = Vec::new();
    for step in steps {
        if let Some(standing) = moved.get(&step.clock_id).filter(|s| s.state == ClockState::Running) {
            let fire_at = rules::fire_at(standing, step.basis, step.amount, compiled)?;
            rows.push([Value::from(step.clock_id), step.step.into(), fire_at.into()]);
        }
    }
    for query in sql::move_steps(rows) {
        tx.exec_query(query).await?;
    }
    Ok(())
}
