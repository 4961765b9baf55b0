//! Decoy (诱饵记录): a record that stands for nobody. Whoever writes to it or calls it has a list that left the company.
//!
//! Decoys are in lists and exports, that is their purpose; they are in no figure, no segment's number, no tier, and in
//! none of our own audiences.

mod api;
mod service;
mod sql;

use kernel::{Id, Label, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use api::routes;
pub use service::{create, hit, hits, list, retire};

text_enum! {
    /// State (状态) of a decoy.
    pub enum DecoyState {
        /// It stands in the list of people.
        Planted = "planted",
        /// It does not any more; hits still count.
        Retired = "retired",
    }
}

text_enum! {
    /// Channel (渠道) of a hit.
    pub enum HitChannel {
        /// A mail came.
        Email = "email",
        /// A text message came.
        Sms = "sms",
        /// Somebody called.
        Call = "call",
        /// A letter came.
        Post = "post",
        /// Another way.
        Other = "other",
    }
}

/// Decoy (诱饵记录).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Decoy {
    /// Its id.
    pub id: Id,
    /// The record among the people.
    pub profile_id: Id,
    /// Where it was planted and what for.
    pub label: String,
    /// Its name.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub name: Option<String>,
    /// Its e-mail address.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub email: Option<String>,
    /// Its mobile number.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub mobile: Option<String>,
    /// Whether it stands there.
    pub state: DecoyState,
    /// How often somebody used it.
    pub hits: i64,
    /// When the last time.
    pub last_hit_at: Option<Timestamp>,
    /// Exports that it was in.
    pub exports: i64,
    /// When it was planted.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<Id>,
    /// Counts its changes; for `If-Match`.
    pub version: i64,
}

impl Labelled for Decoy {
    const NOUN: &'static str = "customers.decoy";
    const FIELDS: &'static [(&'static str, Label)] =
        &[("name", Label::Personal), ("email", Label::Personal), ("mobile", Label::Personal)];
}

/// A decoy that is planted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecoy {
    /// Where it is planted and what for.
    #[schema(min_length = 1, max_length = 100)]
    pub label: String,
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Its e-mail address.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub email: Option<String>,
    /// Its mobile number.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub mobile: Option<String>,
}

/// Export that held a decoy (涉及的导出).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DecoyExport {
    /// The export.
    pub id: Id,
    /// When.
    pub at: Timestamp,
    /// Who took it.
    pub actor_id: Option<Id>,
    /// Their name.
    pub actor_name: String,
    /// How many people were in it.
    pub rows: i64,
}

/// Somebody used a decoy (诱饵命中).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DecoyHit {
    /// Its id.
    pub id: Id,
    /// Which decoy.
    pub decoy_id: Id,
    /// Where that was planted.
    pub label: String,
    /// By which channel.
    pub channel: HitChannel,
    /// When.
    pub happened_at: Timestamp,
    /// When we learned it.
    pub recorded_at: Timestamp,
    /// Who it was, as far as they said.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub sender: Option<String>,
    /// More about it.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub note: Option<String>,
    /// Exports before it that held the decoy, newest first.
    pub exports: Vec<DecoyExport>,
    /// How many those are.
    pub exports_before: i64,
}

impl Labelled for DecoyHit {
    const NOUN: &'static str = "customers.decoy_hit";
    const FIELDS: &'static [(&'static str, Label)] =
        &[("sender", Label::Personal), ("note", Label::Personal)];
}

/// Somebody used a decoy.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecoyHit {
    /// Which decoy.
    #[serde(default)]
    pub decoy_id: Option<Id>,
    /// Or the address or number that was used.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub address: Option<String>,
    /// By which channel.
    pub channel: HitChannel,
    /// When; now when absent.
    #[serde(default)]
    pub happened_at: Option<Timestamp>,
    /// Who it was, as far as they said.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub sender: Option<String>,
    /// More about it.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// Which hits are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HitFilter {
    /// Only of this decoy.
    pub decoy_id: Option<Id>,
}
