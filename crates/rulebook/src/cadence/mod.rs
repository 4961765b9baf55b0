//! Cadence (周期): what opens by itself, when, for whom, prefilled.
//!
//! An occurrence opens its record once, whoever looks first and however often: the occurrence is the key. What was due
//! while nobody was running is opened late, not dropped; older than a cadence's own reach it is left.

pub(crate) mod jobs;
mod rules;
mod service;
mod sql;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::machine::ReceiverSpec;
use crate::pack::Text;

pub(crate) use rules::{Cadence, prove};
pub use service::{Coming, coming, open_due};

/// A cadence as a pack declares it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CadenceSpec {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// Clauses that it serves.
    #[serde(default)]
    pub clauses: Vec<String>,
    /// When it opens.
    #[serde(with = "serde_yaml_ng::with::singleton_map_recursive")]
    pub when: WhenSpec,
    /// True where a day on which nobody works gives way to the last working day before it.
    #[serde(default)]
    pub on_working_day: bool,
    /// What it opens.
    pub opens: OpensSpec,
    /// Once for each of these records, such as every project that runs; once for the company when absent.
    #[serde(default)]
    pub for_each: Option<ForEachSpec>,
}

/// When a cadence opens (周期规则); times are the company's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum WhenSpec {
    /// Every week, or every so many weeks.
    Weekly {
        /// The day, such as `friday`.
        weekday: Weekday,
        /// The time of day.
        #[serde(default = "morning")]
        time: String,
        /// 2: every other week.
        #[serde(default = "one")]
        every: u8,
    },
    /// Every month, or every so many months.
    Monthly {
        /// The day of the month; 31 means the last one.
        #[serde(default)]
        day: Option<u8>,
        /// Or the day of the week ...
        #[serde(default)]
        weekday: Option<Weekday>,
        /// ... in this week of the month, from 1.
        #[serde(default)]
        week: Option<u8>,
        /// The time of day.
        #[serde(default = "morning")]
        time: String,
        /// Only in these months.
        #[serde(default)]
        months: Vec<u8>,
    },
    /// So long after a time that a record of `for_each` holds.
    After {
        /// The field that holds it.
        field: String,
        /// Days after it.
        #[serde(default)]
        days: Vec<u16>,
        /// Months after it.
        #[serde(default)]
        months: Vec<u8>,
    },
    /// So long before a time that a record of `for_each` holds.
    Before {
        /// The field that holds it.
        field: String,
        /// Days before it.
        days: Vec<u16>,
    },
}

fn morning() -> String {
    "09:00".to_owned()
}

fn one() -> u8 {
    1
}

/// Day of the week (星期).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the days of the week")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// What a cadence opens (开启内容).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpensSpec {
    /// Type of the record.
    pub record: String,
    /// Its values: literals, the words of defaults, `$id` and `$<field>` of the record of `for_each`, `$occurrence`
    /// (the day), `$period` (such as `2026-11` or `2026-W48`) and `$previous_period`.
    #[serde(default)]
    pub values: BTreeMap<String, Json>,
    /// Whose it is; the first of them. Without one it is the owner of the record of `for_each`.
    #[serde(default)]
    pub owner: Option<ReceiverSpec>,
    /// Child tables that are filled from what the product knows.
    #[serde(default)]
    pub fills: BTreeMap<String, Fill>,
}

/// What a child table is filled with (自动填表).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fill {
    /// A row for each metric with limits: what became of its alerts in the period before. Its columns are
    /// `metric`, `rule_name`, `firings`, `false_alarms`, `misses`, `response_minutes`, `proposed_limit` and
    /// `replayed_firings`; those that the table lacks are left out.
    Alerts,
}

/// Records of which each gets its own (逐条开启).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForEachSpec {
    /// Their type.
    pub record: String,
    /// Which of them.
    #[serde(default)]
    pub filter: Option<String>,
}
