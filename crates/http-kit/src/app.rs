use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use axum::http::{HeaderMap, Method};
use blob::Blobs;
use kernel::ports::{Port, Ports};
use kernel::{Caller, Id, Permission, Problem, Registry, Result, TextBook, View};
use store::secrets::Secrets;
use store::{Store, Tx};

use crate::{MoneyPort, PeoplePort};

/// What every handler, job and command has at hand.
pub type AppState = Arc<App>;

/// The running product (运行环境): the parts that all domains share.
#[derive(Clone, Debug)]
pub struct App {
    /// Records.
    pub store: Store,
    /// Content-addressed files.
    pub blobs: Blobs,
    /// Keys and signatures of this installation.
    pub secrets: Secrets,
    /// What domains need of each other.
    pub ports: Ports,
    /// Every sentence that the server says.
    pub texts: TextBook,
    /// Every permission that a role can hold.
    pub permissions: Registry<Permission>,
    /// Every published view, for segments, reports and controls.
    pub views: Registry<View>,
    /// Keeps identifiers of people (customers); other domains store the node's id only.
    pub nodes: Port<dyn NodePort>,
    /// Keeps what people said about being contacted (customers).
    pub consents: Port<dyn ConsentPort>,
    /// Knows the staff (identity).
    pub people: Port<dyn PeoplePort>,
    /// Commits amounts (governance): the money door.
    pub money: Port<dyn MoneyPort>,
    /// Registries of floor 2 (packs, import targets), by type.
    pub parts: axum::http::Extensions,
    /// Configuration that domains read.
    pub settings: Settings,
}

/// Identifier of a person (标识): the kind and the value as the source spells it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identifier {
    /// `member_number`, `email`, `mobile`, `user_id`, `anonymous_id`.
    pub kind: &'static str,
    /// The value; the port normalises it.
    pub value: String,
}

/// Keeps identifier nodes inside the caller's transaction; implemented by customers.
#[async_trait]
pub trait NodePort: Send + Sync + std::fmt::Debug {
    /// Returns the node of each identifier, in order, making those that are new.
    async fn ensure(&self, tx: &mut Tx, identifiers: &[Identifier]) -> Result<Vec<Id>>;
}

impl App {
    /// Returns a published view by its name in SQL.
    pub fn view(&self, name: &str) -> Option<View> {
        self.views.all().iter().copied().find(|view| view.name == name)
    }

    /// Returns a permission by its code.
    pub fn permission(&self, code: &str) -> Option<Permission> {
        self.permissions.all().iter().copied().find(|permission| permission.code == code)
    }

    /// Returns a registry that `server` put in.
    pub fn part<T: Clone + Send + Sync + 'static>(&self) -> Result<&T> {
        self.parts.get::<T>().ok_or_else(|| {
            Problem::unavailable("port.not_connected").with("port", std::any::type_name::<T>())
        })
    }
}

/// What a person said on the public pages about being contacted (同意变更).
#[derive(Debug, Clone)]
pub struct ConsentChange {
    /// The contact point.
    pub node_id: Id,
    /// The brand that speaks.
    pub brand_id: Id,
    /// `marketing` or another purpose that customers knows.
    pub purpose: String,
    /// `email`, `sms`.
    pub channel: String,
    /// True: granted; false: withdrawn.
    pub granted: bool,
    /// The sentence that the person saw and answered.
    pub shown_text: String,
    /// The language of that sentence.
    pub language: kernel::Language,
    /// Where it was said, such as `one_click` or `preference_page`.
    pub source: String,
    /// When it was said.
    pub happened_at: kernel::Timestamp,
}

/// Keeps consent and suppression inside the caller's transaction, with proof and audit; implemented by customers.
#[async_trait]
pub trait ConsentPort: Send + Sync + std::fmt::Debug {
    /// Records what a person said.
    async fn change(&self, tx: &mut Tx, change: &ConsentChange) -> Result<()>;

    /// Puts an address on the suppression list: its mailbox is gone, or its holder complained.
    async fn suppress(
        &self,
        tx: &mut Tx,
        node_id: Id,
        channel: &str,
        reason: &str,
        detail: &str,
    ) -> Result<()>;
}

/// Configuration that domains read (设置).
#[derive(Debug, Clone)]
pub struct Settings {
    /// The data directory.
    pub data_dir: PathBuf,
    /// Where staff reach the product, such as `https://brandwright.example.com`.
    pub admin_url: String,
    /// Where receivers reach tracking and preference pages: another origin, without staff cookies.
    pub public_url: Option<String>,
    /// True where the sample company is loaded: one-click sign-in on loopback, labelled simulator.
    pub sample: bool,
    /// Address at which replies to mails arrive, such as `reply@in.example.com`; absent where nobody takes them.
    pub reply_to: Option<String>,
    /// The company's time zone, such as `Asia/Shanghai`.
    pub time_zone: jiff::tz::TimeZone,
    /// The company's currency.
    pub currency: kernel::Currency,
}

/// Where a request came from, as far as the connection itself tells.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

impl Peer {
    /// Returns the client's address: what a proxy on this very machine says, else the connection's own.
    pub fn client(self, headers: &HeaderMap) -> IpAddr {
        let said = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let last = said.rsplit(',').next().and_then(|text| text.trim().parse::<IpAddr>().ok());
        let peer = self.0.to_canonical();
        last.filter(|_| peer.is_loopback()).map_or(peer, |address| address.to_canonical())
    }
}

/// The id of a request (请求编号), for logs, audit and problems.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Turns the credentials of a request into a caller; implemented by identity.
#[async_trait]
pub trait Authenticate: Send + Sync {
    /// Returns who calls; anonymous without credentials, a refusal for bad ones.
    async fn caller(
        &self,
        method: &Method,
        headers: &HeaderMap,
        peer: Option<Peer>,
        anonymous: Caller,
    ) -> Result<Caller>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_on_this_machine_is_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let client = |peer: &str, said: &'static str| {
            let headers = HeaderMap::from_iter([(
                axum::http::HeaderName::from_static("x-forwarded-for"),
                axum::http::HeaderValue::from_static(said),
            )]);
            Peer(ip(peer)).client(&headers)
        };
        assert_eq!(client("127.0.0.1", "1.2.3.4, 5.6.7.8"), ip("5.6.7.8"));
        assert_eq!(client("9.9.9.9", "1.2.3.4"), ip("9.9.9.9"));
        assert_eq!(client("::1", ""), ip("::1"));
    }
}
