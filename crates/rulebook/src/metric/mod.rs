//! Metric (指标): a figure over records and published views, measured each hour or day and kept for ever.
//!
//! A metric is a typed spec like the evidence of a control, never SQL text. Its samples are never changed and say by
//! which version they were computed. Its limits raise an alert once and clear it once, with a band between; the alert is
//! a record that somebody has to answer.

mod alert;
pub mod api;
mod bound;
mod compute;
pub mod jobs;
mod jump;
mod limits;
mod prove;
mod publish;
pub(crate) mod review;
mod rules;
mod series;
mod service;
mod sight;
mod spec;
mod sql;

use std::collections::BTreeMap;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use alert::escalate_overdue;
pub(crate) use bound::{frozen, measured};
pub(crate) use compute::Found;
pub use jobs::{measure_after, measure_due, measure_these};
pub use limits::{Limits, Standing, replay, step};
pub(crate) use prove::{Known, Metric, prove_all};
pub(crate) use publish::publish;
pub(crate) use rules::in_unit;
pub(crate) use service::history;
pub(crate) use service::lock_id;
pub use service::{find, list, measure, replayed, rows, samples};
pub use spec::{AlertOpens, AlsoSpec, FigureKind, FigureSpec, JumpSpec, LimitSpec, LimitsSpec, MetricSpec};

text_enum! {
    /// Unit (单位) of a metric.
    pub enum MetricUnit {
        /// Percent.
        Percent = "percent",
        /// How many.
        Count = "count",
        /// Minor units of the company's currency.
        Money = "money",
        /// Hours.
        Hours = "hours",
        /// Days.
        Days = "days",
        /// Minutes.
        Minutes = "minutes",
        /// Points of a scale.
        Score = "score",
        /// People.
        People = "people",
    }
}

text_enum! {
    /// Which way (优劣方向) is the good one.
    pub enum MetricBetter {
        /// More is better.
        Higher = "higher",
        /// Less is better.
        Lower = "lower",
    }
}

text_enum! {
    /// How often (测算频率) a metric is measured.
    pub enum MetricPace {
        /// Each hour.
        Hourly = "hourly",
        /// Each day.
        Daily = "daily",
    }
}

text_enum! {
    /// Where (状态) a metric stands against its limits.
    #[derive(Default)]
    pub enum MetricState {
        /// There was no value yet.
        #[default]
        Unknown = "unknown",
        /// Within its limits, or without any.
        Ok = "ok",
        /// Near its limit.
        Near = "near",
        /// Over its limit.
        Over = "over",
    }
}

text_enum! {
    /// Over how much (可见范围) a caller sees a metric.
    pub enum MetricSight {
        /// Over all rows.
        All = "all",
        /// Over those rows that the caller may see; computed for them now, without a history.
        Part = "part",
        /// Not at all.
        None = "none",
    }
}

/// Metric (指标) as lists show it, in the caller's language.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MetricRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Its version; samples say by which one they were computed.
    pub version: i64,
    /// Its unit.
    pub unit: MetricUnit,
    /// Which way is the good one.
    pub better: MetricBetter,
    /// How often it is measured.
    pub every: MetricPace,
    /// True where it is one of the company's key metrics.
    pub key_metric: bool,
    /// Clauses that it serves.
    pub clauses: Vec<String>,
    /// Over how much the caller sees it.
    pub sight: MetricSight,
    /// False where nobody publishes yet what it reads.
    pub connected: bool,
    /// Its newest value.
    pub value: Option<f64>,
    /// The value before.
    pub value_before: Option<f64>,
    /// By how much the newest differs from the one before.
    pub changed: Option<f64>,
    /// Rows behind the newest value.
    pub row_count: i64,
    /// Where it stands against its limits.
    pub state: MetricState,
    /// When it was last measured.
    pub measured_at: Option<Timestamp>,
    /// Since when it stands there.
    pub changed_at: Option<Timestamp>,
    /// Its limits as they are now.
    pub limits: Option<MetricLimits>,
    /// The alert that is open for it as a whole.
    pub alert: Option<MetricAlert>,
    /// Its values by one of the view's columns.
    pub series: Vec<MetricSeries>,
}

impl Labelled for MetricRow {
    const NOUN: &'static str = "rulebook.metric";
}

/// One value of a metric that has a value for each of something (分项).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MetricSeries {
    /// Of what: an id, or a word of the view.
    pub key: String,
    /// Its name, in the caller's language.
    pub title: String,
    /// The newest value.
    pub value: Option<f64>,
    /// Rows behind it.
    pub row_count: i64,
    /// Where it stands against the limits.
    pub state: MetricState,
}

/// Limits (限值) as they are now.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MetricLimits {
    /// When a value is near.
    pub near: Option<MetricLimit>,
    /// When it is over.
    pub over: Option<MetricLimit>,
    /// How far beyond the limit a value has to come back until its alert clears.
    pub clears_by: f64,
    /// How many samples in a row have to be beyond a limit.
    pub for_samples: u32,
}

/// One limit (限值).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MetricLimit {
    /// How it is compared.
    pub op: crate::control::Operator,
    /// With what.
    pub value: f64,
    /// The policy parameter that says so, where one does: it is changed there.
    pub parameter: Option<String>,
}

/// Alert that is open for a metric.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MetricAlert {
    /// Type of its record.
    pub type_id: String,
    /// Its record.
    pub id: Id,
}

/// A metric with its history.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MetricDetail {
    /// The metric.
    #[serde(flatten)]
    pub metric: MetricRow,
    /// The published view that it reads; empty for a formula.
    pub view: String,
    /// The rows that it is about, as an expression, or its formula.
    pub definition: String,
    /// Those that count, as an expression.
    pub counted: String,
    /// Metrics that its formula reads.
    pub metrics: Vec<String>,
    /// Policy parameters that it reads.
    pub parameters: Vec<String>,
    /// Its samples as a whole, oldest first; evenly thinned out where there are many.
    pub samples: Vec<MetricSample>,
}

impl Labelled for MetricDetail {
    const NOUN: &'static str = "rulebook.metric";
}

/// Sample (测算记录): one value as it was measured; it is never changed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MetricSample {
    /// Its id.
    pub id: Id,
    /// Of which series; empty for the metric as a whole.
    pub series: String,
    /// By which version of the metric it was computed.
    pub version: i64,
    /// When.
    pub at: Timestamp,
    /// The value; absent where there were too few rows.
    pub value: Option<f64>,
    /// Rows behind it.
    pub row_count: i64,
    /// Where it stood against the limits of then.
    pub state: MetricState,
}

impl Labelled for MetricSample {
    const NOUN: &'static str = "rulebook.metric_sample";
}

/// What limits would have done on the stored samples (限值回放).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MetricReplay {
    /// Samples that were looked at.
    pub samples: usize,
    /// Since when there are samples.
    pub from: Option<Timestamp>,
    /// How often an alert would have been raised.
    pub firings: usize,
    /// How many of them would have gone over.
    pub over: usize,
    /// Minutes during which an alert would have been open.
    pub open_minutes: i64,
    /// The alerts, oldest first.
    pub fired: Vec<MetricFiring>,
}

impl Labelled for MetricReplay {
    const NOUN: &'static str = "rulebook.metric_replay";
}

/// One alert of a replay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MetricFiring {
    /// When it would have been raised.
    pub at: Timestamp,
    /// How far it would have gone.
    pub level: MetricState,
    /// The worst value meanwhile.
    pub value: f64,
    /// When it would have cleared.
    pub cleared_at: Option<Timestamp>,
}

/// Which limits to replay; what is absent is as it is now.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReplayLimits {
    /// When a value would be near.
    pub near: Option<f64>,
    /// When it would be over.
    pub over: Option<f64>,
    /// How far beyond it would have to come back.
    #[param(minimum = 0)]
    pub clears_by: Option<f64>,
    /// How many samples in a row.
    #[param(minimum = 1, maximum = 100)]
    pub for_samples: Option<u32>,
    /// Of which series; the metric as a whole when absent.
    #[param(max_length = 100)]
    pub series: Option<String>,
}

/// Which samples to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SampleFilter {
    /// Of which series; the metric as a whole when absent.
    #[param(max_length = 100)]
    pub series: Option<String>,
}

/// Values of policy parameters, by key.
pub(crate) type Inputs = BTreeMap<String, crate::parameter::Input>;
