use std::collections::BTreeSet;
use std::sync::Arc;

use crate::{Id, Label, Language, LocalText, Problem, Result};

/// Permission (权限): the right to one kind of act, named `<domain>.<noun>.<verb>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Permission {
    /// The code that roles hold and that the route's line names.
    pub code: &'static str,
    /// The dimensions by which a grant can narrow it; empty: the whole company or nothing.
    pub scoped_by: &'static [Dimension],
}

/// Dimension (范围维度) by which a grant can be narrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// Rows of one brand.
    Brand,
    /// Rows of one department.
    Department,
    /// Rows that the holder owns.
    Own,
}

impl Permission {
    /// Declares a permission that holds for the whole company.
    pub const fn company(code: &'static str) -> Self {
        Self { code, scoped_by: &[] }
    }

    /// Declares a permission that a grant can narrow by brand, department and owner.
    pub const fn scoped(code: &'static str) -> Self {
        Self { code, scoped_by: &[Dimension::Brand, Dimension::Department, Dimension::Own] }
    }

    /// Returns true where a pattern stands for it: `*` stands for one part and, at the end, for all that follows.
    pub fn fits(self, pattern: &str) -> bool {
        fits(pattern, self.code)
    }
}

/// Returns true where `pattern` stands for `code`, see [`Permission::fits`].
pub fn fits(pattern: &str, code: &str) -> bool {
    let mut parts = code.split('.');
    let mut wanted = pattern.split('.').peekable();
    while let Some(want) = wanted.next() {
        let Some(part) = parts.next() else { return false };
        if want == "*" && wanted.peek().is_none() {
            return true;
        }
        if want != "*" && want != part {
            return false;
        }
    }
    parts.next().is_none()
}

/// Narrowing of one grant (授权范围).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantScope {
    /// Everything in the company.
    Company,
    /// Rows of this brand.
    Brand(Id),
    /// Rows of this department.
    Department(Id),
    /// Rows that the holder owns.
    Own,
    /// This one row, to which somebody from outside was invited.
    Row(Id),
}

/// Grant (授权): the permissions of one role, within one scope.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Permission codes of the role.
    pub permissions: Arc<BTreeSet<String>>,
    /// Where they hold.
    pub scope: GrantScope,
}

/// Rules (待确认的制度) that somebody has to acknowledge before permissions of theirs take effect.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unacknowledged {
    /// Code of the document.
    pub document: String,
    /// Its title.
    pub title: LocalText,
    /// Page of the UI where it is read and acknowledged.
    pub link: String,
    /// Codes of the permissions that wait for it.
    pub permissions: BTreeSet<String>,
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody is signed in.
    Anonymous,
    /// A user, by session or token.
    User {
        /// The user's id.
        id: Id,
        /// The name shown in the audit log.
        name: String,
        /// True where an API token acts for them.
        by_token: bool,
    },
    /// The product itself: a job or the command line, by name.
    System(&'static str),
}

/// Who acts, with what rights: the first thing that every operation asks for.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub actor: Actor,
    /// With which grants.
    pub grants: Arc<[Grant]>,
    /// What they would hold once they acknowledged the rules that it stands under.
    pub unacknowledged: Arc<[Unacknowledged]>,
    /// Up to which confidentiality fields are shown.
    pub clearance: Label,
    /// True for a guest (外部协作者): only operations that are open to guests, and rows to which they were invited.
    pub guest: bool,
    /// The language of answers.
    pub language: Language,
    /// The request that this belongs to, for logs and audit.
    pub request_id: String,
}

impl Caller {
    /// Returns the product itself acting under `name`; it may do everything.
    pub fn system(name: &'static str) -> Self {
        Self {
            actor: Actor::System(name),
            grants: Arc::new([]),
            unacknowledged: Arc::new([]),
            clearance: Label::Secret,
            guest: false,
            language: Language::default(),
            request_id: name.to_owned(),
        }
    }

    /// Returns a caller who is not signed in.
    pub fn anonymous(language: Language, request_id: String) -> Self {
        Self {
            actor: Actor::Anonymous,
            grants: Arc::new([]),
            unacknowledged: Arc::new([]),
            clearance: Label::Public,
            guest: false,
            language,
            request_id,
        }
    }

    /// Returns the user's id, or the refusal "sign in first".
    pub fn user_id(&self) -> Result<Id> {
        match &self.actor {
            Actor::User { id, .. } => Ok(*id),
            Actor::Anonymous => Err(Problem::unauthorized("access.sign_in_first")),
            Actor::System(_) => Err(Problem::forbidden("access.users_only")),
        }
    }

    /// Returns the user's id where a user acts.
    pub fn find_user_id(&self) -> Option<Id> {
        match &self.actor {
            Actor::User { id, .. } => Some(*id),
            _ => None,
        }
    }

    /// Returns the name for the audit log.
    pub fn name(&self) -> &str {
        match &self.actor {
            Actor::Anonymous => "anonymous",
            Actor::User { name, .. } => name,
            Actor::System(name) => name,
        }
    }

    /// Returns true where some grant holds `permission`, in whatever scope.
    pub fn may(&self, permission: Permission) -> bool {
        matches!(self.actor, Actor::System(_))
            || self.grants.iter().any(|grant| grant.permissions.contains(permission.code))
    }

    /// Refuses unless some grant holds `permission`; for nouns that no grant narrows.
    pub fn require(&self, permission: Permission) -> Result<()> {
        if self.may(permission) {
            return Ok(());
        }
        Err(match self.actor {
            Actor::Anonymous => Problem::unauthorized("access.sign_in_first"),
            _ => self.refusal(permission),
        })
    }

    /// Says what is missing: the permission, or that rules are to be acknowledged before it takes effect.
    fn refusal(&self, permission: Permission) -> Problem {
        match self.unacknowledged.iter().find(|rules| rules.permissions.contains(permission.code)) {
            Some(rules) => Problem::forbidden("access.acknowledge_first")
                .with("document", rules.title.get(self.language))
                .with("link", &rules.link),
            None => Problem::forbidden("access.missing_permission").with("permission", permission.code),
        }
    }

    /// Returns the rows on which `permission` holds, to be turned into a WHERE clause.
    pub fn scope(&self, permission: Permission) -> Result<Scope> {
        self.require(permission)?;
        if matches!(self.actor, Actor::System(_)) || permission.scoped_by.is_empty() {
            return Ok(Scope::everything());
        }
        let mut scope = Scope::default();
        for grant in self.grants.iter().filter(|g| g.permissions.contains(permission.code)) {
            match grant.scope {
                GrantScope::Company => scope.everything = true,
                GrantScope::Brand(id) => scope.brands.push(id),
                GrantScope::Department(id) => scope.departments.push(id),
                GrantScope::Own => scope.owner = self.find_user_id(),
                GrantScope::Row(id) => scope.rows.push(id),
            }
        }
        Ok(scope)
    }
}

/// Rows on which a permission holds (数据范围): a union of its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// True: every row.
    pub everything: bool,
    /// Rows of these brands.
    pub brands: Vec<Id>,
    /// Rows of these departments.
    pub departments: Vec<Id>,
    /// Rows of this owner.
    pub owner: Option<Id>,
    /// These rows themselves.
    pub rows: Vec<Id>,
}

impl Scope {
    /// Returns the scope of every row.
    pub fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// Returns true where a row with these marks is inside.
    pub fn covers(&self, brand: Option<Id>, department: Option<Id>, owner: Option<Id>) -> bool {
        self.everything
            || brand.is_some_and(|id| self.brands.contains(&id))
            || department.is_some_and(|id| self.departments.contains(&id))
            || (owner.is_some() && owner == self.owner)
    }

    /// Returns true where this row is inside, by its marks or by itself.
    pub fn covers_row(&self, id: Id, brand: Option<Id>, department: Option<Id>, owner: Option<Id>) -> bool {
        self.rows.contains(&id) || self.covers(brand, department, owner)
    }

    /// Refuses a row outside as if it were not there: ids of strangers' rows tell nothing.
    pub fn require(&self, brand: Option<Id>, department: Option<Id>, owner: Option<Id>) -> Result<()> {
        if self.covers(brand, department, owner) {
            Ok(())
        } else {
            Err(Problem::not_found("access.not_found"))
        }
    }

    /// Refuses to make a row outside.
    pub fn require_new(&self, brand: Option<Id>, department: Option<Id>, owner: Option<Id>) -> Result<()> {
        if self.covers(brand, department, owner) {
            Ok(())
        } else {
            Err(Problem::forbidden("access.outside_scope"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: Permission = Permission::scoped("brand.content.read");

    fn caller(grants: Vec<GrantScope>) -> Caller {
        let permissions = Arc::new(BTreeSet::from([READ.code.to_owned()]));
        let mut caller = Caller::anonymous(Language::En, "r".into());
        caller.actor = Actor::User { id: Id::new(), name: "a".into(), by_token: false };
        caller.grants =
            grants.into_iter().map(|scope| Grant { permissions: permissions.clone(), scope }).collect();
        caller
    }

    #[test]
    fn grants_add_up_and_nothing_else_is_seen() {
        let (brand, other, department) = (Id::new(), Id::new(), Id::new());
        let caller = caller(vec![GrantScope::Brand(brand), GrantScope::Own]);
        let scope = caller.scope(READ).expect("granted");
        assert!(scope.covers(Some(brand), None, None));
        assert!(scope.covers(Some(other), None, caller.find_user_id()));
        assert!(!scope.covers(Some(other), Some(department), None));
        assert!(!scope.covers(None, None, None));
    }

    #[test]
    fn a_guest_sees_the_rows_that_they_were_invited_to() {
        let (own, other) = (Id::new(), Id::new());
        let scope = caller(vec![GrantScope::Row(own)]).scope(READ).expect("granted");
        assert!(scope.covers_row(own, None, None, None));
        assert!(!scope.covers_row(other, None, None, None));
        assert!(!scope.covers(None, None, None), "nothing else of the noun is theirs");
    }

    #[test]
    fn what_waits_for_an_acknowledgement_says_so() {
        let mut bound = caller(vec![]);
        bound.unacknowledged = Arc::new([Unacknowledged {
            document: "WM".into(),
            title: LocalText { en: "Web marketing".into(), ..LocalText::default() },
            link: "/records/acknowledgement/1".into(),
            permissions: BTreeSet::from([READ.code.to_owned()]),
        }]);
        let refused = bound.require(READ).expect_err("not acknowledged");
        assert_eq!((refused.status, refused.code.as_ref()), (403, "access.acknowledge_first"));
        assert_eq!(refused.args["link"], "/records/acknowledgement/1");
        let other = bound.require(Permission::company("brand.asset.read")).expect_err("not held");
        assert_eq!(other.code, "access.missing_permission");
    }

    #[test]
    fn anonymous_is_asked_to_sign_in_and_others_are_refused() {
        let anonymous = Caller::anonymous(Language::En, "r".into());
        assert_eq!(anonymous.require(READ).expect_err("no grant").status, 401);
        assert_eq!(caller(vec![]).require(READ).expect_err("no grant").status, 403);
    }
}
