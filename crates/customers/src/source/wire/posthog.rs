//! PostHog: `POST /batch/` and `/capture/`, as its SDKs send them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::Timestamp;
use lake::{BATCH_MAX, EVENT_MAX, Event, EventKind};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::draft::{Draft, Object, Read, cut, digest, identifier, object, page, put, said, sort};
use super::field::time;
use super::{Fault, Reading, Unreadable, corrected};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Envelope<'a> {
    api_key: Option<Value>,
    token: Option<Value>,
    #[serde(borrow)]
    batch: Option<Vec<&'a RawValue>>,
    #[serde(alias = "sentAt")]
    sent_at: Option<Value>,
    historical_migration: Option<Value>,
}

#[derive(Clone, Copy)]
struct When {
    received_at: Timestamp,
    sent_at: Option<Timestamp>,
}

/// Reads a body; returns the write key (empty where it names none) and its events.
pub fn read(body: &[u8], received_at: Timestamp) -> Result<(String, Reading), Unreadable> {
    if body.len() > BATCH_MAX {
        return Err(Unreadable::TooLarge);
    }
    let body = std::str::from_utf8(body).map_err(|_| Unreadable::Malformed)?.trim();
    match form(body) {
        Some(body) => read_json(&body, received_at),
        None => read_json(body, received_at),
    }
}

/// Returns what a browser sends as a form that needs no preflight: `data=<base64>`.
fn form(body: &str) -> Option<String> {
    if !body.starts_with("data=") {
        return None;
    }
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(body).ok()?;
    let (_, data) = pairs.into_iter().next()?;
    // A plus that was not escaped came out as a blank.
    let decoded = STANDARD.decode(data.replace(' ', "+")).ok()?;
    String::from_utf8(decoded).ok()
}

fn read_json(body: &str, received_at: Timestamp) -> Result<(String, Reading), Unreadable> {
    let (envelope, events) = if body.starts_with('[') {
        (Envelope::default(), serde_json::from_str(body).map_err(|_| Unreadable::Malformed)?)
    } else {
        let mut envelope: Envelope<'_> = serde_json::from_str(body).map_err(|_| Unreadable::Malformed)?;
        let one: &RawValue = serde_json::from_str(body).map_err(|_| Unreadable::Malformed)?;
        let events = envelope.batch.take().unwrap_or_else(|| vec![one]);
        (envelope, events)
    };
    let past = envelope.historical_migration == Some(Value::Bool(true));
    let sent_at = envelope.sent_at.as_ref().and_then(Value::as_str).and_then(|text| time(text).ok());
    let when = When { received_at, sent_at: sent_at.filter(|_| !past) };
    let mut key = [&envelope.api_key, &envelope.token].into_iter().flatten().find_map(as_key);
    let mut reading = Reading::default();
    for (place, raw) in events.into_iter().map(RawValue::get).enumerate() {
        let wire: Option<Object> = serde_json::from_str(raw).ok();
        let own_key = || wire.as_ref().and_then(key_of_event);
        key = key.or_else(own_key);
        let message_id = wire.as_ref().and_then(|wire| identifier(wire, "uuid").ok().flatten());
        let read = match wire {
            _ if raw.len() > EVENT_MAX => Err((Fault::TooLarge, None)),
            None => Err((Fault::Malformed, None)),
            Some(wire) => event(&wire, raw, when, place),
        };
        sort(&mut reading, read, message_id, raw);
    }
    Ok((key.unwrap_or_default(), reading))
}

fn as_key(value: &Value) -> Option<String> {
    value.as_str().map(str::trim).filter(|key| !key.is_empty()).map(str::to_owned)
}

/// In a list the browser's SDK puts the key into every event.
fn key_of_event(wire: &Object) -> Option<String> {
    let inner = wire.get("properties").and_then(|properties| properties.get("token"));
    [wire.get("api_key"), wire.get("token"), inner].into_iter().flatten().find_map(as_key)
}

fn event(wire: &Object, raw: &str, when: When, place: usize) -> Read<Event> {
    let mut properties = object(wire, "properties")?;
    properties.remove("token");
    let called = identifier(wire, "event")?.ok_or((Fault::Nameless, Some("event")))?;
    let kind = kind(&called);
    let (user_id, anonymous_id) = who(wire, &properties, kind)?;
    let message_id = identifier(wire, "uuid")?.unwrap_or_else(|| nameless_id(wire, raw, when, place));
    let context = context(&properties)?;
    let name = match kind {
        EventKind::Track => called.clone(),
        EventKind::Page => said(&properties, "title")?.as_deref().map(cut).unwrap_or_default(),
        EventKind::Screen => said(&properties, "$screen_name")?.as_deref().map(cut).unwrap_or_default(),
        EventKind::Identify | EventKind::Group | EventKind::Alias => String::new(),
    };
    let properties = match kind {
        EventKind::Identify => traits(wire, &properties)?,
        EventKind::Group => group(&properties)?,
        EventKind::Page => with_page(properties, &context),
        EventKind::Alias => {
            let mut kept = Object::new();
            put(&mut kept, "previous_id", said(&properties, "alias")?);
            kept
        }
        EventKind::Track | EventKind::Screen => properties,
    };
    let happened_at = happened_at(wire, when)?;
    let draft = Draft { message_id, kind, name, user_id, anonymous_id, happened_at, properties, context };
    draft.event("distinct_id", "timestamp", when.received_at)
}

fn kind(called: &str) -> EventKind {
    match called {
        // `$set` changes what is known of somebody who is identified already.
        "$identify" | "$set" => EventKind::Identify,
        "$pageview" => EventKind::Page,
        "$screen" => EventKind::Screen,
        "$groupidentify" => EventKind::Group,
        "$create_alias" => EventKind::Alias,
        _ => EventKind::Track,
    }
}

/// Returns the user and the anonymous id: PostHog has one field for both.
fn who(wire: &Object, properties: &Object, kind: EventKind) -> Read<(Option<String>, Option<String>)> {
    let distinct = match identifier(wire, "distinct_id")? {
        Some(id) => Some(id),
        None => match identifier(properties, "distinct_id")? {
            Some(id) => Some(id),
            None => identifier(wire, "$distinct_id")?,
        },
    };
    let device = identifier(properties, "$device_id")?;
    if kind == EventKind::Identify {
        let before = match identifier(properties, "$anon_distinct_id")? {
            Some(id) => Some(id),
            None => identifier(wire, "$anon_distinct_id")?,
        };
        return Ok((distinct, before.or(device)));
    }
    let denied = |name: &str| properties.get(name) == Some(&Value::Bool(false));
    let anonymous = denied("$is_identified")
        || denied("$process_person_profile")
        || distinct.is_some() && distinct == device
        || kind == EventKind::Group && distinct == made_up(properties)?;
    Ok(if anonymous { (None, distinct) } else { (distinct, device) })
}

/// Returns what the SDKs write where a server describes a group for nobody in particular.
fn made_up(properties: &Object) -> Read<Option<String>> {
    let parts = (said(properties, "$group_type")?, said(properties, "$group_key")?);
    Ok(parts.0.zip(parts.1).map(|(kind, key)| format!("${kind}_{key}")))
}

fn traits(wire: &Object, properties: &Object) -> Read<Object> {
    let mut traits = Object::new();
    for name in ["$set_once", "$set"] {
        traits.extend(object(wire, name)?);
        traits.extend(object(properties, name)?);
    }
    Ok(traits)
}

fn group(properties: &Object) -> Read<Object> {
    let mut traits = object(properties, "$group_set")?;
    put(&mut traits, "group_type", said(properties, "$group_type")?);
    put(&mut traits, "group_id", said(properties, "$group_key")?);
    Ok(traits)
}

/// Adds the page as Segment names its fields, so that a report on pages reads one form.
fn with_page(mut properties: Object, context: &Object) -> Object {
    for (name, value) in context.get("page").and_then(Value::as_object).into_iter().flatten() {
        properties.entry(name.clone()).or_insert_with(|| value.clone());
    }
    properties
}

fn context(properties: &Object) -> Read<Object> {
    let url = said(properties, "$current_url")?;
    let referrer = said(properties, "$referrer")?.filter(|referrer| referrer != "$direct");
    let title = said(properties, "title")?;
    let page = page(url.as_deref(), referrer.as_deref(), title.as_deref());
    let mut library = Object::new();
    put(&mut library, "name", said(properties, "$lib")?);
    put(&mut library, "version", said(properties, "$lib_version")?);
    let mut context = Object::new();
    put(&mut context, "page", Some(page).filter(|page| !page.is_empty()));
    put(&mut context, "library", Some(library).filter(|library| !library.is_empty()));
    let agent = said(properties, "$raw_user_agent")?;
    put(&mut context, "userAgent", agent.or(said(properties, "$user_agent")?));
    put(&mut context, "locale", said(properties, "$browser_language")?);
    Ok(context)
}

fn happened_at(wire: &Object, when: When) -> Read<Timestamp> {
    // How long ago it was when it was sent, in milliseconds: no clock of theirs comes into it.
    if let Some(offset) = wire.get("offset").and_then(Value::as_i64) {
        return Ok(when.received_at.plus_ms(offset.saturating_neg()));
    }
    let Some(text) = said(wire, "timestamp")? else { return Ok(when.received_at) };
    let said = time(&text).map_err(|fault| (fault, Some("timestamp")))?;
    Ok(corrected(said, when.sent_at, when.received_at))
}

/// The same event is the same for every try, if it says when it was; without a time every arrival is another.
fn nameless_id(wire: &Object, raw: &str, when: When, place: usize) -> String {
    match wire.get("timestamp") {
        Some(Value::String(_)) => digest(&["posthog", raw]),
        _ => digest(&["posthog", raw, &when.received_at.ms().to_string(), &place.to_string()]),
    }
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
        let body =
            format!(r#"{{"api_key":"phc_k","batch":[{events}],"sent_at":"2026-11-29T00:00:10.000Z"}}"#);
        let (key, reading) = read(body.as_bytes(), NOW).expect("a batch");
        assert_eq!(key, "phc_k");
        reading
    }

    fn one(event: &str) -> Event {
        let mut reading = batch(event);
        assert_eq!(reading.rejected, []);
        reading.events.remove(0)
    }

    fn fault(event: &str) -> (Fault, Option<&'static str>) {
        let reading = batch(event);
        assert_eq!(reading.events, []);
        (reading.rejected[0].fault, reading.rejected[0].field)
    }

    fn user(id: &str) -> Id {
        node_id(NodeKind::UserId, id)
    }

    fn nobody_known(id: &str) -> Id {
        node_id(NodeKind::AnonymousId, id)
    }

    #[test]
    fn what_posthog_node_sends() {
        let event = one(
            r#"{"distinct_id":"u-1","event":"Order Completed","type":"capture","library":"posthog-node","library_version":"5.70.0",
                "properties":{"revenue":12.5,"$lib":"posthog-node","$lib_version":"5.70.0","$geoip_disable":true},
                "uuid":"0199c0de-0000-7000-8000-000000000001","timestamp":"2026-11-29T00:00:05.000Z"}"#,
        );
        assert_eq!((event.kind, event.name.as_str()), (EventKind::Track, "Order Completed"));
        assert_eq!(event.message_id, "0199c0de-0000-7000-8000-000000000001");
        assert_eq!((event.node, event.anonymous_id), (user("u-1"), None));
        // The source's clock is ten seconds ahead.
        assert_eq!(event.happened_at, NOW.plus_ms(-5_000));
        assert_eq!(event.context, r#"{"library":{"name":"posthog-node","version":"5.70.0"}}"#);
    }

    #[test]
    fn somebody_says_who_they_are() {
        let event = one(
            r#"{"event":"$identify","distinct_id":"u-1","uuid":"1","properties":{"$anon_distinct_id":"a-1",
                "$set":{"plan":"gold"},"$set_once":{"plan":"free","first":1}}}"#,
        );
        assert_eq!((event.kind, event.node), (EventKind::Identify, user("u-1")));
        assert_eq!(event.anonymous_id.as_deref(), Some("a-1"));
        assert_eq!(event.properties, r#"{"first":1,"plan":"gold"}"#);
        let python = one(
            r#"{"event":"$set","distinct_id":"u-1","$set":{"plan":"gold"},"properties":{"$lib":"posthog-python"}}"#,
        );
        assert_eq!((python.kind, python.properties.as_str()), (EventKind::Identify, r#"{"plan":"gold"}"#));
    }

    #[test]
    fn a_distinct_id_is_anonymous_where_it_says_so() {
        for flags in
            [r#""$is_identified":false"#, r#""$process_person_profile":false"#, r#""$device_id":"d""#]
        {
            let event = one(&format!(r#"{{"event":"x","distinct_id":"d","properties":{{{flags}}}}}"#));
            assert_eq!((event.node, event.user_id), (nobody_known("d"), None), "{flags}");
        }
        let known =
            one(r#"{"event":"x","distinct_id":"u","properties":{"$is_identified":true,"$device_id":"d"}}"#);
        assert_eq!((known.node, known.anonymous_id.as_deref()), (user("u"), Some("d")));
    }

    #[test]
    fn pages_screens_groups_and_aliases() {
        let page = one(
            r#"{"event":"$pageview","properties":{"distinct_id":"u","token":"phc_k","$current_url":"https://a.example/x?y=1",
                "title":"家","$referrer":"$direct","$raw_user_agent":"Mozilla/5.0"}}"#,
        );
        assert_eq!((page.kind, page.name.as_str(), page.node), (EventKind::Page, "家", user("u")));
        assert_eq!(
            page.context,
            r#"{"page":{"path":"/x","title":"家","url":"https://a.example/x?y=1"},"userAgent":"Mozilla/5.0"}"#
        );
        assert!(page.properties.contains(r#""path":"/x""#) && !page.properties.contains("phc_k"));
        let screen = one(r#"{"event":"$screen","distinct_id":"u","properties":{"$screen_name":"Cart"}}"#);
        assert_eq!((screen.kind, screen.name.as_str()), (EventKind::Screen, "Cart"));
        let group = one(
            r#"{"event":"$groupidentify","distinct_id":"$company_7","properties":{"$group_type":"company","$group_key":"7",
                "$group_set":{"size":3}}}"#,
        );
        assert_eq!((group.kind, group.node), (EventKind::Group, nobody_known("$company_7")));
        assert_eq!(group.properties, r#"{"group_id":"7","group_type":"company","size":3}"#);
        let alias = one(
            r#"{"event":"$create_alias","distinct_id":"u","properties":{"distinct_id":"u","alias":"old"}}"#,
        );
        assert_eq!((alias.kind, alias.node), (EventKind::Alias, user("u")));
        assert_eq!(alias.properties, r#"{"previous_id":"old"}"#);
    }

    #[test]
    fn what_cannot_be_counted_is_kept_with_its_reason() {
        assert_eq!(fault(r#"{"event":"x"}"#), (Fault::Nobody, Some("distinct_id")));
        assert_eq!(fault(r#"{"distinct_id":"u"}"#), (Fault::Nameless, Some("event")));
        assert_eq!(fault(r#"{"event":7.5,"distinct_id":["u"]}"#), (Fault::WrongType, Some("distinct_id")));
        assert_eq!(
            fault(r#"{"event":"x","distinct_id":"u","properties":[]}"#),
            (Fault::WrongType, Some("properties"))
        );
        assert_eq!(
            fault(r#"{"event":"x","distinct_id":"u","timestamp":"soon"}"#),
            (Fault::TimeUnreadable, Some("timestamp"))
        );
        assert_eq!(
            fault(r#"{"event":"x","distinct_id":"u","timestamp":"2027-01-01T00:00:00Z"}"#),
            (Fault::TimeAhead, Some("timestamp"))
        );
        assert_eq!(fault("null"), (Fault::Malformed, None));
        let large = format!(
            r#"{{"event":"x","distinct_id":"u","uuid":"big","properties":{{"a":"{}"}}}}"#,
            "x".repeat(EVENT_MAX)
        );
        let reading = batch(&large);
        assert_eq!(
            (reading.rejected[0].fault, reading.rejected[0].message_id.as_deref()),
            (Fault::TooLarge, Some("big"))
        );
        assert_eq!(reading.rejected[0].body, large);
    }

    #[test]
    fn every_shape_of_a_body() {
        let event = r#"{"event":"x","distinct_id":"u","uuid":"1","properties":{"token":"phc_k"}}"#;
        let encoded: String = STANDARD.encode(event).replace('+', "%2B").replace('=', "%3D");
        let single = event.replacen('{', r#"{"api_key":"phc_k","#, 1);
        for body in [format!("[{event}]"), format!(" {event} "), single, format!("data={encoded}&ip=1")] {
            let (key, reading) = read(body.as_bytes(), NOW).expect(&body);
            assert_eq!(
                (key.as_str(), reading.events.len(), reading.events[0].message_id.as_str()),
                ("phc_k", 1, "1"),
                "{body}"
            );
        }
        for body in ["", "7", "{", "data=7", r#"{"batch":7}"#] {
            assert_eq!(read(body.as_bytes(), NOW), Err(Unreadable::Malformed), "{body}");
        }
        assert_eq!(read(&[0xff], NOW), Err(Unreadable::Malformed));
        assert_eq!(read(&vec![b' '; BATCH_MAX + 1], NOW), Err(Unreadable::TooLarge));
        assert_eq!(read(br#"{"batch":[]}"#, NOW), Ok((String::new(), Reading::default())));
    }

    #[test]
    fn an_event_without_an_id_is_named_by_what_it_is() {
        let timed = r#"{"event":"x","distinct_id":"u","timestamp":"2026-11-28T23:00:00Z"}"#;
        assert_eq!(one(timed).message_id, one(timed).message_id);
        let untimed = batch(r#"{"event":"x","distinct_id":"u"},{"event":"x","distinct_id":"u"}"#);
        assert_ne!(untimed.events[0].message_id, untimed.events[1].message_id);
    }

    #[test]
    fn the_past_keeps_its_time_and_an_offset_needs_no_clock() {
        let body = br#"{"api_key":"k","historical_migration":true,"sentAt":"2026-11-01T00:00:00Z",
            "batch":[{"event":"x","distinct_id":"u","timestamp":"2016-03-01T00:00:00+00:00"}]}"#;
        let (_, reading) = read(body, NOW).expect("a batch");
        assert_eq!(reading.events[0].happened_at, Timestamp::from_ms(1_456_790_400_000));
        assert_eq!(one(r#"{"event":"x","distinct_id":"u","offset":1500}"#).happened_at, NOW.plus_ms(-1_500));
    }

    proptest! {
        #[test]
        fn nothing_panics_and_nothing_is_lost(bytes in proptest::collection::vec(any::<u8>(), 0..300), text in ".*",
            event in r#"\{("(event|distinct_id|uuid|timestamp|offset|properties|\$set)":("x"|7|null|\{\}|\[\]|-1|"\$identify"),){0,5}"event":"a"\}"#)
        {
            let _ = read(&bytes, NOW);
            let _ = read(text.as_bytes(), NOW);
            let reading = read(format!(r#"{{"batch":[{event},7]}}"#).as_bytes(), NOW).expect("a batch").1;
            prop_assert_eq!(reading.events.len() + reading.rejected.len(), 2);
        }
    }
}
