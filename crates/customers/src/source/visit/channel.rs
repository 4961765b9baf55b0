use kernel::text_enum;

use super::places::{Place, is_below, of_host, of_source};

text_enum! {
    /// Channel (渠道) by which somebody came to a site.
    pub enum Channel {
        /// Nothing says from where: the address was typed, or kept.
        Direct = "direct",
        /// A search engine's own results.
        OrganicSearch = "organic_search",
        /// An advertisement among a search engine's results.
        PaidSearch = "paid_search",
        /// What people share on social networks.
        OrganicSocial = "organic_social",
        /// An advertisement on a social network.
        PaidSocial = "paid_social",
        /// A mail.
        Email = "email",
        /// A text message.
        Sms = "sms",
        /// A link on another site.
        Referral = "referral",
        /// An advertisement on another site.
        Display = "display",
        /// A partner who is paid by the sale.
        Affiliate = "affiliate",
        /// The answer of an assistant.
        AiAssistant = "ai_assistant",
        /// Another page of ours.
        Internal = "internal",
        /// It has a mark, but none that says by which channel.
        Unknown = "unknown",
    }
}

/// What the address of a page says about how somebody came to it (推广参数).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Campaign {
    /// Where the link stands (`utm_source`).
    pub source: Option<String>,
    /// What kind of link it is (`utm_medium`).
    pub medium: Option<String>,
    /// Which campaign it belongs to (`utm_campaign`).
    pub name: Option<String>,
    /// The word that was paid for (`utm_term`).
    pub term: Option<String>,
    /// Which of several links it is (`utm_content`).
    pub content: Option<String>,
    /// The channel of the network whose click id the address bears.
    pub clicked: Option<Channel>,
}

/// Click ids, each with the channel of the network that adds it to the address of an advertisement.
///
/// `fbclid` is none of them: it stands on every link that leaves Facebook.
const CLICK_IDS: &[(&str, Channel)] = &[
    ("gclid", Channel::PaidSearch),
    ("gbraid", Channel::PaidSearch),
    ("wbraid", Channel::PaidSearch),
    ("msclkid", Channel::PaidSearch),
    ("bd_vid", Channel::PaidSearch),
    ("qhclickid", Channel::PaidSearch),
    ("yclid", Channel::PaidSearch),
    ("ttclid", Channel::PaidSocial),
    ("twclid", Channel::PaidSocial),
    ("li_fat_id", Channel::PaidSocial),
    ("gdt_vid", Channel::PaidSocial),
    ("qz_gdt", Channel::PaidSocial),
    ("dclid", Channel::Display),
    ("awc", Channel::Affiliate),
    ("irclickid", Channel::Affiliate),
];

impl Campaign {
    /// Reads the address of a page: `utm_…`, the same of Matomo (`mtm_…`) and Baidu (`hm…`), click ids.
    pub fn of(url: &str) -> Self {
        let mut campaign = Self::default();
        // Pages of one page have a second query behind the hash.
        for query in url.split('?').skip(1).filter_map(|part| part.split('#').next()) {
            let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
            for (name, value) in pairs {
                campaign.take(&name, value.trim());
            }
        }
        campaign
    }

    fn take(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        let field = match name {
            "utm_source" | "mtm_source" | "hmsr" => &mut self.source,
            "utm_medium" | "mtm_medium" => &mut self.medium,
            "utm_campaign" | "mtm_campaign" | "hmpl" => &mut self.name,
            "utm_term" | "mtm_kwd" | "hmkw" => &mut self.term,
            "utm_content" | "mtm_content" | "hmci" => &mut self.content,
            _ => {
                let network = CLICK_IDS.iter().find(|(id, _)| *id == name).map(|(_, channel)| *channel);
                self.clicked = self.clicked.or(network);
                return;
            }
        };
        field.get_or_insert_with(|| value.to_owned());
    }
}

/// Returns by which channel somebody came.
///
/// Source: the rules of Google's default channel grouping, with the sites and click ids of China. What a link says of
/// itself goes before the click id, and both before the page that it stood on.
pub fn channel(referrer: Option<&str>, own_hosts: &[impl AsRef<str>], utm: &Campaign) -> Channel {
    let said = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_lowercase();
    let (source, medium) = (said(&utm.source), said(&utm.medium));
    let marked = of_medium(&medium, of_source(&source)).or(utm.clicked);
    marked.or_else(|| of_name(&source)).unwrap_or_else(|| match referrer.map(str::trim) {
        None | Some("" | "-") if is_marked(&source, &medium) => Channel::Unknown,
        None | Some("" | "-") => Channel::Direct,
        Some(referrer) => of_referrer(referrer, own_hosts, is_marked(&source, &medium)),
    })
}

/// Analytics programs write these words where there is nothing.
fn is_marked(source: &str, medium: &str) -> bool {
    !(["", "(direct)"].contains(&source) && ["", "(none)", "(not set)"].contains(&medium))
}

fn of_medium(medium: &str, place: Option<Place>) -> Option<Channel> {
    match medium {
        "email" | "e-mail" | "e_mail" | "e mail" | "edm" | "newsletter" | "邮件" => Some(Channel::Email),
        "sms" | "mms" | "短信" => Some(Channel::Sms),
        "affiliate" | "affiliates" | "cps" => Some(Channel::Affiliate),
        "display" | "banner" | "expandable" | "interstitial" | "programmatic" | "dsp" => {
            Some(Channel::Display)
        }
        "paidsearch" | "paid-search" | "paid_search" | "paid search" | "sem" => Some(Channel::PaidSearch),
        "paidsocial" | "paid-social" | "paid_social" | "paid social" => Some(Channel::PaidSocial),
        "social" | "social-network" | "social-media" | "social_media" | "sm" | "social network"
        | "social media" => Some(Channel::OrganicSocial),
        "organic" => Some(place.map_or(Channel::OrganicSearch, unpaid)),
        "referral" | "app" | "link" => Some(place.map_or(Channel::Referral, unpaid)),
        medium if is_paid(medium) => Some(paid(medium, place)),
        _ => None,
    }
}

/// Google's words for what is paid; `ocpc` and `ocpm` are Chinese networks' for the same.
fn is_paid(medium: &str) -> bool {
    medium.contains("cp") || medium == "ppc" || medium == "retargeting" || medium.starts_with("paid")
}

fn paid(medium: &str, place: Option<Place>) -> Channel {
    match place {
        Some(Place::Search) => Channel::PaidSearch,
        Some(Place::Social) => Channel::PaidSocial,
        Some(Place::Advertisement) => Channel::Display,
        _ if medium.ends_with("cpm") => Channel::Display,
        _ if medium.ends_with("cpc") || medium == "ppc" => Channel::PaidSearch,
        // It was paid for, but nothing says where it stood.
        _ => Channel::Unknown,
    }
}

fn unpaid(place: Place) -> Channel {
    match place {
        Place::Search => Channel::OrganicSearch,
        Place::Social => Channel::OrganicSocial,
        Place::Assistant => Channel::AiAssistant,
        Place::Mail => Channel::Email,
        Place::Advertisement => Channel::Display,
    }
}

/// A source alone says it where the site is known.
fn of_name(source: &str) -> Option<Channel> {
    match source {
        "sms" | "短信" => Some(Channel::Sms),
        source => of_source(source).map(unpaid),
    }
}

fn of_referrer(referrer: &str, own_hosts: &[impl AsRef<str>], marked: bool) -> Channel {
    let Some(host) = host(referrer) else { return Channel::Unknown };
    let own = own_hosts.iter().filter_map(|own| self::host(own.as_ref())).any(|own| is_below(&host, &own));
    match of_host(&host) {
        // A marked link on a page of ours was put there to be counted, by a word that is none of the known.
        _ if own && marked => Channel::Unknown,
        _ if own => Channel::Internal,
        Some(place) => unpaid(place),
        None => Channel::Referral,
    }
}

/// Returns the host of an address, in lower case and without `www.`, its port and whoever signs in there.
pub fn host(url: &str) -> Option<String> {
    let url = url.trim();
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let host = host.trim_end_matches('.').to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    // Without a scheme it may be anything: a host has a dot then, or is this machine.
    let named = url.contains("://") || host.contains('.') || host == "localhost";
    let sound = named && !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || c.is_control());
    sound.then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    const OWN: [&str; 1] = ["shop.example"];

    fn from(referrer: &str) -> Channel {
        channel(Some(referrer), &OWN, &Campaign::default())
    }

    fn landing(query: &str) -> Channel {
        channel(
            Some("https://elsewhere.example/"),
            &OWN,
            &Campaign::of(&format!("https://shop.example/p?{query}")),
        )
    }

    #[test]
    fn a_page_that_links_says_by_which_channel() {
        for (referrer, expected) in [
            ("https://www.baidu.com/link?url=x", Channel::OrganicSearch),
            ("https://m.sm.cn/s?q=x", Channel::OrganicSearch),
            ("https://www.google.co.uk/", Channel::OrganicSearch),
            ("https://so.toutiao.com/search", Channel::OrganicSearch),
            ("android-app://com.google.android.googlequicksearchbox/", Channel::OrganicSearch),
            ("https://mp.weixin.qq.com/s/x", Channel::OrganicSocial),
            ("https://www.xiaohongshu.com/", Channel::OrganicSocial),
            ("https://tieba.baidu.com/p/1", Channel::OrganicSocial),
            ("HTTPS://L.Facebook.com:443/l.php", Channel::OrganicSocial),
            ("https://mail.qq.com/", Channel::Email),
            ("https://chatgpt.com/", Channel::AiAssistant),
            ("https://gemini.google.com/app", Channel::AiAssistant),
            ("https://yuanbao.tencent.com/chat", Channel::AiAssistant),
            ("https://googleads.g.doubleclick.net/", Channel::Display),
            ("https://docs.google.com/document/1", Channel::Referral),
            ("https://google.evil.example/", Channel::Referral),
            ("https://notbaidu.com/", Channel::Referral),
            ("https://shop.example/p/1", Channel::Internal),
            ("https://m.shop.example/", Channel::Internal),
            ("https://workshop.example/", Channel::Referral),
            ("", Channel::Direct),
            ("-", Channel::Direct),
            ("about: blank", Channel::Unknown),
        ] {
            assert_eq!(from(referrer), expected, "{referrer}");
        }
        assert_eq!(channel(None, &OWN, &Campaign::default()), Channel::Direct);
    }

    #[test]
    fn a_link_says_it_of_itself() {
        for (query, expected) in [
            ("utm_source=baidu&utm_medium=cpc", Channel::PaidSearch),
            ("utm_source=weixin&utm_medium=CPC", Channel::PaidSocial),
            ("utm_source=toutiao&utm_medium=ocpm", Channel::PaidSearch),
            ("utm_source=anybody&utm_medium=ppc", Channel::PaidSearch),
            ("utm_source=anybody&utm_medium=cpm", Channel::Display),
            ("utm_source=anybody&utm_medium=paid", Channel::Unknown),
            ("utm_medium=paidsearch", Channel::PaidSearch),
            ("utm_medium=email&gclid=1", Channel::Email),
            ("utm_source=edm", Channel::Email),
            ("utm_medium=sms", Channel::Sms),
            ("utm_medium=affiliate", Channel::Affiliate),
            ("utm_medium=banner", Channel::Display),
            ("utm_source=%E5%B0%8F%E7%BA%A2%E4%B9%A6&utm_medium=kol", Channel::OrganicSocial),
            ("utm_source=chatgpt.com", Channel::AiAssistant),
            ("utm_source=google&utm_medium=organic", Channel::OrganicSearch),
            ("gclid=abc", Channel::PaidSearch),
            ("bd_vid=123", Channel::PaidSearch),
            ("ttclid=1", Channel::PaidSocial),
            ("gclid=", Channel::Referral),
            ("fbclid=1", Channel::Referral),
            ("hmsr=weibo&hmpl=spring", Channel::OrganicSocial),
        ] {
            assert_eq!(landing(query), expected, "{query}");
        }
        let poster = Campaign::of("https://shop.example/?utm_source=poster&utm_medium=qr");
        assert_eq!(channel(None, &OWN, &poster), Channel::Unknown);
        let nothing = Campaign::of("https://shop.example/?utm_source=(direct)&utm_medium=(none)");
        assert_eq!(channel(None, &OWN, &nothing), Channel::Direct);
    }

    #[test]
    fn an_address_is_read_also_behind_its_hash() {
        let campaign =
            Campaign::of("https://shop.example/?utm_source=a&utm_source=b#/p?utm_campaign=%E6%98%A5+1");
        assert_eq!((campaign.source.as_deref(), campaign.name.as_deref()), (Some("a"), Some("春 1")));
        assert_eq!(Campaign::of("no address at all"), Campaign::default());
    }

    proptest! {
        #[test]
        fn any_text_has_a_channel(referrer in ".*", url in ".*", query in "[a-z_=&%?#.@:/\\[\\]]*") {
            channel(Some(&referrer), &[&url], &Campaign::of(&url));
            channel(Some(&query), &[&referrer], &Campaign::of(&query));
        }
    }

    /// Returns a file of the collection; says so and returns nothing where there is no collection.
    fn data<T: for<'de> Deserialize<'de>>(name: &str) -> Option<T> {
        let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
        let folder = std::env::var_os("BRANDWRIGHT_DATA").map_or_else(beside, PathBuf::from);
        if !folder.is_dir() {
            println!("skipped: {} is not there", folder.display());
            return None;
        }
        let text = std::fs::read_to_string(folder.join(name)).expect("a file of the collection");
        Some(serde_yaml_ng::from_str(&text).expect("a list of sites"))
    }

    /// Says how many of the sites are known; returns the share of them, in hundredths.
    fn known<'a>(what: &str, sites: impl Iterator<Item = (&'a String, Vec<&'a String>)>) -> (usize, usize) {
        let (mut total, mut found, mut named, mut count) = (0, 0, 0, 0);
        for (_, urls) in sites {
            let hit = urls.iter().filter(|url| {
                let url = url.replace("{}.", "de.").replace(".{}", ".de");
                !matches!(from(&url), Channel::Referral | Channel::Unknown)
            });
            let hit = hit.count();
            (total, found, count) = (total + urls.len(), found + hit, count + 1);
            named += usize::from(hit > 0);
        }
        println!("{what}: {found} of {total} addresses, {named} of {count} sites are known");
        (found * 100 / total, named * 100 / count)
    }

    #[derive(Deserialize)]
    struct Engine {
        #[serde(default)]
        urls: Vec<String>,
    }

    #[test]
    fn search_engines_in_use_are_known() {
        let Some(engines) = data::<BTreeMap<String, Vec<Engine>>>("web/SearchEngines.yml") else { return };
        let sites =
            engines.iter().map(|(name, parts)| (name, parts.iter().flat_map(|part| &part.urls).collect()));
        let (addresses, _) = known("search engines", sites);
        assert!(addresses >= 40, "{addresses} %");
        for name in
            ["Google", "Bing", "Baidu", "Sogou", "360search", "sm.cn", "DuckDuckGo", "Yandex", "ChatGPT"]
        {
            let sites = engines.iter().filter(|(site, _)| *site == name);
            let sites = sites.map(|(name, parts)| (name, parts.iter().flat_map(|part| &part.urls).collect()));
            assert!(known(name, sites).1 == 100, "{name}");
        }
    }

    #[test]
    fn social_networks_in_use_are_known() {
        let Some(networks) = data::<BTreeMap<String, Vec<String>>>("web/Socials.yml") else { return };
        let (addresses, _) =
            known("social networks", networks.iter().map(|(name, urls)| (name, urls.iter().collect())));
        assert!(addresses >= 60, "{addresses} %");
    }
}
