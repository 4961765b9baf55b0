//! Tracking (效果跟踪): what receivers did with messages, as far as their programs let it be seen, and the pages
//! that receivers see.
//!
//! A GET appends an observation and changes nothing else. Consent changes by POST alone, with the
//! sentence that the person saw as proof.

mod api;
mod preferences;
mod public;
mod rules;
mod service;
mod sql;
mod unsubscribe;

use std::sync::LazyLock;

use http_kit::pages::Pages;
use kernel::{Id, Label, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(crate) use api::routes;
pub(crate) use public::public;

/// The pages of receivers.
static PAGES: LazyLock<Pages> = LazyLock::new(|| {
    Pages::new(
        "campaigns.page.",
        &[
            ("unsubscribe.html", include_str!("../../templates/unsubscribe.html")),
            ("unsubscribed.html", include_str!("../../templates/unsubscribed.html")),
            ("preferences.html", include_str!("../../templates/preferences.html")),
        ],
    )
});

kernel::text_enum! {
    /// What was seen (事件类型).
    pub enum EventKind {
        /// The receiver's server took the message.
        Accepted = "accepted",
        /// The receiver's server refused it.
        Bounced = "bounced",
        /// Its images were loaded.
        Opened = "opened",
        /// A link in it was followed.
        Clicked = "clicked",
        /// Its receiver wants no more.
        Unsubscribed = "unsubscribed",
        /// Its receiver reported it as unwanted.
        Complained = "complained",
    }
}

kernel::text_enum! {
    /// Who probably did it (访问者判断).
    pub enum Likelihood {
        /// A person.
        Human = "human",
        /// A program that checks messages.
        Scanner = "scanner",
        /// Cannot be told.
        Unknown = "unknown",
        /// A mail server told us; nobody visited.
        System = "system",
    }
}

/// Something that happened to a message (投递事件).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DeliveryEvent {
    /// Id.
    pub id: Id,
    /// The message.
    pub send_id: Id,
    /// Its campaign.
    pub campaign_id: Id,
    /// The person, as matched when the message was planned.
    pub profile_id: Id,
    /// What was seen.
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
    /// Number of the link; 0 is the one that no person sees.
    pub link_number: Option<i64>,
    /// Who probably did it.
    pub likelihood: Likelihood,
    /// How the visiting program calls itself.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub agent: Option<String>,
    /// The server's words, or why the visitor was taken for what it is.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub detail: Option<String>,
}

impl Labelled for DeliveryEvent {
    const NOUN: &'static str = "campaigns.delivery_event";
    const FIELDS: &'static [(&'static str, Label)] =
        &[("agent", Label::Personal), ("detail", Label::Personal)];
}

/// Which events are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventFilter {
    /// Only of this kind.
    pub kind: Option<EventKind>,
    /// Only by such visitors.
    pub likelihood: Option<Likelihood>,
    /// Only about this message.
    pub send_id: Option<Id>,
    /// Only this link.
    pub link: Option<i64>,
}
