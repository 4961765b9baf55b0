//! What other domains ask of the staff: who somebody is, who holds what, who stands in for whom.

mod moving;
pub(crate) mod sql;

use async_trait::async_trait;
use http_kit::{
    App, GuestAccount, GuestMade, PeoplePort, Person, SecondFactorPort, StaffMove, StandIn, Unit,
};
use kernel::{Caller, Id, Language, LocalText, Problem, Result, Timestamp};
use serde::Deserialize;
use store::{Query, Tx, args};

use crate::attempt::{self, Bucket};
use crate::check::email_key;
use crate::delegation::{self, rules::Link};
use crate::department::{self, rules::subtree};
use crate::door;
use crate::grant::ScopeKind;
use crate::guest;
use crate::role::rules::matches;
use crate::totp;
use crate::user::{self, UserState, rules::may_act};

/// The staff (人员), as other domains ask for them.
#[derive(Debug, Clone, Copy)]
pub struct Staff;

#[derive(Deserialize)]
struct Row {
    id: Id,
    name: String,
    email: String,
    language: Option<Language>,
    department_id: Option<Id>,
    manager_id: Option<Id>,
    state: UserState,
    leave_at: Option<Timestamp>,
}

impl Row {
    fn person(self, now: Timestamp) -> Person {
        Person {
            id: self.id,
            active: may_act(self.state, self.leave_at, now),
            name: self.name,
            email: self.email,
            language: self.language,
            department_id: self.department_id,
            manager_id: self.manager_id,
        }
    }
}

#[derive(Deserialize)]
struct Department {
    id: Id,
    code: String,
    names: LocalText,
    head_id: Option<Id>,
}

#[derive(Deserialize)]
struct Held {
    id: Id,
    code: String,
    permissions: Vec<String>,
    scope: ScopeKind,
    brand_id: Option<Id>,
    department_id: Option<Id>,
}

impl Held {
    /// Returns true where the grant reaches a thing of this brand and department.
    fn reaches(&self, brand: Option<Id>, department: Option<Id>, parents: &[(Id, Option<Id>)]) -> bool {
        match (self.scope, self.department_id) {
            (ScopeKind::Company, _) => true,
            (ScopeKind::Brand, _) => brand.is_some() && self.brand_id == brand,
            (ScopeKind::Department, Some(root)) => {
                department.is_some_and(|id| subtree(parents, root).contains(&id))
            }
            (ScopeKind::Department | ScopeKind::Own, _) => false,
        }
    }
}

async fn held(tx: &mut Tx) -> Result<(Vec<Held>, Vec<(Id, Option<Id>)>)> {
    let now = tx.now();
    let held = tx.all(sql::HELD, args![now]).await?;
    Ok((held, tx.all(department::sql::PARENTS, args![]).await?))
}

fn once(ids: impl Iterator<Item = Id>) -> Vec<Id> {
    let mut found: Vec<Id> = Vec::new();
    for id in ids {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

#[async_trait]
impl PeoplePort for Staff {
    async fn invite_guest(&self, tx: &mut Tx, guest: &GuestAccount) -> Result<GuestMade> {
        guest::invite(tx, guest).await
    }

    async fn guest_until(&self, tx: &mut Tx, user_id: Id, until: Option<Timestamp>) -> Result<()> {
        guest::until(tx, user_id, until).await
    }

    async fn people(&self, tx: &mut Tx, ids: &[Id]) -> Result<Vec<Person>> {
        let now = tx.now();
        let mut query = Query::new(sql::PEOPLE, args![]);
        query.and_in("id", once(ids.iter().copied()));
        let rows: Vec<Row> = tx.list(query).await?;
        Ok(rows.into_iter().map(|row| row.person(now)).collect())
    }

    async fn look_up(&self, tx: &mut Tx, words: &[String]) -> Result<Vec<Person>> {
        let now = tx.now();
        let mut query = Query::new(sql::PEOPLE, args![]);
        query
            .push(" AND kind = 'staff' AND (")
            .any_of("email_key", words.iter().map(|word| email_key(word)))
            .push(" OR ");
        query.any_of("name", words.iter().map(|word| word.trim())).push(")");
        let rows: Vec<Row> = tx.list(query).await?;
        Ok(rows.into_iter().map(|row| row.person(now)).filter(|person| person.active).collect())
    }

    async fn staff(&self, tx: &mut Tx, department_id: Option<Id>) -> Result<Vec<Id>> {
        let now = tx.now();
        let mut query = Query::new(sql::PEOPLE, args![]);
        query.push(" AND state = 'active' AND kind = 'staff'");
        if let Some(root) = department_id {
            let parents: Vec<(Id, Option<Id>)> = tx.all(department::sql::PARENTS, args![]).await?;
            query.and_in("department_id", subtree(&parents, root));
        }
        query.push(" ORDER BY name, id");
        let rows: Vec<Row> = tx.list(query).await?;
        Ok(rows.into_iter().map(|row| row.person(now)).filter(|p| p.active).map(|p| p.id).collect())
    }

    async fn caller(&self, app: &App, user_id: Id, request: &Caller) -> Result<Option<Caller>> {
        door::service::of_user(app, user_id, request).await
    }

    async fn units(&self, tx: &mut Tx) -> Result<Vec<Unit>> {
        let rows: Vec<Department> = tx.all(sql::DEPARTMENTS, args![]).await?;
        let unit =
            |row: Department| Unit { id: row.id, code: row.code, names: row.names, head_id: row.head_id };
        Ok(rows.into_iter().map(unit).collect())
    }

    async fn holders_of_role(&self, tx: &mut Tx, role: &str, department_id: Option<Id>) -> Result<Vec<Id>> {
        let (held, parents) = held(tx).await?;
        let fits = |row: &&Held| {
            row.code == role && (department_id.is_none() || row.reaches(None, department_id, &parents))
        };
        Ok(once(held.iter().filter(fits).map(|row| row.id)))
    }

    async fn holders_of_permission(
        &self,
        tx: &mut Tx,
        permission: &str,
        brand_id: Option<Id>,
        department_id: Option<Id>,
    ) -> Result<Vec<Id>> {
        let (held, parents) = held(tx).await?;
        let fits = |row: &&Held| {
            row.permissions.iter().any(|pattern| matches(pattern, permission))
                && row.reaches(brand_id, department_id, &parents)
        };
        Ok(once(held.iter().filter(fits).map(|row| row.id)))
    }

    async fn holders_of_any(&self, tx: &mut Tx, permissions: &[String]) -> Result<Vec<Id>> {
        let (held, _) = held(tx).await?;
        let fits = |row: &&Held| {
            row.permissions.iter().any(|pattern| permissions.iter().any(|code| matches(pattern, code)))
        };
        Ok(once(held.iter().filter(fits).map(|row| row.id)))
    }

    async fn move_person(&self, tx: &mut Tx, change: &StaffMove) -> Result<()> {
        moving::carry_out(tx, change).await
    }

    async fn stand_ins(&self, tx: &mut Tx, ids: &[Id], kind: &str, at: Timestamp) -> Result<Vec<StandIn>> {
        let links: Vec<Link> = tx.all(delegation::sql::WITHIN, args![at, at.plus_ms(1)]).await?;
        if links.is_empty() {
            return Ok(Vec::new());
        }
        let deputies: Vec<Id> = links.iter().map(|link| link.to_user_id).collect();
        let active: Vec<Id> =
            self.people(tx, &deputies).await?.into_iter().filter(|p| p.active).map(|p| p.id).collect();
        Ok(delegation::rules::stand_ins(&links, ids, kind, at, |id| active.contains(&id)))
    }
}

#[async_trait]
impl SecondFactorPort for Staff {
    async fn check(&self, app: &App, user_id: Id, code: &str) -> Result<()> {
        let account = user::service::account(&app.store, user_id).await?;
        if !account.totp_enabled {
            return Err(Problem::conflict("identity.totp.needed_here"));
        }
        // A link in a mailbox must not become a place to try out codes.
        let tries = attempt::service::begin(app, &[Bucket::own_password(user_id)]).await?;
        totp::service::check(app, user_id, Some(code)).await.map_err(wrong)?;
        let mut tx = app.store.begin_observation(store::Observation::SessionUse).await?;
        tries.succeeded(&mut tx).await?;
        tx.commit().await
    }
}

/// A wrong code is a fault of the form, not a sign-in that failed.
fn wrong(problem: Problem) -> Problem {
    match problem.status {
        401 => Problem::unprocessable("identity.input_invalid").with_field("code", "identity.totp.wrong"),
        _ => problem,
    }
}
