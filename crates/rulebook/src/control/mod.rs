//! Control (控制点): how the product sees from live data whether a clause is followed.
//!
//! A control is a typed spec over a published view, never SQL: its conditions are checked against the
//! view's columns when the pack is loaded, and compiled to SQL when it is evaluated.

mod rules;

use kernel::text_enum;
use serde::{Deserialize, Serialize};

use crate::pack::Text;

pub(crate) use rules::{Control, Flaw, compile};

text_enum! {
    /// How much of its clauses a control proves.
    pub enum Coverage {
        /// All that the clause asks.
        Full = "full",
        /// Some of it.
        Partial = "partial",
    }
}

text_enum! {
    /// Comparison of a control's value with its threshold.
    pub enum Operator {
        /// Equal.
        Equal = "==",
        /// At most.
        AtMost = "<=",
        /// At least.
        AtLeast = ">=",
        /// Less.
        Less = "<",
        /// More.
        More = ">",
    }
}

text_enum! {
    /// Kind of evidence.
    pub enum EvidenceKind {
        /// Counts rows, such as breaches, of which there must be none.
        Query = "query",
        /// Share of rows, in percent.
        Ratio = "ratio",
        /// The newest row, or every row, must be in a state.
        RecordState = "record_state",
    }
}

/// A control as a pack declares it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlSpec {
    /// Its id, such as `backup.fresh`.
    pub id: String,
    /// The clauses that it proves.
    pub clauses: Vec<String>,
    /// How much of them.
    pub coverage: Coverage,
    /// Its name.
    pub title: Text,
    /// Why this shows that the clauses are followed, and what it does not show.
    pub rationale: Text,
    /// What is measured.
    pub evidence: EvidenceSpec,
}

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
        /// Fewer rows than this say nothing.
        #[serde(default = "one")]
        minimum_rows: u32,
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
