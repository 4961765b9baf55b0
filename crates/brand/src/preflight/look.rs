//! Pictures, fonts and size: what receivers see or do not see.

use kernel::{Language, Timestamp};

use super::links::sets_defaults;
use crate::asset::rules::rights_expired;
use crate::finding::Finding;
use crate::render::Library;
use crate::render::compile::Source;
use crate::render::markup::{Attribute, Element, Piece};

/// Attributes that show a picture.
const PICTURES: [&str; 4] = ["src", "background-url", "background", "thumbnails-src"];
/// Elements that are pictures.
const PICTURE_ELEMENTS: [&str; 3] = ["mj-image", "img", "mj-carousel-image"];
/// Heavier pictures load slowly on a phone.
const PICTURE_BYTES: i64 = 500_000;
/// Gmail cuts longer mails off.
const HTML_BYTES: usize = 102_000;

/// Checks pictures and fonts of a variant.
pub fn check(source: &Source<'_>, library: &Library, language: Language, now: Timestamp) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut defaults = false;
    for piece in &source.pieces {
        match piece {
            Piece::Element(element) => {
                defaults = sets_defaults(element, defaults);
                if element.closes || defaults {
                    continue;
                }
                findings.extend(picture(source, element, library, language, now));
            }
            Piece::Text(range) => {
                if let Some(at) = outside_style(source.text(range)) {
                    let range = range.start + at..range.start + at + 4;
                    let finding = Finding::serious("brand.preflight.picture_not_in_library");
                    findings.push(finding.at(source.place(&range)).with("target", "url(…)"));
                }
            }
            _ => {}
        }
    }
    findings.into_iter().map(|finding| finding.of(language)).collect()
}

/// Finds a style that loads something from elsewhere.
fn outside_style(text: &str) -> Option<usize> {
    let small = text.to_ascii_lowercase();
    small.find("url(").or_else(|| small.find("@import"))
}

fn picture(
    source: &Source<'_>,
    element: &Element,
    library: &Library,
    language: Language,
    now: Timestamp,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let name = element.name.as_str();
    for attribute in element.attributes.iter().filter(|a| PICTURES.contains(&a.name.as_str())) {
        findings.extend(shown(source, attribute, library, now));
    }
    for attribute in element.attributes.iter().filter(|a| a.name == "style") {
        if outside_style(source.text(&attribute.value)).is_some() {
            let finding = Finding::serious("brand.preflight.picture_not_in_library");
            findings.push(finding.at(source.place(&attribute.value)).with("target", "url(…)"));
        }
    }
    let picture = PICTURE_ELEMENTS.contains(&name);
    if picture && element.attribute("src").is_none()
        || name == "mj-social-element" && element.attribute("src").is_none()
    {
        findings.push(Finding::serious("brand.preflight.picture_missing").at(source.place(&element.span)));
    }
    if picture && !has_words(source, element, library, language) {
        findings.push(Finding::warning("brand.preflight.alt_missing").at(source.place(&element.span)));
    }
    if name == "mj-font" {
        findings.push(Finding::warning("brand.preflight.font_from_outside").at(source.place(&element.span)));
    }
    findings
}

/// A picture says `alt` itself (empty: it is mere decoration), or its asset has words in this language.
fn has_words(source: &Source<'_>, element: &Element, library: &Library, language: Language) -> bool {
    if element.attribute("alt").is_some() {
        return true;
    }
    let asset = element
        .attribute("src")
        .and_then(|src| library.assets.get(source.text(&src.value).trim().strip_prefix("asset:")?));
    asset.is_some_and(|asset| {
        let own = match language {
            Language::ZhHans => &asset.alt_texts.zh_hans,
            Language::ZhHant => &asset.alt_texts.zh_hant,
            Language::En => &asset.alt_texts.en,
        };
        !own.trim().is_empty()
    })
}

fn shown(source: &Source<'_>, attribute: &Attribute, library: &Library, now: Timestamp) -> Vec<Finding> {
    let target = source.text(&attribute.value).trim();
    let at = |finding: Finding| finding.at(source.place(&attribute.value)).with("target", target);
    if target.is_empty() {
        return vec![at(Finding::serious("brand.preflight.picture_missing"))];
    }
    // Bytes that lie elsewhere can change after the approval; only those of the library are bound by it.
    let Some(key) = target.strip_prefix("asset:") else {
        return vec![at(Finding::serious("brand.preflight.picture_not_in_library"))];
    };
    let Some(asset) = library.assets.get(key) else {
        return vec![at(Finding::serious("brand.preflight.picture_unknown"))];
    };
    let mut findings = Vec::new();
    if rights_expired(asset.rights_until, now) {
        findings.push(at(Finding::serious("brand.preflight.picture_rights_expired")));
    }
    if !asset.active {
        findings.push(at(Finding::warning("brand.preflight.picture_archived")));
    }
    if asset.byte_size > PICTURE_BYTES {
        let finding =
            Finding::warning("brand.preflight.picture_heavy").with("kilobytes", asset.byte_size / 1_000);
        findings.push(at(finding.with("max", PICTURE_BYTES / 1_000)));
    }
    findings
}

/// Checks the size of the compiled page.
pub fn size(html: &str, language: Language) -> Option<Finding> {
    (html.len() > HTML_BYTES).then(|| {
        Finding::warning("brand.preflight.page_long")
            .with("kilobytes", html.len() / 1_000)
            .with("max", HTML_BYTES / 1_000)
            .of(language)
    })
}
