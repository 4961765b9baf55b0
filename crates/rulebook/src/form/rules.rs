//! Whether a form takes answers, and how what is posted becomes values.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use kernel::Timestamp;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use super::posted::{FILES_MAX, Posted};
use crate::expr::{Condition, Facts};
use crate::record_type::public_form::PublicFormSpec;
use crate::record_type::{FieldKind, FieldSpec, RecordType};

/// Hours for which a page can be sent.
const PAGE_HOURS: i64 = 48;
/// Hexadecimal digits of a page's signature.
const SIGNATURE: usize = 32;

/// Why a form takes nothing; nothing where it does.
pub fn closed(
    form: &PublicFormSpec,
    when: Option<&Condition>,
    facts: &Map<String, Json>,
    zone: &TimeZone,
    now: Timestamp,
) -> Option<&'static str> {
    let none = BTreeMap::new();
    let known = Facts { fields: facts, parameters: &none, now };
    if when.is_some_and(|when| !when.holds(&known)) {
        return Some("rulebook.form.not_of_this");
    }
    let state = facts.get("state").and_then(Json::as_str).unwrap_or_default();
    if !form.open_in.iter().any(|open| open == state) {
        return Some("rulebook.form.closed");
    }
    // A day is the company's midnight in facts; the form is open until the next one.
    let closes = form.closes.as_ref().and_then(|key| facts.get(key)).and_then(Json::as_str);
    let closes = closes.and_then(|text| text.parse::<Timestamp>().ok());
    let day = |at: Timestamp| at.instant().to_zoned(zone.clone()).date();
    closes.is_some_and(|closes| day(now) > day(closes)).then_some("rulebook.form.over")
}

/// Reads the fields of a form: values of the record, and the fields at fault.
pub fn values(
    record_type: &RecordType,
    form: &PublicFormSpec,
    posted: &Posted,
) -> (Map<String, Json>, Vec<(String, &'static str)>) {
    let (mut values, mut wrong) = (Map::new(), Vec::new());
    for field in form.fields.iter().filter_map(|key| record_type.field(key)) {
        let needed = field.required || form.needs.contains(&field.key);
        if field.kind == FieldKind::File {
            let files = posted.files.get(&field.key).map(Vec::as_slice).unwrap_or_default();
            if files.is_empty() && needed {
                wrong.push((field.key.clone(), "rulebook.record.required"));
            }
            if files.len() > FILES_MAX {
                wrong.push((field.key.clone(), "rulebook.form.too_many_files"));
            }
            wrong.extend(
                files.iter().filter_map(|file| file.media_type().err()).map(|code| (field.key.clone(), code)),
            );
            continue;
        }
        match value(field, &posted.texts(&field.key)) {
            Ok(Some(value)) => drop(values.insert(field.key.clone(), value)),
            Ok(None) if needed => wrong.push((field.key.clone(), "rulebook.record.required")),
            Ok(None) => {}
            Err(code) => wrong.push((field.key.clone(), code)),
        }
    }
    (values, wrong)
}

/// Returns what a field says; its type checks it once more when the record is made.
fn value(field: &FieldSpec, given: &[&str]) -> Result<Option<Json>, &'static str> {
    let Some(first) = given.first() else { return Ok(None) };
    let number = || first.parse::<serde_json::Number>().map(|number| Some(Json::Number(number)));
    match field.kind {
        FieldKind::Choices => Ok(Some(json!(given))),
        FieldKind::Boolean => Ok(Some(json!(*first == "1"))),
        FieldKind::Number | FieldKind::Percent => number().map_err(|_| "rulebook.record.number_expected"),
        FieldKind::Rating => number().map_err(|_| "rulebook.record.rating_expected"),
        _ => Ok(Some(json!(first))),
    }
}

/// Returns the version of a sentence: the beginning of its digest.
pub fn consent_version(text: &str) -> String {
    hex::encode(Sha256::digest(text))[..12].to_owned()
}

/// Returns one writing of what a person is known by: small letters; of what is no mail address without spaces and marks.
pub fn person(text: &str) -> String {
    let mail = text.contains('@');
    let kept = text.chars().filter(|c| c.is_alphanumeric() || (mail && !c.is_whitespace()));
    kept.flat_map(char::to_lowercase).collect()
}

/// Writes what makes a page one of ours: when it was made, and what tells it from others.
pub fn page_mark(link: &str, at: Timestamp, nonce: &str, sign: impl Fn(&[u8]) -> [u8; 32]) -> String {
    let said = format!("{}.{nonce}", at.ms());
    let signature = hex::encode(sign(format!("{link}/{said}").as_bytes()));
    format!("{said}.{}", &signature[..SIGNATURE])
}

/// Returns what tells a page from others, where it is one of ours and not too old.
pub fn page_nonce(
    mark: &str,
    link: &str,
    now: Timestamp,
    sign: impl Fn(&[u8]) -> [u8; 32],
) -> Option<String> {
    let mut parts = mark.split('.');
    let (at, nonce) = (parts.next()?.parse::<i64>().ok()?, parts.next()?);
    let made = Timestamp::from_ms(at);
    let ours = page_mark(link, made, nonce, &sign);
    // Digests of both take the same time to compare, whatever stands in them.
    let same = sign(ours.as_bytes()) == sign(mark.as_bytes());
    let fresh = made <= now && now.ms() - at <= PAGE_HOURS * kernel::HOUR_MS;
    (same && fresh).then(|| nonce.to_owned())
}

/// Returns true for what a person uses to look at pages, as far as it says so.
pub fn is_person(agent: Option<&str>) -> bool {
    const PROGRAMS: [&str; 12] = [
        "bot", "crawl", "spider", "preview", "curl", "wget", "python", "monitor", "scan", "fetch",
        "headless", "http",
    ];
    let agent = agent.unwrap_or_default().to_lowercase();
    // Browsers name their engine and no address of their makers.
    agent.contains("mozilla/") && !PROGRAMS.iter().any(|word| agent.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign(data: &[u8]) -> [u8; 32] {
        Sha256::digest([b"key".as_slice(), data].concat()).into()
    }

    #[test]
    fn a_page_is_ours_for_two_days_and_for_its_own_link() {
        let (made, later) =
            (Timestamp::from_ms(1_000), |hours: i64| Timestamp::from_ms(1_000 + hours * kernel::HOUR_MS));
        let mark = page_mark("link", made, "n1", sign);
        assert_eq!(page_nonce(&mark, "link", later(47), sign), Some("n1".to_owned()));
        assert_eq!(page_nonce(&mark, "link", later(49), sign), None);
        assert_eq!(page_nonce(&mark, "other", later(1), sign), None);
        assert_eq!(page_nonce(&mark.replace("n1", "n2"), "link", later(1), sign), None);
        assert_eq!(page_nonce("", "link", later(1), sign), None);
    }

    #[test]
    fn one_person_is_one_however_the_number_is_written() {
        assert_eq!(person("138 0000-0000"), person("13800000000"));
        assert_eq!(person("Li@Example.invalid "), person("li@example.invalid"));
        assert_ne!(person("a@b.invalid"), person("ab.invalid"));
    }

    #[test]
    fn programs_are_told_from_people_by_what_they_say() {
        assert!(is_person(Some(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0"
        )));
        assert!(!is_person(Some("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")));
        assert!(!is_person(Some("curl/8.5")));
        assert!(!is_person(None));
    }
}
