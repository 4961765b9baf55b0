use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};

/// What no person's browser says of itself: what programs are for, what they are built with, where to read about them.
const PROGRAMS: &[&str] = &[
    // What they are for.
    "bot|crawl|spider|slurp|scrap|fetch|archiv|monitor|scan|validat|inspect|synthetic|agent|favicon|check\
     |verif|sitemap|resolver|subscriber|auditor|optimizer|research|feed|webcapture|thumbnail|web preview\
     |page-preview|bingpreview|uripreview|externalhit|mediapartners|googleimageproxy|google-site\
     |google-phys|google-ads|google-adwords",
    // Where to read about them.
    "http://|https://|www.|.com/|.io/|mailto:",
    // Browsers that a program drives.
    "headless|phantomjs|selenium|playwright|puppeteer|webdriver|cypress|lighthouse",
    // Libraries.
    "curl|wget|python|urllib|go-http|okhttp|axios|libwww|lwp-|httpclient|httpx|aiohttp|indy library",
    // Scanners for weak places, and measuring services that look like a browser otherwise.
    "nikto|nmap|acunetix|openvas|sqlmap|zmeu|zgrab|watchtowr|netcraft|securityheaders|foregenix|hardenize\
     |pingdom|gtmetrix|pagespeed|ptst/|appinsights|dareboost|siteimprove|silktide|linktiger|thousandeyes\
     |httrack|outbrain|datanyze|dataprovider|twingly|attracta|collapsify|scope3|evc-batch|manus-user\
     |newsai/|geedo",
];

/// What something that a person holds says of itself where it does not begin as browsers do: apps, old handsets.
const DEVICES: &[&str] =
    &["android|iphone|ipad|ipod|ios|cfnetwork|darwin|watchos|tvos|windows|macintosh|mac_os|linux|symbian\
     |series60|blackberry|tizen|kaios|harmony|webos|midp|cldc|browser|ucweb|netfront|obigo|up.link|fban\
     |hbbtv|roku|playstation|nintendo|nokia|samsung|sonyericsson|alcatel|huawei|lg-|lge|mot-|sec-|sie-\
     |docomo|kddi"];

/// How every browser of today begins, and what apps use on Android.
const BROWSERS: [&str; 3] = ["mozilla/", "opera/", "dalvik/"];
/// Longest part of a user agent that is looked at, in bytes: browsers stay below 500.
const LOOKED_AT_MAX: usize = 1_024;

static IS_PROGRAM: LazyLock<AhoCorasick> = LazyLock::new(|| automaton(PROGRAMS));
static IS_DEVICE: LazyLock<AhoCorasick> = LazyLock::new(|| automaton(DEVICES));

fn automaton(lists: &[&str]) -> AhoCorasick {
    let words = lists.iter().flat_map(|list| list.split('|'));
    AhoCorasickBuilder::new().build(words).expect("the words are few and plain")
}

/// Says whether a user agent (用户代理) is a program's: a crawler, a scanner, a library, a measuring service.
///
/// It is a person's browser or app where it says nothing at all: what sends no user agent is judged by other means.
pub fn is_bot(user_agent: &str) -> bool {
    let lower = beginning(user_agent.trim()).to_ascii_lowercase();
    if lower.is_empty() {
        return false;
    }
    let told = beyond_the_device(&lower);
    IS_PROGRAM.is_match(&told) || names_an_address(&told) || is_bare(&lower)
}

fn beginning(text: &str) -> &str {
    let end = (0..=LOOKED_AT_MAX.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}

/// Leaves out what phones and networks are called: there are Cubot and Orange Botswana, and one names a forum.
fn beyond_the_device(lower: &str) -> String {
    let rest = lower.find(" build/").filter(|_| lower.contains("android")).map_or(lower, |at| &lower[at..]);
    rest.replace("cubot", "").replace("botswana", "")
}

/// Says whether it gives a mail address: browsers have versions behind an at sign (`ios@8.1`), not domains.
fn names_an_address(lower: &str) -> bool {
    lower.split('@').skip(1).any(|rest| {
        let label = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(rest.len());
        let behind = &rest.as_bytes()[label..];
        label > 0
            && behind.len() > 2
            && behind[0] == b'.'
            && behind[1].is_ascii_alphabetic()
            && behind[2].is_ascii_alphabetic()
    })
}

/// Says whether it neither begins as browsers do nor names anything that a person holds.
fn is_bare(lower: &str) -> bool {
    !BROWSERS.iter().any(|start| lower.starts_with(start)) && !IS_DEVICE.is_match(lower)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use proptest::prelude::*;
    use serde::Deserialize;

    use super::is_bot;

    #[test]
    fn browsers_and_apps_are_people() {
        for agent in [
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.54(0x18003632) NetType/WIFI Language/zh_CN",
            "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0.4844.88 Mobile Safari/537.36",
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Mobile Safari/537.36 (Ecosia android@119.0)",
            "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile",
            "Dalvik/2.1.0 (Linux; U; Android 14; 23127PN0CC Build/UKQ1.230804.001)",
            "Shop/3.2 CFNetwork/1490.0.4 Darwin/23.2.0",
            "",
        ] {
            assert!(!is_bot(agent), "{agent}");
        }
    }

    #[test]
    fn programs_are_not() {
        for agent in [
            "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
            "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36 (compatible; GoogleBot/2.1)",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36",
            "Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:Port Check)",
            "Mozilla/5.0 (compatible) Chrome/47.0 someone@example.invalid",
            "CURL/8.5.0",
            "WhatsApp/2.23.20.0",
            "-",
        ] {
            assert!(is_bot(agent), "{agent}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged(agent in ".*", long in "[a@. é]{1000,1100}") {
            is_bot(&agent);
            is_bot(&long);
        }
    }

    /// Returns a file of the collection; says so and returns nothing where there is no collection.
    fn data(name: &str) -> Option<String> {
        let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
        let folder = std::env::var_os("BRANDWRIGHT_DATA").map_or_else(beside, PathBuf::from);
        if !folder.is_dir() {
            println!("skipped: {} is not there", folder.display());
            return None;
        }
        Some(std::fs::read_to_string(folder.join(name)).expect("a file of the collection"))
    }

    #[derive(Deserialize)]
    struct Crawler {
        #[serde(default)]
        instances: Vec<String>,
    }

    #[test]
    fn nearly_every_known_crawler_is_found() {
        let Some(text) = data("web/crawler-user-agents.json") else { return };
        let crawlers: Vec<Crawler> = serde_json::from_str(&text).expect("a list of crawlers");
        let agents: Vec<&String> = crawlers.iter().flat_map(|crawler| &crawler.instances).collect();
        let found = agents.iter().filter(|agent| is_bot(agent)).count();
        println!("{found} of {} user agents of crawlers are found", agents.len());
        assert!(agents.len() > 2_000 && found * 100 >= agents.len() * 98);
    }

    #[derive(Deserialize)]
    struct Cases {
        test_cases: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        user_agent_string: String,
        family: String,
        #[serde(default)]
        brand: Option<String>,
    }

    fn cases(name: &str) -> Option<Vec<Case>> {
        let text = data(name)?;
        Some(serde_yaml_ng::from_str::<Cases>(&text).expect("a list of cases").test_cases)
    }

    fn begins_as_browsers_do(case: &Case) -> bool {
        ["Mozilla/", "Opera/", "Dalvik/"].iter().any(|start| case.user_agent_string.starts_with(start))
    }

    #[test]
    fn no_phone_tablet_or_television_is_taken_for_a_program() {
        let Some(cases) = cases("web/uap_test_device.yaml") else { return };
        let held: Vec<&Case> = cases
            .iter()
            .filter(|case| begins_as_browsers_do(case) && case.brand.as_deref() != Some("Spider"))
            .collect();
        let wrong: Vec<&str> =
            held.iter().map(|case| case.user_agent_string.as_str()).filter(|agent| is_bot(agent)).collect();
        println!("{} of {} browsers of devices are taken for programs: {wrong:?}", wrong.len(), held.len());
        assert!(held.len() > 9_000 && wrong.is_empty());
    }

    #[test]
    fn no_ordinary_browser_is_taken_for_a_program() {
        let Some(cases) = cases("web/uap_test_ua.yaml") else { return };
        // Named by what the collection calls them; a family of which a tool pretends to be is told by its own test.
        let ordinary: Vec<&str> = "Chrome|Chrome Mobile|Chrome Mobile WebView|Chrome Mobile iOS|Chromium|Safari|Mobile Safari\
            |Mobile Safari UI/WKWebView|Firefox|Firefox Mobile|Firefox iOS|Edge|Edge Mobile|IE|IE Mobile|Opera\
            |Opera Mini|Opera Mobile|Opera Touch|Opera GX|Samsung Internet|UC Browser|QQ Browser\
            |QQ Browser Mobile|WeChat Browser|Weibo|TikTok|Baidu Browser|MiuiBrowser|VivoBrowser|HeyTap Browser\
            |Huawei Browser|Honor Browser|Quark|360 Secure Browser|Maxthon|Brave|Vivaldi|Yandex Browser|Whale\
            |Android|Facebook|Instagram|LINE|KakaoTalk|Amazon Silk|DuckDuckGo Mobile|Ecosia Android|Ecosia iOS\
            |Coc Coc|Puffin|Sleipnir|Pale Moon|Konqueror"
            .split('|')
            .collect();
        let mut wrong = BTreeMap::new();
        let mut total = 0;
        for case in cases.iter().filter(|case| begins_as_browsers_do(case)) {
            let preview = case.user_agent_string.contains("Google Web Preview");
            if preview || !ordinary.contains(&case.family.as_str()) {
                continue;
            }
            total += 1;
            if is_bot(&case.user_agent_string) {
                wrong.insert(&case.user_agent_string, &case.family);
            }
        }
        println!("{} of {total} ordinary browsers are taken for programs: {wrong:?}", wrong.len());
        assert!(total > 200 && wrong.is_empty());
    }
}
