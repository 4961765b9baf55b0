use kernel::text_enum;
use serde::{Deserialize, Serialize};

use super::{Operator, Period};
use crate::pack::Text;

/// Evidence (佐证) by kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum EvidenceSpec {
    /// Counts the rows on which `counted` holds, among those on which `filter` holds.
    Query {
        /// The published view.
        view: String,
        /// The rows that it is about; all when absent.
        #[serde(default)]
        filter: Option<String>,
        /// Those that are counted; all of them when absent.
        #[serde(default)]
        counted: Option<String>,
        /// How far back it looks; for ever when absent.
        #[serde(default)]
        window: Option<WindowSpec>,
        /// The time by which the window is cut; the view's own when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<String>,
        /// What the count must be.
        threshold: ThresholdSpec,
        /// Fewer rows than this say nothing.
        #[serde(default = "one")]
        minimum_rows: u32,
    },
    /// Percent of the rows on which `numerator` holds, among those on which `filter` holds.
    Ratio {
        /// The published view.
        view: String,
        /// The rows that it is about; all when absent.
        #[serde(default)]
        filter: Option<String>,
        /// Those that do it right.
        numerator: String,
        /// How far back it looks; for ever when absent.
        #[serde(default)]
        window: Option<WindowSpec>,
        /// The time by which the window is cut; the view's own when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<String>,
        /// What the share must be, in percent.
        threshold: ThresholdSpec,
        /// Fewer rows than this say nothing.
        #[serde(default = "one")]
        minimum_rows: u32,
    },
    /// The newest row, or every row, on which `filter` holds must be as `holds` says.
    RecordState {
        /// The published view.
        view: String,
        /// The rows that it is about; all when absent.
        #[serde(default)]
        filter: Option<String>,
        /// Which of them must be in order.
        #[serde(default)]
        of: Which,
        /// What must be true of them.
        holds: String,
        /// How far back it looks; for ever when absent.
        #[serde(default)]
        window: Option<WindowSpec>,
        /// The time by which the window is cut; the view's own when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<String>,
        /// Fewer rows than this say nothing.
        #[serde(default = "one")]
        minimum_rows: u32,
    },
    /// Something must have happened in each of the last days, weeks or months: at least so many rows.
    EventCount {
        /// The published view.
        view: String,
        /// The rows that it is about; all when absent.
        #[serde(default)]
        filter: Option<String>,
        /// The time by which rows belong to a period; the view's own when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<String>,
        /// Day, week or month of the company's calendar.
        period: Period,
        /// How many of them are looked at.
        periods: Amount,
        /// How many rows each of them must have.
        #[serde(default = "Amount::one")]
        at_least: Amount,
    },
    /// A figure over a quantity of the rows on which `filter` holds; rows without the quantity are left out.
    Figure {
        /// The published view.
        view: String,
        /// The rows that it is about; all when absent.
        #[serde(default)]
        filter: Option<String>,
        /// Which figure.
        statistic: Statistic,
        /// Of what.
        of: QuantitySpec,
        /// How far back it looks; for ever when absent.
        #[serde(default)]
        window: Option<WindowSpec>,
        /// The time by which the window is cut; the view's own when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<String>,
        /// What the figure must be.
        threshold: ThresholdSpec,
        /// Fewer rows than this say nothing.
        #[serde(default = "one")]
        minimum_rows: u32,
    },
    /// A person who holds the permission signs that the statement holds.
    Attestation {
        /// What is signed.
        statement: Text,
        /// Who may sign.
        permission: String,
        /// How long a signature stands.
        valid: WindowSpec,
        /// True where signing takes the second factor.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        signed: bool,
    },
    /// A file shows it; its bytes are kept with their digest.
    File {
        /// What the file must show.
        statement: Text,
        /// Who may bring it.
        permission: String,
        /// How long a file stands.
        valid: WindowSpec,
    },
}

fn one() -> u32 {
    1
}

/// Which rows must be in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// The newest one.
    Newest,
    /// All of them.
    #[default]
    Every,
}

/// How far back a control looks (观察期), in whole days up to now.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowSpec {
    /// So many days.
    #[serde(default)]
    pub days: Option<i64>,
    /// As many as this policy parameter says.
    #[serde(default)]
    pub parameter: Option<String>,
}

/// What the value must be (阈值).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThresholdSpec {
    /// How it is compared.
    pub op: Operator,
    /// With this number.
    #[serde(default)]
    pub value: Option<f64>,
    /// Or with what this policy parameter says.
    #[serde(default)]
    pub parameter: Option<String>,
}

text_enum! {
    /// Figure over a quantity (统计量).
    pub enum Statistic {
        /// The middle one; the mean of the two middle ones where their number is even.
        Median = "median",
        /// The smallest that nine tenths do not exceed.
        P90 = "p90",
        /// All together.
        Sum = "sum",
        /// The mean.
        Average = "average",
        /// The largest.
        Maximum = "maximum",
        /// The smallest.
        Minimum = "minimum",
    }
}

text_enum! {
    /// Unit in which a length of time is counted.
    pub enum TimeUnit {
        /// Minutes.
        Minutes = "minutes",
        /// Hours.
        Hours = "hours",
        /// Days.
        Days = "days",
    }
}

impl TimeUnit {
    /// Returns its milliseconds.
    pub fn ms(self) -> i64 {
        match self {
            Self::Minutes => kernel::MINUTE_MS,
            Self::Hours => kernel::HOUR_MS,
            Self::Days => kernel::DAY_MS,
        }
    }
}

/// Quantity of a row: a number, or the time from one column to another.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuantitySpec {
    /// A column with numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Or the time from this column,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// to this one, or until `now`,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// counted in this unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<TimeUnit>,
}

/// A number that is written in the pack, or stands in a policy parameter: `3`, or `{parameter: key}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Amount {
    /// The number itself.
    Fixed(u32),
    /// What the parameter says.
    Named {
        /// Its key.
        parameter: String,
    },
}

impl Amount {
    fn one() -> Self {
        Self::Fixed(1)
    }
}
