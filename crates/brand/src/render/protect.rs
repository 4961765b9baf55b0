//! Makes MJML in which every template place is a token that the compiler carries through unseen,
//! and puts the places back into what comes out.

use super::expand::Expanded;
use super::jinja::TagKind;
use super::markup::{self, Element, Piece};
use super::{AssetPart, Library};
use kernel::Language;

/// Brackets of a token: signs that no mail needs, so that sources may not hold them. They must be printable, because
/// the compiler writes attributes of plain HTML elements with everything else spelled out.
pub const OPEN: char = '⸨';
/// Closing bracket of a token.
pub const CLOSE: char = '⸩';

/// MJML whose template places are tokens.
#[derive(Debug)]
pub struct Protected {
    /// The MJML.
    pub mjml: String,
    /// Pairs of an offset in `mjml` and the offset of the source it came from, ascending.
    map: Vec<(usize, usize)>,
}

impl Protected {
    /// Returns the offset of the source for an offset in the MJML.
    pub fn source_offset(&self, offset: usize) -> usize {
        let index = self.map.partition_point(|(out, _)| *out <= offset).saturating_sub(1);
        let Some((out, source)) = self.map.get(index) else { return 0 };
        let next = self.map.get(index + 1).map_or(usize::MAX, |(_, source)| *source);
        (source + offset.saturating_sub(*out)).min(next)
    }
}

/// Returns the asset that a value such as `asset:hero` names.
pub fn asset_of<'l>(value: &str, library: &'l Library) -> Option<&'l AssetPart> {
    library.assets.get(value.trim().strip_prefix("asset:")?)
}

/// Puts tokens in the place of template places, addresses in the place of assets, and leaves out comments.
pub fn protect(source: &Expanded<'_>, pieces: &[Piece], library: &Library, language: Language) -> Protected {
    let mut work = Work {
        source,
        library,
        language,
        out: Protected { mjml: String::new(), map: Vec::new() },
        raw: false,
    };
    for piece in pieces {
        match piece {
            Piece::Text(range) => work.copy(range.clone()),
            Piece::Jinja(index) => work.place_in_text(*index),
            Piece::Comment(range) => work.comment(range.clone()),
            Piece::Element(element) => work.element(element),
        }
    }
    work.out
}

struct Work<'a> {
    source: &'a Expanded<'a>,
    library: &'a Library,
    language: Language,
    out: Protected,
    /// True inside an element whose inside is text alone.
    raw: bool,
}

impl Work<'_> {
    fn mark(&mut self, source: usize) {
        self.out.map.push((self.out.mjml.len(), source));
    }

    fn copy(&mut self, range: std::ops::Range<usize>) {
        self.mark(range.start);
        self.out.mjml.push_str(&self.source.text[range]);
    }

    /// Blocks stand between elements as often as in text: a comment fits both.
    fn place_in_text(&mut self, index: usize) {
        let tag = &self.source.tags[index];
        self.mark(tag.span.start);
        match tag.kind {
            TagKind::Comment => {}
            TagKind::Block if !self.raw => {
                self.out.mjml.push_str("<!--");
                self.token(index);
                self.out.mjml.push_str("-->");
            }
            TagKind::Block | TagKind::Expression => self.token(index),
        }
    }

    fn token(&mut self, index: usize) {
        self.out.mjml.push(OPEN);
        self.out.mjml.push_str(&index.to_string());
        self.out.mjml.push(CLOSE);
    }

    /// Authors' notes stay in the house; conditional comments are for mail programs.
    fn comment(&mut self, range: std::ops::Range<usize>) {
        let text = &self.source.text[range.clone()];
        if text.starts_with("<!--[if") || text.starts_with("<!--<![endif]") {
            self.copy_with_tokens(range);
        }
    }

    fn copy_with_tokens(&mut self, range: std::ops::Range<usize>) {
        let mut from = range.start;
        let first = self.source.tags.partition_point(|tag| tag.span.start < range.start);
        for index in first..self.source.tags.len() {
            let span = self.source.tags[index].span.clone();
            if span.start >= range.end {
                break;
            }
            self.copy(from..span.start);
            self.mark(span.start);
            if self.source.tags[index].kind != TagKind::Comment {
                self.token(index);
            }
            from = span.end;
        }
        self.copy(from.min(range.end)..range.end);
    }

    fn element(&mut self, element: &Element) {
        self.raw = !element.closes && !element.empty && markup::is_raw(&element.name);
        let mut from = element.span.start;
        let mut shown = None;
        for attribute in &element.attributes {
            let value = &self.source.text[attribute.value.clone()];
            let Some(asset) = asset_of(value, self.library) else { continue };
            self.copy_with_tokens(from..attribute.value.start);
            self.mark(attribute.value.start);
            self.out.mjml.push_str(&asset.address);
            from = attribute.value.end;
            if attribute.name == "src" {
                shown = Some(asset);
            }
        }
        let end = element.span.end - if element.empty { 2 } else { 1 };
        let alt =
            shown.filter(|_| element.attribute("alt").is_none()).map(|a| a.alt_texts.get(self.language));
        if let Some(alt) = alt.filter(|alt| !alt.is_empty() && end >= from) {
            self.copy_with_tokens(from..end);
            self.out.mjml.push_str(&format!(" alt=\"{}\"", escape(alt)));
            from = end;
        }
        self.copy_with_tokens(from..element.span.end);
    }
}

/// Escapes text for an attribute; braces too, because what comes out is read as a template.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '{' => out.push_str("&#123;"),
            '}' => out.push_str("&#125;"),
            other => out.push(other),
        }
    }
    out
}

/// Makes brackets harmless that are no template places, such as those of a picture's words.
pub fn disarm(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek()) {
            ('{', Some('{' | '%' | '#')) => out.push_str("{{ '{' }}"),
            _ => out.push(character),
        }
    }
    out
}

/// Puts the template places back, whether they stand alone or in a comment.
pub fn restore(text: &str, source: &Expanded<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(OPEN) {
        let (before, after) = rest.split_at(at);
        let inside = after.trim_start_matches(OPEN);
        let (number, after) = inside.split_once(CLOSE).unwrap_or((inside, ""));
        let place = number.parse().ok().and_then(|index: usize| source.tags.get(index));
        let place = place.map_or("", |tag| &source.text[tag.span.clone()]);
        let (before, after) = match (before.strip_suffix("<!--"), after.strip_prefix("-->")) {
            (Some(before), Some(after)) => (before, after),
            _ => (before, after),
        };
        out.push_str(before);
        out.push_str(place);
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_that_are_no_places_stay_text() {
        let disarmed = disarm("{{ x }} {% y %} {# z #} {{{ a{b}");
        let env = minijinja::Environment::new();
        assert_eq!(env.render_str(&disarmed, ()).expect("sound"), "{{ x }} {% y %} {# z #} {{{ a{b}");
    }
}
