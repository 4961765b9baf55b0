//! Access logs of web servers: the combined format, and lines of JSON as nginx, Caddy and Traefik write them.

use kernel::Timestamp;
use lake::{EVENT_MAX, Event, EventKind};
use serde_json::Value;

use super::Fault;
use super::draft::{Draft, Object, cut, digest, page, path, put, spelled, visitor};
use super::field::time;

/// A request that somebody made to a web server (访问记录).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The page that was asked for.
    pub event: Event,
    /// Who says to have asked: programs are to be told from people.
    pub user_agent: Option<String>,
    /// True where a page was served to somebody who wanted to read it: no picture or script, no error, no form sent.
    pub is_page: bool,
}

/// Endings of what belongs to a page and is none.
const ASSETS: &[&str] = &[
    "css",
    "js",
    "mjs",
    "map",
    "json",
    "xml",
    "txt",
    "webmanifest",
    "wasm",
    "png",
    "jpg",
    "jpeg",
    "gif",
    "webp",
    "avif",
    "svg",
    "ico",
    "bmp",
    "woff",
    "woff2",
    "ttf",
    "otf",
    "eot",
    "mp3",
    "mp4",
    "webm",
    "ogg",
    "m4a",
    "mov",
    "m3u8",
    "ts",
];

/// What a line says, whatever its format.
#[derive(Debug, Default)]
struct Line {
    ip: Option<String>,
    at: Option<String>,
    method: Option<String>,
    target: Option<String>,
    host: Option<String>,
    scheme: Option<String>,
    status: Option<i64>,
    bytes: Option<i64>,
    referrer: Option<String>,
    user_agent: Option<String>,
}

/// Reads a line; nothing where it is empty or a comment.
///
/// The number tells two equal lines of one file apart. Whether the time lies ahead is for the caller to say: a log is
/// read long after it was written.
pub fn read_line(line: &str, number: u64) -> Result<Option<Hit>, Fault> {
    let line = line.trim_start_matches('\u{feff}').trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    if line.len() > EVENT_MAX {
        return Err(Fault::TooLarge);
    }
    let said = if line.starts_with('{') { of_json(line) } else { of_combined(line) };
    hit(said.ok_or(Fault::Malformed)?, digest(&["access_log", &number.to_string(), line])).map(Some)
}

fn hit(line: Line, message_id: String) -> Result<Hit, Fault> {
    let happened_at = moment(line.at.as_deref().ok_or(Fault::TimeUnreadable)?)?;
    let target = line.target.ok_or(Fault::Malformed)?;
    let method = line.method.unwrap_or_else(|| "GET".to_owned()).to_uppercase();
    let url = address(line.scheme.as_deref(), line.host.as_deref(), &target);
    let page = page(Some(&url), line.referrer.as_deref(), None);
    let is_asset = is_asset(path(&url));
    let served = line.status.is_none_or(|status| (200..400).contains(&status));
    let mut properties = page.clone();
    put(&mut properties, "status", line.status);
    put(&mut properties, "bytes", line.bytes);
    put(&mut properties, "method", Some(method.as_str()));
    put(&mut properties, "asset", is_asset.then_some(true));
    let mut context = Object::new();
    put(&mut context, "page", Some(page));
    put(&mut context, "userAgent", line.user_agent.as_deref());
    let agent = line.user_agent.as_deref().unwrap_or_default();
    let draft = Draft {
        message_id,
        kind: EventKind::Page,
        name: cut(path(&url)),
        user_id: None,
        anonymous_id: line.ip.as_deref().map(|ip| visitor(ip, agent, happened_at)),
        happened_at,
        properties,
        context,
    };
    let event = draft.event("ip", "time", happened_at).map_err(|(fault, _)| fault)?;
    Ok(Hit { event, user_agent: line.user_agent, is_page: served && !is_asset && method == "GET" })
}

/// Servers write the path alone; an address where the host is known.
fn address(scheme: Option<&str>, host: Option<&str>, target: &str) -> String {
    match host {
        Some(host) if target.starts_with('/') => format!("{}://{host}{target}", scheme.unwrap_or("https")),
        _ => target.to_owned(),
    }
}

fn is_asset(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').is_some_and(|(_, ending)| ASSETS.contains(&ending.to_lowercase().as_str()))
}

/// Reads a time as any of the formats spells it: RFC 3339, `10/Oct/2026:13:55:36 +0800`, seconds since 1970.
fn moment(text: &str) -> Result<Timestamp, Fault> {
    if let Some(seconds) = spelled(text).and_then(|number| number.as_f64()) {
        // Some count milliseconds: as seconds they would lie in another geological age.
        let ms = if seconds.abs() > 1e11 { seconds } else { seconds * 1_000.0 };
        return Ok(Timestamp::from_ms(ms.round() as i64));
    }
    let common = || jiff::Timestamp::strptime("%d/%b/%Y:%H:%M:%S %z", text.trim()).map(Timestamp::from);
    time(text).or_else(|_| common().map_err(|_| Fault::TimeUnreadable))
}

/// `address - user [time] "request" status bytes "referrer" "user agent"`, with or without the host before it and the
/// last two behind it.
fn of_combined(line: &str) -> Option<Line> {
    let (before, rest) = line.split_once(" [")?;
    let (at, rest) = rest.split_once(']')?;
    let mut names = before.split_whitespace();
    let first = names.next()?;
    // Before the address, identity and user there may be the host: `shop.example:443 10.0.0.1 - -`.
    let (host, ip) = match names.count() {
        3.. => (Some(first), before.split_whitespace().nth(1)?),
        _ => (None, first),
    };
    let (request, rest) = quoted(rest)?;
    let mut figures = rest.trim_start().splitn(3, ' ');
    let (status, bytes) =
        (figures.next()?.parse().ok()?, figures.next().and_then(|bytes| bytes.parse().ok()));
    let (referrer, rest) = quoted(figures.next().unwrap_or_default()).unzip();
    let agent = rest.and_then(quoted).map(|(agent, _)| agent);
    let (method, target) = asked(&request)?;
    Some(Line {
        ip: given(ip.to_owned()),
        at: Some(at.to_owned()),
        method: Some(method),
        target: Some(target),
        host: host.map(str::to_owned),
        scheme: host.map(|host| if host.ends_with(":80") { "http" } else { "https" }.to_owned()),
        status: Some(status),
        bytes,
        referrer: referrer.and_then(given),
        user_agent: agent.and_then(given),
    })
}

/// Returns what stands in quotes, and what follows. A backslash goes before a quote (Apache) or a byte (`\x22`, nginx).
fn quoted(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start().strip_prefix('"')?;
    let mut inner = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return Some((String::from_utf8_lossy(&inner).into_owned(), &text[at + 1..])),
            b'\\' if bytes.get(at + 1) == Some(&b'x') => {
                let byte = text.get(at + 2..at + 4).and_then(|hex| u8::from_str_radix(hex, 16).ok());
                inner.extend(byte);
                at += if byte.is_some() { 4 } else { 2 };
            }
            b'\\' => {
                inner.extend(bytes.get(at + 1));
                at += 2;
            }
            byte => {
                inner.push(byte);
                at += 1;
            }
        }
    }
    None
}

/// Returns method and target of `GET /path HTTP/1.1`.
fn asked(request: &str) -> Option<(String, String)> {
    let mut parts = request.split_whitespace();
    let (method, target) = (parts.next()?, parts.next()?);
    method.bytes().all(|byte| byte.is_ascii_alphabetic()).then(|| (method.to_owned(), target.to_owned()))
}

/// Servers write a dash for nothing.
fn given(text: String) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty() && text != "-")
}

fn of_json(line: &str) -> Option<Line> {
    let outer: Object = serde_json::from_str(line).ok()?;
    // Caddy has what was asked for in an object of its own, with the headers in another.
    let empty = Object::new();
    let inner = outer.get("request").and_then(Value::as_object).unwrap_or(&empty);
    let headers = inner.get("headers").and_then(Value::as_object).unwrap_or(&empty);
    let find = |names: &[&str]| [&outer, inner, headers].into_iter().find_map(|object| first(object, names));
    let request = first(&outer, &["request", "request_line"]).as_deref().and_then(asked);
    let figure = |names: &[&str]| find(names).as_deref().and_then(spelled).and_then(|number| number.as_i64());
    let (method, target) = request.unzip();
    Some(Line {
        ip: find(&["client_ip", "remote_ip", "remote_addr", "ClientHost", "clientip", "ip"]),
        at: find(&[
            "ts",
            "time_iso8601",
            "@timestamp",
            "timestamp",
            "StartUTC",
            "msec",
            "time_local",
            "time",
        ]),
        method: find(&["method", "request_method", "RequestMethod"]).or(method),
        target: find(&["uri", "request_uri", "RequestPath", "path"]).or(target),
        host: find(&["host", "http_host", "RequestHost", "server_name", "vhost"]),
        scheme: find(&["scheme", "RequestScheme"]),
        status: figure(&["status", "DownstreamStatus", "status_code"]),
        bytes: figure(&["size", "body_bytes_sent", "bytes_sent", "DownstreamContentSize", "bytes"]),
        referrer: find(&[
            "http_referer",
            "http_referrer",
            "referer",
            "referrer",
            "Referer",
            "request_Referer",
        ]),
        user_agent: find(&[
            "http_user_agent",
            "user_agent",
            "userAgent",
            "User-Agent",
            "request_User-Agent",
            "agent",
        ]),
    })
}

/// Returns the first of several fields that says something; of a list its first.
fn first(object: &Object, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match object.get(*name)? {
        Value::String(text) => given(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(list) => list.first().and_then(Value::as_str).map(str::to_owned).and_then(given),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0.0.0";
    /// 2026-10-10T05:55:36Z.
    const AT: Timestamp = Timestamp::from_ms(1_791_611_736_000);

    fn read(line: &str) -> Hit {
        read_line(line, 1).expect(line).expect("a request")
    }

    fn combined(request: &str, status: u16) -> String {
        format!(
            r#"10.0.0.1 - - [10/Oct/2026:13:55:36 +0800] "{request}" {status} 2326 "https://www.baidu.com/" "{BROWSER}""#
        )
    }

    #[test]
    fn the_combined_format() {
        let hit = read(&combined("GET /x?y=1 HTTP/1.1", 200));
        assert_eq!(
            (hit.event.kind, hit.event.name.as_str(), hit.event.happened_at),
            (EventKind::Page, "/x", AT)
        );
        assert_eq!(
            hit.event.properties,
            r#"{"bytes":2326,"method":"GET","path":"/x","referrer":"https://www.baidu.com/","status":200,"url":"/x?y=1"}"#
        );
        assert_eq!(hit.event.anonymous_id, Some(visitor("10.0.0.1", BROWSER, AT)));
        assert_eq!(hit.user_agent.as_deref(), Some(BROWSER));
        assert!(hit.is_page && !format!("{hit:?}").contains("10.0.0.1"));
    }

    #[test]
    fn its_neighbours() {
        let common = read(r#"10.0.0.1 - anna [10/Oct/2026:05:55:36 +0000] "GET / HTTP/1.0" 200 -"#);
        assert_eq!((common.event.happened_at, common.user_agent), (AT, None));
        let host = read(&format!("shop.example:443 {}", combined("GET /x HTTP/1.1", 200)));
        assert!(
            host.event.properties.contains(r#""url":"https://shop.example:443/x""#),
            "{}",
            host.event.properties
        );
        assert_eq!(host.event.anonymous_id, Some(visitor("10.0.0.1", BROWSER, AT)));
        let quotes = read(
            r#"::1 - - [10/Oct/2026:13:55:36 +0800] "GET / HTTP/1.1" 200 1 "-" "a \"b\" \x22c\xe8\x8c\xb6" 0.01"#,
        );
        assert_eq!(quotes.user_agent.as_deref(), Some("a \"b\" \"c茶"));
    }

    #[test]
    fn lines_of_json() {
        let nginx = format!(
            r#"{{"time_iso8601":"2026-10-10T13:55:36+08:00","remote_addr":"10.0.0.1","request":"GET /x HTTP/1.1","status":"200",
                "body_bytes_sent":"2326","http_referer":"-","http_user_agent":"{BROWSER}","host":"shop.example","scheme":"http"}}"#
        );
        let caddy = format!(
            r#"{{"level":"info","ts":1791611736.0,"logger":"http.log.access","msg":"handled request","request":{{"remote_ip":"10.0.0.1",
                "remote_port":"5","client_ip":"10.0.0.1","proto":"HTTP/2.0","method":"GET","host":"shop.example","uri":"/x",
                "headers":{{"User-Agent":["{BROWSER}"]}}}},"bytes_read":0,"duration":0.01,"size":2326,"status":200}}"#
        );
        let traefik = format!(
            r#"{{"ClientHost":"10.0.0.1","DownstreamContentSize":2326,"DownstreamStatus":200,"RequestHost":"shop.example",
                "RequestMethod":"GET","RequestPath":"/x","StartUTC":"2026-10-10T05:55:36Z","request_User-Agent":"{BROWSER}"}}"#
        );
        for (line, scheme) in [(nginx, "http"), (caddy, "https"), (traefik, "https")] {
            let hit = read(&line);
            assert_eq!((hit.event.happened_at, hit.user_agent.as_deref()), (AT, Some(BROWSER)), "{line}");
            let url = format!("{scheme}://shop.example/x");
            assert_eq!(
                hit.event.properties,
                format!(r#"{{"bytes":2326,"method":"GET","path":"/x","status":200,"url":"{url}"}}"#)
            );
            assert_eq!(hit.event.anonymous_id, Some(visitor("10.0.0.1", BROWSER, AT)));
        }
    }

    #[test]
    fn what_is_no_page_says_so() {
        for (request, status, is_page, is_asset) in [
            ("GET /a/style.CSS?v=1 HTTP/1.1", 200, false, true),
            ("GET /logo.png HTTP/2.0", 304, false, true),
            ("GET /a.b/c HTTP/1.1", 200, true, false),
            ("GET /x HTTP/1.1", 301, true, false),
            ("GET /x HTTP/1.1", 404, false, false),
            ("POST /x HTTP/1.1", 200, false, false),
            ("HEAD /x HTTP/1.1", 200, false, false),
        ] {
            let hit = read(&combined(request, status));
            let marked = hit.event.properties.contains(r#""asset":true"#);
            assert_eq!((hit.is_page, marked), (is_page, is_asset), "{request} {status}");
        }
        for nothing in ["", "  \r\n", "#Fields: date time"] {
            assert_eq!(read_line(nothing, 1), Ok(None));
        }
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let tls = r#"10.0.0.1 - - [10/Oct/2026:13:55:36 +0800] "\x16\x03\x01\x00" 400 0 "-" "-""#;
        for (line, fault) in [
            ("hello", Fault::Malformed),
            ("{", Fault::Malformed),
            ("{}", Fault::TimeUnreadable),
            (tls, Fault::Malformed),
            (r#"10.0.0.1 - - [soon] "GET / HTTP/1.1" 200 1 "-" "-""#, Fault::TimeUnreadable),
            (
                r#"10.0.0.1 - - [10/Oct/1996:13:55:36 +0800] "GET / HTTP/1.1" 200 1 "-" "-""#,
                Fault::TimeBefore,
            ),
            (r#"{"ts":1791611736,"uri":"/x"}"#, Fault::Nobody),
            (r#"{"ts":1791611736,"remote_ip":"10.0.0.1"}"#, Fault::Malformed),
        ] {
            assert_eq!(read_line(line, 1), Err(fault), "{line}");
        }
        assert_eq!(read_line(&"x".repeat(EVENT_MAX + 1), 1), Err(Fault::TooLarge));
    }

    #[test]
    fn equal_lines_are_told_apart_by_their_number() {
        let line = combined("GET / HTTP/1.1", 200);
        let id = |number| read_line(&line, number).expect("a line").expect("a request").event.message_id;
        assert_eq!(id(1), id(1));
        assert_ne!(id(1), id(2));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in ".*", near in r#"10\.0\.0\.1 - - \[[0-9:/A-z +]{0,30}\] "[A-Z/ \\x"é]{0,12}" [0-9-]{0,22} [0-9-]{0,4} "[^\n]{0,20}"#,
            json in r#"\{("(ts|uri|request|status|remote_ip|headers)":("/x"|1e300|-1|null|\{\}|\[\[\]\]|\["x"\]),){0,5}"time":"1791611736.5"\}"#)
        {
            let _ = read_line(&text, 0);
            let _ = read_line(&near, u64::MAX);
            let _ = read_line(&json, 1);
        }
    }
}
