//! Webhooks (事件推送) on the wire: one POST through the outbound filter, and what became of it.

use async_trait::async_trait;
use kernel::Result;
use kernel::ports::{WebhookOutcome, WebhookPort};

use crate::Outbound;

/// Bytes of an answer that are kept.
const ANSWER_MAX: usize = 1_000;

/// Posts to programs of others.
#[derive(Debug)]
pub struct Webhooks {
    outbound: Outbound,
}

impl Webhooks {
    /// May also reach these hosts (`name` or `name:port`) where they are private.
    pub fn new(allowed: Vec<String>) -> Result<Self> {
        Ok(Self { outbound: Outbound::without_redirects(allowed)? })
    }
}

#[async_trait]
impl WebhookPort for Webhooks {
    async fn post(&self, url: &str, headers: &[(String, String)], body: String) -> WebhookOutcome {
        let request = match self.outbound.posting(url, headers, body) {
            Ok(request) => request,
            Err(problem) => return WebhookOutcome::NotSent { reason: problem.to_string() },
        };
        match request.send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                // The status is the answer; a body that breaks off takes nothing from it.
                let text = response.text().await.unwrap_or_default();
                WebhookOutcome::Answered { status, body: text.chars().take(ANSWER_MAX).collect() }
            }
            Err(error) if error.is_connect() || error.is_builder() => {
                WebhookOutcome::NotSent { reason: said(&error) }
            }
            Err(error) => WebhookOutcome::Unknown { reason: said(&error) },
        }
    }
}

/// Addresses of chat robots hold their key: it stays out of what people read.
fn said(error: &reqwest::Error) -> String {
    let mut words = Vec::new();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(inner) = cause {
        words.push(inner.to_string());
        cause = inner.source();
    }
    if words.is_empty() { "no answer".to_owned() } else { words.join(": ") }
}
