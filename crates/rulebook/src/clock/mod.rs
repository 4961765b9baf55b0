//! Clock (计时): how much working time a thing may take, and when it is due.
//!
//! A clock is what its events come to. An event counts from when it happened, however late it is recorded:
//! whether the time was kept is decided there, and what fires on time only tells people.

pub mod api;
pub(crate) mod jobs;
mod ladder;
mod notice;
mod recount;
mod rules;
mod service;
mod sql;

use kernel::{DomainEvent, Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use jobs::FireSteps;
pub use ladder::fire;
pub use recount::recount;
pub use service::{get, list, pause, rebind, resume, start, stop};

text_enum! {
    /// State (状态) of a clock.
    pub enum ClockState {
        /// Working time is counted.
        Running = "running",
        /// It waits for somebody else; nothing is counted.
        Paused = "paused",
        /// Over.
        Stopped = "stopped",
    }
}

text_enum! {
    /// What happened to a clock (计时事件).
    pub enum ClockAct {
        /// It began.
        Start = "start",
        /// It was halted.
        Pause = "pause",
        /// It went on.
        Resume = "resume",
        /// It ended.
        Stop = "stop",
        /// It got another calendar or another budget.
        Rebind = "rebind",
    }
}

text_enum! {
    /// From where a step of the ladder is counted.
    pub enum StepBasis {
        /// So many percent of the budget are used up.
        Percent = "percent",
        /// So many seconds of work before it is due.
        BeforeDue = "before_due",
        /// So many seconds of work after it was due.
        AfterDue = "after_due",
    }
}

/// Step of the ladder (提醒阶梯).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name, such as `warning`; once per clock.
    pub name: String,
    /// From where it is counted.
    pub basis: StepBasis,
    /// Percent of the budget, or seconds of work.
    pub amount: i64,
    /// True: outside the receiver's hours it waits until they open; false: it fires at once.
    pub waits: bool,
}

/// A clock that is to start.
#[derive(Clone, Debug)]
pub struct NewClock<'c> {
    /// Noun of the thing.
    pub subject_noun: &'c str,
    /// The thing.
    pub subject_id: Id,
    /// What is measured, such as `first_response`.
    pub kind: &'c str,
    /// Code of the calendar that it counts by; the company's when absent.
    pub calendar: Option<&'c str>,
    /// Code of the calendar in whose hours reminders arrive; the company's when absent.
    pub receiver_calendar: Option<&'c str>,
    /// True: it is counted anew when its calendar changes.
    pub follows: bool,
    /// So many seconds of work are allowed.
    pub budget_seconds: i64,
    /// Reminders.
    pub ladder: Vec<Step>,
}

/// Clock (计时) as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Clock {
    /// Its id.
    pub id: Id,
    /// Noun of the thing.
    pub subject_noun: String,
    /// The thing.
    pub subject_id: Id,
    /// What is measured.
    pub kind: String,
    /// The calendar that it counts by.
    pub calendar_id: Id,
    /// The version of that calendar.
    pub calendar_version: i64,
    /// True: it is counted anew when its calendar changes.
    pub follows: bool,
    /// So many seconds of work are allowed.
    pub budget_seconds: i64,
    /// Where it stands.
    pub state: ClockState,
    /// When it began.
    pub started_at: Timestamp,
    /// Milliseconds of work that were left at its newest event; negative: so many too many.
    pub remaining_ms: i64,
    /// When its newest event happened.
    pub last_event_at: Timestamp,
    /// When it is due, or was when it stopped; absent while it is paused.
    pub due_at: Option<Timestamp>,
    /// When it ended.
    pub stopped_at: Option<Timestamp>,
    /// When its time ran out; absent where it did not.
    pub breached_at: Option<Timestamp>,
    /// Counts its events.
    pub version: i64,
}

impl Labelled for Clock {
    const NOUN: &'static str = "rulebook.clock";
}

/// Which clocks to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ClockFilter {
    /// Only of things of this noun.
    #[param(max_length = 100)]
    pub subject_noun: Option<String>,
    /// Only of this thing.
    pub subject_id: Option<Id>,
    /// Only in this state; running ones when neither state nor thing is named.
    pub state: Option<ClockState>,
}

/// Event of a clock (计时事件), as it was recorded.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ClockEvent {
    /// In which order it was recorded, from 1.
    pub position: i64,
    /// What happened.
    pub act: ClockAct,
    /// The calendar from then on, where it says so.
    pub calendar_id: Option<Id>,
    /// Its version then.
    pub calendar_version: Option<i64>,
    /// The budget from then on, where it says so.
    pub budget_seconds: Option<i64>,
    /// When it happened.
    pub happened_at: Timestamp,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// Reminder of a clock (提醒).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ClockStepRow {
    /// Its name.
    pub step: String,
    /// From where it is counted.
    pub basis: StepBasis,
    /// Percent of the budget, or seconds of work.
    pub amount: i64,
    /// True: it waits for the receiver's hours.
    pub waits: bool,
    /// When it comes due; absent while the clock is paused.
    pub fire_at: Option<Timestamp>,
    /// Until when it waits for the receiver's hours.
    pub deferred_to: Option<Timestamp>,
    /// When it fired.
    pub fired_at: Option<Timestamp>,
}

/// Due time that a clock had (原到期时间).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FormerDue {
    /// The version of the calendar by which it was counted.
    pub calendar_version: i64,
    /// When it was due.
    pub due_at: Option<Timestamp>,
    /// When that was replaced.
    pub replaced_at: Timestamp,
}

/// A clock with all that happened to it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ClockDetail {
    /// The clock.
    #[serde(flatten)]
    pub clock: Clock,
    /// Its events, in the order in which they were recorded.
    pub events: Vec<ClockEvent>,
    /// Its reminders.
    pub steps: Vec<ClockStepRow>,
    /// The due times that it had before its calendar changed.
    pub former: Vec<FormerDue>,
}

impl Labelled for ClockDetail {
    const NOUN: &'static str = "rulebook.clock";
}

/// A step of a clock's ladder was reached (到达提醒); fires once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClockStep {
    /// The clock.
    pub clock_id: Id,
    /// Noun of the thing.
    pub subject_noun: String,
    /// The thing.
    pub subject_id: Id,
    /// What is measured.
    pub kind: String,
    /// The step's name.
    pub step: String,
    /// When it came due.
    pub fire_at: Timestamp,
    /// When the clock is due.
    pub due_at: Option<Timestamp>,
}

impl DomainEvent for ClockStep {
    const KIND: &'static str = "rulebook.clock_step";
}
