//! Compares two versions (版本比较), field by field and line by line.

use kernel::{Labelled, Language};
use serde::Serialize;
use similar::{ChangeTag, TextDiff};
use utoipa::ToSchema;

use super::{ContentVersion, Variant};

kernel::text_enum! {
    /// What became of a line (行变化).
    pub enum LineChange {
        /// It stands in both.
        Same = "same",
        /// It stands in the older alone.
        Removed = "removed",
        /// It stands in the newer alone.
        Added = "added",
    }
}

/// A line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DiffLine {
    /// What became of it.
    pub change: LineChange,
    /// Its number in the older version.
    pub old_line: Option<usize>,
    /// Its number in the newer version.
    pub new_line: Option<usize>,
    /// Its text.
    pub text: String,
}

/// A field that differs.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldDiff {
    /// The variant.
    pub language: Language,
    /// The field.
    pub field: &'static str,
    /// Its lines; far from any change they are left out.
    pub lines: Vec<DiffLine>,
}

/// Comparison of two versions (版本比较).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VersionDiff {
    /// Number of the older version.
    pub from: i64,
    /// Number of the newer version.
    pub to: i64,
    /// Languages that only the newer has.
    pub languages_added: Vec<Language>,
    /// Languages that only the older has.
    pub languages_removed: Vec<Language>,
    /// Fields that differ.
    pub fields: Vec<FieldDiff>,
}

impl Labelled for VersionDiff {
    const NOUN: &'static str = "brand.content_version";
}

/// Lines shown around a change.
const CONTEXT: usize = 3;

/// Compares two versions.
pub fn compare(from: &ContentVersion, to: &ContentVersion) -> VersionDiff {
    let only_in = |a: &ContentVersion, b: &ContentVersion| {
        let missing = |variant: &&Variant| b.variants.iter().all(|other| other.language != variant.language);
        a.variants.iter().filter(missing).map(|variant| variant.language).collect()
    };
    let mut fields = Vec::new();
    for language in Language::ALL {
        let find =
            |version: &ContentVersion| version.variants.iter().find(|v| v.language == language).cloned();
        let (old, new) = (find(from), find(to));
        if old.is_none() && new.is_none() {
            continue;
        }
        for (field, get) in FIELDS {
            let old = old.as_ref().map_or("", get);
            let new = new.as_ref().map_or("", get);
            if old != new {
                fields.push(FieldDiff { language, field, lines: lines(old, new) });
            }
        }
    }
    VersionDiff {
        from: from.number,
        to: to.number,
        languages_added: only_in(to, from),
        languages_removed: only_in(from, to),
        fields,
    }
}

type Get = fn(&Variant) -> &str;

const FIELDS: [(&str, Get); 5] = [
    ("subject", |v| &v.subject),
    ("preheader", |v| &v.preheader),
    ("sender_name", |v| &v.sender_name),
    ("sender_address", |v| &v.sender_address),
    ("mjml", |v| &v.mjml),
];

fn lines(old: &str, new: &str) -> Vec<DiffLine> {
    let diff = TextDiff::from_lines(old, new);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(CONTEXT) {
        for operation in &group {
            for change in diff.iter_changes(operation) {
                lines.push(DiffLine {
                    change: match change.tag() {
                        ChangeTag::Equal => LineChange::Same,
                        ChangeTag::Delete => LineChange::Removed,
                        ChangeTag::Insert => LineChange::Added,
                    },
                    old_line: change.old_index().map(|index| index + 1),
                    new_line: change.new_index().map(|index| index + 1),
                    text: change.value().trim_end_matches(['\r', '\n']).to_owned(),
                });
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_carry_their_numbers_and_far_ones_are_left_out() {
        let old: String = (1..=20).map(|n| format!("{n}\n")).collect();
        let new = old.replace("10\n", "十\n");
        let lines = lines(&old, &new);
        assert_eq!(lines.len(), 3 + 2 + 3);
        let changed: Vec<_> = lines.iter().filter(|line| line.change != LineChange::Same).collect();
        assert_eq!((changed[0].old_line, changed[0].new_line), (Some(10), None));
        assert_eq!((changed[1].new_line, changed[1].text.as_str()), (Some(10), "十"));
    }
}
