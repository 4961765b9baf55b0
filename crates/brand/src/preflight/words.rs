//! Compares every field of a variant with the word pack.

use kernel::Language;

use super::pack::{Hit, Matcher};
use super::stream::Stream;
use crate::content::Variant;
use crate::finding::{Finding, Lines, Place};
use crate::render::compile::Source;

/// Code of every finding of a term; its count stands in the run.
pub const TERM: &str = "brand.preflight.ad_term";

/// Returns the terms in a variant.
pub fn check(variant: &Variant, source: Option<&Source<'_>>, matcher: &Matcher) -> Vec<Finding> {
    let mut findings = Vec::new();
    let fields = [
        ("subject", &variant.subject),
        ("preheader", &variant.preheader),
        ("sender_name", &variant.sender_name),
    ];
    for (field, text) in fields {
        let lines = Lines::new(field, text);
        for hit in matcher.find(&Stream::of_line(text, |c| matcher.simplify(c))) {
            let place = lines.place(hit.source.start, hit.source.end);
            findings.push(finding(&hit, place, matcher, variant.language));
        }
    }
    if let Some(source) = source {
        for hit in matcher.find(&Stream::of_mail(source, |c| matcher.simplify(c))) {
            let place = source.place(&hit.source);
            findings.push(finding(&hit, place, matcher, variant.language));
        }
    }
    findings
}

fn finding(hit: &Hit<'_>, place: Place, matcher: &Matcher, language: Language) -> Finding {
    Finding::new(hit.entry.severity.finding(), TERM)
        .with("term", &place.excerpt)
        .with("rule", &hit.entry.id)
        .with("law", matcher.pack.laws.get(&hit.entry.law))
        .with("why", &hit.entry.why)
        .with("suggestion", &hit.entry.suggestion)
        .at(place)
        .of(language)
}
