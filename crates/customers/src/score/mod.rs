//! Score (客户评分): how recently, how often and for how much somebody buys, whether they are still a customer, and what they
//! are expected to bring.

mod api;
mod jobs;
mod rules;
mod service;
mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use api::routes;
pub use jobs::{Recompute, after_import};
pub use service::{distribution, of_profile, recompute, request, runs};

use crate::persona::PersonaOfProfile;

text_enum! {
    /// Cause (触发原因) of a computation of scores.
    pub enum ScoreCause {
        /// Every night.
        Nightly = "nightly",
        /// Orders were imported.
        Import = "import",
        /// A member of staff asked for it.
        Staff = "staff",
    }
}

text_enum! {
    /// Verdict (模型结论) on a training.
    pub enum ScoreVerdict {
        /// What the models predict may be used.
        Usable = "usable",
        /// There is too little to learn from; nothing is predicted.
        TooLittleData = "too_little_data",
    }
}

text_enum! {
    /// What there is too little of (不足项).
    pub enum Lacking {
        /// Customers.
        Customers = "customers",
        /// Customers who bought again.
        RepeatBuyers = "repeat_buyers",
        /// Weeks of purchases.
        Weeks = "weeks",
        /// What they bought has no shape that could be learned.
        Shape = "shape",
    }
}

text_enum! {
    /// Segment (RFM 客群) by the three digits.
    pub enum RfmSegment {
        /// Bought just now, often and for much.
        Champions = "champions",
        /// Buys often and for much.
        Loyal = "loyal",
        /// Bought lately, may become loyal.
        PotentialLoyal = "potential_loyal",
        /// Bought for the first time just now.
        New = "new",
        /// Bought lately, but little.
        Promising = "promising",
        /// Is average and comes less often.
        NeedAttention = "need_attention",
        /// Is about to be forgotten.
        AboutToSleep = "about_to_sleep",
        /// Bought more than most, and stopped coming.
        AtRisk = "at_risk",
        /// Was among the best, and stopped coming.
        CannotLose = "cannot_lose",
        /// Came seldom, some time ago.
        Hibernating = "hibernating",
        /// Came seldom, longest ago.
        Lost = "lost",
    }
}

text_enum! {
    /// Value tier (价值层级) by what somebody is expected to bring.
    pub enum ValueTier {
        /// The best twentieth.
        Top = "top",
        /// The best fifth, without these.
        High = "high",
        /// The better half, without these.
        Middle = "middle",
        /// The other half.
        Low = "low",
    }
}

/// What there was too little of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Lack {
    /// Of what.
    pub what: Lacking,
    /// So much there is.
    pub found: Option<f64>,
    /// So much is needed.
    pub needed: Option<f64>,
}

/// Parameters (模型参数): BG/NBD in weeks, gamma-gamma in major units of money.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ScoreModel {
    /// Shape of the rates of purchase.
    pub r: f64,
    /// Their scale, in weeks.
    pub alpha: f64,
    /// Leaving speaks for this,
    pub a: f64,
    /// staying for that.
    pub b: f64,
    /// Shape of one person's amounts.
    pub p: f64,
    /// Shape of the means of people.
    pub q: f64,
    /// Their scale.
    pub v: f64,
    /// How much the number of orders and their amounts go together; the models suppose not at all.
    pub correlation: f64,
}

/// Error (预测误差) on the last part of the window, which the models had not seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ScoreError {
    /// Weeks that they learned from.
    pub learned_weeks: f64,
    /// Weeks that they predicted.
    pub predicted_weeks: f64,
    /// Customers that they predicted for.
    pub customers: i64,
    /// Orders: mean of the absolute error by customer.
    pub orders_mae: f64,
    /// The same for saying that everybody goes on as before.
    pub orders_mae_as_before: f64,
    /// Orders that they predicted.
    pub orders_predicted: f64,
    /// Orders that there were.
    pub orders_actual: f64,
    /// Money that they predicted, in minor units.
    pub value_predicted_minor: i64,
    /// Money that there was.
    pub value_actual_minor: i64,
    /// Money: mean of the absolute error by customer.
    pub value_mae_minor: i64,
}

/// Run (评分计算) of the models over everybody.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ScoreRun {
    /// Its id.
    pub id: Id,
    /// Why it ran.
    pub cause: ScoreCause,
    /// When.
    pub happened_at: Timestamp,
    /// Beginning of the window that was learned from.
    pub window_from: Timestamp,
    /// Its end: the latest order.
    pub window_until: Timestamp,
    /// Currency of the amounts.
    pub currency: String,
    /// Days that are predicted.
    pub horizon_days: i64,
    /// By this much money of a year later is worth less, in percent.
    pub discount_percent: f64,
    /// Customers in the window.
    pub customers: i64,
    /// Of these, who bought again.
    pub repeat_buyers: i64,
    /// Profiles that have scores by this run.
    pub scored: i64,
    /// Whether its predictions may be used.
    pub verdict: ScoreVerdict,
    /// What there was too little of.
    pub lacks: Option<Lack>,
    /// Parameters.
    pub model: Option<ScoreModel>,
    /// How wrong it was.
    pub error: Option<ScoreError>,
}

impl Labelled for ScoreRun {
    const NOUN: &'static str = "customers.score_run";
}

/// Score (客户评分) of one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Score {
    /// The run that it comes from.
    pub run_id: Id,
    /// When that was.
    pub scored_at: Timestamp,
    /// Whether predictions are there.
    pub verdict: ScoreVerdict,
    /// Currency of the amounts.
    pub currency: String,
    /// Days that are predicted.
    pub horizon_days: i64,
    /// Days from the last order to the end of the window.
    pub recency_days: i64,
    /// Orders in the window.
    pub order_count: i64,
    /// What they cost together.
    pub total_minor: i64,
    /// How recently, 1 to 5.
    pub recency: i64,
    /// How often, 1 to 5.
    pub frequency: i64,
    /// For how much, 1 to 5.
    pub monetary: i64,
    /// What the three come to.
    pub rfm_segment: RfmSegment,
    /// Chance that they are still a customer.
    pub p_alive: Option<f64>,
    /// Chance that they are not.
    pub churn: Option<f64>,
    /// Orders to be expected.
    pub expected_orders: Option<f64>,
    /// What an order is expected to cost.
    pub expected_order_value_minor: Option<i64>,
    /// What they are expected to bring, discounted.
    pub expected_value_minor: Option<i64>,
    /// By when they have ordered again as likely as not; absent for those who are rather gone.
    pub next_order_at: Option<Timestamp>,
    /// Where they stand by what they are expected to bring.
    pub value_tier: Option<ValueTier>,
}

/// Scores of one person, and the personas that they belong to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProfileScores {
    /// The person.
    pub profile_id: Id,
    /// Absent where they bought nothing in the window, or nothing was computed yet.
    pub score: Option<Score>,
    /// Groups that they belong to.
    pub personas: Vec<PersonaOfProfile>,
}

impl Labelled for ProfileScores {
    const NOUN: &'static str = "customers.score";
}

/// People with the same three digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RfmCell {
    /// How recently.
    pub recency: i64,
    /// How often.
    pub frequency: i64,
    /// For how much.
    pub monetary: i64,
    /// What the three come to.
    pub segment: RfmSegment,
    /// People.
    pub count: i64,
}

/// People of a segment by the digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RfmShare {
    /// The segment.
    pub segment: RfmSegment,
    /// People.
    pub count: i64,
    /// What they bought for.
    pub total_minor: i64,
    /// What they are expected to bring.
    pub expected_value_minor: Option<i64>,
}

/// People of a value tier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TierShare {
    /// The tier.
    pub tier: ValueTier,
    /// People.
    pub count: i64,
    /// What they are expected to bring.
    pub expected_value_minor: i64,
}

/// How people are spread (评分分布), of those whom the caller may see.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoreDistribution {
    /// The last run.
    pub run: Option<ScoreRun>,
    /// People with scores.
    pub customers: i64,
    /// By the three digits.
    pub cells: Vec<RfmCell>,
    /// By what the digits come to.
    pub segments: Vec<RfmShare>,
    /// By what they are expected to bring.
    pub tiers: Vec<TierShare>,
}

impl Labelled for ScoreDistribution {
    const NOUN: &'static str = "customers.score_distribution";
}

/// A wish for new scores was taken.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoreRequest {
    /// When.
    pub requested_at: Timestamp,
}

impl Labelled for ScoreRequest {
    const NOUN: &'static str = "customers.score_request";
}
