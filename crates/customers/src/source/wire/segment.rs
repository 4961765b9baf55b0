//! Segment HTTP API: `/v1/batch` and one path for each kind of call, as its SDKs and RudderStack's send them.

use kernel::Timestamp;
use lake::{BATCH_MAX, EVENT_MAX, Event, EventKind};
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::field::{node, text, time};
use super::{Fault, Reading, Rejected, Unreadable, corrected, plausible};

/// What a request is about (请求种类).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Many events, each with its kind.
    Batch,
    /// Many events that lie in the past: what they say about time is not corrected.
    Import,
    /// One event of this kind.
    One(EventKind),
}

/// What a request says beside its events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The write key, where it stands in the body.
    pub write_key: Option<String>,
    /// Its events.
    pub reading: Reading,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a> {
    #[serde(borrow, default)]
    batch: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    sent_at: Option<&'a RawValue>,
    #[serde(borrow, default)]
    write_key: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Wire<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    message_id: Option<&'a RawValue>,
    #[serde(borrow)]
    user_id: Option<&'a RawValue>,
    #[serde(borrow)]
    anonymous_id: Option<&'a RawValue>,
    #[serde(borrow)]
    previous_id: Option<&'a RawValue>,
    #[serde(borrow)]
    group_id: Option<&'a RawValue>,
    #[serde(borrow)]
    event: Option<&'a RawValue>,
    #[serde(borrow)]
    name: Option<&'a RawValue>,
    #[serde(borrow)]
    category: Option<&'a RawValue>,
    #[serde(borrow)]
    properties: Option<&'a RawValue>,
    #[serde(borrow)]
    traits: Option<&'a RawValue>,
    #[serde(borrow)]
    context: Option<&'a RawValue>,
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    original_timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    sent_at: Option<&'a RawValue>,
}

/// Reads the body of a request.
pub fn read(body: &[u8], call: Call, received_at: Timestamp) -> Result<Said, Unreadable> {
    if body.len() > BATCH_MAX {
        return Err(Unreadable::TooLarge);
    }
    let body = std::str::from_utf8(body).map_err(|_| Unreadable::Malformed)?;
    let envelope: Envelope<'_> = serde_json::from_str(body).map_err(|_| Unreadable::Malformed)?;
    let sent_at = envelope.sent_at.and_then(|raw| string(raw).ok()).and_then(|text| time(&text).ok());
    let write_key = envelope.write_key.and_then(|raw| string(raw).ok());
    let when = When { received_at, sent_at, corrects: call != Call::Import };
    let mut reading = Reading::default();
    let mut add = |raw: &str, kind: Option<EventKind>, place: usize| match event(raw, kind, when, place) {
        Ok(event) => reading.events.push(event),
        Err((fault, field)) => reading.rejected.push(rejected(raw, fault, field)),
    };
    match (call, envelope.batch) {
        (Call::One(kind), _) => add(body.trim(), Some(kind), 0),
        (_, Some(batch)) => batch.iter().enumerate().for_each(|(place, raw)| add(raw.get(), None, place)),
        (_, None) => return Err(Unreadable::Malformed),
    }
    Ok(Said { write_key, reading })
}

/// Reads one event that somebody repaired.
pub fn read_one(body: &str, received_at: Timestamp) -> Result<Event, (Fault, Option<&'static str>)> {
    event(body.trim(), None, When { received_at, sent_at: None, corrects: false }, 0)
}

#[derive(Clone, Copy)]
struct When {
    received_at: Timestamp,
    sent_at: Option<Timestamp>,
    corrects: bool,
}

type Read<T> = Result<T, (Fault, Option<&'static str>)>;

fn event(raw: &str, kind: Option<EventKind>, when: When, place: usize) -> Read<Event> {
    if raw.len() > EVENT_MAX {
        return Err((Fault::TooLarge, None));
    }
    let wire: Wire<'_> = serde_json::from_str(raw).map_err(|_| (Fault::Malformed, None))?;
    let kind = kind.map_or_else(|| kind_of(&wire), Ok)?;
    let user_id = field("userId", wire.user_id)?;
    let anonymous_id = field("anonymousId", wire.anonymous_id)?;
    let node = node(user_id.as_deref(), anonymous_id.as_deref()).map_err(|fault| (fault, Some("userId")))?;
    let name = match kind {
        EventKind::Track => field("event", wire.event)?.ok_or((Fault::Nameless, Some("event")))?,
        EventKind::Page | EventKind::Screen => field("name", wire.name)?.unwrap_or_default(),
        EventKind::Identify | EventKind::Group | EventKind::Alias => String::new(),
    };
    let message_id = match field("messageId", wire.message_id)? {
        Some(id) => id,
        None => nameless_id(raw, when.received_at, place),
    };
    Ok(Event {
        message_id,
        kind,
        name,
        node,
        user_id,
        anonymous_id,
        happened_at: happened_at(&wire, when)?,
        channel: None,
        properties: properties(&wire, kind)?,
        context: object("context", wire.context)?.to_owned(),
    })
}

fn kind_of(wire: &Wire<'_>) -> Read<EventKind> {
    let unknown = (Fault::UnknownKind, Some("type"));
    let text = field("type", wire.kind)?.ok_or(unknown)?;
    text.to_lowercase().parse().map_err(|_| unknown)
}

fn happened_at(wire: &Wire<'_>, when: When) -> Read<Timestamp> {
    let read = |name: &'static str, raw: Option<&RawValue>| -> Read<Option<Timestamp>> {
        let Some(text) = field(name, raw)? else { return Ok(None) };
        time(&text).map(Some).map_err(|fault| (fault, Some(name)))
    };
    let said = match read("originalTimestamp", wire.original_timestamp)? {
        Some(at) => Some(at),
        None => read("timestamp", wire.timestamp)?,
    };
    let Some(said) = said else { return Ok(when.received_at) };
    let sent_at = read("sentAt", wire.sent_at)?.or(when.sent_at).filter(|_| when.corrects);
    let at = corrected(said, sent_at, when.received_at);
    plausible(at, when.received_at).map_err(|fault| (fault, Some("timestamp")))?;
    Ok(at)
}

fn properties(wire: &Wire<'_>, kind: EventKind) -> Read<String> {
    let added = |object: &str, name: &str, field: Option<&RawValue>| match field.map(RawValue::get) {
        None | Some("null") => object.to_owned(),
        Some(value) if object == "{}" => format!("{{\"{name}\":{value}}}"),
        Some(value) => format!("{{\"{name}\":{value},{}", &object[1..]),
    };
    Ok(match kind {
        EventKind::Identify => object("traits", wire.traits)?.to_owned(),
        EventKind::Group => added(object("traits", wire.traits)?, "group_id", wire.group_id),
        EventKind::Alias => added(object("properties", wire.properties)?, "previous_id", wire.previous_id),
        EventKind::Page | EventKind::Screen => {
            added(object("properties", wire.properties)?, "category", wire.category)
        }
        EventKind::Track => object("properties", wire.properties)?.to_owned(),
    })
}

/// Returns a JSON object as it was sent; an empty one for none.
fn object<'a>(name: &'static str, raw: Option<&'a RawValue>) -> Read<&'a str> {
    let text = raw.map_or("{}", RawValue::get);
    match text.as_bytes() {
        b"null" => Ok("{}"),
        [b'{', between @ .., b'}'] if between.iter().all(u8::is_ascii_whitespace) => Ok("{}"),
        [b'{', ..] => Ok(text),
        _ => Err((Fault::WrongType, Some(name))),
    }
}

/// Returns a text; numbers count as such, because sources spell ids both ways.
fn field(name: &'static str, raw: Option<&RawValue>) -> Read<Option<String>> {
    let Some(raw) = raw else { return Ok(None) };
    let said = string(raw).map_err(|fault| (fault, Some(name)))?;
    text(Some(&said)).map_err(|fault| (fault, Some(name)))
}

fn string(raw: &RawValue) -> Result<String, Fault> {
    let raw = raw.get();
    match raw.as_bytes().first() {
        Some(b'"') => serde_json::from_str(raw).map_err(|_| Fault::WrongType),
        Some(b'0'..=b'9' | b'-') => Ok(raw.to_owned()),
        Some(b'n') => Ok(String::new()),
        _ => Err(Fault::WrongType),
    }
}

/// Names an event that has no id: the same body at another time is another event.
fn nameless_id(raw: &str, received_at: Timestamp, place: usize) -> String {
    let digest = Sha256::new()
        .chain_update(received_at.ms().to_be_bytes())
        .chain_update((place as u64).to_be_bytes())
        .chain_update(raw)
        .finalize();
    hex::encode(&digest[..16])
}

fn rejected(raw: &str, fault: Fault, field: Option<&'static str>) -> Rejected {
    let message_id = serde_json::from_str::<Wire<'_>>(raw)
        .ok()
        .and_then(|wire| string(wire.message_id?).ok())
        .filter(|id| !id.is_empty() && id.chars().count() <= super::TEXT_MAX);
    Rejected { message_id, fault, field, body: raw.to_owned() }
}

#[cfg(test)]
mod tests {
    use kernel::Id;
    use proptest::prelude::*;

    use super::*;
    use crate::node::{NodeKind, rules::node_id};

    /// 2026-11-29T00:00:00Z.
    const NOW: Timestamp = Timestamp::from_ms(1_795_910_400_000);

    fn batch(events: &str) -> Reading {
        let body = format!(r#"{{"batch":[{events}],"sentAt":"2026-11-29T00:00:10.000Z","writeKey":"k"}}"#);
        let said = read(body.as_bytes(), Call::Batch, NOW).expect("a batch");
        assert_eq!(said.write_key.as_deref(), Some("k"));
        said.reading
    }

    fn fault(event: &str) -> (Fault, Option<&'static str>) {
        let reading = batch(event);
        assert_eq!(reading.events, []);
        (reading.rejected[0].fault, reading.rejected[0].field)
    }

    #[test]
    fn what_analytics_node_sends() {
        let reading = batch(
            r#"{"userId":"u-1","event":"Order Completed","type":"track","properties":{"revenue":12.5},
                "context":{"library":{"name":"@segment/analytics-node","version":"3.1.0"}},
                "timestamp":"2026-11-29T00:00:05.000Z","messageId":"node-next-1","integrations":{}}"#,
        );
        let event = &reading.events[0];
        assert_eq!(
            (event.kind, event.name.as_str(), event.message_id.as_str()),
            (EventKind::Track, "Order Completed", "node-next-1")
        );
        assert_eq!(event.node, node_id(NodeKind::UserId, "u-1"));
        // The source's clock is ten seconds ahead.
        assert_eq!(event.happened_at, NOW.plus_ms(-5_000));
        assert_eq!(event.properties, r#"{"revenue":12.5}"#);
    }

    #[test]
    fn null_ids_numbers_and_every_kind() {
        let reading = batch(
            r#"{"type":"identify","userId":7,"anonymousId":null,"traits":{"plan":"gold"},"messageId":"1"},
               {"type":"group","userId":"7","groupId":"g","traits":{"n":1},"messageId":"2"},
               {"type":"alias","userId":"7","previousId":"old","messageId":"3"},
               {"type":"page","anonymousId":"a","name":"Home","category":"Docs","properties":{ },"messageId":"4"},
               {"type":"screen","anonymousId":"a","properties":null,"messageId":"5"}"#,
        );
        assert_eq!(reading.rejected, []);
        let said: Vec<_> =
            reading.events.iter().map(|e| (e.kind, e.name.as_str(), e.properties.as_str())).collect();
        assert_eq!(
            said,
            [
                (EventKind::Identify, "", r#"{"plan":"gold"}"#),
                (EventKind::Group, "", r#"{"group_id":"g","n":1}"#),
                (EventKind::Alias, "", r#"{"previous_id":"old"}"#),
                (EventKind::Page, "Home", r#"{"category":"Docs"}"#),
                (EventKind::Screen, "", "{}"),
            ]
        );
        assert!(reading.events[..3].iter().all(|e| e.node == node_id(NodeKind::UserId, "7")));
        assert!(reading.events[3..].iter().all(|e| e.node == node_id(NodeKind::AnonymousId, "a")));
    }

    #[test]
    fn what_cannot_be_counted_is_kept_with_its_reason() {
        assert_eq!(fault(r#"{"type":"track","event":"x"}"#), (Fault::Nobody, Some("userId")));
        assert_eq!(fault(r#"{"type":"track","userId":"u"}"#), (Fault::Nameless, Some("event")));
        assert_eq!(fault(r#"{"type":"buy","userId":"u"}"#), (Fault::UnknownKind, Some("type")));
        assert_eq!(fault(r#"{"userId":"u"}"#), (Fault::UnknownKind, Some("type")));
        assert_eq!(
            fault(r#"{"type":"track","userId":{"a":1},"event":"x"}"#),
            (Fault::WrongType, Some("userId"))
        );
        assert_eq!(
            fault(r#"{"type":"track","userId":"u","event":"x","properties":[1]}"#),
            (Fault::WrongType, Some("properties"))
        );
        assert_eq!(
            fault(r#"{"type":"track","userId":"u","event":"x","timestamp":"soon"}"#),
            (Fault::TimeUnreadable, Some("timestamp"))
        );
        assert_eq!(
            fault(r#"{"type":"track","userId":"u","event":"x","timestamp":"2027-01-01T00:00:00Z"}"#),
            (Fault::TimeAhead, Some("timestamp"))
        );
        assert_eq!(
            fault(r#"{"type":"track","userId":"u","event":"x","timestamp":"1999-12-31T00:00:00Z"}"#),
            (Fault::TimeBefore, Some("timestamp"))
        );
        assert_eq!(fault("7"), (Fault::Malformed, None));
        let long = "长".repeat(201);
        assert_eq!(
            fault(&format!(r#"{{"type":"track","userId":"u","event":"{long}"}}"#)),
            (Fault::TooLong, Some("event"))
        );
        let large = "x".repeat(EVENT_MAX);
        assert_eq!(
            fault(&format!(r#"{{"type":"track","userId":"u","event":"x","properties":{{"a":"{large}"}}}}"#)),
            (Fault::TooLarge, None)
        );
    }

    #[test]
    fn one_bad_event_costs_no_other() {
        let reading = batch(
            r#"{"type":"track","userId":"u","event":"a","messageId":"1"},{"type":"track","messageId":"2"}"#,
        );
        assert_eq!((reading.events.len(), reading.rejected.len()), (1, 1));
        assert_eq!(reading.rejected[0].message_id.as_deref(), Some("2"));
        assert_eq!(reading.rejected[0].body, r#"{"type":"track","messageId":"2"}"#);
    }

    #[test]
    fn imports_keep_their_time_and_single_calls_their_kind() {
        let body = br#"{"batch":[{"type":"track","userId":"u","event":"a","timestamp":"2016-03-01T00:00:00Z"}],"sentAt":"2026-11-28T00:00:00Z"}"#;
        let said = read(body, Call::Import, NOW).expect("a batch");
        assert_eq!(said.reading.events[0].happened_at, Timestamp::from_ms(1_456_790_400_000));
        let one = read(br#"{"userId":"u","event":"a","type":"page"}"#, Call::One(EventKind::Track), NOW)
            .expect("an event");
        assert_eq!(one.reading.events[0].kind, EventKind::Track);
    }

    #[test]
    fn events_without_an_id_differ_and_ids_of_people_are_digests() {
        let reading =
            batch(r#"{"type":"track","userId":"u","event":"a"},{"type":"track","userId":"u","event":"a"}"#);
        assert_ne!(reading.events[0].message_id, reading.events[1].message_id);
        assert_ne!(reading.events[0].node, Id::from_digest([0; 16]));
    }

    #[test]
    fn nothing_is_read_from_what_is_no_batch() {
        for body in ["", "[]", "{}", "{\"batch\":7}", "\u{0}"] {
            assert_eq!(read(body.as_bytes(), Call::Batch, NOW), Err(Unreadable::Malformed), "{body:?}");
        }
        assert_eq!(read(&vec![b' '; BATCH_MAX + 1], Call::Batch, NOW), Err(Unreadable::TooLarge));
    }

    proptest! {
        #[test]
        fn read_is_stored_and_rejected_whatever_comes(events in prop::collection::vec("\\PC{0,40}", 0..6)) {
            let raw: Vec<String> = events.iter().map(|text| serde_json::to_string(text).expect("text")).collect();
            let reading = batch(&raw.join(","));
            prop_assert_eq!(reading.events.len() + reading.rejected.len(), events.len());
        }

        #[test]
        fn no_bytes_break_it(body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&body, Call::Batch, NOW);
            let _ = read(&body, Call::One(EventKind::Track), NOW);
        }
    }
}
