use std::net::IpAddr;

use axum::Extension;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use http_kit::{Peer, Refusal};

use super::rules::{self, Cookies};

/// Longest user agent that is looked at.
const AGENT_MAX: usize = 400;

/// Client (客户端): the browser or program behind a request.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// Its address.
    pub address: Option<IpAddr>,
    /// True where the connection comes from this very machine and nobody passed it on.
    pub local: bool,
    /// What it calls itself.
    pub agent: String,
    /// Its cookies, as sent.
    cookies: String,
    /// The `Origin` that a browser sent.
    pub origin: Option<String>,
}

impl Client {
    /// Reads it from a request.
    pub fn read(headers: &HeaderMap, peer: Option<Peer>) -> Self {
        let text = |name| {
            headers.get(name).and_then(|v: &axum::http::HeaderValue| v.to_str().ok()).unwrap_or_default()
        };
        let passed_on = headers.contains_key("x-forwarded-for") || headers.contains_key(header::FORWARDED);
        let address = peer.map(|peer| peer.client(headers));
        let peer = peer.map(|peer| peer.0.to_canonical());
        Self {
            address,
            local: peer.is_some_and(|peer| peer.is_loopback()) && !passed_on,
            agent: text("user-agent").chars().take(AGENT_MAX).collect(),
            cookies: text("cookie").to_owned(),
            origin: headers.get(header::ORIGIN).map(|v| v.to_str().unwrap_or("?").to_owned()),
        }
    }

    /// Returns the secret of the session cookie.
    pub fn session_secret(&self, cookies: &Cookies) -> Option<&str> {
        rules::cookie(&self.cookies, cookies.session())
    }

    /// Returns the secret of the device cookie.
    pub fn device_secret(&self, cookies: &Cookies) -> Option<&str> {
        rules::cookie(&self.cookies, cookies.device())
    }

    /// Returns the address as text; a dash where it is unknown.
    pub fn address_text(&self) -> String {
        self.address.map_or_else(|| "-".to_owned(), |address| address.to_string())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let peer = <Extension<Peer> as OptionalFromRequestParts<S>>::from_request_parts(parts, state).await;
        let peer = peer.ok().flatten().map(|Extension(peer)| peer);
        Ok(Self::read(&parts.headers, peer))
    }
}
