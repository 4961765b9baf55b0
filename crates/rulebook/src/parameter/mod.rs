//! Policy parameter (政策参数): a figure behind a "regularly" or "in time" of the documents.
//!
//! Its default comes from a pack; a person changes it with a reason, and every value is kept.

pub mod api;
mod rules;
mod service;
mod sql;

use kernel::{Id, Labelled, Problem, Result, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::expr;
use crate::pack::Text;

pub(crate) use rules::{check_default, reason_fits};
pub use service::{change, get, get_in, history};
pub(crate) use service::{change_in, inputs, inputs_under, list, publish};

text_enum! {
    /// Kind of a policy parameter's value.
    pub enum Kind {
        /// Whole number.
        Integer = "integer",
        /// Number with a fraction.
        Decimal = "decimal",
        /// Number of percent: 95 is 95 %.
        Percent = "percent",
        /// Whole number of minutes.
        Minutes = "minutes",
        /// Whole number of days.
        Days = "days",
        /// From a time of day to a time of day, past midnight too: `21:00-09:00`.
        TimeRange = "time_range",
        /// Yes or no.
        Boolean = "boolean",
        /// Text.
        Text = "text",
    }
}

impl Kind {
    /// Returns what an expression sees.
    pub fn in_expressions(self) -> expr::Kind {
        match self {
            Self::Integer => expr::Kind::Integer,
            Self::Decimal | Self::Percent => expr::Kind::Real,
            Self::Minutes | Self::Days => expr::Kind::Duration,
            Self::Boolean => expr::Kind::Boolean,
            Self::Text => expr::Kind::Text,
            Self::TimeRange => expr::Kind::TimeRange,
        }
    }
}

/// A policy parameter as a pack declares it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParameterSpec {
    /// Its key, such as `contact.email.cap_per_7_days`.
    pub key: String,
    /// Kind of its value.
    pub kind: Kind,
    /// The value until somebody changes it.
    pub default: Json,
    /// What is counted, where the kind does not say it.
    #[serde(default)]
    pub unit: Text,
    /// The smallest value allowed.
    #[serde(default)]
    pub minimum: Option<f64>,
    /// The largest value allowed.
    #[serde(default)]
    pub maximum: Option<f64>,
    /// The clauses that it serves.
    #[serde(default)]
    pub clauses: Vec<String>,
    /// Its name.
    pub title: Text,
    /// What it decides.
    #[serde(default)]
    pub text: Text,
}

/// Time of day range (时段), in minutes since midnight; it runs past midnight where `to` is not after `from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeRange {
    /// First minute inside.
    pub from: u16,
    /// First minute after it.
    pub to: u16,
}

impl TimeRange {
    /// Returns true where this minute of the day is inside; a range of no length holds nothing.
    pub fn contains(self, minute_of_day: u16) -> bool {
        if self.from <= self.to {
            (self.from..self.to).contains(&minute_of_day)
        } else {
            minute_of_day >= self.from || minute_of_day < self.to
        }
    }
}

/// Value of a policy parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Whole number.
    Integer(i64),
    /// Number with a fraction.
    Decimal(f64),
    /// Number of percent.
    Percent(f64),
    /// Whole number of minutes.
    Minutes(i64),
    /// Whole number of days.
    Days(i64),
    /// Time of day range.
    TimeRange(TimeRange),
    /// Yes or no.
    Boolean(bool),
    /// Text.
    Text(String),
}

macro_rules! getters {
    ($($(#[$meta:meta])* $name:ident: $variant:ident -> $kind:ty;)+) => { $(
        $(#[$meta])*
        pub fn $name(&self) -> Result<$kind> {
            match self {
                Self::$variant(value) => Ok(value.clone()),
                other => Err(other.wrong_kind(stringify!($name))),
            }
        }
    )+ };
}

impl Value {
    getters! {
        /// Returns the whole number.
        integer: Integer -> i64;
        /// Returns the number with a fraction.
        decimal: Decimal -> f64;
        /// Returns the number of percent.
        percent: Percent -> f64;
        /// Returns the number of minutes.
        minutes: Minutes -> i64;
        /// Returns the number of days.
        days: Days -> i64;
        /// Returns the time of day range.
        time_range: TimeRange -> TimeRange;
        /// Returns yes or no.
        boolean: Boolean -> bool;
        /// Returns the text.
        text: Text -> String;
    }

    fn wrong_kind(&self, wanted: &str) -> Problem {
        Problem::internal(format!("policy parameter is no {wanted}: {self:?}"))
    }
}

/// The value that a parameter had when something was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ParameterInput)]
pub struct Input {
    /// Kind of the value.
    pub kind: Kind,
    /// The value.
    #[schema(value_type = serde_json::Value)]
    pub value: Json,
}

/// A policy parameter with its present value (政策参数).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Parameter {
    /// Its key.
    pub key: String,
    /// Its name, in the caller's language.
    pub title: String,
    /// What it decides.
    pub text: String,
    /// Kind of its value.
    pub kind: Kind,
    /// Its present value.
    #[schema(value_type = serde_json::Value)]
    pub value: Json,
    /// The value that the pack states.
    #[schema(value_type = serde_json::Value)]
    pub default: Json,
    /// What is counted.
    pub unit: String,
    /// The smallest value allowed.
    pub minimum: Option<f64>,
    /// The largest value allowed.
    pub maximum: Option<f64>,
    /// The clauses that it serves.
    pub clauses: Vec<String>,
    /// The pack that declares it.
    pub pack_id: String,
    /// True where a person changed it.
    pub changed: bool,
    /// Counts the changes; for `If-Match`.
    pub version: i64,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Labelled for Parameter {
    const NOUN: &'static str = "rulebook.parameter";
}

/// Change of a policy parameter (参数变更), kept for ever.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ParameterChange {
    /// Its id.
    pub id: Id,
    /// The parameter.
    pub parameter_key: String,
    /// The version that the parameter had from then on.
    pub version: i64,
    /// The value before; absent for the first.
    #[schema(value_type = Option<serde_json::Value>)]
    pub before: Option<Json>,
    /// The value from then on.
    #[schema(value_type = serde_json::Value)]
    pub after: Json,
    /// Why.
    pub reason: String,
    /// Who; absent where a pack brought it.
    pub changed_by: Option<Id>,
    /// Their name.
    pub changed_by_name: String,
    /// When.
    pub at: Timestamp,
}

impl Labelled for ParameterChange {
    const NOUN: &'static str = "rulebook.parameter_change";
}

/// A wanted change of a policy parameter.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewValue {
    /// The new value, as its kind asks.
    #[schema(value_type = serde_json::Value)]
    pub value: Json,
    /// Why it changes.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
}
