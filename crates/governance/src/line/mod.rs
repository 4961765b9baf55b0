//! Budget line (预算科目): one kind of cost, spread over twelve months.

mod api;
pub(crate) mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, LocalText, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use api::routes;

text_enum! {
    /// Cost group (成本类别): the three of a marketing budget, the four cost types of a plan, and what is left.
    pub enum CostGroup {
        /// Marketing campaigns.
        Campaigns = "campaigns",
        /// Running the channels.
        Channels = "channels",
        /// People.
        Staff = "staff",
        /// Staff cost of a plan.
        Labour = "labour",
        /// Equipment of a plan.
        Equipment = "equipment",
        /// Software subscriptions of a plan.
        Software = "software",
        /// Outside services of a plan.
        Services = "services",
        /// Everything else.
        Other = "other",
    }
}

/// Budget line (预算科目).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = BudgetLine)]
pub struct Line {
    /// Its id.
    pub id: Id,
    /// The budget.
    pub budget_id: Id,
    /// Its short name, by which files name it.
    pub code: String,
    /// Its name.
    pub names: LocalText,
    /// The cost group.
    pub cost_group: CostGroup,
    /// Who answers for it.
    pub owner_id: Option<Id>,
    /// True for the reserve (应急预算): an approved adjustment alone takes money out of it.
    pub contingency: bool,
    /// What is planned for the year.
    pub annual_minor: i64,
    /// What was spent the year before, where it is known.
    pub last_year_minor: Option<i64>,
    /// What is planned for January to December; always the annual amount together.
    pub months: Vec<i64>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, for If-Match.
    pub version: i64,
}

impl Labelled for Line {
    const NOUN: &'static str = "governance.line";
}

/// Line to be written; the amount is spread equally.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewBudgetLine)]
pub struct NewLine {
    /// Its short name: letters, digits, `-`, `_` and `.`, 1 to 40.
    #[schema(min_length = 1, max_length = 40)]
    pub code: String,
    /// Its name.
    pub names: LocalText,
    /// The cost group.
    pub cost_group: CostGroup,
    /// Who answers for it.
    #[serde(default)]
    pub owner_id: Option<Id>,
    /// True for the reserve.
    #[serde(default)]
    pub contingency: bool,
    /// What is planned for the year.
    pub annual_minor: i64,
}

/// Change of a line; what is absent stays. Another annual amount is spread as the present months are.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BudgetLinePatch)]
pub struct LinePatch {
    /// Its name.
    #[serde(default)]
    pub names: Option<LocalText>,
    /// The cost group.
    #[serde(default)]
    pub cost_group: Option<CostGroup>,
    /// Who answers for it.
    #[serde(default)]
    pub owner_id: Option<Id>,
    /// True for the reserve.
    #[serde(default)]
    pub contingency: Option<bool>,
    /// What is planned for the year.
    #[serde(default)]
    pub annual_minor: Option<i64>,
    /// January to December; they must be the annual amount together.
    #[serde(default)]
    #[schema(min_items = 12, max_items = 12)]
    pub months: Option<Vec<i64>>,
}

text_enum! {
    /// How (方式) an annual amount is spread over months.
    pub enum SpreadPattern {
        /// The same every month.
        Equal = "equal",
        /// By weights.
        Seasonal = "seasonal",
        /// The same in some months, such as those of a campaign.
        Period = "period",
        /// As last year was spent.
        LastYear = "last_year",
    }
}

/// How a line is to be spread.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpreadInput {
    /// By what pattern.
    pub pattern: SpreadPattern,
    /// Weights of January to December; for `seasonal`.
    #[serde(default)]
    #[schema(min_items = 12, max_items = 12)]
    pub weights: Option<Vec<i64>>,
    /// First month; for `period`.
    #[serde(default)]
    pub from_month: Option<i64>,
    /// Last month; for `period`.
    #[serde(default)]
    pub to_month: Option<i64>,
}
