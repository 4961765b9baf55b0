use kernel::{Id, Problem, Result, Timestamp};

use super::{ClockAct, ClockState, Step, StepBasis};
use crate::calendar::Compiled;

/// Longest budget: ten years of seconds.
const BUDGET_MAX: i64 = 10 * 366 * 86_400;
/// Most steps of a ladder.
const STEPS_MAX: usize = 20;
/// Most percent of a step: ten times the budget.
const PERCENT_MAX: i64 = 1_000;

/// One event as it counts.
#[derive(Clone, Debug)]
pub struct Event {
    pub act: ClockAct,
    /// Calendar and version from then on.
    pub calendar: Option<(Id, i64)>,
    pub budget_seconds: Option<i64>,
    pub happened_at: Timestamp,
}

/// What the events of a clock come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: ClockState,
    pub calendar: (Id, i64),
    pub budget_seconds: i64,
    pub started_at: Timestamp,
    pub remaining_ms: i64,
    pub last_event_at: Timestamp,
    pub due_at: Option<Timestamp>,
    pub stopped_at: Option<Timestamp>,
    pub breached_at: Option<Timestamp>,
}

/// Returns what events come to, in the order in which they happened; of one moment, in the order in which
/// they were recorded. An order that makes no sense is refused.
pub fn fold<'k>(events: &[Event], calendar: impl Fn((Id, i64)) -> Result<&'k Compiled>) -> Result<Standing> {
    let mut events: Vec<&Event> = events.iter().collect();
    // A clock starts first, whatever else happened in that moment.
    events.sort_by_key(|event| (event.happened_at, event.act != ClockAct::Start));
    let (first, rest) = events.split_first().ok_or_else(|| out_of_order(ClockAct::Start))?;
    let (ClockAct::Start, Some(bound), Some(budget)) = (first.act, first.calendar, first.budget_seconds)
    else {
        return Err(out_of_order(first.act));
    };
    let mut standing = Standing {
        state: ClockState::Running,
        calendar: bound,
        budget_seconds: budget,
        started_at: first.happened_at,
        remaining_ms: budget * 1_000,
        last_event_at: first.happened_at,
        due_at: None,
        stopped_at: None,
        breached_at: None,
    };
    due(&mut standing, calendar(bound)?)?;
    for event in rest {
        let compiled = calendar(standing.calendar)?;
        count(&mut standing, event.happened_at, compiled)?;
        apply(&mut standing, event)?;
        let compiled = calendar(standing.calendar)?;
        due(&mut standing, compiled)?;
    }
    Ok(standing)
}

/// Takes the work until `at` off what is left, and sees whether the time ran out before.
fn count(standing: &mut Standing, at: Timestamp, compiled: &Compiled) -> Result<()> {
    if standing.state == ClockState::Running {
        standing.remaining_ms -= compiled.ms_between(standing.last_event_at, at)?;
        if standing.breached_at.is_none() && standing.due_at.is_some_and(|due| due < at) {
            standing.breached_at = standing.due_at;
        }
    }
    standing.last_event_at = at;
    Ok(())
}

fn apply(standing: &mut Standing, event: &Event) -> Result<()> {
    match (event.act, standing.state) {
        (ClockAct::Pause, ClockState::Running) => standing.state = ClockState::Paused,
        (ClockAct::Resume, ClockState::Paused) => standing.state = ClockState::Running,
        (ClockAct::Stop, ClockState::Running | ClockState::Paused) => {
            standing.state = ClockState::Stopped;
            standing.stopped_at = Some(event.happened_at);
        }
        (ClockAct::Rebind, ClockState::Running | ClockState::Paused) => {
            let budget = event.budget_seconds.unwrap_or(standing.budget_seconds);
            standing.remaining_ms += (budget - standing.budget_seconds) * 1_000;
            standing.budget_seconds = budget;
            standing.calendar = event.calendar.unwrap_or(standing.calendar);
        }
        (act, _) => return Err(out_of_order(act)),
    }
    Ok(())
}

/// Says when a clock is due. Time that ran out stays run out, whatever it is bound to later. One whose time ran out was due then; a stopped one keeps what it had.
fn due(standing: &mut Standing, compiled: &Compiled) -> Result<()> {
    match standing.state {
        ClockState::Paused => standing.due_at = standing.breached_at,
        ClockState::Stopped => {}
        ClockState::Running if standing.breached_at.is_some() => standing.due_at = standing.breached_at,
        ClockState::Running => {
            let due = compiled.add_ms(standing.last_event_at, standing.remaining_ms.max(0))?;
            standing.due_at = Some(due);
        }
    }
    Ok(())
}

/// Returns when a step comes due: when so much work is left, or so much was done too many. What lies before
/// the newest event has been reached already, and is due at once.
pub fn fire_at(standing: &Standing, basis: StepBasis, amount: i64, compiled: &Compiled) -> Result<Timestamp> {
    let left_ms = match basis {
        StepBasis::Percent => standing.budget_seconds * 10 * (100 - amount),
        StepBasis::BeforeDue => amount * 1_000,
        StepBasis::AfterDue => -amount * 1_000,
    };
    compiled.add_ms(standing.last_event_at, (standing.remaining_ms - left_ms).max(0))
}

/// Checks a budget in seconds of work.
pub fn check_budget(seconds: i64) -> Result<()> {
    if (0..=BUDGET_MAX).contains(&seconds) {
        return Ok(());
    }
    Err(Problem::unprocessable("rulebook.clock.budget_out_of_range").with("max", BUDGET_MAX))
}

/// Checks a ladder.
pub fn check_ladder(ladder: &[Step]) -> Result<()> {
    let twice = |place: usize| ladder[..place].iter().any(|step| step.name == ladder[place].name);
    let amount = |step: &Step| match step.basis {
        StepBasis::Percent => (0..=PERCENT_MAX).contains(&step.amount),
        StepBasis::BeforeDue | StepBasis::AfterDue => (0..=BUDGET_MAX).contains(&step.amount),
    };
    let named = |step: &Step| (1..=50).contains(&step.name.len());
    if ladder.len() > STEPS_MAX
        || !(0..ladder.len()).all(|p| named(&ladder[p]) && amount(&ladder[p]) && !twice(p))
    {
        return Err(Problem::unprocessable("rulebook.clock.ladder_invalid"));
    }
    Ok(())
}

fn out_of_order(act: ClockAct) -> Problem {
    Problem::conflict("rulebook.clock.out_of_order").with("act", act)
}
