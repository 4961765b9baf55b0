//! Puts partials in the place of their `include`, and remembers where every byte came from.

use kernel::Language;

use super::jinja::{self, Tag, TagKind};
use super::{Library, PartialPart};
use crate::finding::{Finding, Lines, Place};

/// How deep partials may hold partials.
const DEPTH_MAX: usize = 4;
/// Longest expanded source in bytes: bounds all work that follows.
const EXPANDED_MAX: usize = 400_000;
/// Most pieces that partials may cut it into: short ones could multiply without growing.
const PIECES_MAX: usize = 2_000;
/// Blocks that reach for other templates, which do not exist here.
const REFUSED: [&str; 5] = ["extends", "import", "from", "block", "super"];

/// A source with its partials put in.
#[derive(Debug, Clone)]
pub struct Expanded<'a> {
    /// The text.
    pub text: String,
    /// Its template places; none are left that include.
    pub tags: Vec<Tag>,
    /// Keys of the partials that it holds, in the order of first use.
    pub partials: Vec<String>,
    pieces: Vec<Piece<'a>>,
}

/// A stretch of the text that came from one place.
#[derive(Debug, Clone)]
struct Piece<'a> {
    start: usize,
    source: &'a str,
    field: String,
    source_start: usize,
}

impl<'a> Expanded<'a> {
    /// Returns where the bytes from `start` to `end` of the text were written.
    pub fn place(&self, start: usize, end: usize) -> Place {
        let index = self.pieces.partition_point(|piece| piece.start <= start).saturating_sub(1);
        let Some(piece) = self.pieces.get(index) else { return Lines::new("mjml", "").place(0, 0) };
        let ends = self.pieces.get(index + 1).map_or(self.text.len(), |next| next.start);
        let from = piece.source_start + start.saturating_sub(piece.start);
        let length = end.min(ends).saturating_sub(start);
        let (from, to) = (from.min(piece.source.len()), (from + length).min(piece.source.len()));
        Lines::new(&piece.field, piece.source).place(from, to)
    }
}

/// Expands the partials of a source; stops at the first fault of each `include`.
pub fn expand<'a>(
    source: &'a str,
    library: &'a Library,
    language: Language,
) -> Result<Expanded<'a>, Vec<Finding>> {
    let mut work = Work {
        library,
        language,
        out: Expanded { text: String::new(), tags: Vec::new(), partials: Vec::new(), pieces: Vec::new() },
        findings: Vec::new(),
        open: Vec::new(),
    };
    work.put(source, "mjml".to_owned());
    if !work.findings.is_empty() {
        return Err(work.findings);
    }
    work.out.tags = jinja::tags(&work.out.text).map_err(|at| {
        vec![Finding::serious("brand.render.place_unclosed").at(work.out.place(at.0, at.0 + 2))]
    })?;
    Ok(work.out)
}

struct Work<'a> {
    library: &'a Library,
    language: Language,
    out: Expanded<'a>,
    findings: Vec<Finding>,
    open: Vec<String>,
}

impl<'a> Work<'a> {
    fn put(&mut self, source: &'a str, field: String) {
        let lines = Lines::new(&field, source);
        let tags = match jinja::tags(source) {
            Ok(tags) => tags,
            Err(at) => {
                let place = lines.place(at.0, at.0 + 2);
                return self.findings.push(Finding::serious("brand.render.place_unclosed").at(place));
            }
        };
        let mut done = 0;
        for tag in tags.iter().filter(|tag| tag.kind == TagKind::Block) {
            let word = jinja::keyword(source, tag);
            let place = || lines.place(tag.span.start, tag.span.end);
            if word == "include" {
                self.copy(source, &field, done..tag.span.start);
                self.include(jinja::included(source, tag), place());
                done = tag.span.end;
            } else if REFUSED.contains(&word) {
                self.findings
                    .push(Finding::serious("brand.render.block_refused").at(place()).with("block", word));
            }
        }
        self.copy(source, &field, done..source.len());
    }

    fn copy(&mut self, source: &'a str, field: &str, range: std::ops::Range<usize>) {
        let piece =
            Piece { start: self.out.text.len(), source, field: field.to_owned(), source_start: range.start };
        self.out.pieces.push(piece);
        self.out.text.push_str(&source[range]);
    }

    fn include(&mut self, key: Option<&str>, place: Place) {
        let Some(key) = key else {
            return self.findings.push(Finding::serious("brand.render.include_not_plain").at(place));
        };
        let refuse = |code: &str| Finding::serious(code).at(place.clone()).with("key", key);
        let Some(partial) = self.library.partials.get(key) else {
            return self.findings.push(refuse("brand.render.partial_unknown"));
        };
        if self.open.iter().any(|open| open == key) {
            return self.findings.push(refuse("brand.render.partial_in_itself"));
        }
        let too_large = self.out.text.len() > EXPANDED_MAX || self.out.pieces.len() > PIECES_MAX;
        if self.open.len() >= DEPTH_MAX || too_large {
            return self.findings.push(refuse("brand.render.partials_too_deep"));
        }
        if !self.out.partials.iter().any(|seen| seen == key) {
            self.out.partials.push(key.to_owned());
        }
        self.open.push(key.to_owned());
        self.put(words(partial, self.language), format!("partial:{key}"));
        self.open.pop();
    }
}

fn words(partial: &PartialPart, language: Language) -> &str {
    partial.sources.get(language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Id, LocalText};

    fn library(parts: &[(&str, &str)]) -> Library {
        let part = |words: &str| PartialPart {
            id: Id::new(),
            version_id: Id::new(),
            active: true,
            digest: String::new(),
            sources: LocalText { zh_hans: words.into(), ..LocalText::default() },
        };
        let partials = parts.iter().map(|(key, words)| ((*key).to_owned(), part(words))).collect();
        Library { partials, ..Library::default() }
    }

    #[test]
    fn partials_are_put_in_and_places_lead_back() {
        let library = library(&[("foot", "甲\n{% include 'line' %}!"), ("line", "{{ x }}")]);
        let source = "a\n{% include \"foot\" %}z";
        let out = expand(source, &library, Language::En).expect("sound");
        assert_eq!(out.text, "a\n甲\n{{ x }}!z");
        assert_eq!(out.partials, ["foot", "line"]);
        let place = |from: usize, to: usize| {
            let place = out.place(from, to);
            (place.field, place.line, place.column, place.excerpt)
        };
        assert_eq!(place(6, 13), ("partial:line".into(), 1, 1, "{{ x }}".into()));
        assert_eq!(place(13, 14), ("partial:foot".into(), 2, 21, "!".into()));
        assert_eq!(place(14, 15), ("mjml".into(), 2, 21, "z".into()));
    }

    #[test]
    fn partials_cannot_hold_themselves_or_strangers() {
        let library = library(&[("a", "{% include 'b' %}"), ("b", "{% include 'a' %}")]);
        let codes = |source: &str| -> Vec<String> {
            expand(source, &library, Language::En).expect_err("faulty").into_iter().map(|f| f.code).collect()
        };
        assert_eq!(codes("{% include 'a' %}"), ["brand.render.partial_in_itself"]);
        assert_eq!(codes("{% include 'c' %}"), ["brand.render.partial_unknown"]);
        assert_eq!(codes("{% include c %}"), ["brand.render.include_not_plain"]);
        assert_eq!(codes("{% extends 'a' %}"), ["brand.render.block_refused"]);
        assert_eq!(codes("{{ a"), ["brand.render.place_unclosed"]);
    }
}
