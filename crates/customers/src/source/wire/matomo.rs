//! Matomo: `/matomo.php` with a query, and many of them in one body.

use std::collections::BTreeMap;

use kernel::Timestamp;
use lake::{BATCH_MAX, EVENT_MAX, Event, EventKind};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::draft::{
    Draft, Object, Read, Readings, cut, digest, identifier, number, page, put, reading_of, said, screen,
    sort, spelled, visitor,
};
use super::field::time;
use super::{Fault, Reading, Unreadable};

/// What says nothing more about what was done: keys, how it was sent, what the browser can, how fast it is, and what
/// stands among the properties under a common name.
const UNKEPT: &[&str] = &[
    "e_c",
    "e_a",
    "e_n",
    "e_v",
    "search",
    "search_cat",
    "search_count",
    "download",
    "link",
    "ping",
    "idgoal",
    "ec_id",
    "ec_st",
    "ec_tx",
    "ec_sh",
    "ec_dt",
    "ec_items",
    "token_auth",
    "idsite",
    "rec",
    "apiv",
    "r",
    "rand",
    "send_image",
    "queuedtracking",
    "cookie",
    "h",
    "m",
    "s",
    "pdf",
    "qt",
    "realp",
    "wma",
    "fla",
    "java",
    "gears",
    "dir",
    "ag",
    "res",
    "ua",
    "uadata",
    "lang",
    "cip",
    "cid",
    "_id",
    "uid",
    "cdt",
    "cdo",
    "_idts",
    "_idvc",
    "_idn",
    "_viewts",
    "_refts",
    "_ects",
    "new_visit",
    "pf_net",
    "pf_srv",
    "pf_tfr",
    "pf_dm1",
    "pf_dm2",
    "pf_onl",
    "url",
    "urlref",
    "action_name",
];

#[derive(Deserialize)]
struct Bulk<'a> {
    #[serde(borrow)]
    requests: Vec<&'a RawValue>,
    #[serde(default)]
    token_auth: Option<Value>,
}

/// Reads a query, or a body that is spelled as one; returns the write key (empty where it names none) and its event.
pub fn read_query(query: &str, received_at: Timestamp) -> Result<(String, Reading), Unreadable> {
    if query.len() > BATCH_MAX {
        return Err(Unreadable::TooLarge);
    }
    let query = parsed(query);
    if query.is_empty() {
        return Err(Unreadable::Malformed);
    }
    let mut reading = Reading::default();
    add(&mut reading, &query, received_at, 0);
    Ok((key(&query), reading))
}

/// Reads `{"requests":["?…"],"token_auth":"…"}`; returns what belongs to each write key.
pub fn read_bulk(body: &[u8], received_at: Timestamp) -> Result<BTreeMap<String, Reading>, Unreadable> {
    if body.len() > BATCH_MAX {
        return Err(Unreadable::TooLarge);
    }
    let body = std::str::from_utf8(body).map_err(|_| Unreadable::Malformed)?;
    let bulk: Bulk<'_> = serde_json::from_str(body).map_err(|_| Unreadable::Malformed)?;
    let common =
        bulk.token_auth.as_ref().and_then(Value::as_str).map(str::trim).filter(|key| !key.is_empty());
    let mut readings = Readings::new();
    for (place, raw) in bulk.requests.into_iter().map(RawValue::get).enumerate() {
        let Some(query) = request(raw) else {
            let reading = reading_of(&mut readings, common.unwrap_or_default())?;
            sort(reading, Err((Fault::Malformed, None)), None, raw);
            continue;
        };
        let key = common.map_or_else(|| key(&query), str::to_owned);
        add(reading_of(&mut readings, &key)?, &query, received_at, place);
    }
    Ok(readings)
}

/// A request is a query, or an object of the same fields.
fn request(raw: &str) -> Option<Object> {
    match serde_json::from_str(raw).ok()? {
        Value::String(query) => Some(parsed(&query)),
        Value::Object(fields) => Some(fields),
        _ => None,
    }
}

/// Reads a query, or what stands behind the question mark of an address; the last of two fields counts.
fn parsed(query: &str) -> Object {
    let query = query.trim();
    let is_address =
        query.starts_with(['?', '/']) || query.starts_with("http://") || query.starts_with("https://");
    let query = if is_address { query.split_once('?').map_or("", |(_, query)| query) } else { query };
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    pairs.into_iter().map(|(name, value)| (name, Value::from(value))).collect()
}

fn key(query: &Object) -> String {
    let known = |name| said(query, name).ok().flatten();
    known("token_auth").or_else(|| known("idsite")).unwrap_or_default()
}

fn add(reading: &mut Reading, query: &Object, received_at: Timestamp, place: usize) {
    // As it was sent, but for the key: whoever looks at what was kept apart need not know it.
    let kept = query.iter().filter(|(name, _)| *name != "token_auth").map(|(name, value)| match value {
        Value::String(text) => (name, text.clone()),
        other => (name, other.to_string()),
    });
    let body = serde_urlencoded::to_string(kept.collect::<Vec<_>>()).unwrap_or_default();
    let message_id = message_id(query, &body, received_at, place);
    let read = match body.len() > EVENT_MAX {
        true => Err((Fault::TooLarge, None)),
        false => event(query, message_id.clone(), received_at),
    };
    sort(reading, read, Some(message_id), &body);
}

/// Matomo has no ids: an event is its fields, among which its SDKs put a random number or the time.
///
/// Without either, the same fields at another time are another event.
fn message_id(query: &Object, body: &str, received_at: Timestamp, place: usize) -> String {
    match ["rand", "r", "cdt"].iter().any(|name| query.contains_key(*name)) {
        true => digest(&["matomo", body]),
        false => digest(&["matomo", body, &received_at.ms().to_string(), &place.to_string()]),
    }
}

fn event(query: &Object, message_id: String, received_at: Timestamp) -> Read<Event> {
    let happened_at = happened_at(query, received_at)?;
    let user_id = identifier(query, "uid")?;
    let anonymous_id = match identifier(query, "cid")? {
        Some(id) => Some(id),
        None => identifier(query, "_id")?,
    };
    let anonymous_id = match (&user_id, anonymous_id) {
        (None, None) => cookieless(query, happened_at)?,
        (_, anonymous_id) => anonymous_id,
    };
    let (url, referrer, title) = (said(query, "url")?, said(query, "urlref")?, said(query, "action_name")?);
    let page = page(url.as_deref(), referrer.as_deref(), title.as_deref());
    let (kind, name, mut properties) = deed(query, &page)?;
    for (name, value) in query.iter().filter(|(name, _)| !UNKEPT.contains(&name.as_str())) {
        properties.entry(name.clone()).or_insert_with(|| value.clone());
    }
    let context = context(query, page)?;
    let draft = Draft { message_id, kind, name, user_id, anonymous_id, happened_at, properties, context };
    draft.event("_id", "cdt", received_at)
}

/// Programs that read logs, and sites without cookies, send the address and the browser instead of an id.
fn cookieless(query: &Object, at: Timestamp) -> Read<Option<String>> {
    let (ip, agent) = (said(query, "cip")?, said(query, "ua")?);
    let nothing = ip.is_none() && agent.is_none();
    Ok((!nothing).then(|| visitor(&ip.unwrap_or_default(), &agent.unwrap_or_default(), at)))
}

fn happened_at(query: &Object, received_at: Timestamp) -> Read<Timestamp> {
    if let Some(text) = said(query, "cdt")? {
        let seconds = text.parse::<i64>().ok().and_then(|seconds| seconds.checked_mul(1_000));
        let at = seconds.map_or_else(|| time(&text), |ms| Ok(Timestamp::from_ms(ms)));
        return at.map_err(|fault| (fault, Some("cdt")));
    }
    let ago = number(query, "cdo")?.and_then(|seconds| seconds.as_i64()).unwrap_or_default();
    Ok(received_at.plus_ms(ago.saturating_mul(-1_000)))
}

/// Returns what was done; the first of what a query may say.
fn deed(query: &Object, page: &Object) -> Read<(EventKind, String, Object)> {
    let has = |name: &'static str| said(query, name).map(|text| text.is_some());
    let track = |name: &str, properties| Ok((EventKind::Track, name.to_owned(), properties));
    if has("ping")? {
        return track("Page Ping", page.clone());
    }
    if let Some(goal) = said(query, "idgoal")? {
        return if goal == "0" { order(query) } else { track("Goal Reached", reached(query, &goal)?) };
    }
    if has("ec_items")? || has("ec_id")? {
        return order(query);
    }
    if has("e_c")? || has("e_a")? {
        return action(query);
    }
    if let Some(word) = said(query, "search")? {
        return track("Site Search", searched(query, word)?);
    }
    for (name, field) in [("File Downloaded", "download"), ("Outlink Clicked", "link")] {
        if let Some(target) = said(query, field)? {
            return track(name, Object::from_iter([("url".to_owned(), Value::from(target))]));
        }
    }
    if has("c_n")? {
        return track(if has("c_i")? { "Content Clicked" } else { "Content Viewed" }, page.clone());
    }
    if has("url")? || has("action_name")? {
        let title = said(query, "action_name")?.unwrap_or_default();
        return Ok((EventKind::Page, cut(&title), page.clone()));
    }
    Err((Fault::UnknownKind, Some("url")))
}

fn action(query: &Object) -> Read<(EventKind, String, Object)> {
    let part = |name: &'static str| said(query, name)?.ok_or((Fault::Nameless, Some(name)));
    let (category, action) = (part("e_c")?, part("e_a")?);
    let mut properties = Object::new();
    put(&mut properties, "label", said(query, "e_n")?);
    put(&mut properties, "value", number(query, "e_v")?);
    let name = cut(&format!("{category} {action}"));
    put(&mut properties, "category", Some(category));
    put(&mut properties, "action", Some(action));
    Ok((EventKind::Track, name, properties))
}

fn searched(query: &Object, word: String) -> Read<Object> {
    let mut properties = Object::new();
    put(&mut properties, "query", Some(word));
    put(&mut properties, "category", said(query, "search_cat")?);
    put(&mut properties, "results", number(query, "search_count")?);
    Ok(properties)
}

fn reached(query: &Object, goal: &str) -> Read<Object> {
    let mut properties = Object::new();
    put(&mut properties, "goal_id", Some(goal));
    put(&mut properties, "revenue", number(query, "revenue")?);
    Ok(properties)
}

/// An order has an id; without one it is what lies in the cart.
fn order(query: &Object) -> Read<(EventKind, String, Object)> {
    let mut properties = Object::new();
    let id = said(query, "ec_id")?;
    let name = if id.is_some() { "Order Completed" } else { "Cart Updated" };
    put(&mut properties, "order_id", id);
    for (name, field) in [
        ("revenue", "revenue"),
        ("subtotal", "ec_st"),
        ("tax", "ec_tx"),
        ("shipping", "ec_sh"),
        ("discount", "ec_dt"),
    ] {
        put(&mut properties, name, number(query, field)?);
    }
    let wrong = (Fault::WrongType, Some("ec_items"));
    let items: Vec<Vec<Value>> = match said(query, "ec_items") {
        Ok(None) => Vec::new(),
        Ok(Some(text)) => serde_json::from_str(&text).map_err(|_| wrong)?,
        // A request that is an object may have the list as it is.
        Err(_) => serde_json::from_value(query["ec_items"].clone()).map_err(|_| wrong)?,
    };
    put(&mut properties, "products", Some(items.into_iter().map(product).collect::<Vec<Value>>()));
    Ok((EventKind::Track, name.to_owned(), properties))
}

/// Number, name, category or categories, price, quantity.
fn product(item: Vec<Value>) -> Value {
    let names = ["sku", "name", "category", "price", "quantity"];
    let mut product = Object::new();
    for (name, value) in names.into_iter().zip(item).filter(|(_, value)| !value.is_null()) {
        let figure = value.as_str().filter(|_| matches!(name, "price" | "quantity")).and_then(spelled);
        product.insert(name.to_owned(), figure.unwrap_or(value));
    }
    Value::Object(product)
}

fn context(query: &Object, page: Object) -> Read<Object> {
    let mut context = Object::new();
    put(&mut context, "page", Some(page).filter(|page| !page.is_empty()));
    put(&mut context, "userAgent", said(query, "ua")?);
    put(&mut context, "locale", said(query, "lang")?);
    put(&mut context, "screen", said(query, "res")?.as_deref().and_then(screen));
    put(&mut context, "library", Some(Object::from_iter([("name".to_owned(), Value::from("matomo"))])));
    Ok(context)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::node::{NodeKind, rules::node_id};

    /// 2026-11-29T00:00:00Z.
    const NOW: Timestamp = Timestamp::from_ms(1_795_910_400_000);

    fn one(query: &str) -> Event {
        let (_, mut reading) = read_query(query, NOW).expect("a query");
        assert_eq!(reading.rejected, [], "{query}");
        reading.events.remove(0)
    }

    fn fault(query: &str) -> (Fault, Option<&'static str>) {
        let (_, reading) = read_query(query, NOW).expect("a query");
        assert_eq!(reading.events, [], "{query}");
        (reading.rejected[0].fault, reading.rejected[0].field)
    }

    #[test]
    fn what_the_browsers_script_sends() {
        let query = "action_name=%E9%A6%96%E9%A1%B5&idsite=7&rec=1&r=123456&h=8&m=0&s=5&url=https%3A%2F%2Fa.example%2Fx%3Fy%3D1\
            &urlref=https%3A%2F%2Fwww.baidu.com%2F&_id=9f1c2b3a4d5e6f70&_idn=1&send_image=0&pv_id=aB3xYz&pf_net=5&res=1920x1080";
        let (key, _) = read_query(query, NOW).expect("a query");
        assert_eq!(key, "7");
        let event = one(query);
        assert_eq!((event.kind, event.name.as_str(), event.happened_at), (EventKind::Page, "首页", NOW));
        assert_eq!(event.node, node_id(NodeKind::AnonymousId, "9f1c2b3a4d5e6f70"));
        assert_eq!(
            event.properties,
            r#"{"path":"/x","pv_id":"aB3xYz","referrer":"https://www.baidu.com/","title":"首页","url":"https://a.example/x?y=1"}"#
        );
        assert!(event.context.contains(r#""screen":{"height":1080,"width":1920}"#), "{}", event.context);
    }

    #[test]
    fn every_kind_of_deed() {
        for (query, name, properties) in [
            (
                "e_c=Video&e_a=Play&e_n=Film&e_v=3.5",
                "Video Play",
                r#"{"action":"Play","category":"Video","label":"Film","value":3.5}"#,
            ),
            (
                "url=https://a.example/&search=%E8%8C%B6+x&search_count=3",
                "Site Search",
                r#"{"query":"茶 x","results":3}"#,
            ),
            (
                "url=https://a.example/&download=https://a.example/f.pdf",
                "File Downloaded",
                r#"{"url":"https://a.example/f.pdf"}"#,
            ),
            (
                "url=https://a.example/&link=https://b.example/",
                "Outlink Clicked",
                r#"{"url":"https://b.example/"}"#,
            ),
            ("idgoal=3&revenue=9", "Goal Reached", r#"{"goal_id":"3","revenue":9}"#),
            ("url=https://a.example/&ping=1", "Page Ping", r#"{"path":"/","url":"https://a.example/"}"#),
            (
                "c_n=ad&c_i=click&dimension2=vip",
                "Content Clicked",
                r#"{"c_i":"click","c_n":"ad","dimension2":"vip"}"#,
            ),
            ("c_n=ad", "Content Viewed", r#"{"c_n":"ad"}"#),
        ] {
            let event = one(&format!("?idsite=1&uid=u&{query}"));
            assert_eq!((event.kind, event.name.as_str()), (EventKind::Track, name));
            assert_eq!(event.properties, properties, "{query}");
        }
    }

    #[test]
    fn an_order_has_its_products() {
        let items = "%5B%5B%22SKU1%22%2C%22%E8%8C%B6%22%2C%5B%22a%22%2C%22b%22%5D%2C%2212.50%22%2C2%5D%5D";
        let event = one(&format!("idsite=1&_id=a&idgoal=0&ec_id=A-1&revenue=30.00&ec_tx=5&ec_items={items}"));
        assert_eq!(event.name, "Order Completed");
        let said: Value = serde_json::from_str(&event.properties).expect("an object");
        assert_eq!(
            (said["order_id"].as_str(), said["revenue"].as_f64(), said["tax"].as_f64()),
            (Some("A-1"), Some(30.0), Some(5.0))
        );
        let product = serde_json::json!({"sku": "SKU1", "name": "茶", "category": ["a", "b"], "price": 12.5, "quantity": 2});
        assert_eq!(said["products"], serde_json::json!([product]));
        assert_eq!(one("idsite=1&_id=a&idgoal=0&revenue=30&ec_items=%5B%5D").name, "Cart Updated");
    }

    #[test]
    fn who_did_it() {
        let event = one("idsite=1&uid=u&_id=a&url=x");
        assert_eq!((event.node, event.anonymous_id.as_deref()), (node_id(NodeKind::UserId, "u"), Some("a")));
        assert_eq!(one("idsite=1&cid=c&_id=a&url=x").anonymous_id.as_deref(), Some("c"));
        let cookieless = one("idsite=1&cip=10.0.0.1&ua=Mozilla&url=x");
        assert_eq!(cookieless.anonymous_id, Some(visitor("10.0.0.1", "Mozilla", NOW)));
        assert!(!format!("{cookieless:?}").contains("10.0.0.1"));
        assert_eq!(fault("idsite=1&url=x"), (Fault::Nobody, Some("_id")));
    }

    #[test]
    fn when_it_was() {
        assert_eq!(one("uid=u&url=x&cdt=1456790400").happened_at, Timestamp::from_ms(1_456_790_400_000));
        assert_eq!(
            one("uid=u&url=x&cdt=2016-03-01+00:00:00").happened_at,
            Timestamp::from_ms(1_456_790_400_000)
        );
        assert_eq!(one("uid=u&url=x&cdo=60").happened_at, NOW.plus_ms(-60_000));
        assert_eq!(fault("uid=u&url=x&cdt=soon"), (Fault::TimeUnreadable, Some("cdt")));
        assert_eq!(fault("uid=u&url=x&cdt=9999999999999"), (Fault::TimeAhead, Some("cdt")));
    }

    #[test]
    fn what_cannot_be_counted_is_kept_with_its_reason() {
        assert_eq!(fault("uid=u"), (Fault::UnknownKind, Some("url")));
        assert_eq!(fault("uid=u&e_c=Video"), (Fault::Nameless, Some("e_a")));
        assert_eq!(fault("uid=u&e_c=a&e_a=b&e_v=much"), (Fault::WrongType, Some("e_v")));
        assert_eq!(fault("uid=u&ec_id=1&ec_items=7"), (Fault::WrongType, Some("ec_items")));
        assert_eq!(fault(&format!("uid={}&url=x", "u".repeat(201))), (Fault::TooLong, Some("uid")));
        assert_eq!(fault(&format!("uid=u&url={}", "u".repeat(EVENT_MAX))), (Fault::TooLarge, None));
        assert_eq!(read_query("?", NOW), Err(Unreadable::Malformed));
    }

    #[test]
    fn an_event_is_named_by_its_fields() {
        let id = |query: &str, at: i64| {
            read_query(query, NOW.plus_ms(at)).expect("a query").1.events.remove(0).message_id
        };
        assert_eq!(id("uid=u&url=x&rand=1", 0), id("uid=u&url=x&rand=1", 5));
        assert_ne!(id("uid=u&url=x&rand=1", 0), id("uid=u&url=x&rand=2", 0));
        assert_ne!(id("uid=u&url=x", 0), id("uid=u&url=x", 5));
        assert_eq!(id("uid=u&url=x&rand=1&token_auth=a", 0), id("uid=u&url=x&rand=1&token_auth=b", 0));
    }

    #[test]
    fn many_in_one_body() {
        let body = br#"{"requests":["?idsite=1&rec=1&uid=u&url=x&token_auth=no","?idsite=2&uid=u",7,{"idsite":1,"uid":"u","url":"y"}],"token_auth":"k"}"#;
        let readings = read_bulk(body, NOW).expect("a bulk");
        assert_eq!(readings.len(), 1);
        let (key, reading) = readings.first_key_value().expect("a key");
        assert_eq!((key.as_str(), reading.events.len(), reading.rejected.len()), ("k", 2, 2));
        assert_eq!(reading.rejected[0].body, "idsite=2&uid=u");
        let body = br#"{"requests":["?idsite=1&uid=u&url=x","/matomo.php?idsite=2&uid=u&url=x","?idsite=1&uid=v&url=x"]}"#;
        let keys: Vec<_> =
            read_bulk(body, NOW).expect("a bulk").into_iter().map(|(key, r)| (key, r.events.len())).collect();
        assert_eq!(keys, [("1".to_owned(), 2), ("2".to_owned(), 1)]);
        for body in [&b"{"[..], b"[]", b"{}", br#"{"requests":7}"#, &[0xff]] {
            assert_eq!(read_bulk(body, NOW), Err(Unreadable::Malformed));
        }
        assert_eq!(read_bulk(&vec![b' '; BATCH_MAX + 1], NOW), Err(Unreadable::TooLarge));
    }

    proptest! {
        #[test]
        fn nothing_panics_and_nothing_is_lost(bytes in proptest::collection::vec(any::<u8>(), 0..300), text in ".*",
            query in "((uid|cdt|cdo|idgoal|ec_items|e_c|e_a|e_v|url|res)=(0|x|-9223372036854775808|%ff|%5B%5B1%5D%5D)&){0,6}")
        {
            let _ = read_bulk(&bytes, NOW);
            for query in [&text, &query] {
                let _ = read_query(query, NOW);
                let body = serde_json::json!({"requests": [query, 7]}).to_string();
                let readings = read_bulk(body.as_bytes(), NOW).expect("a bulk");
                let count: usize = readings.values().map(|r| r.events.len() + r.rejected.len()).sum();
                prop_assert_eq!(count, 2);
            }
        }
    }
}
