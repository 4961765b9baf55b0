use std::collections::BTreeMap;

use kernel::text_enum;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{MetricBetter, MetricPace, MetricState, MetricUnit};
use crate::control::{EvidenceSpec, Operator, QuantitySpec, Statistic, ThresholdSpec, WindowSpec};
use crate::detection::DetectionSpec;
use crate::machine::ReceiverSpec;
use crate::pack::Text;

/// A metric as a pack declares it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricSpec {
    /// Its id, such as `content.review_hours`.
    pub id: String,
    /// Its version, counted up by whoever changes what is computed.
    pub version: i64,
    /// Its name.
    pub title: Text,
    /// Its unit.
    pub unit: MetricUnit,
    /// Which way is the good one.
    pub better: MetricBetter,
    /// True where it is one of the company's key metrics.
    #[serde(default)]
    pub key: bool,
    /// Clauses that it serves.
    #[serde(default)]
    pub clauses: Vec<String>,
    /// What is measured over the rows of a view ...
    #[serde(default)]
    pub figure: Option<FigureSpec>,
    /// ... or what is computed of other metrics: `metric('a') / metric('b')`.
    #[serde(default)]
    pub formula: Option<String>,
    /// How often it is measured.
    pub every: MetricPace,
    /// When somebody is warned.
    #[serde(default)]
    pub limits: Option<LimitsSpec>,
    /// What a value opens that is far from the last ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jump: Option<JumpSpec>,
}

text_enum! {
    /// Kind of a figure.
    pub enum FigureKind {
        /// Counts rows.
        Query = "query",
        /// Share of rows, in percent.
        Ratio = "ratio",
        /// Median, sum and so on of a quantity of the rows.
        Figure = "figure",
    }
}

/// What is measured over the rows of a view (测算口径): the evidence of a control without its threshold.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FigureSpec {
    /// Its kind.
    pub kind: FigureKind,
    /// The published view.
    pub view: String,
    /// The rows that it is about; all when absent.
    #[serde(default)]
    pub filter: Option<String>,
    /// Of a `query`: those that are counted; all of them when absent.
    #[serde(default)]
    pub counted: Option<String>,
    /// Of a `ratio`: those that do it right.
    #[serde(default)]
    pub numerator: Option<String>,
    /// Of a `figure`: which one.
    #[serde(default)]
    pub statistic: Option<Statistic>,
    /// Of a `figure`: of what.
    #[serde(default)]
    pub of: Option<QuantitySpec>,
    /// How far back it looks; for ever when absent.
    #[serde(default)]
    pub window: Option<WindowSpec>,
    /// The time by which the window is cut; the view's own when absent.
    #[serde(default)]
    pub at: Option<String>,
    /// Fewer rows than this say nothing; 0 for counts and sums, 1 for the others when absent.
    #[serde(default)]
    pub minimum_rows: Option<u32>,
    /// A column of the view: one more value for each of its values.
    #[serde(default)]
    pub by: Option<String>,
}

impl FigureSpec {
    /// Returns the same as the evidence of a control whose threshold is never asked; nothing where a part lacks.
    pub fn evidence(&self) -> Option<EvidenceSpec> {
        let threshold = ThresholdSpec { op: Operator::AtLeast, value: Some(0.0), parameter: None };
        let (view, filter) = (self.view.clone(), self.filter.clone());
        let (window, at, minimum_rows) = (self.window.clone(), self.at.clone(), self.least_rows());
        let none = |given: bool| if given { None } else { Some(()) };
        match self.kind {
            FigureKind::Query => {
                none(self.numerator.is_some() || self.statistic.is_some() || self.of.is_some())?;
                let counted = self.counted.clone();
                Some(EvidenceSpec::Query { view, filter, counted, window, at, threshold, minimum_rows })
            }
            FigureKind::Ratio => {
                none(self.counted.is_some() || self.statistic.is_some() || self.of.is_some())?;
                let numerator = self.numerator.clone()?;
                Some(EvidenceSpec::Ratio { view, filter, numerator, window, at, threshold, minimum_rows })
            }
            FigureKind::Figure => {
                none(self.counted.is_some() || self.numerator.is_some())?;
                let (statistic, of) = (self.statistic?, self.of.clone()?);
                Some(EvidenceSpec::Figure {
                    view,
                    filter,
                    statistic,
                    of,
                    window,
                    at,
                    threshold,
                    minimum_rows,
                })
            }
        }
    }

    /// Returns how many rows it needs to say anything: none at all is a count or a sum too.
    pub fn least_rows(&self) -> u32 {
        let of_nothing = self.kind == FigureKind::Query || self.statistic == Some(Statistic::Sum);
        self.minimum_rows.unwrap_or(u32::from(!of_nothing))
    }
}

/// When somebody is warned of a metric (限值与预警).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsSpec {
    /// When a value is near its limit.
    #[serde(default)]
    pub near: Option<LimitSpec>,
    /// When it is over.
    #[serde(default)]
    pub over: Option<LimitSpec>,
    /// How far beyond the limit a value has to come back until the alert clears.
    #[serde(default)]
    pub clears_by: f64,
    /// How many samples in a row have to be beyond a limit.
    #[serde(default = "one")]
    pub for_samples: u32,
    /// True where the limits hold for each series instead of the whole.
    #[serde(default)]
    pub each: bool,
    /// Who is to act; the first of them owns the alert, the others are told.
    pub owner: ReceiverSpec,
    /// What is opened; a `warning` when absent.
    #[serde(default)]
    pub opens: AlertOpens,
    /// What is opened beside it, such as a candidate risk or an incident; once until the value is back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<AlsoSpec>,
}

/// What a limit opens (超限另开记录) beside its alert.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlsoSpec {
    /// From which level on: `near` or `over`.
    #[serde(default = "over")]
    pub at: MetricState,
    /// Type of the record.
    pub record: String,
    /// Its values; `$said` is the sentence of the alert, `$alert` its record.
    #[serde(default)]
    pub values: BTreeMap<String, Json>,
}

fn over() -> MetricState {
    MetricState::Over
}

/// What a value opens (跳变处置) that is far from the last ones.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JumpSpec {
    /// By how many percent, up or down, from the middle of the last samples ...
    #[serde(default)]
    pub percent: Option<f64>,
    /// ... or by as many as this policy parameter says.
    #[serde(default)]
    pub parameter: Option<String>,
    /// How many samples before it say what is usual.
    #[serde(default = "seven")]
    pub of_samples: u32,
    /// True where it is asked of each series instead of the whole.
    #[serde(default)]
    pub each: bool,
    /// What is opened, once until the value is back.
    pub opens: DetectionSpec,
}

fn seven() -> u32 {
    7
}

fn one() -> u32 {
    1
}

/// One limit (限值): a number, or what a policy parameter says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitSpec {
    /// How it is compared.
    pub op: Operator,
    /// With this number.
    #[serde(default)]
    pub value: Option<f64>,
    /// Or with what this policy parameter says; lengths of time are counted in the metric's unit.
    #[serde(default)]
    pub parameter: Option<String>,
}

/// What an alert opens (预警记录).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertOpens {
    /// Type of the record; it says by `alert` where what stands.
    #[serde(default = "warning")]
    pub record: String,
    /// Further values.
    #[serde(default)]
    pub values: BTreeMap<String, Json>,
}

impl Default for AlertOpens {
    fn default() -> Self {
        Self { record: warning(), values: BTreeMap::new() }
    }
}

fn warning() -> String {
    "warning".to_owned()
}
