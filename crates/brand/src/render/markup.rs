//! Reads MJML and the HTML inside it into tags, texts and comments, each with its place in the source.
//!
//! Tolerant on purpose: what is broken is left to the compiler, which refuses it; here everything
//! that can be seen is seen, so that checks miss nothing.

use std::ops::Range;

use super::jinja::Tag;

/// Attribute of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its name in lower case.
    pub name: String,
    /// Its value without quotes; empty where it has none.
    pub value: Range<usize>,
}

/// Tag that opens or closes an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its name in lower case.
    pub name: String,
    /// The whole tag.
    pub span: Range<usize>,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// True for `</x>`.
    pub closes: bool,
    /// True for `<x/>`.
    pub empty: bool,
}

impl Element {
    /// Returns the attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

/// One stretch of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text between tags.
    Text(Range<usize>),
    /// A template place between tags, by its index.
    Jinja(usize),
    /// A comment.
    Comment(Range<usize>),
    /// A tag.
    Element(Element),
}

/// Elements whose inside is text alone.
const RAW: [&str; 6] = ["mj-style", "mj-title", "mj-preview", "style", "script", "title"];

/// Returns true for elements whose inside is text alone.
pub fn is_raw(name: &str) -> bool {
    RAW.contains(&name)
}

/// Returns true for elements that have no inside.
pub fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Reads a whole source; `tags` are its template places.
pub fn scan(text: &str, tags: &[Tag]) -> Vec<Piece> {
    let mut scanner = Scanner { text, tags, next_tag: 0, at: 0, pieces: Vec::new() };
    scanner.run();
    scanner.pieces
}

struct Scanner<'a> {
    text: &'a str,
    tags: &'a [Tag],
    next_tag: usize,
    at: usize,
    pieces: Vec<Piece>,
}

impl Scanner<'_> {
    fn run(&mut self) {
        let mut text_from = 0;
        let mut raw: Option<String> = None;
        while self.at < self.text.len() {
            let start = self.at;
            let piece = match &raw {
                _ if self.at_tag() => Some(self.template_place()),
                Some(name) if !self.closes(name) => None,
                _ if self.rest().starts_with("<!--") => Some(self.comment()),
                _ if self.begins_element() => Some(Piece::Element(self.element())),
                _ => None,
            };
            let Some(piece) = piece else {
                self.step();
                continue;
            };
            if text_from < start {
                self.pieces.push(Piece::Text(text_from..start));
            }
            text_from = self.at;
            if let Piece::Element(element) = &piece {
                raw = (!element.closes && !element.empty && is_raw(&element.name))
                    .then(|| element.name.clone());
            }
            self.pieces.push(piece);
        }
        if text_from < self.text.len() {
            self.pieces.push(Piece::Text(text_from..self.text.len()));
        }
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn step(&mut self) {
        self.at += self.rest().chars().next().map_or(1, char::len_utf8);
    }

    /// Returns true where a template place begins here.
    fn at_tag(&self) -> bool {
        self.tags.get(self.next_tag).is_some_and(|tag| tag.span.start == self.at)
    }

    fn template_place(&mut self) -> Piece {
        let index = self.next_tag;
        self.pass_tag();
        Piece::Jinja(index)
    }

    fn pass_tag(&mut self) {
        self.at = self.tags[self.next_tag].span.end;
        self.next_tag += 1;
    }

    fn closes(&self, name: &str) -> bool {
        let end = self.rest().get(2..2 + name.len());
        self.rest().starts_with("</") && end.is_some_and(|found| found.eq_ignore_ascii_case(name))
    }

    fn begins_element(&self) -> bool {
        let mut characters = self.rest().chars();
        let after_slash = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        characters.next() == Some('<')
            && match characters.next() {
                Some('/') => after_slash(characters.next()),
                other => after_slash(other),
            }
    }

    fn comment(&mut self) -> Piece {
        let start = self.at;
        let end = self.rest().find("-->").map_or(self.text.len(), |length| start + length + 3);
        self.jump(end);
        Piece::Comment(start..self.at)
    }

    /// Goes to `end`, past the template places in between, and never into the middle of one.
    fn jump(&mut self, end: usize) {
        self.at = end;
        while let Some(tag) = self.tags.get(self.next_tag).filter(|tag| tag.span.start < self.at) {
            self.at = self.at.max(tag.span.end);
            self.next_tag += 1;
        }
    }

    fn element(&mut self) -> Element {
        let start = self.at;
        self.at += 1;
        let closes = self.rest().starts_with('/');
        if closes {
            self.at += 1;
        }
        let name = self.word(|c| c.is_whitespace() || c == '>' || c == '/').to_ascii_lowercase();
        let (mut attributes, mut empty) = (Vec::new(), false);
        while self.at < self.text.len() {
            if self.at_tag() {
                self.pass_tag();
                continue;
            }
            match self.rest().chars().next() {
                Some('>') => {
                    self.at += 1;
                    break;
                }
                Some('/') => {
                    self.at += 1;
                    empty = self.rest().starts_with('>');
                }
                Some(c) if c.is_whitespace() => self.step(),
                _ => attributes.push(self.read_attribute()),
            }
        }
        Element { name, span: start..self.at, attributes, closes, empty }
    }

    fn read_attribute(&mut self) -> Attribute {
        let start = self.at;
        let name = self.word(|c| c.is_whitespace() || matches!(c, '=' | '>' | '/')).to_ascii_lowercase();
        if self.at == start {
            // A stray sign: pass it, or nothing would ever end.
            self.step();
        }
        let name_end = self.at;
        self.blanks();
        if !self.rest().starts_with('=') {
            self.at = name_end;
            return Attribute { name, value: name_end..name_end };
        }
        self.at += 1;
        self.blanks();
        Attribute { name, value: self.value() }
    }

    fn value(&mut self) -> Range<usize> {
        let quote = self.rest().chars().next().filter(|c| matches!(c, '"' | '\''));
        if quote.is_some() {
            self.at += 1;
        }
        let start = self.at;
        while self.at < self.text.len() {
            if self.at_tag() {
                self.pass_tag();
                continue;
            }
            let Some(c) = self.rest().chars().next() else { break };
            let ends = quote.map_or(c.is_whitespace() || c == '>', |mark| c == mark);
            if ends {
                break;
            }
            self.step();
        }
        let end = self.at;
        if quote.is_some() && self.at < self.text.len() {
            self.at += 1;
        }
        start..end
    }

    fn word(&mut self, ends: impl Fn(char) -> bool) -> &str {
        let start = self.at;
        while let Some(c) = self.rest().chars().next().filter(|c| !ends(*c)) {
            if self.at_tag() {
                break;
            }
            self.at += c.len_utf8();
        }
        &self.text[start..self.at]
    }

    fn blanks(&mut self) {
        while self.rest().starts_with(char::is_whitespace) {
            self.step();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::jinja;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<Piece> {
        scan(text, &jinja::tags(text).expect("closed"))
    }

    #[test]
    fn tags_attributes_and_places_are_seen() {
        let text =
            r#"<mj-button href="{{ a["x"] }}?b=>" disabled>去 {{ b }}</mj-button><br/><!-- {{ c }} > -->"#;
        let pieces = read(text);
        let Piece::Element(button) = &pieces[0] else { panic!("a tag comes first") };
        assert_eq!(button.name, "mj-button");
        let href = button.attribute("href").expect("given");
        assert_eq!(&text[href.value.clone()], r#"{{ a["x"] }}?b=>"#);
        assert!(button.attribute("disabled").expect("given").value.is_empty());
        assert_eq!(pieces[2], Piece::Jinja(1));
        assert!(matches!(&pieces[3], Piece::Element(e) if e.closes));
        assert!(matches!(&pieces[4], Piece::Element(e) if e.empty && e.name == "br"));
        assert!(matches!(&pieces[5], Piece::Comment(_)));
        assert_eq!(pieces.len(), 6);
    }

    #[test]
    fn a_less_than_sign_in_text_and_style_is_no_tag() {
        assert_eq!(read("1 < 2").len(), 1);
        let pieces = read("<mj-style>a > b { c: '<x>' }</mj-style>");
        assert!(matches!(&pieces[1], Piece::Text(range) if range.len() == 18));
        assert_eq!(pieces.len(), 3);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_loops(text in r#"[a<>/="' {}%#!\-锅]{0,60}"#) {
            if let Ok(tags) = jinja::tags(&text) {
                let mut at = 0;
                for piece in scan(&text, &tags) {
                    let span = match piece {
                        Piece::Text(range) | Piece::Comment(range) => range,
                        Piece::Element(element) => element.span,
                        Piece::Jinja(index) => tags[index].span.clone(),
                    };
                    prop_assert_eq!(span.start, at);
                    at = span.end;
                }
                prop_assert_eq!(at, text.len());
            }
        }
    }
}
