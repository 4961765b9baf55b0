//! Waiver (豁免): a person's word over the derived status of a clause.
//!
//! One person asks for it with a reason, another signs it; it stands for a time, shows its signer wherever the clause
//! is shown, and the derived status stays visible beside it.

pub mod api;
mod rules;
mod service;
mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use service::{list, refuse, request, sign, withdraw};
pub(crate) use service::{of_clause, standing};

use crate::clause::Status;

text_enum! {
    /// State (状态) of a waiver.
    pub enum WaiverState {
        /// Waits for a signature.
        Requested = "requested",
        /// Signed; it stands until it expires.
        Signed = "signed",
        /// Refused.
        Refused = "refused",
        /// Taken back.
        Withdrawn = "withdrawn",
    }
}

/// A waiver (豁免).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Waiver {
    /// Its id.
    pub id: Id,
    /// The clause.
    pub clause_id: String,
    /// The status that is shown while it stands.
    pub shown_status: Status,
    /// Why.
    pub reason: String,
    /// How many days it stands once it is signed.
    pub days: i64,
    /// Where it is.
    pub state: WaiverState,
    /// Who asked for it.
    pub requested_by: Id,
    /// Their name then.
    pub requested_by_name: String,
    /// When.
    pub requested_at: Timestamp,
    /// Who signed, refused or withdrew it.
    pub decided_by: Option<Id>,
    /// Their name then.
    pub decided_by_name: Option<String>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// What they added.
    pub decision_note: String,
    /// Until when it stands.
    pub expires_at: Option<Timestamp>,
    /// HMAC-SHA-256 under the installation's key.
    pub signature: Option<String>,
    /// Counts the changes; for `If-Match`.
    pub version: i64,
    /// True where it stands now.
    #[serde(default)]
    pub standing: bool,
}

impl Labelled for Waiver {
    const NOUN: &'static str = "rulebook.waiver";
}

/// A wanted waiver.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWaiver {
    /// The status that is to be shown.
    pub shown_status: Status,
    /// Why.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
    /// How many days it shall stand.
    #[schema(minimum = 1, maximum = 366)]
    pub days: i64,
}

/// What whoever decides adds.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaiverDecision {
    /// Why.
    #[schema(min_length = 5, max_length = 500)]
    pub note: String,
}

/// Which waivers to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WaiverFilter {
    /// Only of this clause.
    #[param(max_length = 100)]
    pub clause: Option<String>,
    /// Only in this state.
    pub state: Option<WaiverState>,
}
