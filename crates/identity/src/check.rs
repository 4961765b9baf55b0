//! Bounds of what users type in, shared by all nouns here.

use std::collections::BTreeMap;

use kernel::{FieldProblem, LocalText, Problem, Result};

/// Longest name of a person, role, department or device.
pub const NAME_MAX: usize = 80;
/// Longest reason or note.
pub const REASON_MAX: usize = 500;
/// Longest e-mail address (RFC 5321, section 4.5.3.1.3).
pub const EMAIL_MAX: usize = 254;

/// Collects the fields at fault, so that one answer names them all.
#[derive(Debug)]
pub struct Check {
    problem: Problem,
}

impl Check {
    /// Starts without faults.
    pub fn new() -> Self {
        Self { problem: Problem::unprocessable("identity.input_invalid") }
    }

    /// Asks for text of `min` to `max` characters that is more than blanks and holds no control characters.
    pub fn text(&mut self, field: &str, value: &str, min: usize, max: usize) -> &mut Self {
        let length = value.trim().chars().count();
        if length < min {
            self.fault(field, "identity.field.too_short", &[("min", min)]);
        } else if value.chars().count() > max {
            self.fault(field, "identity.field.too_long", &[("max", max)]);
        } else if value.chars().any(|c| c.is_control() && c != '\n') {
            self.fault(field, "identity.field.control_characters", &[]);
        }
        self
    }

    /// Asks for text where there is one.
    pub fn optional(&mut self, field: &str, value: Option<&str>, max: usize) -> &mut Self {
        if let Some(value) = value {
            self.text(field, value, 1, max);
        }
        self
    }

    /// Asks for an address that mail can be sent to.
    pub fn email(&mut self, field: &str, value: &str) -> &mut Self {
        if !is_email(value) {
            self.fault(field, "identity.field.email", &[]);
        }
        self
    }

    /// Asks for a name in three languages; the first one at least.
    pub fn names(&mut self, field: &str, names: &LocalText) -> &mut Self {
        self.text(field, names.get(kernel::Language::ZhHans), 1, NAME_MAX);
        for name in [&names.zh_hant, &names.en] {
            if name.chars().count() > NAME_MAX {
                self.fault(field, "identity.field.too_long", &[("max", NAME_MAX)]);
            }
        }
        self
    }

    /// Asks for something else; `code` says what.
    pub fn that(&mut self, holds: bool, field: &str, code: &str) -> &mut Self {
        if !holds {
            self.fault(field, code, &[]);
        }
        self
    }

    /// Returns the problem with all its fields, if there is a fault.
    pub fn finish(&mut self) -> Result<()> {
        if self.problem.fields.is_empty() {
            return Ok(());
        }
        Err(std::mem::replace(self, Self::new()).problem)
    }

    fn fault(&mut self, field: &str, code: &str, args: &[(&str, usize)]) {
        let args: BTreeMap<_, _> = args.iter().map(|(name, n)| ((*name).to_owned(), (*n).into())).collect();
        self.problem.fields.push(FieldProblem { field: field.to_owned(), code: code.to_owned(), args });
    }
}

/// Returns true for an address of one `@` with a plain local part and a dotted or local domain.
///
/// Narrower than RFC 5322 on purpose: quoted local parts and comments are nobody's real address.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && l.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    text.len() <= EMAIL_MAX
        && !local.is_empty()
        && local.len() <= 64
        && local.chars().all(plain)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && domain.split('.').all(label)
}

/// Returns the form under which an address is unique.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_mail_reaches_are_taken() {
        for good in ["li.na@sample.invalid", "a+b@x.co", "root@localhost", "o'neil@例子.中国"] {
            assert!(is_email(good), "{good}");
        }
        for bad in
            ["", "a", "a@", "@b", "a b@c.d", "a@b@c", ".a@b.c", "a..b@c.d", "a@-b.c", "a@b..c", "a\n@b.c"]
        {
            assert!(!is_email(bad), "{bad}");
        }
        assert_eq!(email_key(" Li.Na@Sample.Invalid "), "li.na@sample.invalid");
    }

    #[test]
    fn one_answer_names_all_faults() {
        let problem = Check::new()
            .text("name", " ", 1, 10)
            .text("reason", "much too long", 1, 5)
            .email("email", "nobody")
            .finish()
            .expect_err("three faults");
        let codes: Vec<_> = problem.fields.iter().map(|f| (f.field.as_str(), f.code.as_str())).collect();
        assert_eq!(
            codes,
            [
                ("name", "identity.field.too_short"),
                ("reason", "identity.field.too_long"),
                ("email", "identity.field.email")
            ]
        );
        assert!(Check::new().text("name", "李娜", 1, 10).finish().is_ok());
    }
}
