//! What an intake may be, and how what is sent becomes values.

use std::collections::BTreeMap;

use kernel::{Problem, Result};
use mail_parser::MessageParser;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use super::{IntakeKind, NewIntake};
use crate::record_type::{FieldKind, RecordType};
use crate::reply::COMMENT;

/// Most bytes of what is sent.
pub const JSON_MAX: usize = 256 * 1024;
/// Most bytes of a mail, its attachments included.
pub const MAIL_MAX: usize = 2 * 1024 * 1024;
/// Most characters of a mail's text that become a value.
const TEXT_MAX: usize = 20_000;
/// Most that any intake takes in a minute.
const PER_MINUTE_MAX: i64 = 6_000;

/// Refuses what no intake can be; every field at fault is named.
pub fn check(new: &NewIntake, record_type: Option<&RecordType>, replies: bool) -> Result<()> {
    let mut problem = Problem::unprocessable("rulebook.intake.invalid");
    if new.name.trim().is_empty() || new.name.chars().count() > 80 {
        problem = problem.with_field("name", "rulebook.webhook.name_length");
    }
    if !(1..=PER_MINUTE_MAX).contains(&new.per_minute) {
        problem = problem.with_field("per_minute", "rulebook.intake.per_minute_invalid");
    }
    if new.key_path.as_deref().is_some_and(|path| !path.starts_with('/')) {
        problem = problem.with_field("key_path", "rulebook.intake.path_invalid");
    }
    if new.opens == COMMENT {
        // Replies say by their address what they are about.
        if !replies {
            problem = problem.with_field("opens", "rulebook.intake.no_reply_to");
        }
        return if problem.fields.is_empty() { Ok(()) } else { Err(problem) };
    }
    let Some(record_type) = record_type else {
        return Err(problem.with_field("opens", "rulebook.intake.opens_unknown"));
    };
    let takes = |key: &String| {
        record_type.field(key).is_some_and(|field| {
            let given = matches!(field.kind, FieldKind::Computed | FieldKind::Rollup | FieldKind::File);
            !given && !field.read_only
        })
    };
    let unknown: Vec<&String> = new.mapping.keys().filter(|key| !takes(key)).collect();
    if new.mapping.is_empty() || !unknown.is_empty() {
        problem = problem.with_field("mapping", "rulebook.intake.mapping_invalid");
        problem = problem.with("fields", unknown);
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

/// Returns what kind of thing is sent; nothing where it is none that is taken.
pub fn kind(content_type: &str) -> Option<IntakeKind> {
    match content_type.split(';').next().unwrap_or_default().trim().to_lowercase().as_str() {
        "application/json" => Some(IntakeKind::Json),
        "message/rfc822" => Some(IntakeKind::Mail),
        _ => None,
    }
}

/// Reads what was sent.
pub fn read(kind: IntakeKind, body: &[u8]) -> Result<Json> {
    let most = if kind == IntakeKind::Json { JSON_MAX } else { MAIL_MAX };
    if body.len() > most {
        return Err(Problem::too_large("rulebook.intake.too_large").with("max", most));
    }
    let malformed = || Problem::bad_request("rulebook.intake.malformed");
    match kind {
        IntakeKind::Json => {
            let sent: Json = serde_json::from_slice(body).map_err(|_| malformed())?;
            if sent.is_object() { Ok(sent) } else { Err(malformed()) }
        }
        IntakeKind::Mail => mail(body).ok_or_else(malformed),
    }
}

/// Reads a mail as a sender's program would have sent it as JSON.
fn mail(body: &[u8]) -> Option<Json> {
    let message = MessageParser::default().parse(body)?;
    let from = message.from().and_then(|from| from.first())?;
    let text = message.body_text(0).unwrap_or_default();
    Some(json!({
        "subject": message.subject().unwrap_or_default().trim(),
        "text": text.trim().chars().take(TEXT_MAX).collect::<String>(),
        "from": from.address().unwrap_or_default(),
        "from_name": from.name().or(from.address()).unwrap_or_default(),
        "date": message.date().map(mail_parser::DateTime::to_rfc3339),
        "message_id": message.message_id(),
    }))
}

/// Returns what tells one thing that was sent from another; only a digest of it is kept.
pub fn sender_key(key_path: Option<&str>, header: Option<&str>, kind: IntakeKind, sent: &Json) -> String {
    let by_default = (kind == IntakeKind::Mail).then_some("/message_id");
    let named = key_path.or(by_default).and_then(|path| sent.pointer(path)).filter(|value| !value.is_null());
    let key = match (named, header) {
        (Some(named), _) => format!("key/{named}"),
        (None, Some(header)) => format!("header/{header}"),
        (None, None) => format!("body/{sent}"),
    };
    hex::encode(Sha256::digest(key))
}

/// Puts what was sent into the values of a mapping: the values, and the facts that they name. What a sender writes is a
/// fact, so that no word of theirs is taken for one of ours.
pub fn values(
    record_type: &RecordType,
    mapping: &Map<String, Json>,
    sent: &Json,
) -> (BTreeMap<String, Json>, Map<String, Json>) {
    let (mut values, mut facts) = (BTreeMap::new(), Map::new());
    for (key, said) in mapping {
        let kind = record_type.field(key).map(|field| field.kind);
        let fitted = |value: Json| kind.map_or(value.clone(), |kind| fit(kind, value));
        match said.as_str().filter(|text| text.starts_with('/')) {
            Some(path) => {
                let name = format!("sent.{key}");
                facts.insert(name.clone(), fitted(sent.pointer(path).cloned().unwrap_or(Json::Null)));
                values.insert(key.clone(), json!(format!("${name}")));
            }
            None => drop(values.insert(key.clone(), fitted(said.clone()))),
        }
    }
    (values, facts)
}

/// Senders write numbers as texts and texts as numbers; what is meant is plain.
fn fit(kind: FieldKind, value: Json) -> Json {
    match (kind, &value) {
        (FieldKind::Text, Json::String(text)) => json!(text.split_whitespace().collect::<Vec<_>>().join(" ")),
        (FieldKind::Text | FieldKind::RichText | FieldKind::Choice, Json::Number(_) | Json::Bool(_)) => {
            json!(value.to_string())
        }
        (FieldKind::RichText, Json::Object(_) | Json::Array(_)) => {
            json!(serde_json::to_string_pretty(&value).unwrap_or_default())
        }
        (
            FieldKind::Number
            | FieldKind::Percent
            | FieldKind::Money
            | FieldKind::Duration
            | FieldKind::Rating,
            Json::String(text),
        ) => text.trim().parse::<serde_json::Number>().map_or(value.clone(), Json::Number),
        (FieldKind::Boolean, Json::String(text)) => match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "1" => json!(true),
            "false" | "no" | "0" => json!(false),
            _ => value,
        },
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: =?UTF-8?B?5p2O5Zub?= <li@press.example>\r\nTo: intel@daoting.example\r\n\
        Subject: =?GBK?B?0MLGt8nPytA=?=\r\nMessage-ID: <1@press.example>\r\nDate: Fri, 20 Nov 2026 08:00:00 +0800\r\n\
        Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n6YK75bqX5Y+s5Zue6Iy26aWu44CC\r\n";

    #[test]
    fn a_mail_is_read_whatever_its_encoding() {
        let sent = read(IntakeKind::Mail, MAIL.as_bytes()).expect("a mail");
        assert_eq!((&sent["from"], &sent["from_name"]), (&json!("li@press.example"), &json!("李四")));
        assert_eq!(
            (&sent["text"], &sent["message_id"]),
            (&json!("邻店召回茶饮。"), &json!("1@press.example"))
        );
        assert_eq!(sent["date"], json!("2026-11-20T08:00:00+08:00"));
        assert_eq!(sent["subject"], json!("新品上市"));
        assert!(read(IntakeKind::Mail, b"").is_err());
    }

    #[test]
    fn what_is_no_object_or_too_large_is_refused() {
        assert_eq!(read(IntakeKind::Json, b"[1]").expect_err("a list").status, 400);
        assert_eq!(read(IntakeKind::Json, b"{").expect_err("half of it").status, 400);
        assert_eq!(read(IntakeKind::Json, &vec![b' '; JSON_MAX + 1]).expect_err("too much").status, 413);
    }

    #[test]
    fn a_key_is_the_senders_own_where_there_is_one() {
        let key = |path, header, sent| sender_key(path, header, IntakeKind::Json, &sent);
        assert_eq!(
            key(Some("/id"), None, json!({"id": 1, "a": 1})),
            key(Some("/id"), None, json!({"id": 1, "a": 2}))
        );
        assert_ne!(key(Some("/id"), None, json!({"id": 1})), key(Some("/id"), None, json!({"id": "1"})));
        assert_eq!(key(None, Some("k"), json!({"a": 1})), key(None, Some("k"), json!({"a": 2})));
        assert_ne!(key(None, None, json!({"a": 1})), key(None, None, json!({"a": 2})));
    }

    #[test]
    fn content_types_are_read_with_their_parameters() {
        assert_eq!(kind("application/json; charset=utf-8"), Some(IntakeKind::Json));
        assert_eq!(kind("Message/RFC822"), Some(IntakeKind::Mail));
        assert_eq!(kind("text/plain"), None);
    }
}
