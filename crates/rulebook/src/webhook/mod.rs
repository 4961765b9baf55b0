//! Webhook endpoint (事件推送地址): a program of somebody else that is told what people are told.
//!
//! Deliveries stand in the ledger of notifications and follow its rules. The JSON format is signed as Standard Webhooks
//! describes it; the others are what chat programs take.

pub mod api;
pub(crate) mod deliver;
mod push;
pub mod rules;
pub(crate) mod service;
mod sql;

use kernel::{Id, Labelled, Language, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use push::{EndpointName, Push, endpoints, push};
pub use service::{change, create, deliveries, list, redeliver, test};

use crate::notification::{DeliveryState, NoticeKind};

text_enum! {
    /// Format (格式) of what is sent.
    pub enum WebhookFormat {
        /// JSON, signed as Standard Webhooks.
        Json = "json",
        /// A message of Slack.
        Slack = "slack",
        /// A card of Microsoft Teams.
        Teams = "teams",
        /// A message of WeCom (企业微信).
        Wecom = "wecom",
        /// A message of Feishu (飞书).
        Feishu = "feishu",
        /// A message of DingTalk (钉钉).
        Dingtalk = "dingtalk",
    }
}

/// Webhook endpoint (事件推送地址).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WebhookEndpoint {
    /// Its id.
    pub id: Id,
    /// What people call it.
    pub name: String,
    /// Where it is. Addresses of chat robots hold their key.
    pub url: String,
    /// What is sent.
    pub format: WebhookFormat,
    /// What it is told of; everything when empty.
    pub kinds: Vec<NoticeKind>,
    /// Only what concerns this record, such as a project: itself and what refers to it; everything when absent.
    pub record_id: Option<Id>,
    /// Language of what it is told.
    pub language: Language,
    /// False: it is told nothing.
    pub active: bool,
    /// The key that signs, once, when the endpoint is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes; for `If-Match`.
    pub version: i64,
}

impl Labelled for WebhookEndpoint {
    const NOUN: &'static str = "rulebook.webhook_endpoint";
}

/// A webhook endpoint that is to be told.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhookEndpoint {
    /// What people call it.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// Where it is: `https://`.
    #[schema(min_length = 8, max_length = 1000)]
    pub url: String,
    /// What is sent.
    pub format: WebhookFormat,
    /// What it is told of; everything when empty.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub kinds: Vec<NoticeKind>,
    /// Only what concerns this record, such as a project: itself and what refers to it; everything when absent.
    #[serde(default)]
    pub record_id: Option<Id>,
    /// Language of what it is told.
    #[serde(default)]
    pub language: Language,
}

/// What changes of a webhook endpoint.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookEndpointPatch {
    /// What people call it.
    #[schema(min_length = 1, max_length = 80)]
    pub name: Option<String>,
    /// Where it is.
    #[schema(min_length = 8, max_length = 1000)]
    pub url: Option<String>,
    /// What it is told of; everything when empty.
    #[schema(max_items = 20)]
    pub kinds: Option<Vec<NoticeKind>>,
    /// Language of what it is told.
    pub language: Option<Language>,
    /// False: it is told nothing.
    pub active: Option<bool>,
}

/// Delivery (推送记录) to a webhook endpoint.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WebhookDelivery {
    /// Its id; the receiver sees it as `webhook-id`, the same for every try.
    pub id: Id,
    /// Where it goes.
    pub endpoint_id: Id,
    /// The endpoint's name.
    pub endpoint_name: String,
    /// The kind of notice that it is about; absent for a test, and for something else that happened.
    pub kind: Option<NoticeKind>,
    /// What else happened, such as `customers.segment.entered`.
    pub event_type: Option<String>,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next.
    pub due_at: Timestamp,
    /// What the other side said, or why it was not reached.
    pub detail: Option<String>,
    /// When it was decided.
    pub created_at: Timestamp,
    /// When it ended.
    pub settled_at: Option<Timestamp>,
}

impl Labelled for WebhookDelivery {
    const NOUN: &'static str = "rulebook.webhook_delivery";
}

/// Which deliveries to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WebhookDeliveryFilter {
    /// Only to this endpoint.
    pub endpoint_id: Option<Id>,
    /// Only in this state.
    pub state: Option<DeliveryState>,
}
