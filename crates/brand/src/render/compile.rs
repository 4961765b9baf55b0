//! Compiles one variant: partials in, template places protected, MJML to HTML, places back.

use std::panic::{AssertUnwindSafe, catch_unwind};

use kernel::Language;
use mrml::prelude::parser::Error;
use mrml::prelude::render::RenderOptions;

use super::expand::{self, Expanded};
use super::jinja;
use super::markup::{self, Piece};
use super::protect::{self, Protected};
use super::{Compiled, Library, Outcome, Words, fill, grammar, structure, text};
use crate::finding::{Finding, Lines, Place};

/// A variant's source, read: what checks and the compiler look at.
#[derive(Debug, Clone)]
pub struct Source<'a> {
    /// The text with its partials.
    pub expanded: Expanded<'a>,
    /// Its tags and texts.
    pub pieces: Vec<Piece>,
}

impl Source<'_> {
    /// Returns the text of a stretch.
    pub fn text(&self, range: &std::ops::Range<usize>) -> &str {
        &self.expanded.text[range.clone()]
    }

    /// Returns where a stretch was written.
    pub fn place(&self, range: &std::ops::Range<usize>) -> Place {
        self.expanded.place(range.start, range.end)
    }
}

/// Reads the source of a variant.
pub fn read<'a>(words: &Words<'a>, library: &'a Library) -> Result<Source<'a>, Vec<Finding>> {
    for (field, text) in [("subject", words.subject), ("preheader", words.preheader), ("mjml", words.mjml)] {
        if let Some(at) = text.find([protect::OPEN, protect::CLOSE]) {
            let place = Lines::new(field, text).place(at, at + 3);
            return Err(vec![
                Finding::serious("brand.render.private_character").at(place).of(words.language),
            ]);
        }
    }
    let expanded = expand::expand(words.mjml, library, words.language).map_err(|findings| {
        findings.into_iter().map(|finding| finding.of(words.language)).collect::<Vec<_>>()
    })?;
    let pieces = markup::scan(&expanded.text, &expanded.tags);
    Ok(Source { expanded, pieces })
}

/// Compiles a variant; all its faults are found before anything is rendered.
pub fn compile(words: &Words<'_>, source: &Source<'_>, library: &Library) -> Outcome {
    let mut findings = grammar::check(&source.expanded, words.language);
    findings.extend(structure::check(source, words.language));
    findings.extend(lines_of_text(words));
    if !findings.is_empty() {
        return Outcome { compiled: None, findings };
    }
    let protected = protect::protect(&source.expanded, &source.pieces, library, words.language);
    let html = match to_html(&protected, words.language) {
        Ok(html) => html,
        Err(fault) => {
            return Outcome {
                compiled: None,
                findings: vec![explain(&fault, &protected, source, words.language)],
            };
        }
    };
    let plain = protect::disarm(&text::from_html(&html));
    let html = finish(&protect::restore(&protect::disarm(&html), &source.expanded), words);
    let compiled = Compiled {
        subject: wrap("none", words.subject),
        html: wrap("html", &html),
        text: wrap("none", &protect::restore(&plain, &source.expanded)),
    };
    let findings = grammar_faults(&compiled, source, words.language);
    if findings.is_empty() {
        Outcome { compiled: Some(compiled), findings }
    } else {
        Outcome { compiled: None, findings }
    }
}

/// Says in the template itself how it escapes, so that whoever fills it cannot forget.
fn wrap(escaping: &str, template: &str) -> String {
    format!("{{% autoescape '{escaping}' %}}{template}{{% endautoescape %}}")
}

/// What the MJML compiler said.
enum Fault {
    Refused(Error),
    Broke,
}

fn to_html(protected: &Protected, language: Language) -> Result<String, Fault> {
    // A fault of the compiler's own must not take the whole product down with it.
    let run = catch_unwind(AssertUnwindSafe(|| {
        let mut page = mrml::parse(&protected.mjml).map_err(Fault::Refused)?.element;
        page.attributes.lang.get_or_insert_with(|| language.as_str().to_owned());
        // No fonts from other sites: they would see every receiver, and some never answer.
        let options = RenderOptions { fonts: Default::default(), ..RenderOptions::default() };
        page.render(&options).map_err(|_| Fault::Broke)
    }));
    run.unwrap_or(Err(Fault::Broke))
}

fn explain(fault: &Fault, protected: &Protected, source: &Source<'_>, language: Language) -> Finding {
    let at = |code: &str, start: usize, end: usize| {
        let (start, end) = (protected.source_offset(start), protected.source_offset(end));
        Finding::serious(code).at(source.expanded.place(start, end.max(start))).of(language)
    };
    let end = protected.mjml.len();
    match fault {
        Fault::Broke => Finding::serious("brand.render.compiler_failed").of(language),
        Fault::Refused(error) => match error {
            Error::UnexpectedElement { position, .. } => {
                at("brand.render.element_misplaced", position.start, position.end)
            }
            Error::UnexpectedToken { position, .. } | Error::InvalidFormat { position, .. } => {
                at("brand.render.markup_misplaced", position.start, position.end)
            }
            Error::MissingAttribute { name, position, .. } => {
                at("brand.render.attribute_missing", position.start, position.end).with("name", name)
            }
            Error::InvalidAttribute { position, .. } => {
                at("brand.render.attribute_invalid", position.start, position.end)
            }
            Error::EndOfStream { .. } => at("brand.render.ends_early", end, end),
            Error::ParserError { source: inner, .. } => {
                let position = inner.pos();
                let offset = offset_of(&protected.mjml, position.row, position.col);
                at("brand.render.markup_broken", offset, offset + 1)
            }
            Error::NoRootNode => at("brand.render.root_missing", 0, 0),
            _ => Finding::serious("brand.render.compiler_failed").of(language),
        },
    }
}

fn offset_of(text: &str, row: u32, column: u32) -> usize {
    let row = usize::try_from(row).unwrap_or(1).saturating_sub(1);
    let column = usize::try_from(column).unwrap_or(1).saturating_sub(1);
    let start = text.split_inclusive('\n').take(row).map(str::len).sum::<usize>();
    let line = text.get(start..).unwrap_or_default();
    start + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at)
}

/// Puts in what MJML has no field for: the title, and the preheader that inboxes show.
fn finish(html: &str, words: &Words<'_>) -> String {
    let title = escaped_outside_places(words.subject);
    let html = html.replacen("<title></title>", &format!("<title>{title}</title>"), 1);
    if words.preheader.trim().is_empty() {
        return html;
    }
    let Some(body) = html.find("<body").and_then(|at| html[at..].find('>').map(|length| at + length + 1))
    else {
        return html;
    };
    let style = "display:none;font-size:1px;color:#ffffff;line-height:1px;max-height:0;max-width:0;\
                 opacity:0;overflow:hidden;mso-hide:all";
    let preheader = escaped_outside_places(words.preheader);
    format!("{}<div style=\"{style}\">{preheader}</div>{}", &html[..body], &html[body..])
}

/// Escapes what stands outside of template places; the places themselves escape when they are filled.
fn escaped_outside_places(text: &str) -> String {
    let mut out = String::new();
    let mut done = 0;
    for tag in jinja::tags(text).unwrap_or_default() {
        out.push_str(&protect::escape(&text[done..tag.span.start]));
        out.push_str(&text[tag.span.clone()]);
        done = tag.span.end;
    }
    out.push_str(&protect::escape(&text[done..]));
    out
}

/// Checks the places of subject and preheader, which hold text alone.
fn lines_of_text(words: &Words<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (field, text) in [("subject", words.subject), ("preheader", words.preheader)] {
        let lines = Lines::new(field, text);
        match jinja::tags(text) {
            Err(at) => {
                let place = lines.place(at.0, at.0 + 2);
                findings.push(Finding::serious("brand.render.place_unclosed").at(place).of(words.language));
            }
            Ok(_) => {
                let library = Library::default();
                match expand::expand(text, &library, words.language) {
                    Ok(expanded) => findings.extend(grammar::check(&expanded, words.language)),
                    Err(found) => findings.extend(found.into_iter().map(|f| f.of(words.language))),
                }
            }
        }
        for finding in findings.iter_mut().filter(|f| f.place.as_ref().is_some_and(|p| p.field == "mjml")) {
            if let Some(place) = &mut finding.place {
                place.field = field.to_owned();
            }
        }
    }
    findings
}

/// Finds what the template engine itself refuses, with the place in the source where it can be told.
fn grammar_faults(compiled: &Compiled, source: &Source<'_>, language: Language) -> Vec<Finding> {
    if let Some((finding, line)) = fill::fault(&source.expanded.text) {
        let lines: Vec<&str> = source.expanded.text.split_inclusive('\n').collect();
        let row = line.unwrap_or(1).saturating_sub(1).min(lines.len().saturating_sub(1));
        let start: usize = lines[..row].iter().map(|line| line.len()).sum();
        let end = start + lines.get(row).map_or(0, |line| line.trim_end().len());
        return vec![finding.at(source.expanded.place(start, end)).of(language)];
    }
    let subject = fill::fault(&compiled.subject)
        .map(|(finding, _)| finding.at(Lines::new("subject", "").place(0, 0)).of(language));
    let whole =
        || fill::fault(&compiled.html).or_else(|| fill::fault(&compiled.text)).map(|(f, _)| f.of(language));
    subject.or_else(whole).into_iter().collect()
}
