//! Where the links of a variant lead, and whether receivers can leave.

use kernel::Language;

use crate::finding::Finding;
use crate::render::compile::Source;
use crate::render::jinja::{self, TagKind};
use crate::render::markup::{Element, Piece};
use crate::render::variables::{self, UNSUBSCRIBE};

/// A link, as it was written.
#[derive(Debug, Clone)]
pub struct Link<'s> {
    /// Where it leads, template places included.
    pub target: &'s str,
    /// Where it was written.
    pub range: std::ops::Range<usize>,
}

/// Words with which a link says that it is for leaving.
const LEAVING: [&str; 8] =
    ["退订", "退訂", "取消订阅", "取消訂閱", "不再接收", "unsubscribe", "opt out", "opt-out"];

/// Elements that are there to be followed.
const FOLLOWED: [&str; 2] = ["mj-button", "mj-navbar-link"];

/// Returns every link of a mail.
pub fn links<'s>(source: &'s Source<'_>) -> Vec<Link<'s>> {
    let mut links = Vec::new();
    for element in elements(source) {
        if let Some(href) = element.attribute("href") {
            links.push(Link { target: source.text(&href.value), range: href.value.clone() });
        }
    }
    links
}

/// Returns the elements that receivers see; those in `mj-attributes` only set defaults for others.
fn elements<'s>(source: &'s Source<'_>) -> impl Iterator<Item = &'s Element> {
    let mut defaults = false;
    source.pieces.iter().filter_map(move |piece| {
        let Piece::Element(element) = piece else { return None };
        defaults = sets_defaults(element, defaults);
        (!element.closes && !defaults).then_some(element)
    })
}

/// Returns true where this element stands among defaults, given whether the one before it did.
pub fn sets_defaults(element: &Element, before: bool) -> bool {
    if element.name == "mj-attributes" { !element.closes && !element.empty } else { before }
}

/// Returns the variable that a target is, where it is nothing else.
pub fn variable(target: &str) -> Option<&str> {
    let target = target.trim();
    let tags = jinja::tags(target).ok()?;
    let [tag] = tags.as_slice() else { return None };
    let whole = tag.kind == TagKind::Expression && tag.span == (0..target.len());
    whole.then(|| &target[tag.inner.clone()])
}

/// Checks every link, and that one of them lets receivers leave.
pub fn check(source: &Source<'_>, domains: &[String], language: Language) -> Vec<Finding> {
    let mut findings = Vec::new();
    for element in elements(source).filter(|e| FOLLOWED.contains(&e.name.as_str())) {
        if element.attribute("href").is_none() {
            let finding = Finding::serious("brand.preflight.link_empty").at(source.place(&element.span));
            findings.push(finding.of(language));
        }
    }
    let links = links(source);
    for link in &links {
        findings.extend(
            fault(link.target, domains).map(|finding| {
                finding.with("target", link.target).at(source.place(&link.range)).of(language)
            }),
        );
    }
    findings.extend(leaving(source, &links, language));
    findings
}

fn fault(target: &str, domains: &[String]) -> Option<Finding> {
    let target = target.trim();
    if target.is_empty() || target == "#" {
        return Some(Finding::serious("brand.preflight.link_empty"));
    }
    if let Some(name) = variable(target) {
        // Values of receivers are no addresses: one could be made to lead anywhere.
        return (!variables::is_link(name)).then(|| Finding::serious("brand.preflight.link_from_value"));
    }
    let tags = jinja::tags(target).unwrap_or_default();
    let scheme_ends = target.find(':').unwrap_or(0);
    let scheme = target[..scheme_ends].to_ascii_lowercase();
    match scheme.as_str() {
        "https" | "http" => {}
        "mailto" | "tel" => return None,
        "javascript" | "data" | "vbscript" | "file" | "blob" => {
            return Some(Finding::serious("brand.preflight.link_runs"));
        }
        _ => return Some(Finding::serious("brand.preflight.link_relative")),
    }
    let Some(host) = host(target) else {
        return Some(Finding::serious("brand.preflight.link_relative"));
    };
    let host_ends = target.find(host).map_or(0, |at| at + host.len());
    if tags.iter().any(|tag| tag.span.start < host_ends) {
        return Some(Finding::serious("brand.preflight.link_from_value"));
    }
    if !domains.is_empty() && !domains.iter().any(|domain| within(host, domain)) {
        return Some(Finding::serious("brand.preflight.link_domain").with("host", host));
    }
    (scheme == "http").then(|| Finding::warning("brand.preflight.link_insecure"))
}

/// Returns the host of an address.
pub fn host(target: &str) -> Option<&str> {
    let (_, rest) = target.trim().split_once("://")?;
    let authority = &rest[..rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len())];
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = host.split(':').next().unwrap_or(host);
    (!host.is_empty()).then_some(host)
}

fn within(host: &str, domain: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host == domain || host.strip_suffix(domain).is_some_and(|head| head.ends_with('.'))
}

/// Leaving must be offered and must work: Advertising Law, article 43.
fn leaving(source: &Source<'_>, links: &[Link<'_>], language: Language) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !links.iter().any(|link| variable(link.target) == Some(UNSUBSCRIBE)) {
        findings.push(Finding::serious("brand.preflight.unsubscribe_missing").of(language));
    }
    for (words, href, range) in spoken(source) {
        let says = words.to_lowercase();
        let for_leaving = LEAVING.iter().any(|word| says.contains(word));
        if for_leaving && variable(href) != Some(UNSUBSCRIBE) {
            let finding = Finding::serious("brand.preflight.unsubscribe_dead").at(source.place(&range));
            findings.push(finding.with("target", href).with("words", words.trim()).of(language));
        }
    }
    findings
}

/// Returns what each link says, where it leads, and its tag.
fn spoken<'s>(source: &'s Source<'_>) -> Vec<(String, &'s str, std::ops::Range<usize>)> {
    let mut spoken = Vec::new();
    let mut open: Option<(String, &str, &Element)> = None;
    for piece in &source.pieces {
        match piece {
            Piece::Element(element) if !element.closes && !element.empty => {
                if let Some(href) = element.attribute("href") {
                    open = Some((String::new(), source.text(&href.value), element));
                }
            }
            Piece::Element(element) if element.closes => {
                if let Some((words, href, tag)) = open.take_if(|(_, _, tag)| tag.name == element.name) {
                    spoken.push((words, href, tag.span.clone()));
                }
            }
            Piece::Text(range) => {
                if let Some((words, ..)) = &mut open {
                    words.push_str(source.text(range));
                }
            }
            _ => {}
        }
    }
    spoken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Library, Words, compile};

    fn codes(mjml: &str) -> Vec<String> {
        let words = Words { language: Language::ZhHans, subject: "", preheader: "", mjml };
        let library = Library::default();
        let source = compile::read(&words, &library).expect("reads");
        let domains = ["chenqi.example".to_owned()];
        let findings = check(&source, &domains, Language::ZhHans);
        findings.into_iter().map(|f| f.code.trim_start_matches("brand.preflight.").to_owned()).collect()
    }

    const LEAVE: &str = "<a href='{{ unsubscribe_url }}'>退订</a>";

    #[test]
    fn every_mail_lets_receivers_leave_by_the_right_address() {
        assert_eq!(codes(LEAVE), [""; 0]);
        assert_eq!(codes("<mj-text>退订请回复 TD</mj-text>"), ["unsubscribe_missing"]);
        assert_eq!(
            codes("<a href='https://chenqi.example/bye'>退<b>订</b></a>"),
            ["unsubscribe_missing", "unsubscribe_dead"]
        );
        let both = format!("{LEAVE}<a href='mailto:a@b.cn'>Unsubscribe</a>");
        assert_eq!(codes(&both), ["unsubscribe_dead"]);
    }

    #[test]
    fn links_must_lead_somewhere_safe() {
        let code =
            |href: &str| codes(&format!("{LEAVE}<a href=\"{href}\">去看看</a>")).pop().unwrap_or_default();
        assert_eq!(code("https://chenqi.example/a?c={{ customer.tier }}"), "");
        assert_eq!(code("https://shop.chenqi.example"), "");
        assert_eq!(code("mailto:hello@chenqi.example"), "");
        assert_eq!(code("{{ view_url }}"), "");
        assert_eq!(code("http://chenqi.example"), "link_insecure");
        assert_eq!(code(""), "link_empty");
        assert_eq!(code("#"), "link_empty");
        assert_eq!(code("/menu"), "link_relative");
        assert_eq!(code("www.chenqi.example"), "link_relative");
        assert_eq!(code("https:///x"), "link_relative");
        assert_eq!(code("javascript:alert(1)"), "link_runs");
        assert_eq!(code("https://evilchenqi.example/"), "link_domain");
        assert_eq!(code("https://chenqi.example@evil.example/"), "link_domain");
        assert_eq!(code("https://evil.example\\@chenqi.example/"), "link_domain");
        assert_eq!(code("https://{{ customer.city }}.chenqi.example/"), "link_from_value");
        assert_eq!(code("{{ customer.name }}"), "link_from_value");
        assert_eq!(codes(&format!("{LEAVE}<mj-button>去看看</mj-button>")), ["link_empty"]);
        let defaults = "<mj-attributes><mj-button color=\"#fff\" /></mj-attributes>";
        assert!(codes(&format!("{defaults}{LEAVE}")).is_empty());
    }
}
