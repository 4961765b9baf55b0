use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use serde_json::json;
use store::{Audit, Query, Tx, args};

use super::{CaseFilter, SecurityCase, Settlement, sql};
use crate::check::{Check, REASON_MAX};
use crate::user::{self, User, UserState};
use crate::{link, notice, session};

/// Ends all sessions of an account, locks it and opens a case, in the caller's transaction.
pub(crate) async fn open(tx: &mut Tx, user_id: Id, alert_id: Option<Id>) -> Result<()> {
    let before: User = tx.get(user::sql::FIND, args![user_id]).await?;
    let ended = session::service::end_all(tx, user_id, None, "not_me").await?;
    link::service::void_all(tx, user_id).await?;
    let locked = tx.exec(user::sql::LOCK, args![user_id, tx.now(), "not_me"]).await? == 1;
    let after: User = tx.get(user::sql::FIND, args![user_id]).await?;
    let entry = Audit::new("lock", "identity.user", user_id).within(None, before.department_id);
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    let (id, by) = (Id::new(), tx.caller().find_user_id());
    let detail = json!({ "sessions_ended": ended, "locked": locked });
    let args =
        args![id, user_id, before.department_id, alert_id, "not_me", detail.to_string(), tx.now(), by,];
    tx.exec_one(sql::INSERT, args).await?;
    let entry = Audit::new("create", "identity.security_case", id).within(None, before.department_id);
    tx.audit(entry.with(detail)).await?;
    notice::case_opened(tx, id, &before.name).await
}

/// Returns the cases, the latest first.
pub async fn list(app: &App, page: &PageQuery, filter: &CaseFilter) -> Result<Page<SecurityCase>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .and_some("c.state =", filter.state.map(|state| state.as_str()))
        .and_some("c.user_id =", filter.user_id)
        .and_some("c.id <", page.after::<Id>()?)
        .push(" ORDER BY c.id DESC")
        .limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |case: &SecurityCase| case.id))
}

/// Returns one case.
pub async fn get(app: &App, id: Id) -> Result<SecurityCase> {
    app.store.get(sql::FIND, args![id]).await
}

/// The caller takes a case; from here the time to handling is known.
pub async fn handle(app: &App, caller: &Caller, id: Id) -> Result<SecurityCase> {
    let mut tx = app.store.begin(caller).await?;
    let before: SecurityCase = tx.get(sql::FIND, args![id]).await?;
    require_other(caller, &before)?;
    if tx.exec(sql::HANDLE, args![id, caller.user_id()?, tx.now()]).await? == 0 {
        return Err(Problem::conflict("identity.security_case.taken"));
    }
    let after: SecurityCase = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("handle", "identity.security_case", id).within(None, before.department_id);
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    tx.commit().await?;
    Ok(after)
}

/// Nobody settles the case about their own account.
fn require_other(caller: &Caller, case: &SecurityCase) -> Result<()> {
    if caller.find_user_id() == Some(case.user_id) {
        return Err(Problem::forbidden("identity.security_case.own"));
    }
    Ok(())
}

/// Settles a case; the account may open again, with a new password.
pub async fn close(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    how: &Settlement,
) -> Result<SecurityCase> {
    Check::new().text("resolution", &how.resolution, 2, REASON_MAX).finish()?;
    let mut tx = app.store.begin(caller).await?;
    let before: SecurityCase = tx.get(sql::FIND, args![id]).await?;
    require_other(caller, &before)?;
    let args = args![id, version, caller.user_id()?, tx.now(), how.resolution.trim()];
    tx.exec_one(sql::CLOSE, args).await?;
    if how.unlock {
        unlock(&mut tx, before.user_id, &how.resolution).await?;
    }
    let after: SecurityCase = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("close", "identity.security_case", id).within(None, before.department_id);
    tx.audit(entry.change(Some(&before), Some(&after)).because(how.resolution.trim())).await?;
    notice::case_closed(&mut tx, id).await?;
    tx.commit().await?;
    Ok(after)
}

/// Whoever was in the account may know its password, so that is forgotten first.
async fn unlock(tx: &mut Tx, user_id: Id, reason: &str) -> Result<()> {
    let user: User = tx.get(user::sql::FIND, args![user_id]).await?;
    if user.state != UserState::Locked {
        return Ok(());
    }
    tx.exec_one(user::sql::FORGET_PASSWORD, args![user_id, tx.now()]).await?;
    user::service::reopen(tx, &user, reason).await.map(drop)
}
