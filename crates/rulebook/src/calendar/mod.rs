//! Calendar (工作日历): when people work, as versioned records with public holidays and make-up days.
//!
//! A version never changes; a new one holds from its first day on, so what was counted before stays.

pub mod api;
mod china;
mod compile;
mod ical;
pub(crate) mod rules;
mod service;
mod sql;
mod year;

use kernel::{Day, Id, Labelled, LocalText, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use compile::Compiled;
pub use service::{
    BUILT_IN, calculate, change, create, due_after, ensure_built_in, get, history, import, list, preview,
    working, working_in, year,
};
pub(crate) use service::{Cache, pinned, pinned_version};

text_enum! {
    /// Day of the week (星期).
    pub enum Weekday {
        /// Monday.
        Monday = "monday",
        /// Tuesday.
        Tuesday = "tuesday",
        /// Wednesday.
        Wednesday = "wednesday",
        /// Thursday.
        Thursday = "thursday",
        /// Friday.
        Friday = "friday",
        /// Saturday.
        Saturday = "saturday",
        /// Sunday.
        Sunday = "sunday",
    }
}

text_enum! {
    /// Public holidays that are built in (内置节假日).
    pub enum HolidaySet {
        /// Mainland China, with make-up working days.
        China = "cn",
    }
}

text_enum! {
    /// How a day is worked (日别).
    pub enum DayKind {
        /// By the hours of its weekday.
        Open = "open",
        /// A weekday without hours.
        Closed = "closed",
        /// Off, though its weekday may have hours.
        Holiday = "holiday",
        /// Worked to make up for a day off (补班).
        MakeUp = "make_up",
        /// By hours of its own.
        Special = "special",
    }
}

/// Hours of a weekday (每周工时); an end that is not after the start lies on the day after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeeklyHours {
    /// The weekday on which they begin.
    pub weekday: Weekday,
    /// First minute inside, `HH:MM`.
    #[schema(pattern = "^[0-2][0-9]:[0-5][0-9]$", example = "09:00")]
    pub from: String,
    /// First minute after, `HH:MM`; `24:00` is the end of the day.
    #[schema(pattern = "^[0-2][0-9]:[0-5][0-9]$", example = "18:00")]
    pub to: String,
}

/// Hours of one day (当日工时).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DayHours)]
pub struct Hours {
    /// First minute inside, `HH:MM`.
    #[schema(pattern = "^[0-2][0-9]:[0-5][0-9]$", example = "09:00")]
    pub from: String,
    /// First minute after, `HH:MM`.
    #[schema(pattern = "^[0-2][0-9]:[0-5][0-9]$", example = "12:00")]
    pub to: String,
}

/// What holds on a day that is not like others (例外规则).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DayRule {
    /// Nobody works.
    Closed,
    /// These hours instead of those of the week.
    Hours {
        /// At least one.
        hours: Vec<Hours>,
    },
    /// The hours of another weekday (补班).
    MakeUp {
        /// That weekday.
        weekday: Weekday,
    },
}

/// A day that is not like others (例外日).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CalendarException)]
pub struct ExceptionSpec {
    /// The day.
    pub date: Day,
    /// What holds on it.
    pub rule: DayRule,
    /// Why, in the words of whoever wrote it.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub name: String,
}

/// What a version of a calendar says (日历定义).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarSpec {
    /// Time zone by its IANA name, such as `Asia/Shanghai`.
    #[schema(max_length = 100)]
    pub time_zone: String,
    /// Hours of the week, as many as there are.
    pub weekly: Vec<WeeklyHours>,
    /// Days that are not like others; each goes before the public holidays.
    #[serde(default)]
    pub exceptions: Vec<ExceptionSpec>,
    /// The public holidays that hold.
    #[serde(default)]
    pub holidays: Option<HolidaySet>,
}

/// Calendar (工作日历) as it stands.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = WorkCalendar)]
pub struct Calendar {
    /// Its id.
    pub id: Id,
    /// Its code, such as `company`.
    pub code: String,
    /// Its name in three languages.
    pub names: LocalText,
    /// What its newest version says.
    pub definition: CalendarSpec,
    /// The day from which on that holds.
    pub effective_from: Day,
    /// Why it is so.
    pub reason: String,
    /// Counts the versions; for `If-Match`.
    pub version: i64,
    /// Who made the newest version.
    pub changed_by_name: String,
    /// When.
    pub updated_at: Timestamp,
}

impl Labelled for Calendar {
    const NOUN: &'static str = "rulebook.calendar";
}

/// Version of a calendar (日历版本), kept for ever.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CalendarVersion {
    /// Its id.
    pub id: Id,
    /// Which one, from 1.
    pub version: i64,
    /// What it says.
    pub definition: CalendarSpec,
    /// The day from which on it holds.
    pub effective_from: Day,
    /// Why.
    pub reason: String,
    /// Who; absent for the built-in one.
    pub changed_by: Option<Id>,
    /// Their name.
    pub changed_by_name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Labelled for CalendarVersion {
    const NOUN: &'static str = "rulebook.calendar_version";
}

/// A calendar that somebody wants.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCalendar {
    /// Its code: small letters, digits, `-` and `_`.
    #[schema(pattern = "^[a-z][a-z0-9_-]{0,49}$")]
    pub code: String,
    /// Its name in three languages.
    pub names: LocalText,
    /// What it says.
    pub definition: CalendarSpec,
    /// Why it is needed.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
}

/// A wanted change of a calendar.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarChange {
    /// What the new version says.
    pub definition: CalendarSpec,
    /// The day from which on it holds; today when absent. Days before keep what they had.
    #[serde(default)]
    pub effective_from: Option<Day>,
    /// Its new name, where that changes too.
    #[serde(default)]
    pub names: Option<LocalText>,
    /// Why.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
}

/// An iCalendar file whose days become days off.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarImport {
    /// The file's text (RFC 5545).
    pub text: String,
    /// Why it is imported.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
    /// True: only say what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// One event of an imported file (导入结果).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CalendarImportEvent)]
pub struct ImportedEvent {
    /// Which one of the file, from 1.
    pub place: i64,
    /// Its name in the file.
    pub name: String,
    /// The days off that it brought.
    pub days: Vec<Day>,
    /// Code of why it brought none; absent where it did.
    pub rejected: Option<String>,
    /// The same in the caller's language.
    #[serde(default)]
    pub why: Option<String>,
}

/// What became of an imported file: every event of it, taken or rejected.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CalendarImportReceipt {
    /// The calendar's version from then on.
    pub version: i64,
    /// True where nothing was kept.
    pub dry_run: bool,
    /// How many days off came new.
    pub day_count: i64,
    /// How many events were taken.
    pub taken_count: i64,
    /// How many were rejected.
    pub rejected_count: i64,
    /// Every event, in the order of the file.
    pub events: Vec<ImportedEvent>,
}

impl Labelled for CalendarImportReceipt {
    const NOUN: &'static str = "rulebook.calendar_import";
}

/// A definition to look at before it is kept.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CalendarPreviewRequest)]
pub struct PreviewRequest {
    /// What it would say.
    pub definition: CalendarSpec,
    /// The year to look at.
    #[schema(minimum = 1971, maximum = 2198)]
    pub year: i16,
}

/// Which year to look at.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct YearFilter {
    /// The year; the present one when absent.
    #[param(minimum = 1971, maximum = 2198)]
    pub year: Option<i16>,
}

/// One day of a year view.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CalendarDay {
    /// The day.
    pub date: Day,
    /// How it is worked.
    pub kind: DayKind,
    /// Why, where it is not like others.
    pub name: Option<String>,
    /// Its minutes of work, by the clock on the wall.
    pub minutes: i64,
}

/// One month of a year view.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CalendarMonth {
    /// 1 to 12.
    pub month: i64,
    /// Days with work.
    pub open_days: i64,
    /// Minutes of work, as clocks count them.
    pub minutes: i64,
}

/// A year of a calendar (年历).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CalendarYear {
    /// The year.
    pub year: i64,
    /// True where public holidays hold and this year's are built in; false: weekends only.
    pub holidays_known: bool,
    /// Its twelve months.
    pub months: Vec<CalendarMonth>,
    /// All its days.
    pub days: Vec<CalendarDay>,
}

impl Labelled for CalendarYear {
    const NOUN: &'static str = "rulebook.calendar_year";
}

/// A question about working time: with `minutes` when that is over, with `to` how much lies between.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Calculation {
    /// From when.
    pub from: Timestamp,
    /// So many minutes of work; negative: before `from`.
    #[serde(default)]
    #[schema(minimum = -5256000, maximum = 5256000)]
    pub minutes: Option<i64>,
    /// Until when.
    #[serde(default)]
    pub to: Option<Timestamp>,
}

/// Its answer.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CalculationResult {
    /// True where the calendar is open at `from`.
    pub open: bool,
    /// When it opens next; `from` itself where it is open.
    pub next_open_at: Timestamp,
    /// When the minutes are over.
    pub due_at: Option<Timestamp>,
    /// How many whole minutes of work lie between.
    pub minutes: Option<i64>,
}

impl Labelled for CalculationResult {
    const NOUN: &'static str = "rulebook.calendar_calculation";
}
