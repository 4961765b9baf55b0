//! Snowplow: `POST …/tp2` and `GET /i`, as its trackers send them.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::Timestamp;
use lake::{BATCH_MAX, EVENT_MAX, Event, EventKind};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::draft::{
    Draft, Object, Read, Readings, cut, digest, identifier, number, page, put, reading_of, said, screen,
    sort, visitor,
};
use super::{Fault, Reading, Unreadable, corrected};

#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(borrow)]
    data: Vec<&'a RawValue>,
}

/// Reads the body of a POST; returns what belongs to each write key (the app's id).
pub fn read(body: &[u8], received_at: Timestamp) -> Result<BTreeMap<String, Reading>, Unreadable> {
    if body.len() > BATCH_MAX {
        return Err(Unreadable::TooLarge);
    }
    let body = std::str::from_utf8(body).map_err(|_| Unreadable::Malformed)?;
    let payload: Payload<'_> = serde_json::from_str(body).map_err(|_| Unreadable::Malformed)?;
    let mut readings = Readings::new();
    for (place, raw) in payload.data.into_iter().map(RawValue::get).enumerate() {
        let wire: Option<Object> = serde_json::from_str(raw).ok();
        let reading = reading_of(&mut readings, &wire.as_ref().map(key).unwrap_or_default())?;
        match wire {
            Some(wire) => add(reading, &wire, raw, received_at, place),
            None => sort(reading, Err((Fault::Malformed, None)), None, raw),
        }
    }
    Ok(readings)
}

/// Reads the query of a GET; returns the write key (empty where it names none) and its event.
pub fn read_query(query: &str, received_at: Timestamp) -> Result<(String, Reading), Unreadable> {
    if query.len() > BATCH_MAX {
        return Err(Unreadable::TooLarge);
    }
    let query = query.trim().trim_start_matches('?');
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(query).map_err(|_| Unreadable::Malformed)?;
    let wire: Object = pairs.into_iter().map(|(name, value)| (name, Value::from(value))).collect();
    if wire.is_empty() {
        return Err(Unreadable::Malformed);
    }
    let mut reading = Reading::default();
    add(&mut reading, &wire, query, received_at, 0);
    Ok((key(&wire), reading))
}

fn key(wire: &Object) -> String {
    said(wire, "aid").ok().flatten().unwrap_or_default()
}

fn add(reading: &mut Reading, wire: &Object, raw: &str, received_at: Timestamp, place: usize) {
    let message_id = identifier(wire, "eid").ok().flatten();
    let read = match raw.len() > EVENT_MAX {
        true => Err((Fault::TooLarge, None)),
        false => event(wire, received_at, place),
    };
    sort(reading, read, message_id, raw);
}

fn event(wire: &Object, received_at: Timestamp, place: usize) -> Read<Event> {
    let message_id = match identifier(wire, "eid")? {
        Some(id) => id,
        None => nameless_id(wire, received_at, place),
    };
    let contexts = contexts(wire)?;
    let happened_at = happened_at(wire, received_at)?;
    let user_id = identifier(wire, "uid")?;
    let anonymous_id = anonymous(wire, &contexts, happened_at, user_id.is_some())?;
    let page =
        page(said(wire, "url")?.as_deref(), said(wire, "refr")?.as_deref(), said(wire, "page")?.as_deref());
    let mut context = context(wire, &page)?;
    put(&mut context, "contexts", Some(contexts).filter(|contexts| !contexts.is_empty()));
    let (kind, name, properties) = deed(wire, page, &mut context)?;
    let draft = Draft { message_id, kind, name, user_id, anonymous_id, happened_at, properties, context };
    draft.event("duid", "dtm", received_at)
}

/// When the event was sent changes with every try; all else is the event.
fn nameless_id(wire: &Object, received_at: Timestamp, place: usize) -> String {
    let mut fields = wire.clone();
    fields.remove("stm");
    let timed = fields.contains_key("dtm") || fields.contains_key("ttm");
    let fields = Value::Object(fields).to_string();
    match timed {
        true => digest(&["snowplow", &fields]),
        false => digest(&["snowplow", &fields, &received_at.ms().to_string(), &place.to_string()]),
    }
}

/// Returns the browser's or device's id; for a tracker without any, who comes from this address on this day.
fn anonymous(wire: &Object, contexts: &[Value], at: Timestamp, is_known: bool) -> Read<Option<String>> {
    for name in ["duid", "nuid", "tnuid"] {
        if let Some(id) = identifier(wire, name)? {
            return Ok(Some(id));
        }
    }
    // The trackers of apps put it into a context.
    let session = contexts.iter().find(|context| schema_name(&context["schema"]) == Some("client_session"));
    if let Some(data) = session.and_then(|session| session["data"].as_object())
        && let Some(id) = identifier(data, "userId")?
    {
        return Ok(Some(id));
    }
    let (ip, agent) = (said(wire, "ip")?, said(wire, "ua")?);
    let nothing = is_known || ip.is_none() && agent.is_none();
    Ok((!nothing).then(|| visitor(&ip.unwrap_or_default(), &agent.unwrap_or_default(), at)))
}

/// A time that the tracker vouches for is taken as it is; the device's is corrected by how wrong its clock was.
fn happened_at(wire: &Object, received_at: Timestamp) -> Read<Timestamp> {
    if let Some(at) = ms(wire, "ttm")? {
        return Ok(at);
    }
    let Some(said) = ms(wire, "dtm")? else { return Ok(received_at) };
    Ok(corrected(said, ms(wire, "stm")?, received_at))
}

fn ms(wire: &Object, name: &'static str) -> Read<Option<Timestamp>> {
    let Some(text) = said(wire, name)? else { return Ok(None) };
    let ms = text.parse().map_err(|_| (Fault::TimeUnreadable, Some(name)))?;
    Ok(Some(Timestamp::from_ms(ms)))
}

fn deed(wire: &Object, page: Object, context: &mut Object) -> Read<(EventKind, String, Object)> {
    let unknown = (Fault::UnknownKind, Some("e"));
    match said(wire, "e")?.ok_or(unknown)?.as_str() {
        "pv" => {
            let title = said(wire, "page")?.unwrap_or_default();
            Ok((EventKind::Page, cut(&title), page))
        }
        "pp" => {
            let scrolled = ["pp_mix", "pp_max", "pp_miy", "pp_may"];
            let properties = with(page, wire, &scrolled.map(|name| (name, name)))?;
            Ok((EventKind::Track, "Page Ping".to_owned(), properties))
        }
        "se" => structured(wire),
        "ue" => described(wire, context),
        "tr" => order(wire),
        "ti" => item(wire),
        _ => Err(unknown),
    }
}

/// Adds figures under names of ours.
fn with(mut object: Object, wire: &Object, fields: &[(&'static str, &'static str)]) -> Read<Object> {
    for (name, field) in fields {
        put(&mut object, name, number(wire, field)?);
    }
    Ok(object)
}

fn structured(wire: &Object) -> Read<(EventKind, String, Object)> {
    let part = |name: &'static str| said(wire, name)?.ok_or((Fault::Nameless, Some(name)));
    let (category, action) = (part("se_ca")?, part("se_ac")?);
    let mut properties = with(Object::new(), wire, &[("value", "se_va")])?;
    put(&mut properties, "label", said(wire, "se_la")?);
    put(&mut properties, "property", said(wire, "se_pr")?);
    let name = cut(&format!("{category} {action}"));
    put(&mut properties, "category", Some(category));
    put(&mut properties, "action", Some(action));
    Ok((EventKind::Track, name, properties))
}

/// An event whose fields a schema describes: its name is the schema's.
fn described(wire: &Object, context: &mut Object) -> Read<(EventKind, String, Object)> {
    let (field, envelope) = match inner(wire, "ue_pr", "ue_px")? {
        Some(found) => found,
        None => return Err((Fault::Nameless, Some("ue_pr"))),
    };
    let told = &envelope["data"];
    let name = schema_name(&told["schema"]).ok_or((Fault::Nameless, Some(field)))?;
    let properties = match &told["data"] {
        Value::Object(properties) => properties.clone(),
        Value::Null => Object::new(),
        _ => return Err((Fault::WrongType, Some(field))),
    };
    put(context, "schema", told["schema"].as_str());
    if name == "screen_view" {
        let name = said(&properties, "name")?.as_deref().map(cut).unwrap_or_default();
        return Ok((EventKind::Screen, name, properties));
    }
    Ok((EventKind::Track, cut(name), properties))
}

fn order(wire: &Object) -> Read<(EventKind, String, Object)> {
    let figures = [("revenue", "tr_tt"), ("tax", "tr_tx"), ("shipping", "tr_sh")];
    let mut properties = with(Object::new(), wire, &figures)?;
    for (name, field) in [
        ("order_id", "tr_id"),
        ("affiliation", "tr_af"),
        ("currency", "tr_cu"),
        ("city", "tr_ci"),
        ("state", "tr_st"),
        ("country", "tr_co"),
    ] {
        put(&mut properties, name, said(wire, field)?);
    }
    Ok((EventKind::Track, "Order Completed".to_owned(), properties))
}

/// The lines of an order come as events of their own, perhaps in another request.
fn item(wire: &Object) -> Read<(EventKind, String, Object)> {
    let mut properties = with(Object::new(), wire, &[("price", "ti_pr"), ("quantity", "ti_qu")])?;
    for (name, field) in [
        ("order_id", "ti_id"),
        ("sku", "ti_sk"),
        ("name", "ti_nm"),
        ("category", "ti_ca"),
        ("currency", "ti_cu"),
    ] {
        put(&mut properties, name, said(wire, field)?);
    }
    Ok((EventKind::Track, "Order Item".to_owned(), properties))
}

/// Returns JSON that stands in a field as text, or in another as base64 of it, and in which.
fn inner(wire: &Object, plain: &'static str, encoded: &'static str) -> Read<Option<(&'static str, Value)>> {
    let (field, text) = match (said(wire, plain)?, said(wire, encoded)?) {
        (Some(text), _) => (plain, text),
        (None, Some(text)) => (encoded, decoded(&text).ok_or((Fault::WrongType, Some(encoded)))?),
        (None, None) => return Ok(None),
    };
    let value = serde_json::from_str(&text).map_err(|_| (Fault::WrongType, Some(field)))?;
    Ok(Some((field, value)))
}

/// Trackers differ in the alphabet and in whether they fill up; a plus in a query came out as a blank.
fn decoded(text: &str) -> Option<String> {
    let text = text.trim_end_matches('=').replace(['+', ' '], "-").replace('/', "_");
    String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

fn contexts(wire: &Object) -> Read<Vec<Value>> {
    match inner(wire, "co", "cx")? {
        None => Ok(Vec::new()),
        Some((field, mut envelope)) => match envelope.get_mut("data").map(Value::take) {
            Some(Value::Array(contexts)) => Ok(contexts),
            _ => Err((Fault::WrongType, Some(field))),
        },
    }
}

/// Returns the name in `iglu:vendor/name/format/version`.
fn schema_name(schema: &Value) -> Option<&str> {
    schema.as_str()?.strip_prefix("iglu:")?.split('/').nth(1).filter(|name| !name.is_empty())
}

fn context(wire: &Object, page: &Object) -> Read<Object> {
    let mut library = Object::new();
    put(&mut library, "name", Some("snowplow"));
    put(&mut library, "version", said(wire, "tv")?);
    let mut context = Object::new();
    put(&mut context, "library", Some(library));
    put(&mut context, "page", Some(page.clone()).filter(|page| !page.is_empty()));
    put(&mut context, "screen", said(wire, "res")?.as_deref().and_then(screen));
    for (name, field) in [
        ("userAgent", "ua"),
        ("locale", "lang"),
        ("timezone", "tz"),
        ("platform", "p"),
        ("tracker", "tna"),
        ("sessionId", "sid"),
    ] {
        put(&mut context, name, said(wire, field)?);
    }
    Ok(context)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::node::{NodeKind, rules::node_id};

    /// 2026-11-29T00:00:00Z.
    const NOW: Timestamp = Timestamp::from_ms(1_795_910_400_000);

    fn payload(data: &str) -> String {
        format!(
            r#"{{"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4","data":[{data}]}}"#
        )
    }

    fn posted(event: &str) -> Reading {
        let mut readings = read(payload(event).as_bytes(), NOW).expect("a payload");
        assert_eq!(readings.len(), 1);
        readings.pop_first().expect("a key").1
    }

    fn one(fields: &str) -> Event {
        let mut reading = posted(&format!(r#"{{"aid":"shop","eid":"e-1","uid":"u",{fields}}}"#));
        assert_eq!(reading.rejected, [], "{fields}");
        reading.events.remove(0)
    }

    fn fault(event: &str) -> (Fault, Option<&'static str>) {
        let reading = posted(event);
        assert_eq!(reading.events, [], "{event}");
        (reading.rejected[0].fault, reading.rejected[0].field)
    }

    #[test]
    fn what_the_node_tracker_sends() {
        let event = r#"{"e":"pv","url":"https://a.example/x","page":"首页","refr":"https://www.baidu.com/","eid":"3f0c","tv":"node-4.8.0",
            "tna":"t","aid":"shop","p":"srv","dtm":"1795910405000","stm":"1795910410000","duid":"d-1","lang":"zh-CN","res":"800x600"}"#;
        let mut readings = read(payload(event).as_bytes(), NOW).expect("a payload");
        let (key, reading) = readings.pop_first().expect("a key");
        assert_eq!(key, "shop");
        let event = &reading.events[0];
        assert_eq!(
            (event.kind, event.name.as_str(), event.message_id.as_str()),
            (EventKind::Page, "首页", "3f0c")
        );
        assert_eq!(event.node, node_id(NodeKind::AnonymousId, "d-1"));
        // The source's clock is ten seconds ahead.
        assert_eq!(event.happened_at, NOW.plus_ms(-5_000));
        assert_eq!(
            event.properties,
            r#"{"path":"/x","referrer":"https://www.baidu.com/","title":"首页","url":"https://a.example/x"}"#
        );
        assert!(
            event.context.contains(r#""library":{"name":"snowplow","version":"node-4.8.0"}"#),
            "{}",
            event.context
        );
    }

    #[test]
    fn what_happened_is_told_in_several_ways() {
        let event = one(r#""e":"se","se_ca":"Video","se_ac":"Play","se_la":"Film","se_va":"3.5""#);
        assert_eq!((event.kind, event.name.as_str()), (EventKind::Track, "Video Play"));
        assert_eq!(event.properties, r#"{"action":"Play","category":"Video","label":"Film","value":3.5}"#);
        let ping = one(r#""e":"pp","url":"https://a.example/","pp_may":"120""#);
        assert_eq!((ping.name.as_str(), ping.kind), ("Page Ping", EventKind::Track));
        assert!(ping.properties.contains(r#""pp_may":120"#));
        let order = one(r#""e":"tr","tr_id":"A-1","tr_tt":"30.5","tr_cu":"CNY""#);
        assert_eq!(
            (order.name.as_str(), order.properties.as_str()),
            ("Order Completed", r#"{"currency":"CNY","order_id":"A-1","revenue":30.5}"#)
        );
        let item = one(r#""e":"ti","ti_id":"A-1","ti_sk":"S","ti_pr":15.25,"ti_qu":2"#);
        assert_eq!(
            (item.name.as_str(), item.properties.as_str()),
            ("Order Item", r#"{"order_id":"A-1","price":15.25,"quantity":2,"sku":"S"}"#)
        );
    }

    #[test]
    fn a_schema_names_its_events() {
        let told = |schema: &str| {
            format!(
                r#"{{"schema":"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0","data":{{"schema":"{schema}","data":{{"name":"Cart?>","n":1}}}}}}"#
            )
        };
        let click = told("iglu:com.acme/button_click/jsonschema/1-0-0");
        let plain = one(&format!(r#""e":"ue","ue_pr":{}"#, Value::from(click.clone())));
        assert_eq!((plain.kind, plain.name.as_str()), (EventKind::Track, "button_click"));
        assert_eq!(plain.properties, r#"{"n":1,"name":"Cart?>"}"#);
        assert!(plain.context.contains(r#""schema":"iglu:com.acme/button_click/jsonschema/1-0-0""#));
        for encoded in
            [URL_SAFE_NO_PAD.encode(&click), base64::engine::general_purpose::STANDARD.encode(&click)]
        {
            let encoded = one(&format!(r#""e":"ue","ue_px":"{encoded}""#));
            assert_eq!(encoded.properties, plain.properties);
        }
        let view = told("iglu:com.snowplowanalytics.mobile/screen_view/jsonschema/1-0-0");
        let screen = one(&format!(r#""e":"ue","ue_pr":{}"#, Value::from(view)));
        assert_eq!((screen.kind, screen.name.as_str()), (EventKind::Screen, "Cart?>"));
    }

    #[test]
    fn an_apps_id_stands_in_a_context() {
        let contexts = r#"{"schema":"iglu:x/contexts/jsonschema/1-0-0","data":[{"schema":"iglu:com.snowplowanalytics.snowplow/client_session/jsonschema/1-0-2","data":{"userId":"device-1"}}]}"#;
        let event = format!(r#"{{"e":"pv","co":{}}}"#, Value::from(contexts));
        let event = &posted(&event).events[0];
        assert_eq!(event.node, node_id(NodeKind::AnonymousId, "device-1"));
        assert!(event.context.contains("client_session"));
        let bare = &posted(r#"{"e":"pv","ip":"10.0.0.1","ua":"Mozilla"}"#).events[0];
        assert_eq!(bare.anonymous_id, Some(visitor("10.0.0.1", "Mozilla", NOW)));
        assert!(!format!("{bare:?}").contains("10.0.0.1"));
    }

    #[test]
    fn what_cannot_be_counted_is_kept_with_its_reason() {
        assert_eq!(fault(r#"{"e":"pv"}"#), (Fault::Nobody, Some("duid")));
        assert_eq!(fault(r#"{"uid":"u"}"#), (Fault::UnknownKind, Some("e")));
        assert_eq!(fault(r#"{"e":"ad","uid":"u"}"#), (Fault::UnknownKind, Some("e")));
        assert_eq!(fault(r#"{"e":"se","se_ca":"a","uid":"u"}"#), (Fault::Nameless, Some("se_ac")));
        assert_eq!(fault(r#"{"e":"ue","uid":"u"}"#), (Fault::Nameless, Some("ue_pr")));
        assert_eq!(fault(r#"{"e":"ue","uid":"u","ue_pr":"{"}"#), (Fault::WrongType, Some("ue_pr")));
        assert_eq!(fault(r#"{"e":"ue","uid":"u","ue_px":"?"}"#), (Fault::WrongType, Some("ue_px")));
        assert_eq!(fault(r#"{"e":"ue","uid":"u","ue_pr":"[7]"}"#), (Fault::Nameless, Some("ue_pr")));
        assert_eq!(fault(r#"{"e":"pv","uid":"u","co":"7"}"#), (Fault::WrongType, Some("co")));
        assert_eq!(fault(r#"{"e":"pv","uid":["u"]}"#), (Fault::WrongType, Some("uid")));
        assert_eq!(fault(r#"{"e":"pv","uid":"u","dtm":"soon"}"#), (Fault::TimeUnreadable, Some("dtm")));
        assert_eq!(fault(r#"{"e":"pv","uid":"u","dtm":"1"}"#), (Fault::TimeBefore, Some("dtm")));
        assert_eq!(fault("7"), (Fault::Malformed, None));
        assert_eq!(
            fault(&format!(r#"{{"e":"pv","uid":"u","url":"{}"}}"#, "x".repeat(EVENT_MAX))),
            (Fault::TooLarge, None)
        );
        for body in [&b"{"[..], b"[]", b"{}", br#"{"data":7}"#, &[0xff]] {
            assert_eq!(read(body, NOW), Err(Unreadable::Malformed));
        }
        assert_eq!(read(&vec![b' '; BATCH_MAX + 1], NOW), Err(Unreadable::TooLarge));
    }

    #[test]
    fn a_query_tells_the_same() {
        let (key, reading) = read_query(
            "?e=pv&url=https%3A%2F%2Fa.example%2F&page=%E9%A6%96+1&aid=shop&uid=u&eid=9&dtm=1795910400000",
            NOW,
        )
        .expect("a query");
        assert_eq!(
            (key.as_str(), reading.events[0].name.as_str(), reading.events[0].message_id.as_str()),
            ("shop", "首 1", "9")
        );
        assert_eq!(read_query("?", NOW), Err(Unreadable::Malformed));
    }

    #[test]
    fn every_app_has_its_own_events() {
        let body = payload(
            r#"{"aid":"a","e":"pv","uid":"u"},{"aid":"b","e":"pv","uid":"u"},{"aid":"a","e":"pv"},7"#,
        );
        let readings = read(body.as_bytes(), NOW).expect("a payload");
        let counts: Vec<_> =
            readings.iter().map(|(key, r)| (key.as_str(), r.events.len(), r.rejected.len())).collect();
        assert_eq!(counts, [("", 0, 1), ("a", 1, 1), ("b", 1, 0)]);
    }

    #[test]
    fn an_event_without_an_id_is_the_same_for_every_try() {
        let try_at = |sent: i64| {
            let event = format!(r#"{{"e":"pv","uid":"u","dtm":"1795910400000","stm":"{sent}"}}"#);
            posted(&event).events.remove(0).message_id
        };
        assert_eq!(try_at(1_795_910_400_000), try_at(1_795_910_400_007));
        let untimed = posted(r#"{"e":"pv","uid":"u"},{"e":"pv","uid":"u"}"#);
        assert_ne!(untimed.events[0].message_id, untimed.events[1].message_id);
    }

    proptest! {
        #[test]
        fn nothing_panics_and_nothing_is_lost(bytes in proptest::collection::vec(any::<u8>(), 0..300), text in ".*",
            fields in r#"("(e|uid|duid|dtm|stm|ttm|co|cx|ue_pr|ue_px|se_ca|res)":("ue"|"se"|"pv"|7|"\{\}"|"[7]"|"W10"|null|\[\]),){0,6}"eid":"1""#)
        {
            let _ = read(&bytes, NOW);
            let _ = read(text.as_bytes(), NOW);
            let _ = read_query(&text, NOW);
            let readings = read(payload(&format!("{{{fields}}},7")).as_bytes(), NOW).expect("a payload");
            let count: usize = readings.values().map(|r| r.events.len() + r.rejected.len()).sum();
            prop_assert_eq!(count, 2);
        }
    }
}
