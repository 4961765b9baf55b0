use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::Method;
use kernel::{Grant, GrantScope, Id, Label, Permission, Unacknowledged};
use serde::Deserialize;

use crate::department::rules::subtree;
use crate::grant::{ScopeKind, rules::highest, rules::scope};
use crate::role::rules::{matches, resolve};
use crate::session::rules::same_origin;

/// A role that a user holds, as the door reads it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
pub struct Right {
    /// How far it reaches.
    pub scope: ScopeKind,
    /// The brand that it reaches.
    pub brand_id: Option<Id>,
    /// The department that it reaches, with those below it.
    pub department_id: Option<Id>,
    /// Codes and patterns.
    pub permissions: Vec<String>,
    /// Up to which confidentiality its holder sees fields.
    pub clearance: Label,
}

/// What narrows the rights of one request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Narrowing {
    /// The request comes from a registered device, with a second factor.
    pub trusted: bool,
    /// Patterns of permissions that only such a request may use.
    pub confidential: Vec<String>,
    /// Patterns to which a token is limited.
    pub scopes: Option<Vec<String>>,
    /// What its holder has to acknowledge first.
    pub unacknowledged: Vec<Unacknowledged>,
}

/// Returns the grants and the clearance of one request.
pub fn effective(
    rights: &[Right],
    all: &[Permission],
    departments: &[(Id, Option<Id>)],
    narrowing: &Narrowing,
) -> (Vec<Grant>, Label) {
    let mut grants = Vec::new();
    for right in rights {
        let mut codes = resolve(&right.permissions, all);
        codes.retain(|code| allowed(code, narrowing));
        let codes = Arc::new(codes);
        for scope in scopes(right, departments) {
            grants.push(Grant { permissions: codes.clone(), scope });
        }
    }
    let clearance = highest(rights.iter().map(|right| right.clearance));
    // Secrets are for registered devices only.
    let most = if narrowing.trusted { Label::Secret } else { Label::Personal };
    (grants, clearance.min(most))
}

fn allowed(code: &str, narrowing: &Narrowing) -> bool {
    let in_area = || narrowing.confidential.iter().any(|pattern| matches(pattern, code));
    let in_scopes =
        narrowing.scopes.as_ref().is_none_or(|scopes| scopes.iter().any(|pattern| matches(pattern, code)));
    let waits = narrowing.unacknowledged.iter().any(|rules| rules.permissions.contains(code));
    in_scopes && !waits && (narrowing.trusted || !in_area())
}

fn scopes(right: &Right, departments: &[(Id, Option<Id>)]) -> Vec<GrantScope> {
    match scope(right.scope, right.brand_id, right.department_id) {
        Some(GrantScope::Department(root)) => {
            subtree(departments, root).into_iter().map(GrantScope::Department).collect()
        }
        Some(scope) => vec![scope],
        None => Vec::new(),
    }
}

/// Returns the codes of everything that the rights stand for.
pub fn codes(rights: &[Right], all: &[Permission]) -> BTreeSet<String> {
    rights.iter().flat_map(|right| resolve(&right.permissions, all)).collect()
}

/// Returns true unless another site's page may have sent this request with our user's cookie.
///
/// A change must come from our own origin, where the browser names one; and where a session cookie came
/// along, it must carry a header that other sites' pages cannot set without asking us.
pub fn is_own_request(
    method: &Method,
    origin: Option<&str>,
    header_sent: bool,
    cookie_sent: bool,
    admin_url: &str,
) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let own_origin = origin.is_none_or(|origin| same_origin(origin, admin_url));
    own_origin && (header_sent || !cookie_sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: Permission = Permission::scoped("brand.content.read");
    const COST: Permission = Permission::company("catalog.cost.read");
    const ALL: &[Permission] = &[READ, COST];

    fn right(scope: ScopeKind, department_id: Option<Id>, permissions: &[&str], clearance: Label) -> Right {
        let permissions = permissions.iter().map(|p| (*p).to_owned()).collect();
        Right { scope, brand_id: None, department_id, permissions, clearance }
    }

    #[test]
    fn what_is_bound_by_rules_waits_for_their_acknowledgement() {
        let rights = [right(ScopeKind::Company, None, &["*"], Label::Secret)];
        let waiting = vec![Unacknowledged {
            document: "WM".into(),
            title: kernel::LocalText::default(),
            link: String::new(),
            permissions: BTreeSet::from([READ.code.to_owned()]),
        }];
        let narrow = Narrowing { unacknowledged: waiting, trusted: true, ..Narrowing::default() };
        let (grants, _) = effective(&rights, ALL, &[], &narrow);
        assert!(!grants[0].permissions.contains(READ.code) && grants[0].permissions.contains(COST.code));
    }

    #[test]
    fn a_department_reaches_those_below_it() {
        let (a, b) = (Id::new(), Id::new());
        let rights = [right(ScopeKind::Department, Some(a), &["brand.*"], Label::Personal)];
        let (grants, clearance) = effective(&rights, ALL, &[(a, None), (b, Some(a))], &Narrowing::default());
        let scopes: Vec<_> = grants.iter().map(|grant| grant.scope).collect();
        assert_eq!(scopes, [GrantScope::Department(a), GrantScope::Department(b)]);
        assert_eq!(clearance, Label::Personal);
    }

    #[test]
    fn secrets_and_confidential_areas_are_for_registered_devices() {
        let rights = [right(ScopeKind::Company, None, &["*"], Label::Secret)];
        let narrow = Narrowing { confidential: vec!["catalog.cost.*".to_owned()], ..Narrowing::default() };
        let (grants, clearance) = effective(&rights, ALL, &[], &narrow);
        assert!(!grants[0].permissions.contains(COST.code));
        assert_eq!(clearance, Label::Personal);
        let (grants, clearance) = effective(&rights, ALL, &[], &Narrowing { trusted: true, ..narrow });
        assert!(grants[0].permissions.contains(COST.code));
        assert_eq!(clearance, Label::Secret);
    }

    #[test]
    fn a_token_reaches_no_further_than_its_owner_and_its_scopes() {
        let rights = [right(ScopeKind::Company, None, &["brand.*"], Label::Internal)];
        let scoped =
            |pattern: &str| Narrowing { scopes: Some(vec![pattern.to_owned()]), ..Narrowing::default() };
        let (grants, _) = effective(&rights, ALL, &[], &scoped("*"));
        assert_eq!(grants[0].permissions.len(), 1, "not the cost that the owner does not hold");
        let (grants, _) = effective(&rights, ALL, &[], &scoped("catalog.*"));
        assert!(grants[0].permissions.is_empty());
    }

    #[test]
    fn nobody_without_roles_sees_more_than_the_public() {
        let (grants, clearance) = effective(&[], ALL, &[], &Narrowing::default());
        assert!(grants.is_empty());
        assert_eq!(clearance, Label::Public);
    }

    #[test]
    fn another_sites_page_cannot_change_anything() {
        let own = "https://b.example";
        for (method, origin, header, cookie, own_request) in [
            (Method::GET, Some("https://evil.example"), false, true, true),
            (Method::POST, None, true, true, true),
            (Method::POST, Some(own), true, true, true),
            (Method::POST, Some(own), false, true, false),
            (Method::POST, None, false, true, false),
            (Method::DELETE, Some("https://evil.example"), true, true, false),
            (Method::POST, Some("null"), true, true, false),
            (Method::POST, None, false, false, true),
            (Method::POST, Some("https://evil.example"), false, false, false),
        ] {
            let is = is_own_request(&method, origin, header, cookie, own);
            assert_eq!(is, own_request, "{method} {origin:?} {header} {cookie}");
        }
    }
}
