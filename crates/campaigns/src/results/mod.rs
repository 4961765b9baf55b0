//! Results (活动效果): what a campaign brought, computed from the ledger and the observations when asked.
//!
//! Human figures leave out scanners and visitors that cannot be told; the raw figures beside them do
//! not. An order belongs to the last touch before it: the last click of a person within the window,
//! over all campaigns, otherwise the last open.

mod api;
mod rules;
mod service;
mod sql;

use kernel::{Currency, Id, Labelled, Language, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::campaign::GoalMetric;
use crate::tracking::EventKind;

pub(crate) use api::routes;

kernel::text_enum! {
    /// What a figure counts (指标).
    pub enum FigureKey {
        /// Messages in the ledger.
        Planned = "planned",
        /// Planned and not settled yet.
        Waiting = "waiting",
        /// Refused by the contact door.
        Suppressed = "suppressed",
        /// Refused by the server for good, or too often.
        Failed = "failed",
        /// May have arrived.
        Unknown = "unknown",
        /// Taken by the receiver's server.
        Sent = "sent",
        /// Sent less those that came back.
        Delivered = "delivered",
        /// Refused or sent back by the receiver's server.
        Bounced = "bounced",
        /// Messages that a person opened.
        Opened = "opened",
        /// Messages in which a person followed a link.
        Clicked = "clicked",
        /// Messages that led to an unsubscription.
        Unsubscribed = "unsubscribed",
        /// Messages that were reported as unwanted.
        Complained = "complained",
        /// Attributed orders.
        Orders = "orders",
        /// What they come to, in minor units of the company's currency.
        Revenue = "revenue",
    }
}

/// A figure with the list of rows that it counts (指标值).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Figure {
    /// What it counts.
    pub key: FigureKey,
    /// The figure; without scanners where `raw` stands beside it.
    pub value: i64,
    /// With scanners and visitors that cannot be told.
    pub raw: Option<i64>,
    /// Visits, each counted.
    pub visits: Option<i64>,
    /// The list that opens its rows, as a path of the API.
    pub rows: String,
}

/// How far a goal is reached (目标达成).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GoalReached {
    /// What the goal counts.
    pub metric: GoalMetric,
    /// What is to be reached.
    pub target: i64,
    /// What is reached.
    pub reached: i64,
    /// `reached` in percent of `target`.
    pub percent: f64,
}

/// How orders are attributed (归因口径).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attribution {
    /// `last_touch`: the last click by a person within the window, otherwise the last open.
    pub model: String,
    /// Days between touch and order.
    pub window_days: i64,
    /// Orders count from then on.
    pub from: Option<Timestamp>,
    /// Orders count before then.
    pub to: Option<Timestamp>,
    /// Currency of the revenue; orders in others are counted, not added up.
    pub currency: Currency,
}

/// What a campaign brought so far (活动效果).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CampaignResults {
    /// The campaign.
    pub campaign_id: Id,
    /// When this was counted.
    pub counted_at: Timestamp,
    /// The figures.
    pub figures: Vec<Figure>,
    /// The goal, where there is one.
    pub goal: Option<GoalReached>,
    /// How orders are attributed.
    pub attribution: Attribution,
}

impl Labelled for CampaignResults {
    const NOUN: &'static str = "campaigns.results";
}

/// One hour of a campaign (小时数据); each message counts once, in the hour in which it was first seen so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HourResult {
    /// Beginning of the hour.
    pub at: Timestamp,
    /// Messages that were sent.
    pub sent: i64,
    /// Messages first opened by a person.
    pub opened: i64,
    /// Messages in which a person first followed a link.
    pub clicked: i64,
    /// Messages that led to an unsubscription.
    pub unsubscribed: i64,
    /// Attributed orders.
    pub orders: i64,
    /// What they come to.
    pub revenue_minor: i64,
}

impl Labelled for HourResult {
    const NOUN: &'static str = "campaigns.hour_result";
}

/// What one link brought (链接效果).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinkResult {
    /// Its number.
    pub number: i64,
    /// Where it leads.
    pub url: String,
    /// Messages in which a person followed it.
    pub clicked: i64,
    /// Messages in which anybody did.
    pub clicked_raw: i64,
    /// Visits, each counted.
    pub visits: i64,
}

impl Labelled for LinkResult {
    const NOUN: &'static str = "campaigns.link_result";
}

/// What the messages of one language brought (语言效果).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LanguageResult {
    /// Language of the messages.
    pub language: Option<Language>,
    /// Messages that were sent.
    pub sent: i64,
    /// Messages that a person opened.
    pub opened: i64,
    /// Messages in which a person followed a link.
    pub clicked: i64,
    /// Messages that led to an unsubscription.
    pub unsubscribed: i64,
    /// Attributed orders.
    pub orders: i64,
    /// What they come to.
    pub revenue_minor: i64,
}

impl Labelled for LanguageResult {
    const NOUN: &'static str = "campaigns.language_result";
}

/// An order that belongs to a campaign (归因订单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AttributedOrder {
    /// The order.
    pub id: Id,
    /// When it was placed.
    pub happened_at: Timestamp,
    /// What it comes to, in minor units.
    pub total_minor: i64,
    /// Its currency.
    pub currency: String,
    /// The message that touched last.
    pub send_id: Id,
    /// Its receiver.
    pub profile_id: Id,
    /// A click or an open.
    pub touch: EventKind,
    /// When that was.
    pub touched_at: Timestamp,
}

impl Labelled for AttributedOrder {
    const NOUN: &'static str = "campaigns.attributed_order";
}
