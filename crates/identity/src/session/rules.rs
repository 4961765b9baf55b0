use std::net::{IpAddr, Ipv6Addr};

use kernel::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};

/// A session ends after so long without use.
pub const IDLE_MS: i64 = 12 * HOUR_MS;
/// A session ends after so long whatever happens.
pub const ABSOLUTE_MS: i64 = 14 * DAY_MS;
/// How often at most its use is written down.
pub const SEEN_EVERY_MS: i64 = MINUTE_MS;
/// How long a browser keeps being known.
const DEVICE_SECONDS: i64 = 400 * 24 * 3600;

/// Names and marks of the cookies (浏览器凭证), by the address of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cookies {
    secure: bool,
}

impl Cookies {
    /// Only over TLS, except on this very machine.
    pub fn of(admin_url: &str) -> Self {
        let plain = admin_url.starts_with("http://") && host_of(admin_url).is_some_and(is_loopback);
        Self { secure: !plain }
    }

    /// Returns the name of the session cookie; the prefix keeps other hosts and paths from setting it.
    pub fn session(self) -> &'static str {
        if self.secure { "__Host-bw_session" } else { "bw_session" }
    }

    /// Returns the name of the device cookie.
    pub fn device(self) -> &'static str {
        if self.secure { "__Host-bw_device" } else { "bw_device" }
    }

    /// Returns `Set-Cookie` of a session.
    pub fn set_session(self, secret: &str) -> String {
        self.set(self.session(), secret, ABSOLUTE_MS / 1000)
    }

    /// Returns `Set-Cookie` of a device.
    pub fn set_device(self, secret: &str) -> String {
        self.set(self.device(), secret, DEVICE_SECONDS)
    }

    /// Returns `Set-Cookie` that takes the session away.
    pub fn clear_session(self) -> String {
        self.set(self.session(), "", 0)
    }

    fn set(self, name: &str, value: &str, seconds: i64) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
    }
}

/// Returns the value of a cookie.
pub fn cookie<'h>(header: &'h str, name: &str) -> Option<&'h str> {
    header.split(';').find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name && !value.is_empty()).then_some(value)
    })
}

/// Returns the host of an address such as `https://example.com:8443/path`, without port.
pub fn host_of(url: &str) -> Option<&str> {
    let authority = url.split_once("://")?.1.split(['/', '?', '#']).next()?;
    if let Some(rest) = authority.strip_prefix('[') {
        return rest.split(']').next();
    }
    authority.split(':').next().filter(|host| !host.is_empty())
}

/// Returns true for names of this very machine.
pub fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Returns true where `origin`, as a browser sends it, is the product's own. On this very machine its names are one.
pub fn same_origin(origin: &str, admin_url: &str) -> bool {
    let (Some((scheme, rest)), Some((own_scheme, own_rest))) =
        (origin.split_once("://"), admin_url.split_once("://"))
    else {
        return false;
    };
    let own_rest = own_rest.split(['/', '?', '#']).next().unwrap_or_default();
    if scheme != own_scheme {
        return false;
    }
    if rest.eq_ignore_ascii_case(own_rest) {
        return true;
    }
    let port = |authority: &str| authority.rsplit_once(':').map(|(_, port)| port.to_owned());
    let local = |url: &str| host_of(url).is_some_and(is_loopback);
    local(origin) && local(admin_url) && port(rest) == port(own_rest)
}

/// Returns the network of an address: /16 of IPv4, /32 of IPv6, all of this machine as one.
pub fn network(address: Option<IpAddr>) -> String {
    match address {
        None => "-".to_owned(),
        Some(address) if address.is_loopback() => "loopback".to_owned(),
        Some(IpAddr::V4(v4)) => {
            let [a, b, ..] = v4.octets();
            format!("{a}.{b}.0.0/16")
        }
        Some(IpAddr::V6(v6)) => {
            let [a, b, ..] = v6.segments();
            format!("{}/32", Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0))
        }
    }
}

/// Browsers by the mark in their user agent; the first that fits, because most claim to be others, too.
const BROWSERS: &[(&str, &str)] = &[
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("QQBrowser", "QQ Browser"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
];
/// Systems by the mark in the user agent.
const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("OpenHarmony", "HarmonyOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

fn marked(agent: &str, marks: &[(&str, &'static str)]) -> Option<&'static str> {
    marks.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
}

/// Returns the family of a user agent: what stays the same over its updates.
pub fn agent_family(agent: &str) -> String {
    format!("{}/{}", marked(agent, BROWSERS).unwrap_or("?"), marked(agent, SYSTEMS).unwrap_or("?"))
}

/// Returns what a person would call the device.
pub fn device_name(agent: &str) -> String {
    match (marked(agent, BROWSERS), marked(agent, SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "?".to_owned(),
    }
}

/// Returns true where a session still holds by the clock.
pub fn holds(last_seen_at: Timestamp, expires_at: Timestamp, now: Timestamp) -> bool {
    now < expires_at && now < last_seen_at.plus_ms(IDLE_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_secure_but_on_this_machine() {
        let on = |url| Cookies::of(url).set_session("s");
        assert_eq!(
            on("https://b.example"),
            "__Host-bw_session=s; Path=/; Max-Age=1209600; HttpOnly; SameSite=Lax; Secure"
        );
        for local in ["http://127.0.0.1:8700", "http://localhost", "http://[::1]:1"] {
            assert!(on(local).starts_with("bw_session=s") && !on(local).contains("Secure"), "{local}");
        }
        assert!(on("http://intranet.example").contains("Secure"));
        assert!(on("http://127.0.0.1.evil.example").contains("Secure"));
        assert!(Cookies::of("https://b.example").clear_session().contains("Max-Age=0"));
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let header = "a=1; xbw_session=no; bw_session=yes=; bw_device=";
        assert_eq!(cookie(header, "bw_session"), Some("yes="));
        assert_eq!(cookie(header, "bw_device"), None);
        assert_eq!(cookie(header, "session"), None);
    }

    #[test]
    fn only_our_own_origin_is_ours() {
        for (origin, own, same) in [
            ("https://b.example", "https://b.example/", true),
            ("https://B.example", "https://b.example", true),
            ("https://b.example:8443", "https://b.example:8443/x", true),
            ("http://b.example", "https://b.example", false),
            ("https://b.example.evil.com", "https://b.example", false),
            ("https://evil.com/https://b.example", "https://b.example", false),
            ("null", "https://b.example", false),
            ("http://localhost:8700", "http://127.0.0.1:8700", true),
            ("http://localhost:8701", "http://127.0.0.1:8700", false),
            ("http://localhost.evil.com:8700", "http://127.0.0.1:8700", false),
        ] {
            assert_eq!(same_origin(origin, own), same, "{origin} {own}");
        }
    }

    #[test]
    fn networks_are_what_addresses_have_in_common() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        assert_eq!(network(Some(ip("10.20.30.40"))), "10.20.0.0/16");
        assert_eq!(network(Some(ip("2001:db8:1::1"))), "2001:db8::/32");
        assert_eq!(network(Some(ip("::1"))), network(Some(ip("127.0.0.1"))));
    }

    #[test]
    fn devices_have_names_that_people_use() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        assert_eq!(device_name(chrome), "Chrome · Windows");
        assert_eq!(
            device_name(&chrome.replace("Safari/537.36", "Safari/537.36 Edg/140.0")),
            "Edge · Windows"
        );
        assert_eq!(agent_family(chrome), agent_family(&chrome.replace("140", "141")));
        assert_eq!(device_name("nothing known"), "?");
    }

    #[test]
    fn a_session_ends_when_idle_and_at_its_end() {
        let start = Timestamp::from_ms(0);
        let end = start.plus_ms(ABSOLUTE_MS);
        assert!(holds(start, end, start.plus_ms(IDLE_MS - 1)));
        assert!(!holds(start, end, start.plus_ms(IDLE_MS)));
        assert!(!holds(end.plus_ms(-1), end, end));
    }
}
