//! Adjustment (预算调整): money moves from a line and month to another, by an approval alone.

mod api;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use rulebook::machine::{Offer, StepRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(crate) use api::routes;

text_enum! {
    /// State (状态) of an adjustment, as the machine `budget_adjustment` moves it.
    pub enum AdjustmentState {
        /// Being written.
        Draft = "draft",
        /// Applied for; finance checks it.
        Submitted = "submitted",
        /// Checked; management decides.
        Checked = "checked",
        /// Approved: the money has moved.
        Applied = "applied",
        /// Sent back.
        Returned = "returned",
        /// Given up.
        Withdrawn = "withdrawn",
    }
}

/// Adjustment (预算调整).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Adjustment {
    /// Its id.
    pub id: Id,
    /// Version, for If-Match.
    pub version: i64,
    /// The budget.
    pub budget_id: Id,
    /// The line that gives.
    pub from_line_id: Id,
    /// The month that gives.
    pub from_month: i64,
    /// The line that gets.
    pub to_line_id: Id,
    /// The month that gets.
    pub to_month: i64,
    /// How much.
    pub amount_minor: i64,
    /// Why.
    pub reason: String,
    /// Its instance of the state machine.
    pub instance_id: Id,
    /// Where it stands.
    pub state: AdjustmentState,
    /// When finance checked it.
    pub checked_at: Option<Timestamp>,
    /// Who did.
    pub checked_by: Option<Id>,
    /// When the money moved.
    pub applied_at: Option<Timestamp>,
    /// Who approved it.
    pub approved_by: Option<Id>,
    /// When it was applied for.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Who applied.
    pub created_by: Option<Id>,
}

impl Labelled for Adjustment {
    const NOUN: &'static str = "governance.adjustment";
}

/// What an adjustment does to one side (调整影响).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = AdjustmentEffect)]
pub struct Effect {
    /// The line.
    pub line_id: Id,
    /// The month.
    pub month: i64,
    /// What may be spent before.
    pub room_before_minor: i64,
    /// What may be spent after.
    pub room_after_minor: i64,
    /// What is left before.
    pub rest_before_minor: i64,
    /// What is left after.
    pub rest_after_minor: i64,
}

/// Adjustment with what it does and what may be done next.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AdjustmentDetail {
    /// The adjustment.
    pub adjustment: Adjustment,
    /// What it does to both sides as they stand now; absent once it moved or was given up.
    pub effects: Vec<Effect>,
    /// What may be done next, and why not where it may not.
    pub actions: Vec<Offer>,
    /// How it came to stand where it stands.
    pub history: Vec<StepRow>,
}

impl Labelled for AdjustmentDetail {
    const NOUN: &'static str = "governance.adjustment";
}

/// Application for an adjustment.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAdjustment {
    /// The line that gives.
    pub from_line_id: Id,
    /// The month that gives.
    pub from_month: i64,
    /// The line that gets.
    pub to_line_id: Id,
    /// The month that gets.
    pub to_month: i64,
    /// How much.
    pub amount_minor: i64,
    /// Why, 1 to 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// Which adjustments are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AdjustmentFilter {
    /// Only of this budget.
    pub budget_id: Option<Id>,
    /// Only in this state.
    pub state: Option<AdjustmentState>,
}
