//! The money door (用款门): whether an amount may be committed to a budget line; every decision is kept.

mod api;
mod door;
pub(crate) mod rules;
pub mod service;
pub(crate) mod sql;

use std::collections::BTreeMap;

use kernel::{Currency, Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{IntoParams, ToSchema};

pub(crate) use api::routes;
pub use door::door;

/// Reservation (预留款) of a line and month for something that spends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Commitment {
    /// Its id.
    pub id: Id,
    /// Version, for If-Match.
    pub version: i64,
    /// The budget.
    pub budget_id: Id,
    /// The line.
    pub line_id: Id,
    /// The month.
    pub month: i64,
    /// What was reserved.
    pub amount_minor: i64,
    /// What of it is still reserved.
    pub open_minor: i64,
    /// What of it was spent.
    pub spent_minor: i64,
    /// What of it went back to the line.
    pub released_minor: i64,
    /// Noun of what spends.
    pub used_by_noun: String,
    /// What spends.
    pub used_by_id: Id,
    /// Why.
    pub reason: String,
    /// When it was reserved.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<Id>,
    /// Their name.
    pub created_by_name: String,
    /// When nothing of it was reserved any more.
    pub closed_at: Option<Timestamp>,
}

impl Labelled for Commitment {
    const NOUN: &'static str = "governance.commitment";
}

/// Decision (用款决定) of the money door.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = MoneyDecision)]
pub struct Decision {
    /// Its id.
    pub id: Id,
    /// The budget.
    pub budget_id: Id,
    /// The line.
    pub line_id: Id,
    /// The month.
    pub month: i64,
    /// What was asked for.
    pub amount_minor: i64,
    /// True where it was reserved.
    pub allowed: bool,
    /// Key of the text that says why not.
    pub code: Option<String>,
    /// Values that the text names.
    #[schema(value_type = Object)]
    pub args: BTreeMap<String, Json>,
    /// The sentence that says why not, in the caller's language.
    #[serde(default)]
    pub message: String,
    /// The reservation.
    pub commitment_id: Option<Id>,
    /// Noun of what wanted to spend.
    pub used_by_noun: String,
    /// What wanted to spend.
    pub used_by_id: Id,
    /// Why.
    pub reason: String,
    /// Who asked.
    pub decided_by: Option<Id>,
    /// Their name.
    pub decided_by_name: String,
    /// When.
    pub decided_at: Timestamp,
}

impl Labelled for Decision {
    const NOUN: &'static str = "governance.decision";
}

/// Reservation to be made by hand, such as for a purchase.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCommitment {
    /// The line that is to pay.
    pub line_id: Id,
    /// The month that is to pay.
    pub month: i64,
    /// How much.
    pub amount_minor: i64,
    /// Its currency; the budget's when absent.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Why, 1 to 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// What of a reservation was spent.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommitmentSettleInput)]
pub struct SettleInput {
    /// What was paid; all that is reserved when absent.
    #[serde(default)]
    pub amount_minor: Option<i64>,
    /// True: the rest goes back to the line.
    #[serde(default)]
    pub release_rest: bool,
    /// Who was paid.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub supplier: Option<String>,
    /// What for.
    #[schema(min_length = 1, max_length = 500)]
    pub description: String,
}

/// Why a reservation is given back.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseInput {
    /// The reason, 1 to 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// Which reservations are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CommitmentFilter {
    /// Only of this budget.
    pub budget_id: Option<Id>,
    /// Only of this line.
    pub line_id: Option<Id>,
    /// Only of this month.
    pub month: Option<i64>,
    /// Only of what spends.
    pub used_by_id: Option<Id>,
    /// Only those of which something is still reserved, or nothing.
    pub open: Option<bool>,
}

/// Which decisions are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DecisionFilter {
    /// Only of this budget.
    pub budget_id: Option<Id>,
    /// Only of this line.
    pub line_id: Option<Id>,
    /// Only those that were allowed, or refused.
    pub allowed: Option<bool>,
}
