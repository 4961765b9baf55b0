//! Tier (等级): how much a customer is worth by when, how often and for how much they buy.

mod api;
mod jobs;
pub mod rules;
mod service;
mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use api::routes;
pub use jobs::{Recompute, after_import};
pub use service::{apply, current, history, of_profile, preview, recompute, request, runs};

text_enum! {
    /// Tier (等级); A is the highest.
    pub enum Tier {
        /// The highest.
        A = "A",
        /// The second.
        B = "B",
        /// The third.
        C = "C",
        /// Everybody else.
        D = "D",
    }
}

/// Thresholds (门槛) of a tier; whoever meets all three is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// The last order is at most so many days old.
    #[schema(minimum = 1, maximum = 3650)]
    pub recency_days: i64,
    /// So many orders at least in the window.
    #[schema(minimum = 1, maximum = 100000)]
    pub order_count: i64,
    /// So much paid at least in the window, in minor units.
    #[schema(minimum = 0)]
    pub total_minor: i64,
}

/// Definition (定义) of the tier rule; everybody who meets none of the three is in tier D.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TierDefinition {
    /// Days that orders are counted over.
    #[schema(minimum = 1, maximum = 3650)]
    pub window_days: i64,
    /// Thresholds of tier A.
    pub a: Thresholds,
    /// Thresholds of tier B, none higher than A's.
    pub b: Thresholds,
    /// Thresholds of tier C, none higher than B's.
    pub c: Thresholds,
}

/// Tier rule (等级规则); a change is a new version.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TierRule {
    /// Its id.
    pub id: Id,
    /// Counts from 1; also what `If-Match` names.
    #[serde(rename = "version")]
    pub number: i64,
    /// The thresholds.
    pub definition: TierDefinition,
    /// Why it was changed.
    pub reason: String,
    /// When it was applied.
    pub created_at: Timestamp,
    /// By whom; absent for the first one.
    pub created_by: Option<Id>,
}

impl Labelled for TierRule {
    const NOUN: &'static str = "customers.tier_rule";
}

/// A rule that is to be applied.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTierRule {
    /// The thresholds.
    pub definition: TierDefinition,
    /// Why.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
}

/// A rule that is tried out.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TryTierRule {
    /// The thresholds.
    pub definition: TierDefinition,
}

/// What a rule would change (试算结果).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TierPreview {
    /// How many people are in each tier now.
    pub now: TierCounts,
    /// How many would be.
    pub after: TierCounts,
    /// How many would move from each tier to each other.
    pub moves: Vec<TierMove>,
    /// Some of those who would move, those who pay most first.
    pub movers: Vec<Mover>,
    /// The latest order that was counted.
    pub watermark: Option<Timestamp>,
}

impl Labelled for TierPreview {
    const NOUN: &'static str = "customers.tier_preview";
}

/// People per tier (等级分布).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TierCounts {
    /// In tier A.
    pub a: i64,
    /// In tier B.
    pub b: i64,
    /// In tier C.
    pub c: i64,
    /// In tier D.
    pub d: i64,
    /// Not computed yet.
    pub none: i64,
}

/// How many move from one tier to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TierMove {
    /// From here; absent where none was computed yet.
    pub from_tier: Option<Tier>,
    /// To here.
    pub to_tier: Tier,
    /// So many.
    pub count: i64,
}

/// Person who would move (变动客户).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mover {
    /// The person.
    pub profile_id: Id,
    /// From here.
    pub from_tier: Option<Tier>,
    /// To here.
    pub to_tier: Tier,
    /// Their last order in the window.
    pub last_order_at: Option<Timestamp>,
    /// Their orders in the window.
    pub order_count: i64,
    /// What they paid in the window.
    pub total_minor: i64,
}

text_enum! {
    /// Cause (触发原因) of a computation of tiers.
    pub enum TierCause {
        /// Every night.
        Nightly = "nightly",
        /// Orders or customers were imported.
        Import = "import",
        /// The rule was changed.
        Rule = "rule",
        /// A member of staff asked for it.
        Staff = "staff",
    }
}

/// Computation (等级计算) of everybody's tier.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TierRun {
    /// Its id.
    pub id: Id,
    /// By this rule.
    pub rule_id: Id,
    /// The rule's number.
    pub rule_number: i64,
    /// Why it ran.
    pub cause: TierCause,
    /// When.
    pub happened_at: Timestamp,
    /// The latest order that was counted.
    pub watermark: Option<Timestamp>,
    /// How many people changed tier.
    pub changed: i64,
    /// In tier A afterwards.
    pub tier_a: i64,
    /// In tier B afterwards.
    pub tier_b: i64,
    /// In tier C afterwards.
    pub tier_c: i64,
    /// In tier D afterwards.
    pub tier_d: i64,
}

impl Labelled for TierRun {
    const NOUN: &'static str = "customers.tier_run";
}

/// Change (等级变动) of one person's tier, with the figures that decided it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TierChange {
    /// The computation.
    pub run_id: Id,
    /// From here; absent for the first.
    pub from_tier: Option<Tier>,
    /// To here.
    pub to_tier: Tier,
    /// Their last order in the window.
    pub last_order_at: Option<Timestamp>,
    /// Their orders in the window.
    pub order_count: i64,
    /// What they paid in the window.
    pub total_minor: i64,
    /// When.
    pub happened_at: Timestamp,
}

impl Labelled for TierChange {
    const NOUN: &'static str = "customers.tier_change";
}
