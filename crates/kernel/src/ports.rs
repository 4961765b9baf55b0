//! Ports: what one domain needs of another, as small traits. `server` puts the implementations in.
//!
//! A door whose domain is not there yet is a port without an implementation: asking for it is
//! refused with `port.not_connected`, and so is everything that depends on it.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{Caller, Id, Language, LocalText, Problem, Result, Timestamp};

/// A place for one port; empty until `server` connects it.
#[derive(Debug)]
pub struct Port<T: ?Sized> {
    name: &'static str,
    inner: OnceLock<Arc<T>>,
}

impl<T: ?Sized> Clone for Port<T> {
    fn clone(&self) -> Self {
        Self { name: self.name, inner: self.inner.clone() }
    }
}

impl<T: ?Sized> Port<T> {
    /// Makes an unconnected place; `name` stands in the refusal.
    pub const fn named(name: &'static str) -> Self {
        Self { name, inner: OnceLock::new() }
    }

    /// Connects the implementation; the second connection is an error in the program.
    pub fn connect(&self, implementation: Arc<T>) {
        assert!(self.inner.set(implementation).is_ok(), "port {} is connected twice", self.name);
    }

    /// Returns the implementation, or the refusal "not connected".
    pub fn get(&self) -> Result<&Arc<T>> {
        self.inner.get().ok_or_else(|| Problem::unavailable("port.not_connected").with("port", self.name))
    }
}

/// Every port of the product.
#[derive(Clone, Debug)]
pub struct Ports {
    /// Sends e-mail (connect).
    pub mail: Port<dyn MailPort>,
    /// Opens approved content for sending (brand).
    pub release: Port<dyn ReleasePort>,
    /// Freezes a segment into an audience (customers).
    pub audience: Port<dyn AudiencePort>,
    /// Promises units (catalog).
    pub stock: Port<dyn StockPort>,
    /// Posts to programs of others (connect).
    pub webhook: Port<dyn WebhookPort>,
    /// Looks at pages and feeds of others (connect).
    pub web: Port<dyn WebPort>,
}

impl Default for Ports {
    fn default() -> Self {
        Self {
            mail: Port::named("mail"),
            release: Port::named("release"),
            audience: Port::named("audience"),
            stock: Port::named("stock"),
            webhook: Port::named("webhook"),
            web: Port::named("web"),
        }
    }
}

/// What is wanted of an address (查看要求).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebWanted {
    /// The address.
    pub url: String,
    /// True for a feed (RSS, Atom), false for a page.
    pub feed: bool,
    /// Of a page: only what this CSS selector chooses.
    pub selector: Option<String>,
}

/// What one look at an address saw (查看结果).
#[derive(Debug, Clone, PartialEq)]
pub struct WebSight {
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// How long it took to have all of it.
    pub latency_ms: i64,
    /// Until when the certificate of the other side is valid, where there is one.
    pub certificate_until: Option<Timestamp>,
    /// How long the other side asks to be left alone.
    pub retry_after_seconds: Option<i64>,
    /// What stood there, or why nothing could be read.
    pub found: std::result::Result<WebContent, WebFault>,
}

/// What stands at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebContent {
    /// A page.
    Page {
        /// Its title.
        title: String,
        /// Its words, or those that the selector chooses.
        text: String,
    },
    /// A feed, as it orders its entries.
    Feed {
        /// Its title.
        title: String,
        /// Its entries.
        entries: Vec<WebEntry>,
    },
}

/// Entry (条目) of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebEntry {
    /// What tells it from others.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Its address.
    pub link: Option<String>,
    /// What it says, without marks.
    pub summary: String,
    /// When it was published.
    pub published_at: Option<Timestamp>,
}

crate::text_enum! {
    /// Why (失败原因) nothing could be read at an address.
    pub enum WebFaultKind {
        /// The address may not be called.
        Refused = "refused",
        /// Nobody answers there.
        Unreachable = "unreachable",
        /// The certificate is not valid.
        Certificate = "certificate",
        /// It took too long.
        Timeout = "timeout",
        /// The other side asks to be left alone for a while.
        Throttled = "throttled",
        /// It answered with an error.
        Status = "status",
        /// There is more than is read.
        TooLarge = "too_large",
        /// It is not what it should be.
        Malformed = "malformed",
        /// The selector chooses nothing.
        NothingSelected = "nothing_selected",
    }
}

/// Why nothing could be read, with the words of whoever said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebFault {
    /// Why.
    pub kind: WebFaultKind,
    /// In whose words; empty where there are none.
    pub detail: String,
}

/// Looks at pages and feeds of others; implemented by connect.
#[async_trait]
pub trait WebPort: Send + Sync + std::fmt::Debug {
    /// Looks once.
    async fn look(&self, wanted: &WebWanted) -> WebSight;
}

/// An e-mail ready for the wire.
#[derive(Debug, Clone)]
pub struct OutgoingMail {
    /// Message-ID without angle brackets; the same for every try of the same message.
    pub message_id: String,
    /// Address and name of the sender.
    pub from: (String, String),
    /// Address of the receiver.
    pub to: String,
    /// Subject line.
    pub subject: String,
    /// HTML part.
    pub html: String,
    /// Plain text part.
    pub text: String,
    /// Further headers, such as List-Unsubscribe.
    pub headers: Vec<(String, String)>,
    /// Files that come along.
    pub attachments: Vec<MailAttachment>,
}

/// File (附件) that an e-mail brings along.
#[derive(Debug, Clone)]
pub struct MailAttachment {
    /// Its name.
    pub name: String,
    /// Its media type, such as `application/pdf`.
    pub media_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// What became of one try to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailOutcome {
    /// The server took it, with this reply.
    Accepted {
        /// The server's words.
        reply: String,
    },
    /// The server refused it.
    Refused {
        /// True: never try again (5xx); false: later (4xx).
        permanent: bool,
        /// The server's words.
        reply: String,
    },
    /// It never left: connecting failed.
    NotSent {
        /// Why.
        reason: String,
    },
    /// The connection broke after the body was sent: it may have arrived.
    Unknown {
        /// Why.
        reason: String,
    },
}

/// Sends e-mail; implemented by connect (SMTP or the mail drop).
#[async_trait]
pub trait MailPort: Send + Sync + std::fmt::Debug {
    /// Tries once to hand over a message.
    async fn send(&self, mail: &OutgoingMail) -> MailOutcome;

    /// Returns how many messages a minute the other side takes, where it has said so.
    fn rate_per_minute(&self) -> Option<i64> {
        None
    }
}

/// Approved content, opened by the release door.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Released {
    /// The release that was recorded for this use.
    pub release_id: Id,
    /// The content item.
    pub content_id: Id,
    /// The approved version.
    pub version_id: Id,
    /// SHA-256 of the content closure, as approved.
    pub closure_hash: String,
    /// Brand of the content.
    pub brand_id: Id,
    /// Name of the brand, as `brand.name` shows it.
    pub brand_name: LocalText,
    /// One per language, in the item's order; the first is the fallback.
    pub variants: Vec<ReleasedVariant>,
}

/// One language of released content, compiled to HTML with its template places still open.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReleasedVariant {
    /// Its language.
    pub language: Language,
    /// Subject as a Jinja template.
    pub subject: String,
    /// Sender's name.
    pub sender_name: String,
    /// Sender's address.
    pub sender_address: String,
    /// HTML as a Jinja template.
    pub html: String,
    /// Plain text as a Jinja template.
    pub text: String,
}

/// What a release is for; stands in its record.
#[derive(Debug, Clone)]
pub struct ReleaseUse {
    /// What uses it: `campaign`, `test_send`.
    pub kind: &'static str,
    /// The row that uses it.
    pub used_by: Id,
}

/// The release door; implemented by brand.
#[async_trait]
pub trait ReleasePort: Send + Sync + std::fmt::Debug {
    /// Decides whether `content_id` may leave now and records the decision with its reason.
    ///
    /// `approval` is the token that the approval of exactly this closure gave out.
    async fn release(
        &self,
        caller: &Caller,
        content_id: Id,
        approval: &str,
        usage: ReleaseUse,
    ) -> Result<Released>;

    /// Opens a release that was recorded before; refuses when its approval was voided since.
    async fn open(&self, release_id: Id) -> Result<Released>;
}

/// A frozen audience (人群快照).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Audience {
    /// Names the rows of `v_customers_audience_member`.
    pub id: Id,
    /// How many people.
    pub count: i64,
    /// State of the data that it was computed from.
    pub watermark: Timestamp,
}

/// Freezes segments; implemented by customers.
#[async_trait]
pub trait AudiencePort: Send + Sync + std::fmt::Debug {
    /// Computes the segment now and keeps its members for `used_by`; the same `used_by` gets the same audience again.
    async fn freeze(&self, caller: &Caller, segment_id: Id, used_by: Id) -> Result<Audience>;
}

/// The stock door; nobody implements it yet.
#[async_trait]
pub trait StockPort: Send + Sync + std::fmt::Debug {
    /// Decides whether units may be promised.
    async fn reserve(&self, caller: &Caller, product_id: Id, units: i64, used_by: Id) -> Result<Id>;
}

/// What became of one try to tell a program of somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebhookOutcome {
    /// It answered.
    Answered {
        /// Its HTTP status.
        status: u16,
        /// The beginning of what it said.
        body: String,
    },
    /// It never left: connecting failed, or the address may not be called.
    NotSent {
        /// Why.
        reason: String,
    },
    /// The connection broke after the body was sent: it may have arrived.
    Unknown {
        /// Why.
        reason: String,
    },
}

/// Posts to programs of others; implemented by connect.
#[async_trait]
pub trait WebhookPort: Send + Sync + std::fmt::Debug {
    /// Tries once to hand over a JSON body.
    async fn post(&self, url: &str, headers: &[(String, String)], body: String) -> WebhookOutcome;
}
