//! Control (控制点): how the product sees from live data whether a clause is followed.
//!
//! A control is a typed spec over a published view, never SQL: its conditions are checked against the
//! view's columns when the pack is loaded, and compiled to SQL when it is evaluated.

pub mod api;
mod rules;

use std::collections::BTreeMap;

use kernel::{Labelled, Language, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::clause::TrendWeek;
use crate::pack::Text;
use crate::run::{Run, Verdict};

pub(crate) use rules::{Control, Figure, Measure, compile};

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

impl Operator {
    /// Returns the sign that people read.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::AtMost => "≤",
            Self::AtLeast => "≥",
            Self::Less => "<",
            Self::More => ">",
        }
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
    /// The clauses that it proves, and how much of each.
    pub clauses: BTreeMap<String, Coverage>,
    /// True where it is about what seldom happens, such as an incident: while nothing of the kind happened,
    /// the clause rests on its other controls.
    #[serde(default)]
    pub occasional: bool,
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

/// A control (控制点) as pages show it, in the caller's language.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Control)]
pub struct ControlView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Why it shows that the clauses are followed.
    pub rationale: String,
    /// The clauses that it proves, and how much of each.
    pub clauses: BTreeMap<String, Coverage>,
    /// True where it is about what seldom happens.
    pub occasional: bool,
    /// Kind of the evidence.
    pub kind: EvidenceKind,
    /// The published view that it reads.
    pub view: String,
    /// False where no domain publishes that view yet.
    pub connected: bool,
    /// The rows that it is about, as an expression.
    pub filter: String,
    /// Those that count, as an expression.
    pub counted: String,
    /// Keys of the policy parameters that it reads.
    pub parameters: Vec<String>,
    /// Its newest run.
    pub run: Option<Run>,
    /// How it stood in the last twelve weeks, oldest first.
    pub trend: Vec<TrendWeek>,
}

impl Labelled for ControlView {
    const NOUN: &'static str = "rulebook.control";
}

/// Which controls to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ControlFilter {
    /// Only of this clause.
    #[param(max_length = 100)]
    pub clause: Option<String>,
    /// Only with this verdict.
    pub verdict: Option<Verdict>,
}

/// Shapes a control with its newest run.
pub(crate) fn shown(
    control: &Control,
    language: Language,
    run: Option<Run>,
    trend: Vec<TrendWeek>,
) -> ControlView {
    let source =
        |pick: fn(&Measure) -> &str| control.measure.as_ref().map(pick).unwrap_or_default().to_owned();
    ControlView {
        id: control.spec.id.clone(),
        title: control.spec.title.get(language).to_owned(),
        rationale: control.spec.rationale.get(language).to_owned(),
        clauses: control.spec.clauses.clone(),
        occasional: control.spec.occasional,
        kind: control.spec.evidence.kind(),
        view: control.spec.evidence.view().to_owned(),
        connected: control.measure.is_some(),
        filter: source(|measure| measure.filter.source()),
        counted: source(|measure| measure.counted.source()),
        parameters: control.parameters().into_iter().map(str::to_owned).collect(),
        run,
        trend,
    }
}
