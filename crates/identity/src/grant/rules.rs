use std::collections::BTreeSet;

use kernel::{Actor, Caller, GrantScope, Id, Label, Result};

use super::{NewGrant, ScopeKind};
use crate::check::{Check, REASON_MAX};

/// Checks that a grant names what its scope needs and nothing else.
pub fn check(new: &NewGrant, now: kernel::Timestamp) -> Result<()> {
    let (brand, department) = (new.brand_id.is_some(), new.department_id.is_some());
    Check::new()
        .that(brand == (new.scope == ScopeKind::Brand), "brand_id", "identity.grant.brand_and_scope")
        .that(
            department == (new.scope == ScopeKind::Department),
            "department_id",
            "identity.grant.department_and_scope",
        )
        .that(new.expires_at.is_none_or(|at| at > now), "expires_at", "identity.field.in_the_past")
        .optional("reason", new.reason.as_deref(), REASON_MAX)
        .finish()
}

/// Returns the scope as the kernel knows it; `None` where a row names no place for its scope.
pub fn scope(kind: ScopeKind, brand: Option<Id>, department: Option<Id>) -> Option<GrantScope> {
    match kind {
        ScopeKind::Company => Some(GrantScope::Company),
        ScopeKind::Brand => brand.map(GrantScope::Brand),
        ScopeKind::Department => department.map(GrantScope::Department),
        ScopeKind::Own => Some(GrantScope::Own),
    }
}

/// Returns the scope in one word, for tables of rights.
pub fn scope_word(kind: ScopeKind, brand: Option<Id>, department: Option<Id>) -> String {
    match (kind, brand.or(department)) {
        (ScopeKind::Brand | ScopeKind::Department, Some(id)) => format!("{kind}:{id}"),
        _ => kind.to_string(),
    }
}

/// Returns the permissions of `wanted` that the caller does not hold in `scope`: nobody gives what they have not.
pub fn missing(caller: &Caller, wanted: &BTreeSet<String>, scope: GrantScope) -> Vec<String> {
    if matches!(caller.actor, Actor::System(_)) {
        return Vec::new();
    }
    let holds = |code: &String| {
        caller.grants.iter().any(|held| {
            held.permissions.contains(code) && (held.scope == GrantScope::Company || held.scope == scope)
        })
    };
    wanted.iter().filter(|code| !holds(code)).cloned().collect()
}

/// Returns the highest clearance of several roles.
pub fn highest(clearances: impl IntoIterator<Item = Label>) -> Label {
    clearances.into_iter().max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::{Grant, Language, Timestamp};

    use super::*;

    fn caller(codes: &[&str], scope: GrantScope) -> Caller {
        let mut caller = Caller::anonymous(Language::En, "r".into());
        caller.actor = Actor::User { id: Id::new(), name: "a".into(), by_token: false };
        let permissions = Arc::new(codes.iter().map(|code| (*code).to_owned()).collect());
        caller.grants = Arc::new([Grant { permissions, scope }]);
        caller
    }

    #[test]
    fn nobody_gives_what_they_do_not_hold() {
        let wanted = BTreeSet::from(["a.b.read".to_owned(), "a.b.write".to_owned()]);
        let brand = GrantScope::Brand(Id::new());
        let all = caller(&["a.b.read", "a.b.write"], GrantScope::Company);
        assert!(missing(&all, &wanted, brand).is_empty());
        let narrow = caller(&["a.b.read", "a.b.write"], brand);
        assert!(missing(&narrow, &wanted, brand).is_empty());
        assert_eq!(missing(&narrow, &wanted, GrantScope::Company).len(), 2);
        assert_eq!(missing(&narrow, &wanted, GrantScope::Brand(Id::new())).len(), 2);
        let half = caller(&["a.b.read"], GrantScope::Company);
        assert_eq!(missing(&half, &wanted, GrantScope::Company), ["a.b.write"]);
        assert!(missing(&Caller::system("test"), &wanted, GrantScope::Company).is_empty());
    }

    #[test]
    fn a_grant_names_what_its_scope_needs() {
        let new = |scope, brand_id, department_id| NewGrant {
            role_id: Id::new(),
            scope,
            brand_id,
            department_id,
            expires_at: None,
            reason: None,
        };
        let now = Timestamp::from_ms(1000);
        let id = Some(Id::new());
        assert!(check(&new(ScopeKind::Company, None, None), now).is_ok());
        assert!(check(&new(ScopeKind::Brand, id, None), now).is_ok());
        assert!(check(&new(ScopeKind::Department, None, id), now).is_ok());
        assert!(check(&new(ScopeKind::Brand, None, None), now).is_err());
        assert!(check(&new(ScopeKind::Company, id, None), now).is_err());
        assert!(check(&new(ScopeKind::Own, None, id), now).is_err());
        let past = NewGrant { expires_at: Some(now), ..new(ScopeKind::Own, None, None) };
        assert!(check(&past, now).is_err());
    }
}
