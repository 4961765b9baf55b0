//! Persona (人群画像): groups of people who are alike in what they buy and who they are, found by the machine and named by
//! somebody.

mod api;
mod compute;
mod jobs;
mod rules;
mod service;
mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use api::routes;
pub use compute::{recompute, recompute_all};
pub use jobs::Recompute;
pub use service::{archive, create, get, list, name, of_profile, request};
pub(crate) use service::{names, require_known};

text_enum! {
    /// Feature (画像特征) by which people are compared.
    pub enum PersonaFeature {
        /// Days since the last order.
        RecencyDays = "recency_days",
        /// Orders.
        OrderCount = "order_count",
        /// What an order costs on average.
        OrderValue = "order_value",
        /// What all orders cost.
        Total = "total",
        /// Chance that they are still a customer.
        PAlive = "p_alive",
        /// What they are expected to bring.
        ExpectedValue = "expected_value",
        /// People in the household.
        HouseholdSize = "household_size",
        /// Children in the household.
        Children = "children",
        /// Days since we first heard of them.
        DaysKnown = "days_known",
        /// Age band.
        AgeBand = "age_band",
        /// Income band.
        IncomeBand = "income_band",
        /// City.
        City = "city",
        /// Language.
        Language = "language",
        /// Where the profile came from.
        Source = "source",
        /// Tier.
        Tier = "tier",
        /// Owns their home.
        Homeowner = "homeowner",
        /// Is married.
        Married = "married",
        /// Shares of what they spend in the largest departments.
        Department = "department",
    }
}

text_enum! {
    /// State (划分状态) of a set.
    pub enum PersonaState {
        /// Nothing was computed yet.
        Waiting = "waiting",
        /// Groups were found.
        Usable = "usable",
        /// There are too few people, or they do not differ.
        TooLittleData = "too_little_data",
    }
}

/// Number of groups that was tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TriedCount {
    /// Groups.
    pub group_count: i64,
    /// How well they stand apart.
    pub silhouette: f64,
}

/// What tells a group from everybody (群体特点).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PersonaTrait {
    /// The feature.
    pub feature: PersonaFeature,
    /// The value whose share is meant; absent for a number, whose mean is meant.
    pub value: Option<String>,
    /// Mean or share in the group.
    pub group: f64,
    /// Mean or share of everybody.
    pub overall: f64,
    /// The one by the other; absent where everybody's is 0.
    pub lift: Option<f64>,
    /// How far apart, in standard deviations of everybody.
    pub distance: f64,
}

/// Persona (人群画像): one group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PersonaGroup {
    /// Its id; stays when groups are computed again.
    pub id: Id,
    /// Counts from 1, the largest first.
    pub number: i64,
    /// What somebody called it.
    pub name: Option<String>,
    /// People.
    pub size: i64,
    /// Of all people of the set.
    pub share: f64,
    /// What tells it from everybody, the most telling first.
    pub traits: Vec<PersonaTrait>,
}

/// Set of personas (画像方案): one way of grouping people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PersonaSet {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// What people are compared by.
    pub features: Vec<PersonaFeature>,
    /// How many groups; absent: as many as stand apart best.
    pub group_count: Option<i64>,
    /// Belongs to this brand, and groups its people only.
    pub brand_id: Option<Id>,
    /// Belongs to this department, and groups its people only.
    pub department_id: Option<Id>,
    /// Belongs to this user.
    pub owner_id: Option<Id>,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<Id>,
    /// When it was put away.
    pub archived_at: Option<Timestamp>,
    /// Counts the changes.
    pub version: i64,
    /// What it came to.
    pub state: PersonaState,
    /// When groups were found last.
    pub computed_at: Option<Timestamp>,
    /// People who were grouped.
    pub people: i64,
    /// How well groups stand apart, -1 to 1.
    pub silhouette: Option<f64>,
    /// How much of it is found again in halves of the people: mean adjusted Rand index, 1 is all.
    pub stability: Option<f64>,
    /// Numbers of groups that were tried.
    pub tried: Vec<TriedCount>,
    /// The groups; without traits in lists.
    #[serde(default)]
    pub personas: Vec<PersonaGroup>,
}

impl Labelled for PersonaSet {
    const NOUN: &'static str = "customers.persona_set";
}

/// A new set.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPersonaSet {
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What people are compared by, each once.
    #[schema(min_items = 1, max_items = 12)]
    pub features: Vec<PersonaFeature>,
    /// How many groups; as many as stand apart best when absent.
    #[serde(default)]
    #[schema(minimum = 2, maximum = 12)]
    pub group_count: Option<i64>,
    /// Only people of this brand.
    #[serde(default)]
    pub brand_id: Option<Id>,
    /// Only people of this department.
    #[serde(default)]
    pub department_id: Option<Id>,
}

/// What a persona is to be called.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonaName {
    /// The name; none takes it away.
    #[schema(min_length = 1, max_length = 100)]
    pub name: Option<String>,
}

/// Persona that one person belongs to (所属画像).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PersonaOfProfile {
    /// The set.
    pub set_id: Id,
    /// Its name.
    pub set_name: String,
    /// The persona.
    pub persona_id: Id,
    /// Its number.
    pub number: i64,
    /// What somebody called it.
    pub name: Option<String>,
}
