//! What content must look like, and whose work it is.

use kernel::{Id, Language, Result};

use super::Variant;
use crate::check::{Faults, TITLE_MAX};
use crate::digest::sha256_hex;

/// Longest subject and preheader, in characters.
const LINE_MAX: usize = 200;
/// Longest MJML of a variant, in characters.
const MJML_MAX: usize = 100_000;

/// Refuses a title or languages that are out of bounds.
pub fn check_item(title: &str, languages: &[Language]) -> Result<()> {
    Faults::default()
        .line(title, TITLE_MAX, "title")
        .unless(!languages.is_empty(), "languages", "brand.input.empty")
        .unless(!repeats(languages), "languages", "brand.input.repeated")
        .end()
}

/// Refuses variants that are out of bounds. Drafts may be unfinished: what is missing, the pre-flight says.
pub fn check_variants(variants: &[Variant]) -> Result<()> {
    let mut faults = Faults::default();
    let languages: Vec<Language> = variants.iter().map(|variant| variant.language).collect();
    faults.unless(!variants.is_empty(), "variants", "brand.input.empty").unless(
        !repeats(&languages),
        "variants",
        "brand.input.repeated",
    );
    for (place, variant) in variants.iter().enumerate() {
        let field = |name: &str| format!("variants.{place}.{name}");
        let lines = [
            ("subject", &variant.subject, LINE_MAX),
            ("preheader", &variant.preheader, LINE_MAX),
            ("sender_name", &variant.sender_name, TITLE_MAX),
            ("sender_address", &variant.sender_address, 254),
        ];
        for (name, text, max) in lines {
            // A line break in a header would let a template write further headers.
            faults
                .unless(!text.chars().any(char::is_control), field(name), "brand.input.control_character")
                .unless(text.chars().count() <= max, field(name), "brand.input.too_long");
        }
        let mjml_fits = variant.mjml.chars().count() <= MJML_MAX;
        let sound = !variant.mjml.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
        faults.unless(mjml_fits, field("mjml"), "brand.input.too_long").unless(
            sound,
            field("mjml"),
            "brand.input.control_character",
        );
    }
    faults.end()
}

fn repeats(languages: &[Language]) -> bool {
    languages.iter().enumerate().any(|(place, language)| languages[..place].contains(language))
}

/// Returns the name of exactly these words.
pub fn digest(variants: &[Variant]) -> String {
    sha256_hex(&serde_json::to_vec(variants).expect("variants are plain data"))
}

/// Puts the variants in the order of the languages, so that order alone is no change.
pub fn in_order(mut variants: Vec<Variant>) -> Vec<Variant> {
    variants.sort_by_key(|variant| variant.language);
    variants
}

/// Returns true where this user wrote something that is up for review.
///
/// Clause: BA-2.2.2
pub fn is_author(authors: &[Option<Id>], user: Id) -> bool {
    authors.contains(&Some(user))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variant(language: Language) -> Variant {
        Variant {
            language,
            subject: "s".into(),
            preheader: String::new(),
            sender_name: String::new(),
            sender_address: String::new(),
            mjml: String::new(),
        }
    }

    #[test]
    fn unfinished_drafts_are_kept_but_bounds_hold() {
        assert!(check_variants(&[variant(Language::ZhHans)]).is_ok());
        assert!(check_variants(&[]).is_err());
        assert!(check_variants(&[variant(Language::En), variant(Language::En)]).is_err());
        let injected = Variant { subject: "a\r\nBcc: x@y.invalid".into(), ..variant(Language::En) };
        let refused = check_variants(&[injected]).expect_err("a line break");
        assert_eq!(refused.fields[0].field, "variants.0.subject");
    }

    #[test]
    fn the_order_of_variants_is_no_change() {
        let one = in_order(vec![variant(Language::En), variant(Language::ZhHans)]);
        let two = in_order(vec![variant(Language::ZhHans), variant(Language::En)]);
        assert_eq!(digest(&one), digest(&two));
        assert_ne!(digest(&one), digest(&one[..1]));
    }
}
