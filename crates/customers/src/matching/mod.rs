//! Match (客户匹配): pairs of people who may be one, found by how well what is known about both agrees, and decided by
//! a rule where that is beyond doubt and by somebody where it is not.

mod api;
mod find;
mod jobs;
mod rules;
mod service;
mod sql;

use kernel::{Caller, Id, Label, Labelled, Masked, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use api::routes;
pub use find::find;
pub use jobs::{Find, after_import};
pub use service::{distinct, get, list, merge, standing};

text_enum! {
    /// State (处理状态) of a pair.
    pub enum CandidateState {
        /// Nobody decided yet.
        Open = "open",
        /// They are one person.
        Merged = "merged",
        /// They are two people.
        Distinct = "distinct",
        /// The question answered itself: they were joined on another way.
        Gone = "gone",
    }
}

text_enum! {
    /// Rule (发现方式) by which a pair was found.
    pub enum CandidateRule {
        /// What is known about both agrees.
        FellegiSunter = "fellegi_sunter",
        /// A member of staff said so.
        Staff = "staff",
    }
}

/// How a field of both agrees, and how much that says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FieldAgreement {
    /// The field.
    pub field: String,
    /// How close they are: 0 differs.
    pub level: i64,
    /// The closest that there is of this field.
    pub levels: i64,
    /// How much it speaks for one person (above 0) or against it, in bits.
    pub weight: f64,
}

/// One of the two (一方).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MatchSide {
    /// The profile.
    pub profile_id: Id,
    /// Full name.
    pub name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Number of the membership card.
    pub member_number: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Mobile number.
    pub mobile: Option<String>,
    /// Street and house.
    pub address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// District.
    pub district: Option<String>,
    /// Where the profile came from.
    pub source: String,
    /// When we first heard of them.
    pub created_at: Timestamp,
}

impl Labelled for MatchSide {
    const NOUN: &'static str = "customers.profile";
    const FIELDS: &'static [(&'static str, Label)] = crate::profile::PERSONAL;
}

impl MatchSide {
    /// Returns it as a caller may see it.
    fn shown(mut self, caller: &Caller) -> Masked<Self> {
        let mut masked = Vec::new();
        if caller.clearance < Label::Personal {
            let fields = [
                ("name", &mut self.name),
                ("given_name", &mut self.given_name),
                ("email", &mut self.email),
                ("mobile", &mut self.mobile),
                ("address", &mut self.address),
            ];
            masked
                .extend(fields.into_iter().filter_map(|(name, value)| value.take().map(|_| name.to_owned())));
        }
        Masked { row: self, masked }
    }
}

/// Pair of people who may be one (疑似重复).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MatchCandidate {
    /// Its id.
    pub id: Id,
    /// What became of it.
    pub state: CandidateState,
    /// How it was found.
    pub rule: CandidateRule,
    /// How likely they are one person, 0 to 1.
    pub probability: f64,
    /// The same as a weight, in bits.
    pub weight: f64,
    /// What speaks for it and against it.
    pub agreements: Vec<FieldAgreement>,
    /// The older of the two, who would stay.
    pub left: Masked<MatchSide>,
    /// The other.
    pub right: Masked<MatchSide>,
    /// When it was found.
    pub found_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// Who decided; absent where a rule did.
    pub decided_by: Option<Id>,
    /// Their name.
    pub decided_by_name: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Counts its changes; for `If-Match`.
    pub version: i64,
}

impl Labelled for MatchCandidate {
    const NOUN: &'static str = "customers.match_candidate";
    const FIELDS: &'static [(&'static str, Label)] = &[];
}

/// Which pairs are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CandidateFilter {
    /// Only in this state.
    #[param(inline)]
    pub state: Option<CandidateState>,
}

/// Why two people are one; may be left out where the pair speaks for itself.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeCandidate {
    /// Why.
    #[serde(default)]
    #[schema(min_length = 5, max_length = 500)]
    pub reason: Option<String>,
}

/// Why two people are two.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DistinctCandidate {
    /// Why.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
}

/// How often a level is seen among pairs of one person (`m`) and of two (`u`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LevelWeight {
    /// How close: 0 differs.
    pub level: i64,
    /// Share among pairs of one person.
    pub m: f64,
    /// Share among pairs of two people.
    pub u: f64,
    /// What it says, in bits.
    pub weight: f64,
}

/// What the levels of a field say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FieldWeights {
    /// The field.
    pub field: String,
    /// Its levels, from different to the same.
    pub levels: Vec<LevelWeight>,
}

/// What the last search for duplicates learned and found (匹配模型).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MatchStanding {
    /// When it ran; absent: never.
    pub trained_at: Option<Timestamp>,
    /// People who were looked at.
    pub records: i64,
    /// Pairs that were compared.
    pub pairs_compared: i64,
    /// Pairs that wait for somebody.
    pub candidates: i64,
    /// Pairs that it joined by itself.
    pub merged_by_rule: i64,
    /// True where the weights were learned from these people; false where there were too few and usual ones were taken.
    pub learned: bool,
    /// From which probability pairs are joined by rule; absent: never.
    pub auto_from: Option<f64>,
    /// From which probability pairs are shown to somebody.
    pub review_from: f64,
    /// Values that too many share to say anything, and that were passed over.
    pub skipped_blocks: i64,
    /// What each field says.
    pub fields: Vec<FieldWeights>,
}

impl Labelled for MatchStanding {
    const NOUN: &'static str = "customers.match_standing";
    const FIELDS: &'static [(&'static str, Label)] = &[];
}
