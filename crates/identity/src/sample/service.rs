use http_kit::App;
use kernel::{Caller, Id, Problem, Result};
use sha2::{Digest, Sha256};
use store::{Tx, args};

use super::{SampleOrg, SamplePerson, SampleUser, history};
use crate::department::{self, NewDepartment};
use crate::grant::{self, NewGrant, ScopeKind};
use crate::position::{self, NewPosition};
use crate::session::{Client, service::require_sample};
use crate::user::{self, NewUser, Origin};
use crate::{access_review, role, secrecy};

/// The role that holds for the own department only.
const HEAD: &str = "head";

/// Loads departments, positions, people and what they hold; what is there already stays as it is.
pub async fn load(app: &App, org: &SampleOrg) -> Result<()> {
    role::service::ensure_built_in(app).await?;
    let period = access_review::service::period(app).await?;
    let mut tx = app.store.begin(&Caller::system("sample")).await?;
    departments(&mut tx, org).await?;
    positions(&mut tx, org).await?;
    for person in &org.people {
        insert_person(&mut tx, org, person).await?;
    }
    history::write(&mut tx, org, &period).await?;
    tx.commit().await
}

/// Returns the id that belongs to a thing of the sample for ever.
pub fn id_of(noun: &str, code: &str) -> Id {
    let digest = Sha256::digest(format!("sample/{noun}/{code}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Id::from_digest(bytes)
}

async fn departments(tx: &mut Tx, org: &SampleOrg) -> Result<()> {
    for sample in &org.departments {
        if tx.find::<Id>(department::sql::ID_OF, args![&sample.code]).await?.is_some() {
            continue;
        }
        let new = NewDepartment {
            code: sample.code.clone(),
            names: sample.name.clone(),
            parent_id: None,
            head_id: None,
            in_scope: None,
        };
        department::service::insert(tx, id_of("department", &sample.code), &new).await?;
    }
    Ok(())
}

async fn positions(tx: &mut Tx, org: &SampleOrg) -> Result<()> {
    for sample in &org.positions {
        let id = id_of("position", &sample.code);
        if tx.find::<position::Position>(position::sql::FIND, args![id]).await?.is_some() {
            continue;
        }
        let department_id = id_of("department", &sample.department);
        position::service::insert(tx, id, &NewPosition { department_id, names: sample.name.clone() }).await?;
    }
    Ok(())
}

async fn insert_person(tx: &mut Tx, org: &SampleOrg, person: &SamplePerson) -> Result<()> {
    let id = id_of("user", &person.email);
    if tx.find::<user::service::Account>(user::sql::BY_ID, args![id]).await?.is_some() {
        return Ok(());
    }
    let department_id = id_of("department", &person.department);
    let new = NewUser {
        name: person.name.zh_hans.clone(),
        email: person.email.clone(),
        language: None,
        department_id: Some(department_id),
        position_id: Some(id_of("position", &person.position)),
        manager_id: manager(org, person).filter(|manager| before(org, manager, person)).map(user_id),
    };
    user::service::insert(tx, id, &new, Origin::Sample, None).await?;
    secrecy::sample(tx, id_of("secrecy_reminder", &person.email), id).await?;
    for code in &person.roles {
        let role_id = tx.find::<Id>(role::sql::ID_OF, args![code]).await?;
        let role_id =
            role_id.ok_or_else(|| Problem::unprocessable("identity.role.unknown").with("role", code))?;
        let own = code == HEAD;
        let grant = NewGrant {
            role_id,
            scope: if own { ScopeKind::Department } else { ScopeKind::Company },
            brand_id: None,
            department_id: own.then_some(department_id),
            expires_at: None,
            reason: None,
        };
        grant::service::insert(tx, id, &grant).await?;
    }
    if person.head {
        department::service::set_head(tx, department_id, id).await?;
    }
    Ok(())
}

pub(super) fn user_id(person: &SamplePerson) -> Id {
    id_of("user", &person.email)
}

/// The head of the department; for heads the head of the first department.
pub(super) fn manager<'o>(org: &'o SampleOrg, person: &SamplePerson) -> Option<&'o SamplePerson> {
    let department = match person.head {
        true => &org.departments.first()?.code,
        false => &person.department,
    };
    let head =
        |other: &&SamplePerson| other.head && other.department == *department && other.email != person.email;
    org.people.iter().find(head)
}

/// A manager is written before those who report to them.
fn before(org: &SampleOrg, manager: &SamplePerson, person: &SamplePerson) -> bool {
    let place = |who: &SamplePerson| org.people.iter().position(|p| p.email == who.email);
    place(manager) < place(person)
}

/// Returns the people whom one click signs in; elsewhere there is no such page.
pub async fn users(app: &App, client: &Client) -> Result<Vec<SampleUser>> {
    require_sample(app, client)?;
    let mut users: Vec<SampleUser> = app.store.all(user::sql::SAMPLE, args![]).await?;
    let ids: Vec<Id> = users.iter().map(|user| user.id).collect();
    for grant in grant::service::of_users(app, &ids).await? {
        if let Some(user) = users.iter_mut().find(|user| user.id == grant.user_id) {
            user.role_names.push(grant.role_names);
        }
    }
    Ok(users)
}
