//! Reading what came: pages and feeds, whatever their encoding; nothing in them is trusted.

use encoding_rs::{Encoding, UTF_8};
use kernel::Timestamp;
use kernel::ports::{WebContent, WebEntry, WebFault, WebFaultKind};
use scraper::{ElementRef, Html, Node, Selector};

/// Most entries of a feed that are looked at.
const ENTRIES_MAX: usize = 500;
/// Most characters of a page that are kept.
const TEXT_MAX: usize = 200_000;
/// Most characters of a title, and of an entry's summary.
const TITLE_MAX: usize = 200;
const SUMMARY_MAX: usize = 2_000;
/// How far into a page its encoding is declared.
const HEAD_BYTES: usize = 2_048;
/// Elements whose words nobody reads.
const SILENT: [&str; 5] = ["script", "style", "noscript", "template", "head"];

type Found = Result<WebContent, WebFault>;

/// Reads a page: its words, or those that the selector chooses.
pub fn page(body: &[u8], content_type: &str, selector: Option<&str>) -> Found {
    let (html, _, _) = encoding(body, content_type).decode(body);
    let document = Html::parse_document(&html);
    let title = selected(&document, "title").map(|found| first_chars(&found, TITLE_MAX)).unwrap_or_default();
    let text = match selector {
        None => words(document.root_element()),
        Some(selector) if Selector::parse(selector).is_err() => {
            return Err(fault(WebFaultKind::Malformed, selector));
        }
        Some(selector) => {
            selected(&document, selector).ok_or_else(|| fault(WebFaultKind::NothingSelected, selector))?
        }
    };
    Ok(WebContent::Page { title, text: first_chars(&text, TEXT_MAX) })
}

/// Returns the words of what a selector chooses, one line each; nothing where it chooses none.
fn selected(document: &Html, selector: &str) -> Option<String> {
    let selector = Selector::parse(selector).ok()?;
    let lines: Vec<String> = document.select(&selector).map(|element| words(element)).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Returns the words of an element, with one blank between them.
fn words(element: ElementRef<'_>) -> String {
    let mut found = String::new();
    let silent = |node: &Node| node.as_element().is_some_and(|element| SILENT.contains(&element.name()));
    for inner in element.descendants() {
        let Node::Text(text) = inner.value() else { continue };
        let mut above = inner.ancestors().take_while(|above| above.id() != element.id());
        if above.any(|above| silent(above.value())) {
            continue;
        }
        for word in text.split_whitespace() {
            if !found.is_empty() {
                found.push(' ');
            }
            found.push_str(word);
        }
        if found.len() > TEXT_MAX * 4 {
            break;
        }
    }
    found
}

/// Returns the encoding that the answer or the page itself names; UTF-8 where neither does.
fn encoding(body: &[u8], content_type: &str) -> &'static Encoding {
    let head = String::from_utf8_lossy(&body[..body.len().min(HEAD_BYTES)]).to_lowercase();
    named(&content_type.to_lowercase()).or_else(|| named(&head)).unwrap_or(UTF_8)
}

fn named(text: &str) -> Option<&'static Encoding> {
    let rest = text.split("charset=").nth(1)?.trim_start_matches(['"', '\'']);
    let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    Encoding::for_label(name.as_bytes())
}

/// Reads a feed: RSS, Atom or JSON Feed.
pub fn feed(body: &[u8], url: &str) -> Found {
    let parser = feed_rs::parser::Builder::new().base_uri(Some(url)).build();
    let feed = parser.parse(body).map_err(|error| fault(WebFaultKind::Malformed, &error.to_string()))?;
    let title = feed.title.map(|title| plain(&title.content, TITLE_MAX)).unwrap_or_default();
    let entries = feed.entries.into_iter().take(ENTRIES_MAX).map(entry).collect();
    Ok(WebContent::Feed { title, entries })
}

fn entry(entry: feed_rs::model::Entry) -> WebEntry {
    let link = entry.links.into_iter().map(|link| link.href).find(|link| link.starts_with("http"));
    let body = entry.summary.map(|text| text.content).or_else(|| entry.content.and_then(|c| c.body));
    let summary = plain(&body.unwrap_or_default(), SUMMARY_MAX);
    let title = entry.title.map(|title| plain(&title.content, TITLE_MAX)).filter(|title| !title.is_empty());
    WebEntry {
        key: entry.id,
        title: title.unwrap_or_else(|| first_chars(&summary, 80)),
        link,
        summary,
        published_at: entry.published.or(entry.updated).map(|at| Timestamp::from_ms(at.timestamp_millis())),
    }
}

/// Takes the marks out of a text that may have some.
fn plain(text: &str, most: usize) -> String {
    first_chars(&words(Html::parse_fragment(text).root_element()), most)
}

fn first_chars(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

fn fault(kind: WebFaultKind, detail: &str) -> WebFault {
    WebFault { kind, detail: super::cut(detail) }
}
