//! What customers typed: search terms and feedback, counted by text, without what tells who they are.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use http_kit::App;
use kernel::{Id, Result, Timestamp};
use lake::query::Span;
use lake::{EventKind, Lake, ReadEvent, Selection};
use rulebook::form;
use serde_json::{Map, Value as Json};
use store::args;

use super::mask::{is_empty, masked};
use super::words::normal;
use super::{NeedKind, sql};

/// Names under which searches come: the Segment e-commerce specification first, then what other tools call them.
const SEARCHES: [&str; 8] = [
    "Products Searched",
    "Product Searched",
    "Search",
    "search",
    "Site Search",
    "site_search",
    "view_search_results",
    "Search Performed",
];
/// Properties in which the term stands, the first that is there.
const TERM_KEYS: [&str; 7] =
    ["query", "search_term", "search_query", "searchTerm", "keyword", "keywords", "term"];
/// Names under which feedback comes: `Product Reviewed` is of the same specification.
const FEEDBACK: [&str; 4] = ["Product Reviewed", "Feedback Submitted", "Review Submitted", "Survey Answered"];
/// Properties in which its words stand.
const SAID_KEYS: [&str; 6] = ["review_body", "body", "comment", "feedback", "message", "text"];
/// Different texts that are counted; beyond that only those that are known already.
const TEXTS_MAX: usize = 200_000;
/// Answers to public forms that are read.
const ANSWERS_MAX: i64 = 5_000;

/// The period that is looked at, and the one before.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    pub before: Timestamp,
    pub from: Timestamp,
    pub until: Timestamp,
}

/// Text (文本) and who said it how often.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// How often in the period.
    pub count: i64,
    /// How often in the period before.
    pub previous: i64,
    /// Who, in the period: people, or the nodes of those whom nobody knows.
    pub people: BTreeSet<Id>,
    /// As somebody typed it, masked.
    pub example: String,
}

/// Everything that was typed, by normal text.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    pub searches: BTreeMap<String, Typed>,
    pub feedback: BTreeMap<String, Typed>,
    /// Searches and texts of feedback that were read, of the period.
    pub read: (i64, i64),
}

impl Gathered {
    fn take(&mut self, kind: NeedKind, said: &str, who: Id, at: Timestamp, period: Period) {
        let example = masked(said.trim());
        let text = normal(&example);
        if is_empty(&text) {
            return;
        }
        let is_now = at >= period.from;
        let (texts, read) = match kind {
            NeedKind::Search => (&mut self.searches, &mut self.read.0),
            NeedKind::Feedback => (&mut self.feedback, &mut self.read.1),
        };
        *read += i64::from(is_now);
        if texts.len() >= TEXTS_MAX && !texts.contains_key(&text) {
            return;
        }
        let typed = texts.entry(text).or_default();
        if is_now {
            typed.count += 1;
            typed.people.insert(who);
        } else {
            typed.previous += 1;
        }
        // The same example whatever the order of reading.
        if typed.example.is_empty() || example < typed.example {
            typed.example = example;
        }
    }
}

/// Reads what was typed in two periods.
pub async fn gather(app: &App, period: Period) -> Result<Gathered> {
    let mut gathered = Gathered::default();
    // What happens at this very moment belongs to the period, too: ends of spans are exclusive.
    let end = period.until.plus_ms(1);
    let hidden: HashSet<Id> = app.store.all(sql::HIDDEN_NODES, args![]).await?.into_iter().collect();
    let owners: HashMap<Id, Id> = app.store.all(sql::OWNERS, args![]).await?.into_iter().collect();
    // Where events are not kept there are no searches; feedback may be there all the same.
    if let Ok(lake) = app.part::<Lake>() {
        let names = SEARCHES.iter().chain(&FEEDBACK).map(|name| (*name).to_owned()).collect();
        let selection = Selection {
            names,
            span: Span { from: Some(period.before), to: Some(end) },
            kinds: BTreeSet::from([EventKind::Track]),
            whole: true,
            ..Selection::default()
        };
        let each = |event: &ReadEvent<'_>| {
            if hidden.contains(&event.node) {
                return;
            }
            let kind = if FEEDBACK.contains(&event.name) { NeedKind::Feedback } else { NeedKind::Search };
            if let Some(said) = said(event.properties, kind) {
                let who = owners.get(&event.node).copied().unwrap_or(event.node);
                gathered.take(kind, &said, who, event.happened_at, period);
            }
        };
        lake.read(&selection, Box::new(each)).await?;
    }
    for said in form::said(app, period.before, end, ANSWERS_MAX).await? {
        gathered.take(NeedKind::Feedback, &said.text, said.answer_id, said.at, period);
    }
    Ok(gathered)
}

fn said(properties: &str, kind: NeedKind) -> Option<String> {
    let properties: Map<String, Json> = serde_json::from_str(properties).ok()?;
    let keys: &[&str] = if kind == NeedKind::Search { &TERM_KEYS } else { &SAID_KEYS };
    let text = keys.iter().find_map(|key| properties.get(*key)?.as_str());
    text.map(str::to_owned).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_term_stands_where_the_tool_puts_it() {
        let search = |properties: &str| said(properties, NeedKind::Search);
        assert_eq!(search(r#"{"query": "酸奶"}"#).as_deref(), Some("酸奶"));
        assert_eq!(search(r#"{"search_term": "milk"}"#).as_deref(), Some("milk"));
        assert_eq!(search(r#"{"query": " "}"#), None);
        assert_eq!(search("not json"), None);
        assert_eq!(said(r#"{"review_body": "很好"}"#, NeedKind::Feedback).as_deref(), Some("很好"));
    }
}
