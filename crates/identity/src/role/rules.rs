use std::collections::BTreeSet;

use kernel::{Label, LocalText, Permission, Result};
use serde::Deserialize;

use crate::check::{Check, NAME_MAX, REASON_MAX};

/// Most patterns in a role.
pub(crate) const PATTERNS_MAX: usize = 2_000;

/// A role as `roles.yaml` has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuiltIn {
    /// Its short name.
    pub code: String,
    /// Its name.
    pub names: LocalText,
    /// What it is for.
    pub descriptions: LocalText,
    /// Its clearance.
    pub clearance: Label,
    /// Codes and patterns.
    pub permissions: Vec<String>,
}

/// Returns the roles that come with the product.
pub fn built_in() -> Vec<BuiltIn> {
    serde_yaml_ng::from_str(include_str!("../../roles.yaml")).expect("roles.yaml is checked by a test")
}

/// Returns true where `pattern` stands for `code`: `*` stands for one part and, at the end, for all that follows.
pub fn matches(pattern: &str, code: &str) -> bool {
    kernel::fits(pattern, code)
}

/// Returns the codes of all permissions that the patterns stand for.
pub fn resolve(patterns: &[String], permissions: &[Permission]) -> BTreeSet<String> {
    permissions
        .iter()
        .filter(|permission| patterns.iter().any(|pattern| matches(pattern, permission.code)))
        .map(|permission| permission.code.to_owned())
        .collect()
}

/// Checks what is typed in for a role; a pattern that stands for nothing is a mistake.
pub fn check(
    names: &LocalText,
    descriptions: &LocalText,
    patterns: &[String],
    all: &[Permission],
) -> Result<()> {
    let mut check = Check::new();
    check.names("names", names);
    for text in [&descriptions.zh_hans, &descriptions.zh_hant, &descriptions.en] {
        check.text("descriptions", text, 0, REASON_MAX);
    }
    check.that((1..=PATTERNS_MAX).contains(&patterns.len()), "permissions", "identity.role.pattern_count");
    for (place, pattern) in patterns.iter().enumerate().take(PATTERNS_MAX) {
        let stands = all.iter().any(|permission| matches(pattern, permission.code));
        check.that(stands, &format!("permissions[{place}]"), "identity.role.unknown_permission");
    }
    check.finish()
}

/// Checks the short name of a role, department and the like.
pub fn check_code(code: &str) -> Result<()> {
    let mut characters = code.chars();
    let sound = characters.next().is_some_and(|c| c.is_ascii_lowercase())
        && characters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && (2..=NAME_MAX / 2).contains(&code.len());
    Check::new().that(sound, "code", "identity.field.code").finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_one_part_and_at_the_end_for_the_rest() {
        for (pattern, code, stands) in [
            ("*", "brand.content.approve", true),
            ("brand.*", "brand.content.approve", true),
            ("brand.content.*", "brand.content.approve", true),
            ("brand.content.*", "brand.asset.read", false),
            ("*.*.read", "brand.asset.read", true),
            ("*.*.read", "brand.asset.write", false),
            ("brand.content", "brand.content.approve", false),
            ("brand.content.approve.now", "brand.content.approve", false),
            ("brand.content.approve", "brand.content.approve", true),
            ("bran*", "brand.content.approve", false),
            ("", "brand.content.approve", false),
        ] {
            assert_eq!(matches(pattern, code), stands, "{pattern} {code}");
        }
    }

    #[test]
    fn built_in_roles_are_complete_and_only_the_administrator_holds_all() {
        let roles = built_in();
        for role in &roles {
            assert!(role.names.is_complete() && role.descriptions.is_complete(), "{}", role.code);
            assert!(check_code(&role.code).is_ok(), "{}", role.code);
            assert!(!role.permissions.is_empty());
            let all = role.permissions.iter().any(|pattern| pattern == "*");
            assert_eq!(all, role.code == "administrator", "{}", role.code);
        }
        let codes: BTreeSet<_> = roles.iter().map(|role| role.code.as_str()).collect();
        assert_eq!(codes.len(), roles.len(), "a code stands twice");
        for code in [
            "administrator",
            "market",
            "brand",
            "it",
            "sales",
            "service",
            "finance",
            "management",
            "compliance",
            "auditor",
        ] {
            assert!(codes.contains(code), "{code} is missing");
        }
    }

    #[test]
    fn only_brand_and_administrators_approve_content() {
        let stands = |role: &BuiltIn| role.permissions.iter().any(|p| matches(p, "brand.content.approve"));
        let codes: Vec<_> = built_in().into_iter().filter(stands).map(|role| role.code).collect();
        assert_eq!(codes, ["administrator", "brand"]);
    }

    #[test]
    fn an_auditor_changes_nothing() {
        let all = [Permission::company("identity.role.manage"), Permission::company("identity.role.read")];
        let auditor = built_in().into_iter().find(|role| role.code == "auditor").expect("there is one");
        let held = resolve(&auditor.permissions, &all);
        assert_eq!(held.into_iter().collect::<Vec<_>>(), ["identity.role.read"]);
    }
}
