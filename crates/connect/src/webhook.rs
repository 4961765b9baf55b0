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
pub(crate) fn said(error: &reqwest::Error) -> String {
    let mut words = Vec::new();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(inner) = cause {
        words.push(inner.to_string());
        cause = inner.source();
    }
    if words.is_empty() { "no answer".to_owned() } else { words.join(": ") }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// Answers one request with these bytes; nothing closes the connection in its middle.
    async fn program(answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let host = listener.local_addr().expect("bound").to_string();
        let heard = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a caller");
            let (mut heard, mut buffer) = (String::new(), [0; 4_096]);
            while !heard.ends_with('}') {
                let count = stream.read(&mut buffer).await.expect("a request");
                heard.push_str(&String::from_utf8_lossy(&buffer[..count]));
            }
            stream.write_all(answer.as_bytes()).await.expect("it listens");
            heard
        });
        (host, heard)
    }

    async fn post(host: &str, allowed: bool) -> WebhookOutcome {
        let port = Webhooks::new(if allowed { vec![host.to_owned()] } else { vec![] }).expect("a client");
        let headers = [("webhook-id".to_owned(), "1".to_owned())];
        port.post(&format!("http://{host}/hook?key=hidden"), &headers, r#"{"a":1}"#.to_owned()).await
    }

    #[tokio::test]
    async fn what_is_answered_is_told_as_it_is() {
        let (host, heard) = program("HTTP/1.1 422 No\r\ncontent-length: 4\r\n\r\nwhy?").await;
        let answered = WebhookOutcome::Answered { status: 422, body: "why?".into() };
        assert_eq!(post(&host, true).await, answered);
        let heard = heard.await.expect("it ran");
        assert!(heard.starts_with("POST /hook?key=hidden HTTP/1.1"), "{heard}");
        assert!(
            heard.contains("content-type: application/json") && heard.contains("webhook-id: 1"),
            "{heard}"
        );
        // An answer that leads elsewhere is none that took anything.
        let (host, _) = program("HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n").await;
        assert_eq!(post(&host, true).await, WebhookOutcome::Answered { status: 302, body: String::new() });
    }

    #[tokio::test]
    async fn what_never_left_is_told_from_what_nobody_knows() {
        let (host, _) = program("").await;
        let refused = post(&host, false).await;
        assert!(
            matches!(&refused, WebhookOutcome::NotSent { reason } if reason.contains("egress_refused")),
            "{refused:?}"
        );
        let broken = post(&host, true).await;
        assert!(
            matches!(&broken, WebhookOutcome::Unknown { reason } if !reason.contains("hidden")),
            "{broken:?}"
        );
        let nobody = post("127.0.0.1:1", true).await;
        assert!(matches!(nobody, WebhookOutcome::NotSent { .. }), "{nobody:?}");
    }
}
