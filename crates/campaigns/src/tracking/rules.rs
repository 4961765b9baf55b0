//! Tells people from programs that check messages, by what they do and how they call themselves.

use std::collections::BTreeSet;

use kernel::Timestamp;

use super::{EventKind, Likelihood};
use crate::send::render::HONEYPOT;

/// Nobody reads this soon after delivery.
const TOO_SOON_MS: i64 = 2_000;
/// Links that follow each other within this time belong to one sweep.
const SWEEP_MS: i64 = 5_000;
/// So many different links in one sweep are no reading.
const SWEEP_LINKS: usize = 3;
/// Words by which checking programs call themselves, in lower case.
const PROGRAMS: &[&str] = &[
    "bot",
    "crawl",
    "spider",
    "scan",
    "gateway",
    "proofpoint",
    "barracuda",
    "mimecast",
    "safelinks",
    "forefront",
    "trendmicro",
    "symantec",
    "python",
    "curl",
    "wget",
    "java/",
    "go-http",
    "okhttp",
    "headless",
    "phantom",
    "preview",
];
/// Words by which browsers and mail programs call themselves, in lower case. Image proxies of
/// mailboxes fetch when a person opens the message.
const READERS: &[&str] = &[
    "applewebkit",
    "gecko",
    "trident",
    "opera",
    "outlook",
    "thunderbird",
    "micromessenger",
    "qqmail",
    "foxmail",
    "googleimageproxy",
    "yahoomailproxy",
    "dalvik",
];

/// One visit of a tracked place.
#[derive(Debug, Clone, Copy)]
pub struct Hit<'a> {
    /// `Opened` or `Clicked`.
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
    /// Number of the link.
    pub link: Option<i64>,
    /// How the visitor calls itself.
    pub agent: Option<&'a str>,
    /// True where only the head was asked for.
    pub is_head: bool,
}

/// An earlier visit to the same message.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Earlier {
    /// When.
    pub at: Timestamp,
    /// Number of the link.
    pub link_number: Option<i64>,
    /// How the visitor called itself.
    pub agent: Option<String>,
}

/// Who a visitor probably is, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    /// Who.
    pub likelihood: Likelihood,
    /// Why, in a word.
    pub why: &'static str,
    /// True where what the same visitor did just before is now seen in the same light.
    pub covers_before: bool,
}

/// Returns from when on earlier visits belong to the same sweep.
pub fn sweep_begins(at: Timestamp) -> Timestamp {
    at.plus_ms(-SWEEP_MS)
}

/// Scores a visit. `delivered_at` is when the message left, `links` how many it has.
pub fn score(hit: &Hit<'_>, delivered_at: Option<Timestamp>, earlier: &[Earlier], links: i64) -> Score {
    let scanner = |why, covers_before| Score { likelihood: Likelihood::Scanner, why, covers_before };
    if hit.link == Some(HONEYPOT) {
        return scanner("hidden_link", true);
    }
    if hit.is_head {
        return scanner("head_request", true);
    }
    let agent = hit.agent.unwrap_or_default().to_lowercase();
    if agent.trim().is_empty() {
        return scanner("no_agent", false);
    }
    if PROGRAMS.iter().any(|word| agent.contains(word)) {
        return scanner("known_program", false);
    }
    if delivered_at.is_none_or(|at| hit.at < at.plus_ms(TOO_SOON_MS)) {
        return scanner("too_soon", false);
    }
    if is_sweep(hit, earlier, links) {
        return scanner("all_links_at_once", true);
    }
    match READERS.iter().any(|word| agent.contains(word)) {
        true => Score { likelihood: Likelihood::Human, why: "reader", covers_before: false },
        false => Score { likelihood: Likelihood::Unknown, why: "unknown_agent", covers_before: false },
    }
}

/// Returns true where one visitor follows many links, or every one of several, in one go.
fn is_sweep(hit: &Hit<'_>, earlier: &[Earlier], links: i64) -> bool {
    let Some(link) = hit.link else { return false };
    let begins = sweep_begins(hit.at);
    let same = earlier.iter().filter(|e| e.at >= begins && e.agent.as_deref() == hit.agent);
    let mut followed: BTreeSet<i64> = same.filter_map(|e| e.link_number).collect();
    followed.insert(link);
    followed.len() >= SWEEP_LINKS || (followed.len() > 1 && followed.len() as i64 >= links)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15";
    const DELIVERED: Timestamp = Timestamp::from_ms(0);

    fn click(at: i64, link: i64) -> Hit<'static> {
        let (kind, link) = (EventKind::Clicked, Some(link));
        Hit { kind, at: Timestamp::from_ms(at), link, agent: Some(PHONE), is_head: false }
    }

    fn before(at: i64, link: i64, agent: &str) -> Earlier {
        Earlier { at: Timestamp::from_ms(at), link_number: Some(link), agent: Some(agent.to_owned()) }
    }

    fn scored(hit: &Hit<'_>, earlier: &[Earlier]) -> (Likelihood, &'static str) {
        let score = score(hit, Some(DELIVERED), earlier, 5);
        (score.likelihood, score.why)
    }

    #[test]
    fn a_phone_some_time_after_delivery_is_a_person() {
        assert_eq!(scored(&click(60_000, 1), &[]), (Likelihood::Human, "reader"));
        // A second look at the same link, or another one minutes later, changes nothing.
        let earlier = [before(59_000, 1, PHONE), before(10_000, 2, PHONE), before(9_000, 3, PHONE)];
        assert_eq!(scored(&click(60_000, 1), &earlier).0, Likelihood::Human);
    }

    #[test]
    fn each_sign_of_a_program_counts_alone() {
        let scanner = |hit: Hit<'static>, why| assert_eq!(scored(&hit, &[]), (Likelihood::Scanner, why));
        scanner(click(60_000, 0), "hidden_link");
        scanner(Hit { is_head: true, ..click(60_000, 1) }, "head_request");
        scanner(Hit { agent: None, ..click(60_000, 1) }, "no_agent");
        scanner(
            Hit { agent: Some("Mozilla/5.0 (compatible; MailGatewayScanner/2.0)"), ..click(60_000, 1) },
            "known_program",
        );
        scanner(click(1_999, 1), "too_soon");
        let undelivered = score(&click(60_000, 1), None, &[], 5);
        assert_eq!(undelivered.likelihood, Likelihood::Scanner);
        assert_eq!(
            scored(&Hit { agent: Some("Mozilla/5.0"), ..click(60_000, 1) }, &[]).0,
            Likelihood::Unknown
        );
    }

    #[test]
    fn who_follows_many_links_at_once_is_a_program_and_was_one_before() {
        let earlier = [before(59_000, 2, PHONE), before(58_000, 3, PHONE)];
        let found = score(&click(60_000, 1), Some(DELIVERED), &earlier, 5);
        assert_eq!((found.why, found.covers_before), ("all_links_at_once", true));
        // Another visitor's links are not this one's.
        let others = [before(59_000, 2, "Other AppleWebKit"), before(58_000, 3, "Other AppleWebKit")];
        assert_eq!(scored(&click(60_000, 1), &others).0, Likelihood::Human);
        // Both of two links at once; one of one link is what everybody does.
        assert_eq!(
            score(&click(60_000, 1), Some(DELIVERED), &earlier[..1], 2).likelihood,
            Likelihood::Scanner
        );
        assert_eq!(score(&click(60_000, 1), Some(DELIVERED), &[], 1).likelihood, Likelihood::Human);
    }
}
