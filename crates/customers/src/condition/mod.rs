//! Condition (条件): a typed expression over people; what a segment is made of.

mod describe;
mod did;
mod evaluate;
mod explain;
pub mod rules;
pub(crate) mod sql;

use kernel::{Id, text_enum};
use lake::query::{EventFilter, Span};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use describe::{Names, describe};
pub use explain::{Asked, Evidence, Explanation, explain};
pub use rules::{Library, check, check_references};
pub use sql::Setting;

use crate::consent::{Channel, ConsentState, Purpose};
use crate::tier::Tier;

/// Condition (条件) on a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// Every one of these holds.
    All {
        /// The conditions.
        #[schema(no_recursion, min_items = 1, max_items = 20)]
        of: Vec<Condition>,
    },
    /// At least one of these holds.
    Any {
        /// The conditions.
        #[schema(no_recursion, min_items = 1, max_items = 20)]
        of: Vec<Condition>,
    },
    /// This does not hold.
    Not {
        /// The condition.
        #[schema(no_recursion)]
        of: Box<Condition>,
    },
    /// A text of the profile is one of these.
    Text {
        /// The field.
        field: TextField,
        /// The values.
        #[schema(min_items = 1, max_items = 50)]
        one_of: Vec<String>,
    },
    /// A number of the profile is in these bounds.
    Number {
        /// The field.
        field: NumberField,
        /// At least this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_least: Option<i64>,
        /// At most this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_most: Option<i64>,
    },
    /// A yes or no of the profile is as said.
    Flag {
        /// The field.
        field: FlagField,
        /// Yes or no.
        is: bool,
    },
    /// The profile is not older than so many days.
    KnownSince {
        /// Days.
        #[schema(minimum = 1, maximum = 3650)]
        within_days: u32,
    },
    /// The tier is one of these.
    Tier {
        /// The tiers.
        #[schema(min_items = 1, max_items = 4)]
        one_of: Vec<Tier>,
    },
    /// What they said about being contacted is this.
    Consent {
        /// The answer.
        state: ConsentState,
        /// On this channel.
        channel: Channel,
        /// For this purpose.
        purpose: Purpose,
        /// To this brand; to any when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        brand_id: Option<Id>,
    },
    /// They bought so often, in the last days.
    Ordered {
        /// What; anything when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        what: Option<Goods>,
        /// Orders, at least.
        #[schema(minimum = 1, maximum = 1000)]
        at_least: u32,
        /// In this many days up to now.
        #[schema(minimum = 1, maximum = 3650)]
        within_days: u32,
        /// What these orders cost together, at least, in minor units.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 1)]
        total_at_least_minor: Option<i64>,
    },
    /// They handed in a coupon.
    Redeemed {
        /// Of this campaign; of any when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 100)]
        campaign: Option<String>,
        /// In this many days up to now; ever when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 1, maximum = 3650)]
        within_days: Option<u32>,
    },
    /// A score of theirs is in these bounds.
    Score {
        /// Which.
        which: ScoreField,
        /// At least this: a digit, whole percent, or minor units.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_least: Option<i64>,
        /// At most this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_most: Option<i64>,
    },
    /// They belong to a persona.
    Persona {
        /// The persona.
        persona_id: Id,
    },
    /// They did something so often, or for so much.
    Did {
        /// Which events.
        what: EventFilter,
        /// What of them is held against the bounds.
        #[serde(default)]
        measure: DidMeasure,
        /// At least this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_least: Option<f64>,
        /// At most this; people without any events count as 0.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_most: Option<f64>,
        /// In this many days up to now; ever when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 1, maximum = 3650)]
        within_days: Option<u32>,
        /// Between two fixed times, where no days are given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        span: Option<Span>,
    },
    /// They did things in this order; whatever else they did in between does not matter.
    DidInOrder {
        /// Which events, one after another.
        #[schema(min_items = 2, max_items = 10)]
        steps: Vec<EventFilter>,
        /// From the first to the last, at most, in hours.
        #[schema(minimum = 1, maximum = 87600)]
        within_hours: u32,
        /// In this many days up to now; ever when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 1, maximum = 3650)]
        within_days: Option<u32>,
        /// Between two fixed times, where no days are given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        span: Option<Span>,
    },
    /// They are in another segment.
    InSegment {
        /// The segment.
        segment_id: Id,
    },
}

/// Measure (度量) of somebody's events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DidMeasure {
    /// How many there are.
    #[default]
    Count,
    /// What they were worth together.
    Value,
}

/// Goods (商品范围) that a purchase is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Goods {
    /// By what they are named.
    pub by: GoodsBy,
    /// The name, or the id of a product or brand.
    #[schema(min_length = 1, max_length = 100)]
    pub value: String,
}

text_enum! {
    /// By what (范围类型) goods are named.
    pub enum GoodsBy {
        /// Department of the assortment.
        Department = "department",
        /// Category.
        Category = "category",
        /// One product, by id.
        Product = "product",
        /// Brand, by id.
        Brand = "brand",
    }
}

text_enum! {
    /// Text (文本字段) of a profile that segments may ask for; none that tells who somebody is.
    pub enum TextField {
        /// City.
        City = "city",
        /// District.
        District = "district",
        /// Language.
        Language = "language",
        /// Source of the profile.
        Source = "source",
        /// Age band.
        AgeBand = "age_band",
        /// Income band.
        IncomeBand = "income_band",
        /// The brand they feel closest to, by id.
        Brand = "brand_id",
    }
}

text_enum! {
    /// Number (数字字段) of a profile.
    pub enum NumberField {
        /// People in the household.
        HouseholdSize = "household_size",
        /// Children in the household.
        Children = "children",
    }
}

text_enum! {
    /// Score (评分字段) of a person.
    pub enum ScoreField {
        /// How recently they bought, 1 to 5.
        Recency = "recency",
        /// How often, 1 to 5.
        Frequency = "frequency",
        /// For how much, 1 to 5.
        Monetary = "monetary",
        /// Chance that they are still a customer, in percent.
        PAlive = "p_alive",
        /// Chance that they are not, in percent.
        Churn = "churn",
        /// What they are expected to bring, in minor units.
        ExpectedValue = "expected_value",
    }
}

text_enum! {
    /// Yes or no (是非字段) of a profile; neither where it is not known.
    pub enum FlagField {
        /// Owns their home.
        Homeowner = "homeowner",
        /// Is married.
        Married = "married",
        /// Has an e-mail address.
        HasEmail = "has_email",
        /// Has a mobile number.
        HasMobile = "has_mobile",
    }
}

impl Condition {
    /// Returns the conditions inside this one.
    pub fn children(&self) -> &[Condition] {
        match self {
            Self::All { of } | Self::Any { of } => of,
            Self::Not { of } => std::slice::from_ref(of),
            _ => &[],
        }
    }

    /// Returns this and everything inside, each with its path such as `of.1.of`.
    pub fn walk(&self) -> Vec<(String, &Condition)> {
        let mut found = Vec::new();
        self.walk_into(String::new(), &mut found);
        found
    }

    fn walk_into<'a>(&'a self, path: String, found: &mut Vec<(String, &'a Condition)>) {
        found.push((path.clone(), self));
        let prefix = if path.is_empty() { String::new() } else { format!("{path}.") };
        match self {
            Self::All { of } | Self::Any { of } => {
                for (place, child) in of.iter().enumerate() {
                    child.walk_into(format!("{prefix}of.{place}"), found);
                }
            }
            Self::Not { of } => of.walk_into(format!("{prefix}of"), found),
            _ => {}
        }
    }

    /// Returns true for a condition that the event lake decides.
    pub fn is_about_events(&self) -> bool {
        matches!(self, Self::Did { .. } | Self::DidInOrder { .. })
    }

    /// Returns true for a condition without others inside.
    pub fn is_leaf(&self) -> bool {
        !matches!(self, Self::All { .. } | Self::Any { .. } | Self::Not { .. })
    }
}
