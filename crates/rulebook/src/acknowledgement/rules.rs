use std::collections::{BTreeMap, BTreeSet};

use kernel::Permission;

use crate::pack::{Folder, PackDiff, diff};

/// File of a pack that holds what people read.
const CLAUSES: &str = "clauses.yaml";

/// Returns the codes of the permissions that some patterns stand for.
pub fn codes(patterns: &[String], all: &[Permission]) -> BTreeSet<String> {
    let fits = |permission: &&Permission| patterns.iter().any(|pattern| permission.fits(pattern));
    all.iter().filter(fits).map(|permission| permission.code.to_owned()).collect()
}

/// A version of a pack, as far as people read it.
#[derive(Clone, Copy, Debug)]
pub struct Read<'r> {
    /// The version that it states of itself.
    pub label: &'r str,
    /// Its files.
    pub files: &'r BTreeMap<String, String>,
}

/// Returns true where people have something new to read: another version, or other clauses under the same one.
pub fn is_new(before: Read<'_>, now: Read<'_>) -> bool {
    before.label != now.label || before.files.get(CLAUSES) != now.files.get(CLAUSES)
}

/// Returns the name of an edition: the version, with the beginning of its digest where another edition has that name.
pub fn edition(label: &str, digest: &str, taken: &[String]) -> Option<String> {
    let longer = format!("{label}+{}", &digest[..digest.len().min(8)]);
    [label.to_owned(), longer].into_iter().find(|name| !taken.contains(name))
}

/// Returns the clauses that differ between two versions of a pack, by their ids.
pub fn changed_clauses(
    pack: &str,
    before: &BTreeMap<String, String>,
    now: &BTreeMap<String, String>,
) -> Vec<String> {
    let folder = |files: &BTreeMap<String, String>| Folder { name: pack.to_owned(), files: files.clone() };
    let PackDiff { changes } = diff::diff(&folder(before), &folder(now));
    changes.into_iter().filter(|change| change.file == CLAUSES).map(|change| change.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(clauses: &str, controls: &str) -> BTreeMap<String, String> {
        let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        BTreeMap::from([file(CLAUSES, clauses), file("controls.yaml", controls)])
    }

    #[test]
    fn other_words_or_another_version_are_to_be_read_and_other_controls_are_not() {
        let (old, other_controls, other_words) = (files("a", "x"), files("a", "y"), files("b", "x"));
        let read = |label, files| Read { label, files };
        assert!(!is_new(read("1.0.0", &old), read("1.0.0", &other_controls)));
        assert!(is_new(read("1.0.0", &old), read("1.0.0", &other_words)));
        assert!(is_new(read("1.0.0", &old), read("1.1.0", &old)));
    }

    #[test]
    fn an_edition_has_a_name_of_its_own() {
        let taken = ["1.0.0".to_owned()];
        assert_eq!(edition("1.0.0", "abcdef0123", &[]).as_deref(), Some("1.0.0"));
        assert_eq!(edition("1.0.0", "abcdef0123", &taken).as_deref(), Some("1.0.0+abcdef01"));
        let both = ["1.0.0".to_owned(), "1.0.0+abcdef01".to_owned()];
        assert_eq!(edition("1.0.0", "abcdef0123", &both), None, "that very text was released before");
    }

    #[test]
    fn patterns_stand_for_permissions() {
        let all = [Permission::scoped("campaigns.campaign.write"), Permission::scoped("brand.asset.read")];
        assert_eq!(
            codes(&["campaigns.*".to_owned()], &all),
            BTreeSet::from(["campaigns.campaign.write".to_owned()])
        );
    }
}
