//! Campaign (营销活动): who gets which approved content, when, and what it is meant to bring.

mod api;
mod budget;
mod jobs;
mod launch;
mod links;
mod manage;
mod rules;
mod service;
mod sql;
mod test_send;

use kernel::{Id, Labelled, LocalText, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(crate) use api::routes;
pub(crate) use jobs::register;
pub(crate) use service::get_scoped;
pub(crate) use sql::{find, running_in, set_expanded, state_in};

kernel::text_enum! {
    /// Purpose (用途) of messages: what the receiver's consent is asked for.
    #[schema(as = MessagePurpose)]
    pub enum Purpose {
        /// Needs consent, keeps quiet hours and caps.
        Marketing = "marketing",
        /// Belongs to something that the receiver did; still never to suppressed addresses.
        Transactional = "transactional",
    }
}

kernel::text_enum! {
    /// What a goal counts (目标指标).
    pub enum GoalMetric {
        /// Attributed revenue in minor units.
        Revenue = "revenue",
        /// Attributed orders.
        Orders = "orders",
        /// People who clicked.
        Clicks = "clicks",
        /// People who opened.
        Opens = "opens",
    }
}

kernel::text_enum! {
    /// State (状态) of a campaign, as the machine `campaign` moves it.
    pub enum CampaignState {
        /// Being written.
        Draft = "draft",
        /// Complete; may be tested, scheduled and launched.
        Ready = "ready",
        /// Waits for its hour.
        Scheduled = "scheduled",
        /// Messages go out.
        Running = "running",
        /// Stopped for now; nothing is claimed.
        Paused = "paused",
        /// Everything is settled.
        Finished = "finished",
        /// Given up.
        Cancelled = "cancelled",
    }
}

/// A campaign (营销活动).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Campaign {
    /// Id.
    pub id: Id,
    /// Version, for If-Match.
    pub version: i64,
    /// Brand that speaks.
    pub brand_id: Id,
    /// Department that runs it.
    pub department_id: Option<Id>,
    /// Who answers for it.
    pub owner_id: Option<Id>,
    /// Its name.
    pub name: String,
    /// Purpose of its messages.
    pub purpose: Purpose,
    /// What the goal counts.
    pub goal_metric: Option<GoalMetric>,
    /// What is to be reached: minor units for revenue, otherwise a number.
    pub goal_target: Option<i64>,
    /// From when it counts.
    pub period_from: Option<Timestamp>,
    /// Until when it counts.
    pub period_to: Option<Timestamp>,
    /// Who gets it.
    pub segment_id: Option<Id>,
    /// What they get.
    pub content_id: Option<Id>,
    /// The approval token of the content, as the approval gave it out.
    pub approval: Option<String>,
    /// Its instance of the state machine.
    pub instance_id: Id,
    /// Its state.
    pub state: CampaignState,
    /// When it starts by itself.
    pub schedule_at: Option<Timestamp>,
    /// Most messages in a minute; no limit of its own when absent.
    pub rate_per_minute: Option<i64>,
    /// The marketing strategy that it runs under.
    pub strategy_id: Option<Id>,
    /// The plan that it carries out.
    pub plan_id: Option<Id>,
    /// The business goal that it serves.
    pub business_goal_id: Option<Id>,
    /// The budget line that pays for it.
    pub budget_line_id: Option<Id>,
    /// What it may cost, in minor units of the budget.
    pub budget_minor: Option<i64>,
    /// The reservation that its launch made.
    pub commitment_id: Option<Id>,
    /// The frozen audience.
    pub audience_id: Option<Id>,
    /// How many people are in it.
    pub audience_count: Option<i64>,
    /// State of the data that the audience was computed from.
    pub audience_watermark: Option<Timestamp>,
    /// The release that lets its content out.
    pub release_id: Option<Id>,
    /// Name of the brand as the release gave it, for the pages that receivers see.
    pub brand_name: Option<LocalText>,
    /// When its owner was sent a test of this content.
    pub tested_at: Option<Timestamp>,
    /// Last profile whose row stands in the ledger.
    pub expanded_after: Option<String>,
    /// When the whole audience stood in the ledger.
    pub expanded_at: Option<Timestamp>,
    /// When it was launched.
    pub launched_at: Option<Timestamp>,
    /// When the last message was settled.
    pub finished_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Who made it.
    pub created_by: Option<Id>,
}

impl Labelled for Campaign {
    const NOUN: &'static str = "campaigns.campaign";
}

/// What a person writes about a campaign; on a change, what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignInput {
    /// Brand that speaks; fixed once made.
    pub brand_id: Option<Id>,
    /// Its name, 1 to 120 characters.
    pub name: Option<String>,
    /// Purpose of its messages; marketing when absent.
    pub purpose: Option<Purpose>,
    /// What the goal counts.
    pub goal_metric: Option<GoalMetric>,
    /// What is to be reached, above 0.
    pub goal_target: Option<i64>,
    /// From when it counts.
    pub period_from: Option<Timestamp>,
    /// Until when it counts.
    pub period_to: Option<Timestamp>,
    /// Who gets it.
    pub segment_id: Option<Id>,
    /// What they get.
    pub content_id: Option<Id>,
    /// The approval token of the content.
    pub approval: Option<String>,
    /// Most messages in a minute, 1 to 1,000,000.
    pub rate_per_minute: Option<i64>,
    /// The marketing strategy that it runs under: a record of type `strategy`.
    pub strategy_id: Option<Id>,
    /// The plan that it carries out: a record of type `plan`.
    pub plan_id: Option<Id>,
    /// The business goal that it serves: a record of type `goal`.
    pub business_goal_id: Option<Id>,
    /// The budget line that pays for it; with `budget_minor`.
    pub budget_line_id: Option<Id>,
    /// What it may cost, above 0, in minor units of the budget; with `budget_line_id`.
    pub budget_minor: Option<i64>,
}

/// Why somebody acts.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonInput {
    /// The reason, 1 to 500 characters; pausing and cancelling ask for one.
    pub reason: Option<String>,
}

/// Whom a campaign is given to, and why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignReassignment {
    /// Who answers for it from now on.
    pub owner_id: Id,
    /// The reason, 1 to 500 characters.
    pub reason: String,
}

/// Until when a campaign counts, and why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignExtension {
    /// Its end from now on; later than now and than before.
    pub period_to: Timestamp,
    /// The reason, 1 to 500 characters.
    pub reason: String,
}

/// When a campaign starts.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleInput {
    /// The hour, in the future.
    pub schedule_at: Timestamp,
}

/// Which campaigns are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CampaignFilter {
    /// Only in this state.
    pub state: Option<CampaignState>,
    /// Only of this brand.
    pub brand_id: Option<Id>,
    /// Only those that run under this strategy.
    pub strategy_id: Option<Id>,
    /// Only those that carry out this plan.
    pub plan_id: Option<Id>,
    /// Part of the name.
    #[param(max_length = 120)]
    pub q: Option<String>,
}
