//! Attestation (签署声明): what no row can show, a person signs with their name, for a time.
//!
//! A signature binds the control, the very words, the answer, the person and the times under the installation's
//! key: a row that was changed in the database no longer counts.

pub mod api;
mod rules;
mod service;
mod sql;

use kernel::{Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(crate) use service::{found, of_people, valid_days};
pub use service::{list, sign};

use crate::pack::Text;

/// An attestation (签署声明), kept for ever.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Attestation {
    /// Its id.
    pub id: Id,
    /// The control.
    pub control_id: String,
    /// Digest of the words that were signed.
    pub statement_hash: String,
    /// These words, in the languages that the pack had.
    #[schema(value_type = Object)]
    pub statement: Text,
    /// True: it is so; false: it is not.
    pub holds: bool,
    /// What they added.
    pub note: String,
    /// Who signed.
    pub signed_by: Id,
    /// Their name then.
    pub signed_by_name: String,
    /// When.
    pub signed_at: Timestamp,
    /// Until when it stands.
    pub valid_until: Timestamp,
    /// HMAC-SHA-256 under the installation's key.
    pub signature: String,
    /// False where the row was changed after it was signed.
    #[serde(default)]
    pub genuine: bool,
}

impl Labelled for Attestation {
    const NOUN: &'static str = "rulebook.attestation";
}

/// What somebody signs.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAttestation {
    /// Digest of the words that they saw, as the control shows it.
    #[schema(min_length = 64, max_length = 64)]
    pub statement_hash: String,
    /// True: it is so; false: it is not.
    pub holds: bool,
    /// What it rests on.
    #[schema(min_length = 5, max_length = 500)]
    pub note: String,
    /// A code of the authenticator, where the control asks for it.
    #[serde(default)]
    #[schema(max_length = 20)]
    pub code: Option<String>,
}

/// Which attestations to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AttestationFilter {
    /// Only of this control.
    #[param(max_length = 200)]
    pub control: Option<String>,
}
