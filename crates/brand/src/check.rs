//! Bounds of input that several nouns share; every fault names its field.

use kernel::{LocalText, Problem, Result};

/// Longest title or name, in characters.
pub const TITLE_MAX: usize = 120;
/// Longest remark or reason, in characters.
pub const REMARK_MAX: usize = 2_000;
/// Longest key, in bytes.
const KEY_MAX: usize = 64;

/// Returns what sorts behind every id, for the first page of a list that begins with the newest.
pub fn behind_every_id() -> String {
    // Ids begin with a hexadecimal digit, and every collation puts those before this letter.
    "g".to_owned()
}

/// Collects the faults of one input.
#[derive(Debug, Default)]
pub struct Faults(Vec<(String, &'static str)>);

impl Faults {
    /// Adds a fault unless `holds`.
    pub fn unless(&mut self, holds: bool, field: impl Into<String>, code: &'static str) -> &mut Self {
        if !holds {
            self.0.push((field.into(), code));
        }
        self
    }

    /// Asks for text of 1 to `max` characters on one line.
    pub fn line(&mut self, text: &str, max: usize, field: &str) -> &mut Self {
        let one_line = !text.chars().any(char::is_control);
        self.unless(!text.trim().is_empty(), field, "brand.input.empty")
            .unless(text.chars().count() <= max, field, "brand.input.too_long")
            .unless(one_line, field, "brand.input.control_character")
    }

    /// Asks for at most `max` characters.
    pub fn remark(&mut self, text: &str, max: usize, field: &str) -> &mut Self {
        self.unless(text.chars().count() <= max, field, "brand.input.too_long")
    }

    /// Asks for a key such as `winter-hotpot`.
    pub fn key(&mut self, key: &str, field: &str) -> &mut Self {
        self.unless(is_key(key), field, "brand.input.key_invalid")
    }

    /// Asks for text in at least one language, each of at most `max` characters.
    pub fn texts(&mut self, text: &LocalText, max: usize, field: &str) -> &mut Self {
        let all = [&text.zh_hans, &text.zh_hant, &text.en];
        self.unless(all.iter().any(|t| !t.trim().is_empty()), field, "brand.input.empty")
            .texts_or_none(text, max, field)
    }

    /// Asks for at most `max` characters in each language.
    pub fn texts_or_none(&mut self, text: &LocalText, max: usize, field: &str) -> &mut Self {
        let all = [&text.zh_hans, &text.zh_hant, &text.en];
        self.unless(all.iter().all(|t| t.chars().count() <= max), field, "brand.input.too_long").unless(
            all.iter().all(|t| !t.chars().any(char::is_control)),
            field,
            "brand.input.control_character",
        )
    }

    /// Asks for an e-mail address.
    pub fn address(&mut self, address: &str, field: &str) -> &mut Self {
        self.unless(is_address(address), field, "brand.input.address_invalid")
    }

    /// Refuses with all faults together.
    pub fn end(&mut self) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let problem = Problem::unprocessable("brand.input.invalid");
        Err(self.0.drain(..).fold(problem, |problem, (field, code)| problem.with_field(field, code)))
    }
}

/// Returns true for lower-case words joined by hyphens, such as `winter-hotpot`.
pub fn is_key(text: &str) -> bool {
    let ends = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    text.len() <= KEY_MAX
        && ends(text.as_bytes().first())
        && ends(text.as_bytes().last())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Returns true for what mail servers take as an address: one `@`, a sound domain, no blanks or brackets.
pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let local_fits = (1..=64).contains(&local.len())
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b))
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    local_fits && is_domain(domain)
}

/// Returns true for a host name with at least one dot.
pub fn is_domain(text: &str) -> bool {
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_addresses_and_domains() {
        assert!(is_key("winter-hotpot") && is_key("a") && is_key("2026"));
        assert!(!is_key("") && !is_key("-a") && !is_key("a-") && !is_key("A") && !is_key("锅"));
        assert!(is_address("hello@mail.example.com") && is_address("a.b+c@x.invalid"));
        for wrong in
            ["a", "a@b", "a b@c.de", "@c.de", "a@c..de", "a@-c.de", "a..b@c.de", "<a@c.de>", "a@b@c.de"]
        {
            assert!(!is_address(wrong), "{wrong}");
        }
    }

    #[test]
    fn all_faults_are_named_at_once() {
        let refused =
            Faults::default().line("", 10, "title").key("A B", "key").end().expect_err("two faults");
        assert_eq!(refused.fields.len(), 2);
        assert_eq!((refused.fields[1].field.as_str(), refused.status), ("key", 422));
    }
}
