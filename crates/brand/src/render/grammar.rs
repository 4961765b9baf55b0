//! What of Jinja mails may use: values, a few filters, conditions and loops.
//!
//! Nothing that reaches for other templates, switches escaping off, or makes text grow without end:
//! the templates are written by staff, but filled once for every receiver.

use kernel::Language;

use super::expand::Expanded;
use super::jinja::{self, Tag, TagKind};
use crate::finding::Finding;

/// Blocks that mails may use; `include` is resolved before.
const BLOCKS: [&str; 7] = ["if", "elif", "else", "endif", "for", "endfor", "include"];
/// Filters that mails may use.
pub const FILTERS: [&str; 15] = [
    "capitalize",
    "d",
    "default",
    "e",
    "escape",
    "first",
    "int",
    "join",
    "last",
    "length",
    "lower",
    "replace",
    "title",
    "trim",
    "upper",
];
/// How deep loops may stand inside each other.
const LOOPS_MAX: usize = 2;

/// Returns every use that mails may not make, and blocks that do not close.
pub fn check(source: &Expanded<'_>, language: Language) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut open: Vec<(&str, &Tag)> = Vec::new();
    for tag in &source.tags {
        let at =
            |code: &str| Finding::serious(code).at(source.place(tag.span.start, tag.span.end)).of(language);
        if tag.kind == TagKind::Block {
            let word = jinja::keyword(&source.text, tag);
            if !BLOCKS.contains(&word) {
                findings.push(at("brand.render.block_refused").with("block", word));
                continue;
            }
            if !follows(word, &mut open, tag) {
                findings.push(at("brand.render.block_unopened").with("block", word));
            }
            if open.iter().filter(|(word, _)| *word == "for").count() > LOOPS_MAX {
                findings.push(at("brand.render.loops_too_deep").with("max", LOOPS_MAX));
            }
        }
        if tag.kind != TagKind::Comment {
            findings.extend(filters(source, tag, language));
        }
    }
    findings.extend(open.into_iter().map(|(word, tag)| {
        let place = source.place(tag.span.start, tag.span.end);
        Finding::serious("brand.render.block_unclosed").at(place).of(language).with("block", word)
    }));
    findings
}

/// Keeps the open blocks; returns false for one that ends or continues what is not open.
fn follows<'a>(word: &'a str, open: &mut Vec<(&'a str, &'a Tag)>, tag: &'a Tag) -> bool {
    let inside = open.last().map(|(word, _)| *word);
    match word {
        "if" | "for" => {
            open.push((word, tag));
            true
        }
        "elif" => inside == Some("if"),
        "else" => inside.is_some(),
        "endif" | "endfor" => {
            let closes = inside == Some(&word[3..]);
            if closes {
                open.pop();
            }
            closes
        }
        _ => true,
    }
}

fn filters(source: &Expanded<'_>, tag: &Tag, language: Language) -> Vec<Finding> {
    let mut findings = Vec::new();
    for part in jinja::unquoted(&source.text, tag.inner.clone()) {
        let text = &source.text[part.clone()];
        for (at, _) in text.match_indices('|') {
            let after = text[at + 1..].trim_start();
            let start = part.start + at + 1 + (text[at + 1..].len() - after.len());
            let name =
                &after[..after.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(after.len())];
            if !FILTERS.contains(&name) {
                let code =
                    if name == "safe" { "brand.render.escaping_off" } else { "brand.render.filter_unknown" };
                let place = source.place(start, start + name.len());
                findings.push(Finding::serious(code).at(place).of(language).with("filter", name));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Library, expand};

    fn codes(text: &str) -> Vec<String> {
        let library = Library::default();
        let source = expand::expand(text, &library, Language::En).expect("expands");
        check(&source, Language::En).into_iter().map(|f| f.code).collect()
    }

    #[test]
    fn values_filters_conditions_and_loops_are_fine() {
        let none: [&str; 0] = [];
        assert_eq!(
            codes("{{ a | default('x | safe') | upper }}{% if a %}1{% elif b %}2{% else %}3{% endif %}"),
            none
        );
        assert_eq!(codes("{% for a in b %}{{ loop.index }}{% else %}none{% endfor %}"), none);
    }

    #[test]
    fn the_rest_of_jinja_is_refused_with_its_name() {
        assert_eq!(codes("{{ a|safe }}"), ["brand.render.escaping_off"]);
        assert_eq!(codes("{{ a|tojson }}"), ["brand.render.filter_unknown"]);
        assert_eq!(codes("{% set a = 1 %}"), ["brand.render.block_refused"]);
        assert_eq!(codes("{% autoescape false %}{% endautoescape %}").len(), 2);
        assert_eq!(codes("{% raw %}"), ["brand.render.block_refused"]);
    }

    #[test]
    fn blocks_must_close_in_their_order() {
        assert_eq!(codes("{% if a %}"), ["brand.render.block_unclosed"]);
        assert_eq!(codes("{% endfor %}"), ["brand.render.block_unopened"]);
        let crossed = codes("{% if a %}{% for b in c %}{% endif %}{% endfor %}");
        assert_eq!(crossed, ["brand.render.block_unopened", "brand.render.block_unclosed"]);
        assert_eq!(codes(&"{% for a in b %}".repeat(3))[0], "brand.render.loops_too_deep");
    }
}
