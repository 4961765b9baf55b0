//! What the readers of foreign formats share: an event that is not known to be sound yet.

use std::collections::BTreeMap;

use kernel::Timestamp;
use lake::{Event, EventKind};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::field::{node, text};
use super::{Fault, Reading, Rejected, TEXT_MAX, Unreadable, plausible};

/// What was read, or what is wrong with which field.
pub(super) type Read<T> = Result<T, (Fault, Option<&'static str>)>;

/// A JSON object.
pub(super) type Object = Map<String, Value>;

/// An event as it was understood.
pub(super) struct Draft {
    pub(super) message_id: String,
    pub(super) kind: EventKind,
    pub(super) name: String,
    pub(super) user_id: Option<String>,
    pub(super) anonymous_id: Option<String>,
    pub(super) happened_at: Timestamp,
    pub(super) properties: Object,
    pub(super) context: Object,
}

impl Draft {
    /// Returns the event where somebody did it at a time that can be.
    pub(super) fn event(self, who: &'static str, when: &'static str, received_at: Timestamp) -> Read<Event> {
        let node = node(self.user_id.as_deref(), self.anonymous_id.as_deref()).map_err(|f| (f, Some(who)))?;
        plausible(self.happened_at, received_at).map_err(|fault| (fault, Some(when)))?;
        Ok(Event {
            message_id: self.message_id,
            kind: self.kind,
            name: self.name,
            node,
            user_id: self.user_id,
            anonymous_id: self.anonymous_id,
            happened_at: self.happened_at,
            channel: None,
            properties: Value::Object(self.properties).to_string(),
            context: Value::Object(self.context).to_string(),
        })
    }
}

/// Puts an event among the sound or among those that are kept apart.
pub(super) fn sort(reading: &mut Reading, read: Read<Event>, message_id: Option<String>, body: &str) {
    match read {
        Ok(event) => reading.events.push(event),
        Err((fault, field)) => {
            reading.rejected.push(Rejected { message_id, fault, field, body: body.to_owned() });
        }
    }
}

/// What a request brought, by write key.
pub(super) type Readings = BTreeMap<String, Reading>;

/// Most write keys of one request: each is looked up, and a program has one.
const KEYS_MAX: usize = 20;

/// Returns the reading of a write key among those of a request.
pub(super) fn reading_of<'a>(readings: &'a mut Readings, key: &str) -> Result<&'a mut Reading, Unreadable> {
    if readings.len() == KEYS_MAX && !readings.contains_key(key) {
        return Err(Unreadable::Malformed);
    }
    Ok(readings.entry(key.to_owned()).or_default())
}

/// Returns a text of any length; numbers count as such, because programs spell ids both ways.
pub(super) fn said(object: &Object, name: &'static str) -> Read<Option<String>> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => Err((Fault::WrongType, Some(name))),
    }
}

/// Returns an identifier or name.
pub(super) fn identifier(object: &Object, name: &'static str) -> Read<Option<String>> {
    text(said(object, name)?.as_deref()).map_err(|fault| (fault, Some(name)))
}

/// Returns a number, also where it is spelled as text.
pub(super) fn number(object: &Object, name: &'static str) -> Read<Option<Value>> {
    let Some(text) = said(object, name)? else { return Ok(None) };
    spelled(&text).map(Some).ok_or((Fault::WrongType, Some(name)))
}

/// Returns the number that a text spells.
pub(super) fn spelled(text: &str) -> Option<Value> {
    let text = text.trim();
    let whole = text.parse::<i64>().ok().map(Value::from);
    whole.or_else(|| serde_json::Number::from_f64(text.parse().ok()?).map(Value::Number))
}

/// Returns an object that stands in another; an empty one for none.
pub(super) fn object(object: &Object, name: &'static str) -> Read<Object> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(Object::new()),
        Some(Value::Object(inner)) => Ok(inner.clone()),
        Some(_) => Err((Fault::WrongType, Some(name))),
    }
}

/// Puts a value where there is one.
pub(super) fn put(object: &mut Object, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), value.into());
    }
}

/// Returns a name that nobody chose for us, such as a page's title: it is cut, the whole stands in the properties.
pub(super) fn cut(name: &str) -> String {
    name.trim().chars().take(TEXT_MAX).collect()
}

/// Returns a page as the common fields of the Segment specification describe it.
pub(super) fn page(url: Option<&str>, referrer: Option<&str>, title: Option<&str>) -> Object {
    let mut page = Object::new();
    put(&mut page, "url", url);
    put(&mut page, "path", url.map(path));
    put(&mut page, "referrer", referrer);
    put(&mut page, "title", title);
    page
}

/// Returns the path of an address.
pub(super) fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    rest.find('/').map_or("/", |at| &rest[at..])
}

/// Returns a screen's size of `1920x1080`.
pub(super) fn screen(size: &str) -> Option<Object> {
    let (width, height) = size.split_once('x')?;
    let mut screen = Object::new();
    put(&mut screen, "width", Some(width.parse::<u32>().ok()?));
    put(&mut screen, "height", Some(height.parse::<u32>().ok()?));
    Some(screen)
}

/// Names something that has no id of its own by what it is.
pub(super) fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // With the length before it, `ab` and `c` differ from `a` and `bc`.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex::encode(&hash.finalize()[..16])
}

/// Returns the anonymous id of somebody who brings none: the same browser at the same address on the same day (UTC).
///
/// The address itself is not kept.
pub(super) fn visitor(ip: &str, user_agent: &str, at: Timestamp) -> String {
    digest(&["visitor", ip, user_agent, &at.utc_day().to_string()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        assert_eq!(digest(&["a"]).len(), 32);
    }

    #[test]
    fn a_visitor_is_another_on_the_next_day() {
        let at = Timestamp::from_ms(1_795_910_400_000);
        assert_eq!(visitor("10.0.0.1", "a", at), visitor("10.0.0.1", "a", at.plus_ms(86_399_999)));
        assert_ne!(visitor("10.0.0.1", "a", at), visitor("10.0.0.1", "a", at.plus_days(1)));
        assert_ne!(visitor("10.0.0.1", "a", at), visitor("10.0.0.2", "a", at));
    }

    #[test]
    fn a_request_has_few_write_keys() {
        let mut readings = Readings::new();
        let all: Vec<bool> = (0..30).map(|key| reading_of(&mut readings, &key.to_string()).is_ok()).collect();
        assert_eq!((all.iter().filter(|ok| **ok).count(), readings.len()), (KEYS_MAX, KEYS_MAX));
        assert!(reading_of(&mut readings, "0").is_ok());
    }

    #[test]
    fn numbers_are_read_from_texts() {
        assert_eq!(spelled(" 12 "), Some(Value::from(12)));
        assert_eq!(spelled("12.50"), Some(Value::from(12.5)));
        assert_eq!((spelled("NaN"), spelled("12,5"), spelled("")), (None, None, None));
    }

    #[test]
    fn the_path_of_an_address() {
        assert_eq!(path("https://a.example/x/y?z=/#/q"), "/x/y");
        assert_eq!((path("https://a.example"), path("/x?y"), path("")), ("/", "/x", "/"));
    }
}
