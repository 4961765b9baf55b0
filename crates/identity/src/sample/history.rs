//! How the sample's people came by their accounts, and that somebody looked at them since.

use kernel::{Id, Result};
use store::{Audit, Tx, args};

use super::service::{id_of, manager, user_id};
use super::{SampleOrg, SamplePerson};
use crate::access_review::{self, Decision};
use crate::account_request;
use crate::grant::ScopeKind;
use crate::{role, user};

/// Writes an approved request for each account and a finished access review of each department.
pub(super) async fn write(tx: &mut Tx, org: &SampleOrg, period: &str) -> Result<()> {
    for person in &org.people {
        request(tx, org, person).await?;
    }
    for department in &org.departments {
        review(tx, org, &department.code, period).await?;
    }
    Ok(())
}

/// The one who approves accounts: the head of IT; for that head, the head of the first department.
fn approver<'o>(org: &'o SampleOrg, person: &SamplePerson) -> Option<&'o SamplePerson> {
    let is_it = |other: &&SamplePerson| other.head && other.department == "it" && other.email != person.email;
    org.people.iter().find(is_it).or_else(|| manager(org, person))
}

/// Whoever asked is neither the person nor the approver.
fn asker<'o>(org: &'o SampleOrg, person: &SamplePerson, approver: &SamplePerson) -> Option<&'o SamplePerson> {
    let free = |other: &&SamplePerson| other.email != person.email && other.email != approver.email;
    manager(org, person).filter(|m| free(m)).or_else(|| org.people.iter().find(|p| p.head && free(p)))
}

async fn request(tx: &mut Tx, org: &SampleOrg, person: &SamplePerson) -> Result<()> {
    let id = id_of("account_request", &person.email);
    let written: Option<account_request::AccountRequest> =
        tx.find(account_request::sql::FIND, args![id]).await?;
    let role = match person.roles.first() {
        Some(code) => tx.find::<Id>(role::sql::ID_OF, args![code]).await?,
        None => None,
    };
    let (Some(approver), Some(role_id), None) = (approver(org, person), role, written) else { return Ok(()) };
    let Some(asker) = asker(org, person, approver) else { return Ok(()) };
    let args = args![
        id,
        id_of("department", &person.department),
        &person.name.zh_hans,
        &person.email,
        crate::check::email_key(&person.email),
        id_of("position", &person.position),
        role_id,
        ScopeKind::Company.as_str(),
        None::<Id>,
        "样例数据",
        user_id(approver),
        tx.now(),
        user_id(person),
        user_id(asker),
    ];
    tx.exec_one(account_request::sql::SAMPLE, args).await?;
    let department = Some(id_of("department", &person.department));
    tx.audit(Audit::new("create", "identity.account_request", id).within(None, department)).await
}

/// The review of the present period: the schedule finds it done.
async fn review(tx: &mut Tx, org: &SampleOrg, code: &str, period: &str) -> Result<()> {
    let department_id = id_of("department", code);
    if tx.find::<Id>(access_review::sql::ANY, args![department_id]).await?.is_some() {
        return Ok(());
    }
    let department = tx.get(access_review::sql::DEPARTMENT, args![department_id]).await?;
    let id = access_review::service::insert(tx, &department, period).await?;
    for person in org.people.iter().filter(|person| person.department == code) {
        let Some(reviewer) = manager(org, person).or_else(|| approver(org, person)) else { continue };
        let (now, keep) = (tx.now(), Decision::Keep.as_str());
        let args = args![id, user_id(person), keep, now, user_id(reviewer)];
        tx.exec(access_review::sql::SAMPLE_DECIDE, args).await?;
        tx.exec(user::sql::REVIEWED, args![user_id(person), now]).await?;
    }
    tx.exec(access_review::sql::CLOSE, args![id, tx.now()]).await?;
    crate::notice::review_closed(tx, id).await
}
