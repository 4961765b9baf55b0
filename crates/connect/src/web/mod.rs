//! Looking at pages and feeds of others (网页与订阅): one request through the outbound filter, and what stood there.

mod read;
#[cfg(test)]
mod tests;

use std::time::Instant;

use async_trait::async_trait;
use kernel::ports::{WebContent, WebFault, WebFaultKind, WebPort, WebSight, WebWanted};
use kernel::{Result, Timestamp};
use reqwest::{Method, Response, StatusCode, header};
use x509_cert::der::Decode;

use crate::Outbound;

/// Most bytes of a page or a feed that are read.
const BODY_MAX: usize = 2 * 1024 * 1024;
/// Most characters of an error's words that are kept.
const WORDS_MAX: usize = 300;
/// Longest pause that another side can ask for.
const PAUSE_MAX_SECONDS: i64 = 86_400;

/// Looks at pages and feeds of others.
#[derive(Debug)]
pub struct Web {
    outbound: Outbound,
}

impl Web {
    /// May also look at these hosts (`name` or `name:port`) where they are private.
    pub fn new(allowed: Vec<String>) -> Result<Self> {
        Ok(Self { outbound: Outbound::showing_certificates(allowed, &[])? })
    }
}

#[async_trait]
impl WebPort for Web {
    async fn look(&self, wanted: &WebWanted) -> WebSight {
        let began = Instant::now();
        let mut sight = WebSight {
            status: None,
            latency_ms: 0,
            certificate_until: None,
            retry_after_seconds: None,
            found: Err(WebFault { kind: WebFaultKind::Unreachable, detail: String::new() }),
        };
        sight.found = match self.outbound.looking(Method::GET, &wanted.url) {
            Err(problem) => Err(WebFault { kind: WebFaultKind::Refused, detail: cut(&problem.to_string()) }),
            Ok(request) => match request.send().await {
                Err(error) => Err(fault(&error)),
                Ok(response) => read_response(response, wanted, &mut sight).await,
            },
        };
        sight.latency_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        sight
    }
}

async fn read_response(
    mut response: Response,
    wanted: &WebWanted,
    sight: &mut WebSight,
) -> std::result::Result<WebContent, WebFault> {
    let status = response.status();
    sight.status = Some(status.as_u16());
    sight.certificate_until = certificate_until(&response);
    let pause = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    sight.retry_after_seconds =
        pause.and_then(|text| text.trim().parse().ok()).map(|s: i64| s.clamp(0, PAUSE_MAX_SECONDS));
    let waits = status == StatusCode::SERVICE_UNAVAILABLE && sight.retry_after_seconds.is_some();
    if status == StatusCode::TOO_MANY_REQUESTS || waits {
        return Err(WebFault { kind: WebFaultKind::Throttled, detail: status.to_string() });
    }
    if !status.is_success() {
        return Err(WebFault { kind: WebFaultKind::Status, detail: status.to_string() });
    }
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.unwrap_or_default().to_owned();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| fault(&error))? {
        if body.len() + chunk.len() > BODY_MAX {
            let detail = format!("> {} KiB", BODY_MAX / 1024);
            return Err(WebFault { kind: WebFaultKind::TooLarge, detail });
        }
        body.extend_from_slice(&chunk);
    }
    if wanted.feed {
        return read::feed(&body, &wanted.url);
    }
    read::page(&body, &kind, wanted.selector.as_deref())
}

/// Returns until when the certificate is valid that the other side showed.
fn certificate_until(response: &Response) -> Option<Timestamp> {
    let shown = response.extensions().get::<reqwest::tls::TlsInfo>()?.peer_certificate()?;
    let certificate = x509_cert::Certificate::from_der(shown).ok()?;
    let until = certificate.tbs_certificate.validity.not_after.to_unix_duration();
    i64::try_from(until.as_millis()).ok().map(Timestamp::from_ms)
}

/// Says why a request came to nothing.
fn fault(error: &reqwest::Error) -> WebFault {
    let words = crate::webhook::said(error);
    let lower = words.to_lowercase();
    let kind = if error.is_timeout() {
        WebFaultKind::Timeout
    } else if lower.contains("egress_refused") || lower.contains("no public address") {
        WebFaultKind::Refused
    } else if lower.contains("certificate") || lower.contains("tls") {
        WebFaultKind::Certificate
    } else if error.is_decode() || error.is_body() {
        WebFaultKind::Malformed
    } else {
        WebFaultKind::Unreachable
    };
    WebFault { kind, detail: cut(&words) }
}

fn cut(words: &str) -> String {
    words.chars().take(WORDS_MAX).collect()
}
