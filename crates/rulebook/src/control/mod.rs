//! Control (控制点): how the product sees from live data whether a clause is followed.
//!
//! A control is a typed spec over a published view, never SQL: its conditions are checked against the
//! view's columns when the pack is loaded, and compiled to SQL when it is evaluated.

pub mod api;
mod rules;
mod spec;

use std::collections::BTreeMap;

use kernel::{Labelled, Language, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::clause::TrendWeek;
use crate::pack::Text;
use crate::run::{Run, Verdict};

pub(crate) use rules::{Control, Figure, Flaw, Look, Measure, Quantity, Signed, compile, compile_measure};
pub use spec::{Amount, EvidenceSpec, QuantitySpec, Statistic, ThresholdSpec, TimeUnit, Which, WindowSpec};

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
    /// Stretch of the calendar in which something must happen.
    pub enum Period {
        /// A day.
        Day = "day",
        /// A week, from Monday on.
        Week = "week",
        /// A month.
        Month = "month",
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
        /// Something must happen in each of the last days, weeks or months.
        EventCount = "event_count",
        /// Median, share, sum of a quantity of the rows.
        Figure = "figure",
        /// A person signs that it is so, for a time.
        Attestation = "attestation",
        /// A file shows it, for a time.
        File = "file",
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
    /// True where it waits for data that a later part of the product brings: it is shown and not counted.
    #[serde(default)]
    pub waits: bool,
    /// Its name.
    pub title: Text,
    /// Why this shows that the clauses are followed, and what it does not show.
    pub rationale: Text,
    /// What is measured.
    pub evidence: EvidenceSpec,
    /// What is opened when it is broken, once until it is followed again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens: Option<crate::detection::DetectionSpec>,
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
    /// The published view that it reads; empty where people sign or bring a file.
    pub view: String,
    /// False where no domain publishes that view yet, or where it waits for a later part.
    pub connected: bool,
    /// What people sign, or what the file must show.
    pub statement: String,
    /// Digest of these words; a signature names it.
    pub statement_hash: Option<String>,
    /// The permission that signing, or bringing the file, asks for.
    pub permission: Option<String>,
    /// True where signing takes a code of the authenticator.
    pub asks_code: bool,
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
        connected: control.connected(),
        statement: control.signed.as_ref().map(|s| s.statement.get(language).to_owned()).unwrap_or_default(),
        statement_hash: control.signed.as_ref().map(|s| s.statement_hash.clone()),
        permission: control.signed.as_ref().map(|s| s.permission.clone()),
        asks_code: control.signed.as_ref().is_some_and(|s| s.second_factor),
        filter: source(|measure| measure.filter.source()),
        counted: source(|measure| measure.counted.source()),
        parameters: control.parameters().into_iter().map(str::to_owned).collect(),
        run,
        trend,
    }
}
