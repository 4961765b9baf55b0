//! Whether tags close, are known, and stand not too deep: asked before the compiler reads them.

use kernel::Language;

use super::compile::Source;
use super::markup::{self, Element, Piece};
use crate::finding::Finding;

/// How deep elements may stand inside each other; the compiler goes down one call for each.
const DEPTH_MAX: usize = 64;

/// Elements of MJML; `mj-include` is not among them: parts come from the library alone.
const KNOWN: [&str; 34] = [
    "mj-accordion",
    "mj-accordion-element",
    "mj-accordion-text",
    "mj-accordion-title",
    "mj-all",
    "mj-attributes",
    "mj-body",
    "mj-breakpoint",
    "mj-button",
    "mj-carousel",
    "mj-carousel-image",
    "mj-class",
    "mj-column",
    "mj-divider",
    "mj-font",
    "mj-group",
    "mj-head",
    "mj-hero",
    "mj-html-attributes",
    "mj-image",
    "mj-navbar",
    "mj-navbar-link",
    "mj-preview",
    "mj-raw",
    "mj-section",
    "mj-social",
    "mj-social-element",
    "mj-spacer",
    "mj-style",
    "mj-table",
    "mj-text",
    "mj-title",
    "mj-wrapper",
    "mjml",
];

/// Elements that run something or take something in; mail programs drop them, browsers do not.
const ACTIVE: [&str; 12] = [
    "script", "iframe", "object", "embed", "form", "input", "button", "select", "textarea", "link", "base",
    "meta",
];

/// Returns the first fault of nesting, and every element and attribute that mails must not have.
pub fn check(source: &Source<'_>, language: Language) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut open: Vec<&Element> = Vec::new();
    let mut nesting = None;
    for piece in &source.pieces {
        let element = match piece {
            Piece::Element(element) => element,
            Piece::Text(range) => {
                let inside = open.last().is_some_and(|element| markup::is_raw(&element.name));
                if inside && source.text(range).contains('<') {
                    let finding = Finding::serious("brand.render.markup_broken");
                    findings.push(finding.at(source.place(range)).of(language));
                }
                continue;
            }
            _ => continue,
        };
        findings.extend(forbidden(source, element, language));
        if nesting.is_none() {
            nesting = nest(source, &mut open, element);
        }
    }
    let unclosed = || {
        let element = open.last()?;
        let finding = Finding::serious("brand.render.element_unclosed").at(source.place(&element.span));
        Some(finding.with("element", &element.name))
    };
    findings.extend(nesting.or_else(unclosed).map(|finding| finding.of(language)));
    findings
}

fn nest<'a>(source: &Source<'_>, open: &mut Vec<&'a Element>, element: &'a Element) -> Option<Finding> {
    let fault = |code: &str, element: &Element| {
        Some(Finding::serious(code).at(source.place(&element.span)).with("element", &element.name))
    };
    if element.empty || markup::is_void(&element.name) {
        return None;
    }
    if !element.closes {
        open.push(element);
        if open.len() > DEPTH_MAX {
            return fault("brand.render.too_deep", element).map(|finding| finding.with("max", DEPTH_MAX));
        }
        return None;
    }
    match open.last() {
        Some(last) if last.name == element.name => {
            open.pop();
            None
        }
        Some(last) if open.iter().any(|other| other.name == element.name) => {
            fault("brand.render.element_unclosed", last)
        }
        _ => fault("brand.render.element_unopened", element),
    }
}

fn forbidden(source: &Source<'_>, element: &Element, language: Language) -> Vec<Finding> {
    if element.closes {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let name = element.name.as_str();
    let mut add = |code: &str, range: &std::ops::Range<usize>, what: &str| {
        let finding = Finding::serious(code).at(source.place(range)).of(language);
        findings.push(finding.with("element", what));
    };
    if name.starts_with("mj") && !KNOWN.contains(&name) {
        add("brand.render.element_unknown", &element.span, name);
    }
    if ACTIVE.contains(&name) {
        add("brand.render.active_element", &element.span, name);
    }
    for attribute in element.attributes.iter().filter(|a| a.name.starts_with("on")) {
        add("brand.render.active_element", &element.span, &attribute.name);
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Library, Words, compile};

    fn codes(mjml: &str) -> Vec<String> {
        let words = Words { language: Language::En, subject: "s", preheader: "", mjml };
        let library = Library::default();
        let source = compile::read(&words, &library).expect("reads");
        check(&source, Language::En).into_iter().map(|f| f.code).collect()
    }

    #[test]
    fn tags_must_close_in_their_order() {
        assert_eq!(codes("<mjml><mj-body></mj-body></mjml>"), [""; 0]);
        assert_eq!(codes("<mj-text>a<br>b<img src='x'>{{ c }}</mj-text>"), [""; 0]);
        assert_eq!(codes("<mjml><mj-body></mjml>"), ["brand.render.element_unclosed"]);
        assert_eq!(codes("<mj-text></p></mj-text>"), ["brand.render.element_unopened"]);
        assert_eq!(codes("<mj-text>"), ["brand.render.element_unclosed"]);
        assert_eq!(codes(&"<div>".repeat(100_000)), ["brand.render.too_deep"]);
    }

    #[test]
    fn what_runs_or_is_unknown_is_refused() {
        assert_eq!(codes("<mj-buton></mj-buton>"), ["brand.render.element_unknown"]);
        assert_eq!(codes("<mj-include path='/etc/passwd' />"), ["brand.render.element_unknown"]);
        assert_eq!(codes("<a onclick='x()'>y</a>"), ["brand.render.active_element"]);
        let deep = format!("<script>{}</script>", "<div>".repeat(100_000));
        assert_eq!(codes(&deep), ["brand.render.active_element", "brand.render.markup_broken"]);
    }
}
