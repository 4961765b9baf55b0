//! Profile (客户档案): one person as the company knows them.

mod api;
pub mod facts;
pub mod record;
pub mod rules;
pub(crate) mod search;
mod service;
pub(crate) mod sql;

use std::collections::BTreeMap;

use kernel::{Id, Label, Labelled, Language, Masked, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{IntoParams, ToSchema};

pub use api::{export_file, routes};
pub(crate) use service::{PROFILE_COLUMNS, change, load, load_in, require};
pub use service::{get, get_by_node, list, patch, unmask};

use crate::consent::{Channel, ConsentState, Purpose};
use crate::tier::Tier;

text_enum! {
    /// Age band (年龄段).
    pub enum AgeBand {
        /// Under 19 years.
        Under19 = "under_19",
        /// 19 to 24 years.
        From19 = "19_24",
        /// 25 to 34 years.
        From25 = "25_34",
        /// 35 to 44 years.
        From35 = "35_44",
        /// 45 to 54 years.
        From45 = "45_54",
        /// 55 to 64 years.
        From55 = "55_64",
        /// 65 years and more.
        From65 = "65_plus",
    }
}

text_enum! {
    /// Income band (收入段): thousands of the company's currency in a year.
    pub enum IncomeBand {
        /// Under 15.
        Under15 = "under_15k",
        /// 15 to 24.
        From15 = "15k_24k",
        /// 25 to 34.
        From25 = "25k_34k",
        /// 35 to 49.
        From35 = "35k_49k",
        /// 50 to 74.
        From50 = "50k_74k",
        /// 75 to 99.
        From75 = "75k_99k",
        /// 100 to 124.
        From100 = "100k_124k",
        /// 125 to 149.
        From125 = "125k_149k",
        /// 150 to 174.
        From150 = "150k_174k",
        /// 175 to 199.
        From175 = "175k_199k",
        /// 200 to 249.
        From200 = "200k_249k",
        /// 250 and more.
        From250 = "250k_plus",
    }
}

/// Profile (客户档案).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Profile {
    /// Its id: that of the oldest identifier node.
    pub id: Id,
    /// Full name.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub name: Option<String>,
    /// Given name, as messages address the person.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub given_name: Option<String>,
    /// Number of the membership card.
    pub member_number: Option<String>,
    /// E-mail address that is used first.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub email: Option<String>,
    /// Mobile number that is used first.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub mobile: Option<String>,
    /// Street and house.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// District of the city.
    pub district: Option<String>,
    /// Language in which they want to be addressed; absent: the brand's.
    pub language: Option<Language>,
    /// Time zone such as `Asia/Shanghai`; absent: the brand's.
    pub time_zone: Option<String>,
    /// Age band.
    pub age_band: Option<AgeBand>,
    /// Income band.
    pub income_band: Option<IncomeBand>,
    /// People in the household; 5 means five or more.
    pub household_size: Option<i64>,
    /// Children in the household; 3 means three or more.
    pub children: Option<i64>,
    /// True where they own their home.
    pub homeowner: Option<bool>,
    /// True where they are married.
    pub married: Option<bool>,
    /// Where the profile came from.
    pub source: String,
    /// What else is known.
    #[schema(value_type = Object)]
    pub attributes: BTreeMap<String, Json>,
    /// Tier, by the rule in force.
    pub tier: Option<Tier>,
    /// Since when.
    pub tier_since: Option<Timestamp>,
    /// The brand they feel closest to.
    pub brand_id: Option<Id>,
    /// The department that looks after them.
    pub department_id: Option<Id>,
    /// The member of staff who looks after them.
    pub owner_id: Option<Id>,
    /// When we first heard of them.
    pub created_at: Timestamp,
    /// When the profile last changed.
    pub updated_at: Timestamp,
    /// Counts the changes.
    pub version: i64,
}

/// Fields by which a person can be reached or recognised.
pub const PERSONAL: &[(&str, Label)] = &[
    ("name", Label::Personal),
    ("given_name", Label::Personal),
    ("email", Label::Personal),
    ("mobile", Label::Personal),
    ("address", Label::Personal),
];

impl Labelled for Profile {
    const NOUN: &'static str = "customers.profile";
    const FIELDS: &'static [(&'static str, Label)] = PERSONAL;
}

/// What orders of one currency add up to (订单汇总).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OrderSummary {
    /// The currency.
    pub currency: String,
    /// How many orders.
    pub order_count: i64,
    /// What they paid, in minor units.
    pub total_minor: i64,
    /// The first one.
    pub first_at: Timestamp,
    /// The latest one.
    pub last_at: Timestamp,
}

/// Profile with what hangs together with it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProfileDetail {
    /// The profile.
    #[serde(flatten)]
    pub profile: Profile,
    /// Orders by currency; absent where the caller may not see orders.
    pub orders: Option<Vec<OrderSummary>>,
    /// Present consents.
    pub consents: Vec<crate::consent::Consent>,
    /// Why nothing goes to one of their addresses.
    pub suppressions: Vec<Masked<crate::suppression::Suppression>>,
}

impl Labelled for ProfileDetail {
    const NOUN: &'static str = "customers.profile";
    const FIELDS: &'static [(&'static str, Label)] = PERSONAL;
}

/// Which profiles to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProfileFilter {
    /// What somebody is looked for by, among the fields that the caller may see: part of a name or of a card's number; an
    /// e-mail address, whole or before or behind its `@`; a mobile number, whole or its last four digits.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// In this tier.
    pub tier: Option<Tier>,
    /// In this city.
    #[param(max_length = 100)]
    pub city: Option<String>,
    /// With this answer about being contacted.
    pub consent: Option<ConsentState>,
    /// On this channel; e-mail when absent.
    pub consent_channel: Option<Channel>,
    /// For this purpose; marketing when absent.
    pub consent_purpose: Option<Purpose>,
    /// By this brand; any when absent.
    pub consent_brand_id: Option<Id>,
    /// In this segment, computed now.
    pub segment_id: Option<Id>,
    /// Frozen with this snapshot of a segment.
    pub snapshot_id: Option<Id>,
}

/// Changes to a profile: an absent field stays, `null` clears it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProfilePatch {
    /// Full name.
    #[serde(with = "facts::double_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub name: Option<Option<String>>,
    /// Given name.
    #[serde(with = "facts::double_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub given_name: Option<Option<String>>,
    /// E-mail address; a new one is added and used first, the old one stays known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub email: Option<String>,
    /// Mobile number; likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub mobile: Option<String>,
    /// Street and house.
    #[serde(with = "facts::double_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 300)]
    pub address: Option<Option<String>>,
    /// City.
    #[serde(with = "facts::double_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub city: Option<Option<String>>,
    /// District.
    #[serde(with = "facts::double_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub district: Option<Option<String>>,
    /// Language.
    #[serde(with = "facts::double_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Language>)]
    pub language: Option<Option<Language>>,
    /// Time zone.
    #[serde(with = "facts::double_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 60)]
    pub time_zone: Option<Option<String>>,
    /// Age band.
    #[serde(with = "facts::double_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<AgeBand>)]
    pub age_band: Option<Option<AgeBand>>,
    /// Income band.
    #[serde(with = "facts::double_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<IncomeBand>)]
    pub income_band: Option<Option<IncomeBand>>,
    /// People in the household, 1 to 5.
    #[serde(with = "facts::double_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 5)]
    pub household_size: Option<Option<i64>>,
    /// Children, 0 to 3.
    #[serde(with = "facts::double_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 3)]
    pub children: Option<Option<i64>>,
    /// Owns their home.
    #[serde(with = "facts::double_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<bool>)]
    pub homeowner: Option<Option<bool>>,
    /// Is married.
    #[serde(with = "facts::double_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<bool>)]
    pub married: Option<Option<bool>>,
    /// The brand they feel closest to.
    #[serde(with = "facts::double_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub brand_id: Option<Option<Id>>,
    /// The department that looks after them.
    #[serde(with = "facts::double_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub department_id: Option<Option<Id>>,
    /// The member of staff who looks after them.
    #[serde(with = "facts::double_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub owner_id: Option<Option<Id>>,
}

/// Why somebody needs to see hidden fields.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unmask {
    /// The reason, for the audit log.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
}
