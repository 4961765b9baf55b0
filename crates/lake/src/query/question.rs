use kernel::{Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Column, EventFilter, Span};

/// Question (问题) about events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Question {
    /// How many, how much.
    Total(Total),
    /// How many people go step by step.
    Funnel(Funnel),
    /// How many people come back.
    Retention(Retention),
    /// Which people did something so often, so much, so early or so late.
    PerPerson(PerPerson),
    /// How late, how often and how much, in groups of equal size.
    Rfm(Rfm),
}

/// Total (汇总): one figure, by groups and periods where asked.
///
/// Without `by` and `every` there is one row, also where no event fits. With them there is a row for each group and
/// period that has an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EventTotal)]
pub struct Total {
    /// Of which events.
    #[serde(default)]
    pub filter: EventFilter,
    /// Of which time.
    #[serde(default)]
    pub span: Span,
    /// What is counted.
    pub measure: Measure,
    /// A group for each value of this column, and one for events without; `value` is no such column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Column>,
    /// A row for each period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Every>,
    /// Only the groups with the greatest figures of the whole span (equal ones in the order of their value).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1000)]
    pub top: Option<u32>,
}

/// Measure (度量) of events.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EventMeasure)]
pub enum Measure {
    /// Events.
    Count,
    /// People, each once in a row.
    People,
    /// Sum of `value`; none where no event has one.
    Sum,
    /// Average of `value`.
    Average,
    /// Least `value`.
    Min,
    /// Greatest `value`.
    Max,
    /// The `value` below which so many percent lie, interpolated between the two nearest.
    Percentile(f64),
    /// Different values of a column; `value` is no such column.
    Distinct(Column),
}

text_enum! {
    /// Unit (周期单位) of the calendar.
    #[schema(as = EventPeriodUnit)]
    pub enum Unit {
        /// Hour.
        Hour = "hour",
        /// Day.
        Day = "day",
        /// Week, from Monday.
        Week = "week",
        /// Month.
        Month = "month",
    }
}

/// Periods (周期) of a calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EventPeriods)]
pub struct Every {
    /// How long.
    pub unit: Unit,
    /// Where: IANA name of the time zone.
    #[serde(default = "utc")]
    #[schema(examples("Asia/Shanghai"))]
    pub zone: String,
}

fn utc() -> String {
    "UTC".to_owned()
}

/// Funnel (漏斗): how many people reached each step.
///
/// Somebody reached step `k` who has `k` different events, one for each step in turn, none earlier than the one before,
/// and the last at most `within_ms` after the first (that border counts). Whatever happens in between does not matter,
/// and of several beginnings the one that leads furthest counts. Events of the same time may come in either order, and
/// one event never takes two steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EventFunnel)]
pub struct Funnel {
    /// The steps.
    #[schema(min_items = 1, max_items = 20)]
    pub steps: Vec<EventFilter>,
    /// From the first event to the last, at most.
    #[schema(minimum = 0)]
    pub within_ms: i64,
    /// Of which time: every step.
    #[serde(default)]
    pub span: Span,
    /// A funnel for each value of this column of the first event; somebody with beginnings in several is in each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Column>,
}

/// Retention (留存): of the people who began in a period, how many came back in the periods after it.
///
/// A person is in the cohort of the first event that fits `start`. They came back in period `k` where an event that fits
/// `back`, another than that first one and not earlier, is in the period `k` after the cohort's; 0 is the cohort's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EventRetention)]
pub struct Retention {
    /// What begins.
    pub start: EventFilter,
    /// What counts as coming back.
    pub back: EventFilter,
    /// The periods; hours are too short.
    pub every: Every,
    /// How many periods after the cohort's own are looked at.
    #[schema(minimum = 1, maximum = 400)]
    pub periods: u32,
    /// Of which time: beginning and coming back.
    #[serde(default)]
    pub span: Span,
}

/// People (按人筛选) by what their events come to.
///
/// Who has no event that fits is never among them: whoever looks for those takes everybody else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EventPerPerson)]
pub struct PerPerson {
    /// Which events.
    #[serde(default)]
    pub filter: EventFilter,
    /// Of which time.
    #[serde(default)]
    pub span: Span,
    /// What they come to.
    pub test: PersonTest,
    /// What else they come to: each of these holds, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10)]
    pub also: Vec<PersonTest>,
    /// Leaves out whoever did one of these, in the same span, later than the last event that fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_since: Option<EventFilter>,
    /// Names so many of the people, in the order of their nodes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub nodes: Option<u32>,
}

/// Test (判定) of one person's events.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EventPersonTest)]
pub enum PersonTest {
    /// How many there are.
    Count(Bounds<i64>),
    /// Sum of their `value`; those without one count as 0.
    Sum(Bounds<f64>),
    /// When the first happened.
    First(Bounds<Timestamp>),
    /// When the last happened.
    Last(Bounds<Timestamp>),
}

/// Recency, frequency, monetary value (RFM 分层): whoever did something is put into groups of equal size by when they did
/// it last, by how often, and by what it was worth.
///
/// Group 1 has the earliest, the fewest and the least. Where people cannot be divided evenly the first groups have one
/// more; equal figures are in the order of the nodes. That is what `NTILE` does in SQL.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EventRfm)]
pub struct Rfm {
    /// Which events.
    #[serde(default)]
    pub filter: EventFilter,
    /// Of which time.
    #[serde(default)]
    pub span: Span,
    /// How many groups by each of the three.
    #[serde(default = "quintiles")]
    #[schema(minimum = 2, maximum = 10)]
    pub groups: u32,
}

fn quintiles() -> u32 {
    5
}

/// Bounds (界限), both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bounds<T> {
    /// At least this.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub at_least: Option<T>,
    /// At most this.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub at_most: Option<T>,
}

fn none<T>() -> Option<T> {
    None
}

impl<T: PartialOrd> Bounds<T> {
    /// Returns true where the value is in them.
    pub fn has(&self, value: &T) -> bool {
        self.at_least.as_ref().is_none_or(|least| value >= least)
            && self.at_most.as_ref().is_none_or(|most| value <= most)
    }
}
