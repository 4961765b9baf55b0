//! The words that receivers see, in the order in which they see them, each with its place:
//! what word lists are compared with. Blanks, tags in the middle of words and other disguises are gone.

use std::ops::Range;

use crate::render::compile::Source;
use crate::render::jinja;
use crate::render::markup::{self, Piece};

/// One character as it is compared, and where it came from.
#[derive(Debug, Clone)]
struct Sign {
    source: Range<usize>,
    /// True where something stood before it that was left out.
    gap: bool,
}

/// Words without disguise.
#[derive(Debug, Default)]
pub struct Stream {
    /// What is compared: no blanks, small letters, simplified characters.
    pub text: String,
    signs: Vec<Sign>,
    /// Byte offset in `text` of each sign.
    starts: Vec<usize>,
    gap: bool,
}

/// Ends a stretch: nothing is found across it.
const BREAK: char = '\n';

impl Stream {
    /// Reads a field of plain text with template places in it.
    pub fn of_line(text: &str, simplify: impl Fn(char) -> char) -> Self {
        let mut stream = Self::default();
        let mut done = 0;
        for tag in jinja::tags(text).unwrap_or_default() {
            stream.put(text, done..tag.span.start, &simplify);
            stream.cut();
            done = tag.span.end;
        }
        stream.put(text, done..text.len(), &simplify);
        stream
    }

    /// Reads what of a mail is seen: texts, and the words of pictures.
    pub fn of_mail(source: &Source<'_>, simplify: impl Fn(char) -> char) -> Self {
        let mut stream = Self::default();
        let text = source.expanded.text.as_str();
        let mut hidden: Option<String> = None;
        for piece in &source.pieces {
            match piece {
                Piece::Text(range) if hidden.is_none() => stream.put(text, range.clone(), &simplify),
                Piece::Text(_) | Piece::Comment(_) => {}
                Piece::Jinja(_) => stream.cut(),
                Piece::Element(element) => {
                    if matches!(element.name.as_str(), "mj-style" | "style" | "mj-attributes") {
                        hidden = (!element.closes && !element.empty).then(|| element.name.clone());
                    }
                    if !is_inline(&element.name) {
                        stream.cut();
                    }
                    for name in ["alt", "title"] {
                        if let Some(attribute) = element.attribute(name).filter(|_| !element.closes) {
                            stream.cut();
                            stream.put(text, attribute.value.clone(), &simplify);
                            stream.cut();
                        }
                    }
                }
            }
        }
        stream
    }

    /// Returns the bytes of the source behind bytes of the text.
    pub fn source(&self, range: &Range<usize>) -> Range<usize> {
        let at = |offset: usize| self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let (first, last) = (at(range.start), at(range.end.saturating_sub(1)));
        self.signs[first].source.start..self.signs[last].source.end
    }

    /// Returns true where a word begins at this byte and ends before that one, as letters are written.
    pub fn is_word(&self, range: &Range<usize>) -> bool {
        let letter =
            |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '\''));
        let gap = |offset: usize| self.starts.binary_search(&offset).is_ok_and(|sign| self.signs[sign].gap);
        let before = self.text[..range.start].chars().next_back();
        let after = self.text[range.end..].chars().next();
        (!letter(before) || gap(range.start)) && (!letter(after) || gap(range.end))
    }

    fn put(&mut self, text: &str, range: Range<usize>, simplify: &impl Fn(char) -> char) {
        let mut at = range.start;
        while at < range.end {
            let rest = &text[at..range.end];
            let (character, length) = markup_character(rest);
            self.take(character, at..at + length, simplify);
            at += length;
        }
    }

    fn take(&mut self, character: char, source: Range<usize>, simplify: &impl Fn(char) -> char) {
        let character = half_width(character);
        if is_noise(character) {
            self.gap = true;
            return;
        }
        let begin = self.text.len();
        self.text.extend(simplify(character).to_lowercase());
        self.signs.push(Sign { source, gap: std::mem::take(&mut self.gap) });
        self.starts.push(begin);
    }

    fn cut(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(BREAK) {
            self.starts.push(self.text.len());
            let end = self.signs.last().map_or(0, |sign| sign.source.end);
            self.signs.push(Sign { source: end..end, gap: false });
            self.text.push(BREAK);
        }
        self.gap = false;
    }
}

/// Reads one character, an entity as the sign that it stands for.
fn markup_character(text: &str) -> (char, usize) {
    let first = text.chars().next().unwrap_or(' ');
    if first != '&' {
        return (first, first.len_utf8());
    }
    let Some(end) = text.bytes().take(12).position(|b| b == b';') else { return ('&', 1) };
    let name = &text[1..end];
    let number = match name.strip_prefix('#') {
        Some(digits) => match digits.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => digits.parse().ok(),
        },
        None => None,
    };
    let named = match name {
        "nbsp" | "ensp" | "emsp" | "thinsp" | "zwnj" | "zwj" | "shy" => Some(' '),
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "middot" => Some('·'),
        _ => None,
    };
    match number.and_then(char::from_u32).or(named) {
        Some(character) => (character, end + 1),
        None => ('&', 1),
    }
}

fn half_width(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(character) - 0xFEE0).expect("the block mirrors printable ASCII")
        }
        other => other,
    }
}

/// Returns true for signs that part a word only to the eye.
fn is_noise(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '\u{00AD}' | '\u{200B}'
                ..='\u{200F}'
                    | '\u{2060}'
                    | '\u{FEFF}'
                    | '·'
                    | '・'
                    | '‧'
                    | '*'
                    | '_'
                    | '~'
                    | '|'
                    | '^'
                    | '`'
        )
}

/// Returns true for tags that stand inside words.
fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "b"
            | "strong"
            | "i"
            | "em"
            | "u"
            | "s"
            | "span"
            | "font"
            | "small"
            | "big"
            | "sup"
            | "sub"
            | "mark"
            | "br"
            | "wbr"
    ) && !markup::is_raw(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Library, Words, compile};
    use kernel::Language;

    fn of_mail(mjml: &str) -> String {
        let words = Words { language: Language::ZhHans, subject: "", preheader: "", mjml };
        let library = Library::default();
        let source = compile::read(&words, &library).expect("reads");
        Stream::of_mail(&source, |c| if c == '國' { '国' } else { c }).text
    }

    #[test]
    fn disguises_are_taken_off() {
        assert_eq!(of_mail("<mj-text>最<b>佳</b></mj-text>"), "最佳\n");
        assert_eq!(of_mail("<mj-text>最 &nbsp;佳</mj-text>"), "最佳\n");
        assert_eq!(of_mail("<mj-text>&#26368;*佳</mj-text>"), "最佳\n");
        assert_eq!(of_mail("<mj-text>ＮＯ．１ 國</mj-text>"), "no.1国\n");
    }

    #[test]
    fn blocks_places_and_styles_part_words() {
        assert_eq!(of_mail("<mj-text>最</mj-text><mj-text>佳</mj-text>"), "最\n佳\n");
        assert_eq!(of_mail("<mj-text>最{{ x }}佳</mj-text>"), "最\n佳\n");
        assert_eq!(of_mail("<mj-style>.最佳 { }</mj-style><mj-image alt='锅' src='x' />"), "锅\n");
    }

    #[test]
    fn words_of_letters_end_where_letters_end() {
        let stream = Stream::of_line("Visit No. 1, not No. 10", |c| c);
        assert_eq!(stream.text, "visitno.1,notno.10");
        assert!(stream.is_word(&(5..9)));
        assert!(!stream.is_word(&(13..17)));
        let place = stream.source(&(5..9));
        assert_eq!(&"Visit No. 1, not No. 10"[place], "No. 1");
    }
}
