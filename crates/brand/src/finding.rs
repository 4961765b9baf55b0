//! Finding (检查发现): one thing that a check saw, with its place.

use std::collections::BTreeMap;

use kernel::{Language, LocalText, TextBook};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

kernel::text_enum! {
    /// How grave a finding is (严重程度).
    pub enum Severity {
        /// Must be mended before review.
        Serious = "serious",
        /// Should be looked at; the reviewer decides.
        Warning = "warning",
        /// Good to know.
        Info = "info",
    }
}

/// Place (位置) of a finding: the field, and where in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Place {
    /// `subject`, `preheader`, `sender_name`, `sender_address`, `mjml`, or `partial:<key>`.
    pub field: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// How many characters it covers; 0 where it is a point.
    pub length: u32,
    /// The words at the place.
    pub excerpt: String,
}

/// Finding (检查发现): a code with its values, how grave it is, and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ContentFinding)]
pub struct Finding {
    /// Key of the sentence.
    pub code: String,
    /// How grave it is.
    pub severity: Severity,
    /// The variant; absent: the item as a whole.
    pub language: Option<Language>,
    /// Where.
    pub place: Option<Place>,
    /// Values that the sentence names; a value in three languages is shown in the reader's.
    #[schema(value_type = Object)]
    pub args: BTreeMap<String, Value>,
    /// The sentence in the caller's language; empty in the database.
    #[serde(default)]
    pub message: String,
}

impl Finding {
    /// Starts a finding without place.
    pub fn new(severity: Severity, code: &str) -> Self {
        Self {
            code: code.to_owned(),
            severity,
            language: None,
            place: None,
            args: BTreeMap::new(),
            message: String::new(),
        }
    }

    /// Starts a finding that must be mended.
    pub fn serious(code: &str) -> Self {
        Self::new(Severity::Serious, code)
    }

    /// Starts a finding that should be looked at.
    pub fn warning(code: &str) -> Self {
        Self::new(Severity::Warning, code)
    }

    /// Starts a finding that is good to know.
    pub fn info(code: &str) -> Self {
        Self::new(Severity::Info, code)
    }

    /// Adds the place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Adds a value that the sentence names.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.args.insert(name.to_owned(), serde_json::to_value(value).expect("a value is plain data"));
        self
    }

    /// Adds the variant.
    #[must_use]
    pub fn of(mut self, language: Language) -> Self {
        self.language = Some(language);
        self
    }

    /// Writes the sentence in `language`.
    pub fn say(&mut self, texts: &TextBook, language: Language) {
        let args =
            self.args.iter().map(|(name, value)| (name.clone(), in_language(value, language))).collect();
        self.message = texts.say(language, &self.code, &args);
    }
}

fn in_language(value: &Value, language: Language) -> Value {
    match (value, serde_json::from_value::<LocalText>(value.clone())) {
        (Value::Object(_), Ok(text)) => Value::from(text.get(language)),
        _ => value.clone(),
    }
}

/// Finds lines and columns in one text.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    field: &'a str,
    text: &'a str,
    starts: Vec<usize>,
}

/// Longest excerpt, in characters.
const EXCERPT_MAX: usize = 60;

impl<'a> Lines<'a> {
    /// Reads where the lines of a field begin.
    pub fn new(field: &'a str, text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { field, text, starts }
    }

    /// Returns the place of the bytes from `start` to `end`.
    pub fn place(&self, start: usize, end: usize) -> Place {
        let start = self.text.floor_char_boundary(start);
        let end = self.text.floor_char_boundary(end.max(start));
        let line = self.starts.partition_point(|begin| *begin <= start) - 1;
        let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let words = &self.text[start..end];
        Place {
            field: self.field.to_owned(),
            line: u32::try_from(line + 1).unwrap_or(u32::MAX),
            column: count(&self.text[self.starts[line]..start]).saturating_add(1),
            length: count(words),
            excerpt: words.chars().take(EXCERPT_MAX).collect::<String>().trim().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let place = Lines::new("mjml", "一行\n冬日暖锅节 {{ x }}").place(7 + 15 + 1, 7 + 15 + 8);
        assert_eq!((place.line, place.column, place.length), (2, 7, 7));
        assert_eq!(place.excerpt, "{{ x }}");
    }

    #[test]
    fn a_place_at_the_very_end_is_sound() {
        let place = Lines::new("subject", "a\n").place(2, 9);
        assert_eq!((place.line, place.column, place.length), (2, 1, 0));
    }

    #[test]
    fn a_value_in_three_languages_is_shown_in_the_readers() {
        let text = LocalText { zh_hans: "精选".into(), zh_hant: "精選".into(), en: "selected".into() };
        assert_eq!(in_language(&serde_json::to_value(text).expect("plain"), Language::ZhHant), "精選");
        assert_eq!(in_language(&Value::from(3), Language::En), 3);
    }
}
