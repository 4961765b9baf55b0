//! Checks a whole item: pure, so that the same run on the same closure finds the same.

use kernel::{Language, LocalText, Timestamp};

use super::pack::Matcher;
use super::{PreflightVerdict, links, look, words};
use crate::brand::Brand;
use crate::check::is_address;
use crate::content::Variant;
use crate::finding::{Finding, Lines, Severity};
use crate::render::compile::{self, Source};
use crate::render::fill::{self, Absent};
use crate::render::jinja::{self, TagKind};
use crate::render::{Compiled, Library, Words, variables};

/// Widest subject that inboxes show whole; a Chinese character is two wide.
const SUBJECT_WIDTH: usize = 70;
/// How wide the value of a template place is taken to be in a subject.
const NAME_WIDTH: usize = 6;
/// How long a run holds: words of the law and rights of pictures change meanwhile.
pub const FRESH_DAYS: i64 = 30;

/// What a pre-flight looks at.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    /// The brand.
    pub brand: &'a Brand,
    /// Languages that the item is meant to have.
    pub languages: &'a [Language],
    /// Its variants, with the sender filled in.
    pub variants: &'a [Variant],
    /// What it may name.
    pub library: &'a Library,
    /// When it is looked at.
    pub now: Timestamp,
}

/// What a pre-flight of one variant gave.
#[derive(Debug)]
pub struct VariantCheck {
    /// The templates, where the source is sound.
    pub compiled: Option<Compiled>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// Where its links lead to other sites.
    pub outside_links: Vec<(String, Finding)>,
}

/// Checks all variants; gravest findings first.
pub fn check(item: &Item<'_>, matcher: &Matcher) -> (Vec<Finding>, Vec<(String, Finding)>) {
    let mut findings = Vec::new();
    let mut outside = Vec::new();
    for language in item.languages {
        if item.variants.iter().all(|variant| variant.language != *language) {
            findings.push(Finding::serious("brand.preflight.variant_missing").of(*language));
        }
    }
    for variant in item.variants {
        if !item.languages.contains(&variant.language) {
            findings.push(Finding::warning("brand.preflight.variant_unplanned").of(variant.language));
        }
        let checked = check_variant(item, variant, matcher);
        findings.extend(checked.findings);
        outside.extend(checked.outside_links);
    }
    sort(&mut findings);
    (findings, outside)
}

/// Puts the gravest findings first.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| {
        let line = finding.place.as_ref().map_or((0, 0), |place| (place.line, place.column));
        (finding.severity, finding.language, line)
    });
}

/// Checks one variant.
pub fn check_variant(item: &Item<'_>, variant: &Variant, matcher: &Matcher) -> VariantCheck {
    let language = variant.language;
    let words =
        Words { language, subject: &variant.subject, preheader: &variant.preheader, mjml: &variant.mjml };
    let mut findings = lines(variant);
    findings.extend(sender(variant, item.brand));
    let source = match compile::read(&words, item.library) {
        Ok(source) => source,
        Err(faults) => {
            findings.extend(faults);
            findings.extend(words::check(variant, None, matcher));
            return VariantCheck { compiled: None, findings, outside_links: Vec::new() };
        }
    };
    let outcome = compile::compile(&words, &source, item.library);
    findings.extend(outcome.findings);
    findings.extend(names(variant, &source));
    findings.extend(archived_partials(&source, item.library, language));
    findings.extend(links::check(&source, &item.brand.link_domains, language));
    findings.extend(look::check(&source, item.library, language, item.now));
    findings.extend(words::check(variant, Some(&source), matcher));
    if let Some(compiled) = &outcome.compiled {
        findings.extend(look::size(&compiled.html, language));
        findings.extend(filled(compiled, &item.brand.names, language, &findings));
    }
    let outside_links = outside(&source, language);
    VariantCheck { compiled: outcome.compiled, findings, outside_links }
}

fn lines(variant: &Variant) -> Vec<Finding> {
    let mut findings = Vec::new();
    let subject = Lines::new("subject", &variant.subject);
    if variant.subject.trim().is_empty() {
        findings.push(Finding::serious("brand.preflight.subject_empty").at(subject.place(0, 0)));
    }
    let width = width(&variant.subject);
    if width > SUBJECT_WIDTH {
        let finding =
            Finding::warning("brand.preflight.subject_long").at(subject.place(0, variant.subject.len()));
        findings.push(finding.with("width", width).with("max", SUBJECT_WIDTH));
    }
    if variant.preheader.trim().is_empty() {
        let place = Lines::new("preheader", "").place(0, 0);
        findings.push(Finding::info("brand.preflight.preheader_empty").at(place));
    }
    if variant.mjml.trim().is_empty() {
        let place = Lines::new("mjml", "").place(0, 0);
        findings.push(Finding::serious("brand.preflight.body_empty").at(place));
    }
    findings.into_iter().map(|finding| finding.of(variant.language)).collect()
}

/// Returns how wide a subject is shown; a template place counts as a short name.
fn width(subject: &str) -> usize {
    let wide = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let (mut sum, mut done) = (0, 0);
    for tag in jinja::tags(subject).unwrap_or_default() {
        sum += wide(&subject[done..tag.span.start]);
        sum += if tag.kind == TagKind::Expression { NAME_WIDTH } else { 0 };
        done = tag.span.end;
    }
    sum + wide(&subject[done..])
}

fn sender(variant: &Variant, brand: &Brand) -> Vec<Finding> {
    let mut findings = Vec::new();
    if variant.sender_name.trim().is_empty() {
        let place = Lines::new("sender_name", "").place(0, 0);
        findings.push(Finding::serious("brand.preflight.sender_name_empty").at(place));
    }
    let address = Lines::new("sender_address", &variant.sender_address);
    let whole = || address.place(0, variant.sender_address.len());
    let domain = |text: &str| text.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    if !is_address(&variant.sender_address) {
        findings.push(Finding::serious("brand.preflight.sender_address_invalid").at(whole()));
    } else if domain(&variant.sender_address) != domain(&brand.sender_address) {
        let finding = Finding::serious("brand.preflight.sender_domain").at(whole());
        findings.push(finding.with("domain", domain(&brand.sender_address)));
    }
    findings.into_iter().map(|finding| finding.of(variant.language)).collect()
}

/// Finds names that no receiver has, each where it is written first.
fn names(variant: &Variant, source: &Source<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (field, text) in [("subject", &variant.subject), ("preheader", &variant.preheader)] {
        for name in fill::names(text).unwrap_or_default() {
            let place =
                find_name(text, &name).map(|range| Lines::new(field, text).place(range.start, range.end));
            findings.extend(unknown(&name).map(|finding| Finding { place, ..finding }));
        }
    }
    for name in fill::names(&source.expanded.text).unwrap_or_default() {
        let place = find_name(&source.expanded.text, &name).map(|range| source.place(&range));
        findings.extend(unknown(&name).map(|finding| Finding { place, ..finding }));
    }
    findings.into_iter().map(|finding| finding.of(variant.language)).collect()
}

fn unknown(name: &str) -> Option<Finding> {
    if variables::is_known(name) || name == "loop" {
        return None;
    }
    let finding = match variables::nearest(name) {
        Some(near) => Finding::serious("brand.preflight.variable_misspelt").with("near", near),
        None => Finding::serious("brand.preflight.variable_unknown"),
    };
    Some(finding.with("name", name))
}

/// Finds a name inside template places, whole.
fn find_name(text: &str, name: &str) -> Option<std::ops::Range<usize>> {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let tags = jinja::tags(text).ok()?;
    tags.iter().find_map(|tag| {
        let inner = &text[tag.inner.clone()];
        let found = inner.match_indices(name).find(|(at, _)| {
            !part(inner[..*at].chars().next_back()) && !part(inner[at + name.len()..].chars().next())
        });
        found.map(|(at, _)| tag.inner.start + at..tag.inner.start + at + name.len())
    })
}

fn archived_partials(source: &Source<'_>, library: &Library, language: Language) -> Vec<Finding> {
    let archived = |key: &&String| library.partials.get(*key).is_some_and(|partial| !partial.active);
    let finding =
        |key: &String| Finding::warning("brand.preflight.partial_archived").with("key", key).of(language);
    source.expanded.partials.iter().filter(archived).map(finding).collect()
}

/// Fills the templates for every sample receiver: what breaks for one of them breaks for many.
fn filled(compiled: &Compiled, brand: &LocalText, language: Language, known: &[Finding]) -> Vec<Finding> {
    let unknown_names = known.iter().any(|f| f.code.starts_with("brand.preflight.variable"));
    let subject_empty = known.iter().any(|f| f.code == "brand.preflight.subject_empty");
    let absent = if unknown_names { Absent::Empty } else { Absent::Refused };
    let mut findings: Vec<Finding> = Vec::new();
    for persona in variables::personas() {
        let values = variables::values(&persona, language, brand);
        let mut add = |finding: Finding| {
            let finding = finding.with("persona", &persona.title).of(language);
            if findings.iter().all(|seen| seen.code != finding.code) {
                findings.push(finding);
            }
        };
        for template in [&compiled.subject, &compiled.text] {
            if let Err(fault) = fill::fill(template, &values, absent) {
                add(fault);
            }
        }
        match fill::fill(&compiled.html, &values, absent) {
            Err(fault) => add(fault),
            // A condition around the link can hide it from some receivers.
            Ok(html) if !leads_away(&html) && links_away(compiled) => {
                add(Finding::serious("brand.preflight.unsubscribe_hidden"));
            }
            Ok(_) => {}
        }
        match fill::fill(&compiled.subject, &values, absent) {
            Ok(subject) if subject.trim().is_empty() && !subject_empty => {
                add(Finding::serious("brand.preflight.subject_blank"))
            }
            _ => {}
        }
    }
    findings
}

fn links_away(compiled: &Compiled) -> bool {
    compiled.html.contains(variables::UNSUBSCRIBE)
}

fn leads_away(html: &str) -> bool {
    let page = scraper::Html::parse_document(html);
    let links = scraper::Selector::parse("a[href]").expect("the selector is sound");
    page.select(&links).any(|link| link.attr("href").is_some_and(|href| href.contains("preview.invalid/u/")))
}

/// Returns the links to other sites whose whole address is written, for the live check.
fn outside(source: &Source<'_>, language: Language) -> Vec<(String, Finding)> {
    let links = links::links(source);
    let live = links.iter().filter(|link| {
        let target = link.target.trim();
        let written = jinja::tags(target).is_ok_and(|tags| tags.is_empty());
        written && (target.starts_with("https://") || target.starts_with("http://"))
    });
    live.map(|link| {
        let finding = Finding::serious("brand.preflight.link_dead").at(source.place(&link.range));
        (link.target.trim().to_owned(), finding.with("target", link.target).of(language))
    })
    .collect()
}

/// Returns true for an address whose name is reserved for examples and tests.
pub fn is_reserved(target: &str) -> bool {
    let host = links::host(target).unwrap_or_default().to_ascii_lowercase();
    let last = host.rsplit('.').next().unwrap_or_default();
    matches!(last, "example" | "invalid" | "test" | "localhost")
}

/// Returns where the links of a source lead, in their order.
pub fn links_of(source: &Source<'_>) -> Vec<String> {
    links::links(source).iter().map(|link| link.target.to_owned()).collect()
}

/// Returns what the findings come to.
pub fn verdict(findings: &[Finding]) -> PreflightVerdict {
    match findings.iter().map(|finding| finding.severity).min() {
        Some(Severity::Serious) => PreflightVerdict::Blocked,
        Some(Severity::Warning) => PreflightVerdict::Warned,
        Some(Severity::Info) | None => PreflightVerdict::Passed,
    }
}

/// Returns true where a run may still be relied on.
pub fn is_fresh(run_at: Timestamp, pack_date: &str, current_pack_date: &str, now: Timestamp) -> bool {
    run_at.plus_days(FRESH_DAYS) >= now && pack_date == current_pack_date
}

/// Counts the findings of one severity.
pub fn count(findings: &[Finding], severity: Severity) -> i64 {
    let count = findings.iter().filter(|finding| finding.severity == severity).count();
    i64::try_from(count).unwrap_or(i64::MAX)
}
