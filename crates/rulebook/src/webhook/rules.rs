//! What is sent, how it is signed, and what an answer means.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use kernel::{Problem, Result};
use serde_json::{Value as Json, json};
use sha2::Sha256;

use super::{NewWebhookEndpoint, WebhookFormat};

/// How a key is written, as Standard Webhooks has it.
const SECRET_PREFIX: &str = "whsec_";

/// Writes a key as people copy it.
pub fn secret_text(secret: &[u8]) -> String {
    format!("{SECRET_PREFIX}{}", STANDARD.encode(secret))
}

/// Returns the headers that say who sent this and when: Standard Webhooks, version 1.
pub fn sign(secret: &[u8], id: &str, seconds: i64, body: &str) -> Vec<(String, String)> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    vec![
        ("webhook-id".to_owned(), id.to_owned()),
        ("webhook-timestamp".to_owned(), seconds.to_string()),
        ("webhook-signature".to_owned(), format!("v1,{signature}")),
    ]
}

/// Writes what a chat program takes; JSON has its own body.
pub fn chat(format: WebhookFormat, text: &str) -> Json {
    match format {
        WebhookFormat::Json | WebhookFormat::Slack => json!({ "text": text }),
        WebhookFormat::Teams => json!({ "type": "message", "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": { "type": "AdaptiveCard", "version": "1.4",
                "body": [{ "type": "TextBlock", "text": text, "wrap": true }] },
        }] }),
        WebhookFormat::Wecom | WebhookFormat::Dingtalk => {
            json!({ "msgtype": "text", "text": { "content": text } })
        }
        WebhookFormat::Feishu => json!({ "msg_type": "text", "content": { "text": text } }),
    }
}

/// Returns why an answer is a refusal, where it is one: some chat programs refuse with status 200.
pub fn refusal(format: WebhookFormat, status: u16, body: &str) -> Option<String> {
    if !(200..300).contains(&status) {
        return Some(format!("{status} {body}"));
    }
    let field = match format {
        WebhookFormat::Wecom | WebhookFormat::Dingtalk => "errcode",
        WebhookFormat::Feishu => "code",
        WebhookFormat::Json | WebhookFormat::Slack | WebhookFormat::Teams => return None,
    };
    let answer: Json = serde_json::from_str(body).unwrap_or(Json::Null);
    let code = answer[field].as_i64().or(answer["StatusCode"].as_i64());
    (code != Some(0)).then(|| format!("{status} {body}"))
}

/// Refuses an endpoint without a name or with an address that is none.
pub fn check(new: &NewWebhookEndpoint) -> Result<()> {
    let mut problem = Problem::unprocessable("rulebook.webhook.invalid");
    if new.name.trim().is_empty() || new.name.chars().count() > 80 {
        problem = problem.with_field("name", "rulebook.webhook.name_length");
    }
    if !is_address(&new.url) {
        problem = problem.with_field("url", "rulebook.webhook.url_invalid");
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

/// Returns true for an address that a program can have; whether it may be called is decided when it is.
pub(crate) fn is_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let plain = url.chars().all(|c| c.is_ascii_graphic());
    plain && url.len() <= 1_000 && !host.is_empty() && !host.contains('@') && !host.starts_with(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_of_the_standard() {
        // The example of the specification's own libraries.
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
        let headers = sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(headers[2].1, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn some_refuse_with_status_200() {
        let refused = |format, body| refusal(format, 200, body).is_some();
        assert!(refused(WebhookFormat::Wecom, r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#));
        assert!(!refused(WebhookFormat::Wecom, r#"{"errcode":0,"errmsg":"ok"}"#));
        assert!(!refused(WebhookFormat::Feishu, r#"{"StatusCode":0,"StatusMessage":"success"}"#));
        assert!(refused(WebhookFormat::Feishu, r#"{"code":19024,"msg":"Key Words Not Found"}"#));
        assert!(refused(WebhookFormat::Dingtalk, "<html>"));
        assert!(!refused(WebhookFormat::Slack, "ok"));
        assert!(refusal(WebhookFormat::Json, 302, "").is_some());
    }

    #[test]
    fn addresses_are_told_from_other_words() {
        for good in ["https://hooks.example/x?key=1", "http://127.0.0.1:9/a"] {
            assert!(is_address(good), "{good}");
        }
        for bad in ["hooks.example", "ftp://a.example", "https://", "https://a b", "https://me:pw@a.example/"]
        {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
