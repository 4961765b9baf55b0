//! What a watch may be, and what a look leads to.

use std::collections::BTreeSet;

use kernel::ports::{WebContent, WebEntry, WebFaultKind};
use kernel::{MINUTE_MS, Problem, Result, Timestamp};
use sha2::{Digest, Sha256};

use super::{KeywordMatch, NewWatch, Watch, WatchKind, WatchOutcome};

/// Most records that one look opens; what is more waits for the next look.
pub const OPENED_MAX: usize = 20;
/// Shortest and longest time between two looks.
const INTERVAL_MINUTES: std::ops::RangeInclusive<i64> = 5..=10_080;
/// Most keywords, and most characters of one.
const KEYWORDS_MAX: usize = 50;
const KEYWORD_MAX: usize = 100;
/// Most characters of a page's words that are kept to compare with.
const KEPT_MAX: usize = 20_000;
/// Most characters of what is new on a page that a record says.
const SAID_MAX: usize = 1_500;

/// Refuses what no watch can be; every field at fault is named.
pub fn check(new: &NewWatch) -> Result<()> {
    let mut problem = Problem::unprocessable("rulebook.watch.invalid");
    if new.name.trim().is_empty() || new.name.chars().count() > 80 {
        problem = problem.with_field("name", "rulebook.webhook.name_length");
    }
    if !crate::webhook::rules::is_address(&new.url) {
        problem = problem.with_field("url", "rulebook.watch.url_invalid");
    }
    let given = new.keywords.iter().all(|word| (1..=KEYWORD_MAX).contains(&word.trim().chars().count()));
    if new.keywords.len() > KEYWORDS_MAX || !given {
        problem = problem.with_field("keywords", "rulebook.watch.keywords_invalid");
    }
    if new.interval_minutes.is_some_and(|minutes| !INTERVAL_MINUTES.contains(&minutes)) {
        problem = problem.with_field("interval_minutes", "rulebook.watch.interval_invalid");
    }
    if new.selector.is_some() && new.kind == WatchKind::Feed {
        problem = problem.with_field("selector", "rulebook.watch.selector_of_feed");
    }
    if new.kind == WatchKind::Feed && new.opens.is_none() {
        problem = problem.with_field("opens", "rulebook.watch.feed_opens_nothing");
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

/// Returns true where a watch looks elsewhere than before, so that what it saw says nothing any more.
pub fn looks_elsewhere(before: &Watch, new: &NewWatch) -> bool {
    before.url != new.url || before.kind != new.kind || before.selector != new.selector
}

/// What a record is opened for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Find {
    /// What tells it from everything else that stands there.
    pub seen: String,
    pub title: String,
    pub content: String,
    pub link: Option<String>,
    pub published_at: Option<Timestamp>,
}

/// What a look leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub outcome: WatchOutcome,
    /// Entries, or pages, that stood there.
    pub found: usize,
    /// What opens a record, oldest first.
    pub finds: Vec<Find>,
    /// What is known from now on without opening one.
    pub known: Vec<String>,
    pub digest: String,
    /// The words to compare with next time.
    pub words: Option<String>,
}

/// Returns by what the things are told that stand there.
pub fn keys(content: &WebContent) -> Vec<String> {
    match content {
        WebContent::Page { text, .. } => vec![digest(text)],
        WebContent::Feed { entries, .. } => entries.iter().map(|entry| digest(&entry.key)).collect(),
    }
}

/// Decides what is new, and what of it opens a record; `seen` are the keys that were seen before.
pub fn judge(watch: &Watch, content: &WebContent, seen: &BTreeSet<String>) -> Verdict {
    let first = watch.digest.is_none();
    let quiet = watch.opens.is_none() || (first && !watch.from_start);
    match content {
        WebContent::Page { title, text } => of_page(watch, title, text, seen, (first, quiet)),
        WebContent::Feed { entries, .. } => of_feed(watch, entries, seen, (first, quiet)),
    }
}

fn of_page(
    watch: &Watch,
    title: &str,
    text: &str,
    seen: &BTreeSet<String>,
    (first, quiet): (bool, bool),
) -> Verdict {
    let key = digest(text);
    let same = watch.digest.as_ref() == Some(&key);
    let outcome = match (first, same) {
        (true, _) => WatchOutcome::First,
        (_, true) => WatchOutcome::Unchanged,
        _ => WatchOutcome::Changed,
    };
    let new = news(watch.words.as_deref().unwrap_or_default(), text);
    let opens = !quiet && !same && !seen.contains(&key) && matches(watch, &new);
    let find = || Find {
        seen: key.clone(),
        title: title.to_owned(),
        content: said(watch, text, &new),
        link: None,
        published_at: None,
    };
    Verdict {
        outcome,
        found: 1,
        finds: if opens { vec![find()] } else { Vec::new() },
        known: if opens || same { Vec::new() } else { vec![key.clone()] },
        digest: key.clone(),
        words: (!same).then(|| text.chars().take(KEPT_MAX).collect()),
    }
}

fn of_feed(
    watch: &Watch,
    entries: &[WebEntry],
    seen: &BTreeSet<String>,
    (first, quiet): (bool, bool),
) -> Verdict {
    let (mut finds, mut known) = (Vec::new(), Vec::new());
    // Feeds begin with the newest; people read from the oldest on.
    for entry in entries.iter().rev() {
        let key = digest(&entry.key);
        if seen.contains(&key) {
            continue;
        }
        if quiet || !matches(watch, &format!("{}\n{}", entry.title, entry.summary)) {
            known.push(key);
        } else if finds.len() < OPENED_MAX {
            finds.push(Find {
                seen: key,
                title: entry.title.clone(),
                content: entry.summary.clone(),
                link: entry.link.clone(),
                published_at: entry.published_at,
            });
        }
    }
    let outcome = match (first, finds.is_empty() && known.is_empty()) {
        (true, _) => WatchOutcome::First,
        (_, true) => WatchOutcome::Unchanged,
        _ => WatchOutcome::Changed,
    };
    let all: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
    Verdict { outcome, found: entries.len(), finds, known, digest: digest(&all.join("\n")), words: None }
}

fn matches(watch: &Watch, text: &str) -> bool {
    let text = text.to_lowercase();
    let stands = |word: &String| text.contains(&word.trim().to_lowercase());
    match watch.keyword_match {
        _ if watch.keywords.is_empty() => true,
        KeywordMatch::Any => watch.keywords.iter().any(stands),
        KeywordMatch::All => watch.keywords.iter().all(stands),
    }
}

/// Returns the sentences that did not stand there before.
fn news(before: &str, after: &str) -> String {
    let sentences = |text: &str| -> Vec<String> {
        let ends = ['。', '！', '？', '；', '\n', '.', '!', '?', ';'];
        let parts = text.split_inclusive(ends).map(|part| part.trim().to_owned());
        parts.filter(|part| !part.is_empty()).collect()
    };
    let known: BTreeSet<String> = sentences(before).into_iter().collect();
    sentences(after).into_iter().filter(|sentence| !known.contains(sentence)).collect::<Vec<_>>().join(" ")
}

/// Says what is new on a page, or what went where nothing is new.
fn said(watch: &Watch, text: &str, new: &str) -> String {
    let before = watch.words.as_deref();
    if watch.selector.is_some() {
        return compared(before, text);
    }
    if !new.is_empty() {
        return cut(new);
    }
    let gone = news(text, before.unwrap_or_default());
    if gone.is_empty() { cut(text) } else { format!("− {}", cut(&gone)) }
}

fn compared(before: Option<&str>, after: &str) -> String {
    match before.filter(|before| !before.is_empty()) {
        Some(before) => format!("{} → {}", cut(before), cut(after)),
        None => cut(after),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(SAID_MAX).collect()
}

fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// Returns true where a fault says that something is wrong with the other side, not that it wants a pause.
pub fn counts(fault: WebFaultKind) -> bool {
    fault != WebFaultKind::Throttled
}

/// Returns which detector a fault belongs to.
pub fn detector(kind: WatchKind, fault: WebFaultKind) -> &'static str {
    match (kind, fault) {
        (_, WebFaultKind::Certificate) => "certificate",
        (WatchKind::Page, WebFaultKind::Status) => "error_rate",
        (WatchKind::Page, _) => "uptime",
        (WatchKind::Feed, _) => "connector",
    }
}

/// Returns when a watch looks next; a pause that the other side asks for is kept.
pub fn next_at(now: Timestamp, interval_minutes: i64, pause_seconds: Option<i64>) -> Timestamp {
    let interval = interval_minutes.max(*INTERVAL_MINUTES.start()) * MINUTE_MS;
    now.plus_ms(interval.max(pause_seconds.unwrap_or(0) * 1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch(kind: WatchKind, keywords: &[&str], words: Option<&str>) -> Watch {
        Watch {
            id: kernel::Id::from_digest([1; 16]),
            name: "邻店".into(),
            kind,
            url: "https://a.example/".into(),
            selector: None,
            keywords: keywords.iter().map(|word| (*word).to_owned()).collect(),
            keyword_match: KeywordMatch::Any,
            interval_minutes: None,
            opens: Some("market_signal".into()),
            opens_values: serde_json::Map::new(),
            from_start: false,
            owner_id: kernel::Id::from_digest([2; 16]),
            department_id: None,
            competitor_id: None,
            active: true,
            state: super::super::WatchState::New,
            failures: 0,
            fault: None,
            detail: None,
            status: None,
            latency_ms: None,
            certificate_until: None,
            looked_at: None,
            next_at: Timestamp::from_ms(0),
            risk_id: None,
            names: Default::default(),
            created_at: Timestamp::from_ms(0),
            updated_at: Timestamp::from_ms(0),
            version: 1,
            digest: words.map(digest),
            words: words.map(str::to_owned),
        }
    }

    fn page(text: &str) -> WebContent {
        WebContent::Page { title: "邻店".into(), text: text.into() }
    }

    fn entry(key: &str, title: &str) -> WebEntry {
        WebEntry {
            key: key.into(),
            title: title.into(),
            link: None,
            summary: String::new(),
            published_at: None,
        }
    }

    #[test]
    fn only_what_is_new_on_a_page_is_held_against_the_keywords() {
        let before = watch(WatchKind::Page, &["召回"], Some("关于召回的说明。新品上市。"));
        let same = judge(&before, &page("关于召回的说明。新品上市。"), &BTreeSet::new());
        assert_eq!((same.outcome, same.finds.len(), same.words), (WatchOutcome::Unchanged, 0, None));
        let other = judge(&before, &page("关于召回的说明。新品八折。"), &BTreeSet::new());
        assert_eq!((other.outcome, other.finds.len(), other.known.len()), (WatchOutcome::Changed, 0, 1));
        let text = "关于召回的说明。今日召回茶饮。";
        let found = judge(&before, &page(text), &BTreeSet::new());
        assert_eq!(found.finds[0].content, "今日召回茶饮。");
        let again = judge(&before, &page(text), &BTreeSet::from([digest(text)]));
        assert!(again.finds.is_empty(), "what stood there once opens nothing again");
    }

    #[test]
    fn a_price_says_what_it_was() {
        let mut before = watch(WatchKind::Page, &[], Some("¥128"));
        before.selector = Some(".price".into());
        assert_eq!(judge(&before, &page("¥99"), &BTreeSet::new()).finds[0].content, "¥128 → ¥99");
    }

    #[test]
    fn the_first_look_at_a_feed_learns_and_later_ones_open_what_matches() {
        let feed = |entries| WebContent::Feed { title: String::new(), entries };
        let mut watch = watch(WatchKind::Feed, &["召回", "Recall"], None);
        let first = judge(&watch, &feed(vec![entry("a", "邻店召回")]), &BTreeSet::new());
        assert_eq!((first.outcome, first.finds.len(), first.known.len()), (WatchOutcome::First, 0, 1));
        watch.digest = Some(first.digest);
        let seen: BTreeSet<String> = first.known.into_iter().collect();
        let entries = vec![entry("c", "A RECALL"), entry("b", "新品"), entry("a", "邻店召回")];
        let next = judge(&watch, &feed(entries), &seen);
        let titles: Vec<&str> = next.finds.iter().map(|find| find.title.as_str()).collect();
        assert_eq!((titles, next.known.len(), next.found), (vec!["A RECALL"], 1, 3));
        watch.keyword_match = KeywordMatch::All;
        assert!(judge(&watch, &feed(vec![entry("d", "recall")]), &seen).finds.is_empty());
    }

    #[test]
    fn what_is_more_than_one_look_opens_waits_for_the_next() {
        let mut watch = watch(WatchKind::Feed, &[], None);
        watch.from_start = true;
        let entries = (0..30).map(|n| entry(&n.to_string(), "新")).collect();
        let found = judge(&watch, &WebContent::Feed { title: String::new(), entries }, &BTreeSet::new());
        assert_eq!((found.finds.len(), found.known.len()), (OPENED_MAX, 0));
        assert_eq!(found.finds[0].seen, digest("29"), "the oldest come first");
    }

    #[test]
    fn a_pause_that_is_asked_for_is_kept() {
        let now = Timestamp::from_ms(0);
        assert_eq!(next_at(now, 60, None).ms(), 60 * MINUTE_MS);
        assert_eq!(next_at(now, 5, Some(7_200)).ms(), 120 * MINUTE_MS);
    }
}
