use std::sync::Arc;

use async_trait::async_trait;
use kernel::{Caller, Id, Language, LocalText, Problem, Result, Timestamp};
use store::Tx;

use crate::App;

/// A member of staff as other domains see them (人员).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The user's id.
    pub id: Id,
    /// Their name.
    pub name: String,
    /// Their e-mail address, for notices.
    pub email: String,
    /// The language that they chose; the company's otherwise.
    pub language: Option<Language>,
    /// Their department.
    pub department_id: Option<Id>,
    /// Whom they report to.
    pub manager_id: Option<Id>,
    /// True while the account may sign in.
    pub active: bool,
}

/// A department as other domains see it (部门).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: Id,
    /// Its short name, such as `market`.
    pub code: String,
    /// Its name.
    pub names: LocalText,
    /// Who heads it.
    pub head_id: Option<Id>,
}

/// Somebody who stands in for somebody else at a time (代理).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandIn {
    /// Who decides.
    pub deputy_id: Id,
    /// For whom.
    pub for_id: Id,
    /// The delegation or absence that says so.
    pub delegation_id: Id,
}

/// What moves with somebody on the day of a staffing change (人员异动).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMove {
    /// Who.
    pub user_id: Id,
    /// The post that they hold from then on; its department is theirs too.
    pub position_id: Option<Id>,
    /// Roles that they hold from then on, in the whole company.
    pub gives: Vec<Id>,
    /// Roles that they hold no more, wherever they reached.
    pub takes: Vec<Id>,
}

/// Somebody from outside who is invited (外部协作者).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestAccount {
    /// Their name.
    pub name: String,
    /// Their address, and the name to sign in with.
    pub email: String,
    /// Where they work.
    pub organisation: String,
    /// Language of mails and pages.
    pub language: Option<Language>,
    /// Until when the account is needed at least.
    pub until: Timestamp,
}

/// The account of a guest who was invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuestMade {
    /// The account.
    pub user_id: Id,
    /// True where a link to set a password is on its way.
    pub has_link: bool,
}

/// Knows the staff; implemented by identity. Asked inside the caller's transaction, so that a decision and the
/// organisation that it rests on are of one moment.
#[async_trait]
pub trait PeoplePort: Send + Sync + std::fmt::Debug {
    /// Returns these people, those who left included, in no order; unknown ids are left out.
    async fn people(&self, tx: &mut Tx, ids: &[Id]) -> Result<Vec<Person>>;

    /// Returns the active people whose e-mail address or name is one of these words, in no order.
    async fn look_up(&self, tx: &mut Tx, words: &[String]) -> Result<Vec<Person>>;

    /// Returns the active people of a department and those below it, or all of them, by name.
    async fn staff(&self, tx: &mut Tx, department_id: Option<Id>) -> Result<Vec<Id>>;

    /// Returns somebody as a caller with what they hold now, on a device that nobody knows; absent where they may no
    /// longer act. `request` lends language and id.
    async fn caller(&self, app: &App, user_id: Id, request: &Caller) -> Result<Option<Caller>>;

    /// Returns the departments that are not archived.
    async fn units(&self, tx: &mut Tx) -> Result<Vec<Unit>>;

    /// Returns active users who hold a role by its code; with a department only those whose grant covers it.
    async fn holders_of_role(&self, tx: &mut Tx, role: &str, department_id: Option<Id>) -> Result<Vec<Id>>;

    /// Returns active users who hold a permission where a thing of this brand and department is.
    async fn holders_of_permission(
        &self,
        tx: &mut Tx,
        permission: &str,
        brand_id: Option<Id>,
        department_id: Option<Id>,
    ) -> Result<Vec<Id>>;

    /// Returns active users who hold one of these permissions, wherever it reaches.
    async fn holders_of_any(&self, tx: &mut Tx, permissions: &[String]) -> Result<Vec<Id>> {
        let mut found = Vec::new();
        for permission in permissions {
            found.extend(self.holders_of_permission(tx, permission, None, None).await?);
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Moves somebody to another post with what they may do, inside the caller's transaction.
    async fn move_person(&self, _: &mut Tx, _: &StaffMove) -> Result<()> {
        Err(Problem::unavailable("port.not_connected").with("port", "people.move"))
    }

    /// Makes the account of a guest, or keeps the one that they have open for longer; staff are refused.
    async fn invite_guest(&self, _: &mut Tx, _: &GuestAccount) -> Result<GuestMade> {
        Err(Problem::unavailable("port.not_connected").with("port", "people.guests"))
    }

    /// Says until when the account of a guest is needed; without a time it closes at once.
    async fn guest_until(&self, _: &mut Tx, _: Id, _: Option<Timestamp>) -> Result<()> {
        Err(Problem::unavailable("port.not_connected").with("port", "people.guests"))
    }

    /// Returns who stands in for these people at a time, for tasks of this kind; chains are followed, cycles are not.
    async fn stand_ins(&self, tx: &mut Tx, ids: &[Id], kind: &str, at: Timestamp) -> Result<Vec<StandIn>>;
}

/// Checks the second factor of somebody who is not signed in; implemented by identity.
#[async_trait]
pub trait SecondFactorPort: Send + Sync + std::fmt::Debug {
    /// Refuses a code that is not the one of this moment, or that was used before; outside any transaction.
    async fn check(&self, app: &App, user_id: Id, code: &str) -> Result<()>;
}

/// The second factor (动态验证码) as a part of the product.
#[derive(Debug, Clone)]
pub struct SecondFactor(pub Arc<dyn SecondFactorPort>);
