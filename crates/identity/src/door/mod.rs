//! The access door: turns the credentials of a request into a caller with their rights.
//!
//! Rights are read anew for every request: a revoked grant, token or session is gone with the next one.

mod memo;
pub mod rules;
pub(crate) mod service;
pub(crate) mod sql;

use async_trait::async_trait;
use axum::http::{HeaderMap, Method, header};
use http_kit::{AppState, Authenticate, Peer};
use kernel::{Caller, Problem, Result};

use crate::digest;
use crate::session::Client;
use crate::session::rules::Cookies;

/// Authenticator (身份验证): the one place where a request becomes somebody.
#[derive(Clone, Debug)]
pub struct Authenticator {
    app: AppState,
}

impl Authenticator {
    /// Stands at the door of this product.
    pub fn new(app: AppState) -> Self {
        Self { app }
    }
}

#[async_trait]
impl Authenticate for Authenticator {
    /// A token that does not hold is refused; a session that does not hold any longer is nobody's.
    async fn caller(
        &self,
        method: &Method,
        headers: &HeaderMap,
        peer: Option<Peer>,
        anonymous: Caller,
    ) -> Result<Caller> {
        let client = Client::read(headers, peer);
        let language_asked = headers.contains_key(header::ACCEPT_LANGUAGE);
        if let Some(secret) = bearer(headers)? {
            return service::of_token(&self.app, &secret, &anonymous, language_asked).await;
        }
        let secret = client.session_secret(&Cookies::of(&self.app.settings.admin_url));
        let header_sent = headers.get("x-brandwright").is_some_and(|value| value.as_bytes() == b"1");
        let origin = client.origin.as_deref();
        if !rules::is_own_request(method, origin, header_sent, secret.is_some(), &self.app.settings.admin_url)
        {
            return Err(Problem::forbidden("http.csrf"));
        }
        let Some(secret) = secret else { return Ok(anonymous) };
        let Some((caller, found)) = service::of_session(&self.app, &digest::of(secret), &anonymous).await?
        else {
            return Ok(anonymous);
        };
        service::touch(&self.app, &found, &client).await?;
        Ok(service::in_language(caller, found.language, language_asked))
    }
}

/// Returns the token of `Authorization: Bearer`; another scheme is a mistake that should be told.
fn bearer(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let words = value.to_str().unwrap_or_default().split_once(' ');
    match words {
        Some((scheme, secret)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(secret.trim().to_owned())),
        _ => Err(Problem::unauthorized("identity.token.invalid")),
    }
}
