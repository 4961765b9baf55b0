use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use http_kit::App;
use kernel::{Id, Page, PageQuery, Problem, Result, Timestamp};
use store::{Audit, Query, Tx, args};

use super::rules::{self, Event, Standing};
use super::{
    Clock, ClockAct, ClockDetail, ClockEvent, ClockFilter, ClockState, ClockStepRow, FormerDue, NewClock, sql,
};
use crate::calendar::{self, Compiled};

/// Noun of the lock that orders what happens to one clock.
const LOCK: &str = "rulebook.clock";

/// Starts a clock in the caller's transaction, from when the thing began.
pub async fn start(app: &App, tx: &mut Tx, new: NewClock<'_>, happened_at: Timestamp) -> Result<Clock> {
    rules::check_budget(new.budget_seconds)?;
    rules::check_ladder(&new.ladder)?;
    let pin = calendar::pinned(app, tx, new.calendar).await?;
    let receiver = calendar::pinned(app, tx, new.receiver_calendar).await?;
    let bound = (pin.calendar_id, pin.version);
    let event = Event {
        act: ClockAct::Start,
        calendar: Some(bound),
        budget_seconds: Some(new.budget_seconds),
        happened_at,
    };
    let standing = rules::fold(std::slice::from_ref(&event), |_| Ok(&pin.compiled))?;
    let (id, now) = (Id::new(), tx.now());
    let args = args![
        id,
        new.subject_noun,
        new.subject_id,
        new.kind,
        pin.calendar_id,
        pin.version,
        new.follows,
        receiver.calendar_id,
        new.budget_seconds,
        happened_at,
        standing.remaining_ms,
        standing.due_at,
        now,
    ];
    tx.exec(sql::INSERT, args).await?;
    record(tx, id, 1, &event).await?;
    for step in &new.ladder {
        let fire_at = rules::fire_at(&standing, step.basis, step.amount, &pin.compiled)?;
        let args = args![id, &step.name, step.basis.as_str(), step.amount, step.waits, fire_at];
        tx.exec(sql::ADD_STEP, args).await?;
    }
    tx.get(sql::FIND, args![id]).await
}

/// Halts a clock.
pub async fn pause(app: &App, tx: &mut Tx, id: Id, happened_at: Timestamp) -> Result<Clock> {
    happen(app, tx, id, plain(ClockAct::Pause, happened_at)).await
}

/// Lets a clock go on.
pub async fn resume(app: &App, tx: &mut Tx, id: Id, happened_at: Timestamp) -> Result<Clock> {
    happen(app, tx, id, plain(ClockAct::Resume, happened_at)).await
}

/// Ends a clock; whether its time was kept is decided at `happened_at`, however late this is said.
pub async fn stop(app: &App, tx: &mut Tx, id: Id, happened_at: Timestamp) -> Result<Clock> {
    happen(app, tx, id, plain(ClockAct::Stop, happened_at)).await
}

/// Gives a clock another calendar or another budget from then on; what was worked before stays counted.
pub async fn rebind(
    app: &App,
    tx: &mut Tx,
    id: Id,
    calendar: Option<&str>,
    budget_seconds: Option<i64>,
    happened_at: Timestamp,
) -> Result<Clock> {
    if let Some(seconds) = budget_seconds {
        rules::check_budget(seconds)?;
    }
    let calendar = match calendar {
        Some(code) => {
            let pin = calendar::pinned(app, tx, Some(code)).await?;
            Some((pin.calendar_id, pin.version))
        }
        None => None,
    };
    let event = Event { act: ClockAct::Rebind, calendar, budget_seconds, happened_at };
    let before: Clock = tx.get(sql::FIND, args![id]).await?;
    let after = happen(app, tx, id, event).await?;
    tx.audit(Audit::new("rebind", LOCK, id).change(Some(&before), Some(&after))).await?;
    Ok(after)
}

fn plain(act: ClockAct, happened_at: Timestamp) -> Event {
    Event { act, calendar: None, budget_seconds: None, happened_at }
}

/// Records an event and folds all of the clock's events anew, this one at its place in time.
async fn happen(app: &App, tx: &mut Tx, id: Id, event: Event) -> Result<Clock> {
    tx.lock(LOCK, id).await?;
    let clock: Clock = tx.get(sql::FIND, args![id]).await?;
    if event.happened_at > tx.now() {
        return Err(Problem::unprocessable("rulebook.clock.in_the_future"));
    }
    let recorded: Vec<ClockEvent> = tx.all(sql::EVENTS, args![id]).await?;
    record(tx, id, clock.version + 1, &event).await?;
    let mut events: Vec<Event> = recorded.iter().map(|event| as_counted(&clock, event)).collect();
    events.push(event);
    let calendars = calendars(app, tx, &events).await?;
    let standing = rules::fold(&events, |bound| of(&calendars, bound))?;
    let args = args![
        id,
        clock.version,
        standing.calendar.0,
        standing.calendar.1,
        standing.budget_seconds,
        standing.state.as_str(),
        standing.started_at,
        standing.remaining_ms,
        standing.last_event_at,
        standing.due_at,
        standing.stopped_at,
        standing.breached_at,
        tx.now(),
    ];
    tx.exec_one(sql::SETTLE, args).await?;
    move_steps(tx, id, &standing, of(&calendars, standing.calendar)?).await?;
    tx.get(sql::FIND, args![id]).await
}

async fn move_steps(tx: &mut Tx, id: Id, standing: &Standing, compiled: &Compiled) -> Result<()> {
    let steps: Vec<ClockStepRow> = tx.all(sql::STEPS, args![id]).await?;
    for step in steps.iter().filter(|step| step.fired_at.is_none()) {
        let fire_at = match standing.state {
            ClockState::Running => Some(rules::fire_at(standing, step.basis, step.amount, compiled)?),
            ClockState::Paused | ClockState::Stopped => None,
        };
        tx.exec(sql::MOVE_STEP, args![id, &step.step, fire_at]).await?;
    }
    Ok(())
}

async fn record(tx: &mut Tx, id: Id, position: i64, event: &Event) -> Result<()> {
    let (calendar, version) = event.calendar.unzip();
    let by = tx.caller().find_user_id();
    let args = args![
        id,
        position,
        event.act.as_str(),
        calendar,
        version,
        event.budget_seconds,
        event.happened_at,
        tx.now(),
        by,
    ];
    tx.exec(sql::RECORD, args).await.map(drop)
}

/// Returns an event as it counts now: a clock that follows its calendar counts all by the version that it
/// has come to.
fn as_counted(clock: &Clock, event: &ClockEvent) -> Event {
    let calendar = event.calendar_id.zip(event.calendar_version).map(|(id, version)| {
        if id == clock.calendar_id { (id, clock.calendar_version.max(version)) } else { (id, version) }
    });
    Event { act: event.act, calendar, budget_seconds: event.budget_seconds, happened_at: event.happened_at }
}

/// Calendars by what is bound to them.
pub(super) type Calendars = HashMap<(Id, i64), Arc<Compiled>>;

/// Returns the calendars that events name.
pub(super) async fn calendars(app: &App, tx: &mut Tx, events: &[Event]) -> Result<Calendars> {
    let mut calendars = Calendars::new();
    for bound in events.iter().filter_map(|event| event.calendar) {
        if let Entry::Vacant(free) = calendars.entry(bound) {
            free.insert(calendar::pinned_version(app, tx, bound.0, bound.1).await?.compiled);
        }
    }
    Ok(calendars)
}

/// Returns one of them.
pub(super) fn of(calendars: &Calendars, bound: (Id, i64)) -> Result<&Compiled> {
    let found = calendars.get(&bound).map(Arc::as_ref);
    found.ok_or_else(|| Problem::internal(format!("no version {} of calendar {}", bound.1, bound.0)))
}

/// Returns clocks: running ones by when they are due, others by when they were made.
pub async fn list(app: &App, page: &PageQuery, filter: &ClockFilter) -> Result<Page<Clock>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    let state = match (filter.state, filter.subject_id) {
        (None, None) => Some(ClockState::Running),
        (state, _) => state,
    };
    query
        .and_some("subject_noun =", filter.subject_noun.as_deref())
        .and_some("subject_id =", filter.subject_id)
        .and_some("state =", state.map(ClockState::as_str));
    // Running clocks are always due at some time; others may not be.
    let by_due = state == Some(ClockState::Running);
    if let Some((due, id)) = page.after::<(i64, Id)>()? {
        match by_due {
            true => query.push(" AND (due_at, id) > (").bind(due).push(", ").bind(id).push(")"),
            false => query.and("id >", id),
        };
    }
    query.push(if by_due { " ORDER BY due_at, id" } else { " ORDER BY id" }).limit_overfull(size);
    let clocks: Vec<Clock> = app.store.list(query).await?;
    Ok(Page::from_overfull(clocks, size, |clock| (clock.due_at.map_or(0, Timestamp::ms), clock.id)))
}

/// Returns a clock with all that happened to it.
pub async fn get(app: &App, id: Id) -> Result<ClockDetail> {
    let clock: Clock = app.store.get(sql::FIND, args![id]).await?;
    let events: Vec<ClockEvent> = app.store.all(sql::EVENTS, args![id]).await?;
    let steps: Vec<ClockStepRow> = app.store.all(sql::STEPS, args![id]).await?;
    let former: Vec<FormerDue> = app.store.all(sql::FORMER, args![id]).await?;
    Ok(ClockDetail { clock, events, steps, former })
}
