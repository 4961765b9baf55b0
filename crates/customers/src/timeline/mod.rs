//! Timeline (互动时间线): everything between one person and the company, latest first.

mod api;
mod service;
mod sql;

use kernel::{Label, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use api::routes;
pub use service::list;

text_enum! {
    /// Kind (事件类型) of an entry.
    pub enum EntryKind {
        /// An order or a cancellation.
        Order = "order",
        /// A coupon handed in.
        Redemption = "redemption",
        /// A statement about being contacted.
        Consent = "consent",
        /// An address put on the suppression list.
        Suppression = "suppression",
        /// Another tier.
        Tier = "tier",
        /// A message sent to them.
        Send = "send",
        /// What became of a message: delivered, opened, clicked.
        Delivery = "delivery",
        /// Something that they did on a site or in an app.
        Event = "event",
    }
}

/// Entry (时间线条目).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// The row behind it.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// What happened in one word: an order's kind, a consent's state, a message's state, a tier.
    pub what: String,
    /// More about it: channel and purpose, coupon, the tier before.
    pub detail: Option<String>,
    /// What the row belongs to: brand, campaign.
    pub reference: Option<String>,
    /// Amount in minor units, where there is one.
    pub amount_minor: Option<i64>,
    /// The amount's currency.
    pub currency: Option<String>,
}

impl Labelled for Entry {
    const NOUN: &'static str = "customers.timeline";
    const FIELDS: &'static [(&'static str, Label)] = &[];
}

/// Which entries to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TimelineFilter {
    /// Only of this kind.
    pub kind: Option<EntryKind>,
}
