use http_kit::App;
use kernel::{Caller, Id, Language, Page, PageQuery, Permission, Problem, Result};
use store::{Audit, Query, ScopeColumns, Tx, args};

use super::{AccountRequest, NewAccountRequest, RequestFilter, RequestState, sql};
use crate::check::{Check, NAME_MAX, REASON_MAX, email_key};
use crate::grant::{self, NewGrant};
use crate::link::{Purpose, service as link};
use crate::permissions::{ACCOUNT_APPROVE, ACCOUNT_REQUEST};
use crate::user::{self, NewUser, Origin};
use crate::{department, notice, role};

const COLUMNS: ScopeColumns =
    ScopeColumns { brand: None, department: Some("q.department_id"), owner: Some("q.created_by") };

/// Returns requests, the latest first: all for those who approve, else those of one's departments.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &RequestFilter,
) -> Result<Page<AccountRequest>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .scope(&caller.scope(reading(caller))?, COLUMNS)
        .and_some("q.state =", filter.state.map(|state| state.as_str()))
        .and_some("q.department_id =", filter.department_id)
        .and_some("q.id <", page.after::<Id>()?)
        .push(" ORDER BY q.id DESC")
        .limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |row: &AccountRequest| row.id))
}

fn reading(caller: &Caller) -> Permission {
    if caller.may(ACCOUNT_APPROVE) { ACCOUNT_APPROVE } else { ACCOUNT_REQUEST }
}

/// Returns one request.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<AccountRequest> {
    let request: AccountRequest = app.store.get(sql::FIND, args![id]).await?;
    caller.scope(reading(caller))?.require(None, Some(request.department_id), request.created_by)?;
    Ok(request)
}

/// Asks for an account for somebody of the caller's department.
pub async fn create(app: &App, caller: &Caller, new: &NewAccountRequest) -> Result<AccountRequest> {
    caller.scope(ACCOUNT_REQUEST)?.require_new(None, Some(new.department_id), None)?;
    Check::new()
        .text("name", &new.name, 1, NAME_MAX)
        .email("email", &new.email)
        .text("reason", &new.reason, 2, REASON_MAX)
        .finish()?;
    let wanted = grant_of(new);
    grant::rules::check(&wanted, app.store.now())?;
    let role = role::service::get(app, new.role_id).await?;
    department::service::get(app, new.department_id).await?;
    if user::service::by_email(&app.store, &new.email).await?.is_some() {
        return Err(Problem::conflict("identity.user.email_taken"));
    }
    let (id, key) = (Id::new(), email_key(&new.email));
    let mut tx = app.store.begin(caller).await?;
    if tx.find::<Id>(sql::PENDING, args![&key]).await?.is_some() {
        return Err(Problem::conflict("identity.account_request.pending"));
    }
    let args = args![
        id,
        new.department_id,
        new.name.trim(),
        new.email.trim(),
        key,
        new.language.map(Language::as_str),
        new.position_id,
        new.role_id,
        new.scope.as_str(),
        new.brand_id,
        new.scope_department_id,
        new.reason.trim(),
        tx.now(),
        caller.user_id()?,
    ];
    tx.exec_one(sql::INSERT, args).await?;
    let request: AccountRequest = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("create", "identity.account_request", id).within(None, Some(new.department_id));
    tx.audit(entry.change(None, Some(&request))).await?;
    notice::account_requested(&mut tx, id, request.version, &request.name, &role.names).await?;
    tx.commit().await?;
    Ok(request)
}

fn grant_of(new: &NewAccountRequest) -> NewGrant {
    NewGrant {
        role_id: new.role_id,
        scope: new.scope,
        brand_id: new.brand_id,
        department_id: new.scope_department_id,
        expires_at: None,
        reason: None,
    }
}

/// Approves a request: makes the account, gives the role and sends the activation link, all or nothing.
///
/// Of the two persons one must hold what the account will: the head who asked, or the one who approves.
pub async fn approve(app: &App, caller: &Caller, id: Id, version: i64) -> Result<AccountRequest> {
    let before: AccountRequest = app.store.get(sql::FIND, args![id]).await?;
    require_other(caller, &before)?;
    if before.state != RequestState::Pending {
        return Err(Problem::conflict("identity.account_request.decided"));
    }
    let role = role::service::get(app, before.role_id).await?;
    let wanted = NewGrant {
        role_id: before.role_id,
        scope: before.scope,
        brand_id: before.brand_id,
        department_id: before.scope_department_id,
        expires_at: None,
        reason: None,
    };
    if let Err(refused) = grant::service::require_may_give(app, caller, &role, &wanted).await {
        let asker = before.created_by.ok_or(refused)?;
        let asker = crate::door::service::as_user(app, asker, caller).await?;
        grant::service::require_may_give(app, &asker, &role, &wanted).await?;
    }
    let new = NewUser {
        name: before.name.clone(),
        email: before.email.clone(),
        language: before.language,
        department_id: Some(before.department_id),
        position_id: before.position_id,
        manager_id: before.created_by,
    };
    let user_id = Id::new();
    let mut tx = app.store.begin(caller).await?;
    user::service::insert(&mut tx, user_id, &new, Origin::Request, None).await?;
    grant::service::insert(&mut tx, user_id, &wanted).await?;
    link::send(&mut tx, user_id, Purpose::Activation).await?;
    let after = decide(&mut tx, &before, version, RequestState::Approved, None, Some(user_id)).await?;
    tx.commit().await?;
    Ok(after)
}

fn require_other(caller: &Caller, request: &AccountRequest) -> Result<()> {
    if request.created_by.is_some() && caller.find_user_id() == request.created_by {
        return Err(Problem::forbidden("identity.account_request.own"));
    }
    Ok(())
}

/// Rejects a request, with the reason.
pub async fn reject(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    reason: &str,
) -> Result<AccountRequest> {
    Check::new().text("reason", reason, 2, REASON_MAX).finish()?;
    let before: AccountRequest = app.store.get(sql::FIND, args![id]).await?;
    require_other(caller, &before)?;
    let mut tx = app.store.begin(caller).await?;
    let after = decide(&mut tx, &before, version, RequestState::Rejected, Some(reason.trim()), None).await?;
    tx.commit().await?;
    Ok(after)
}

/// Takes one's own request back.
pub async fn withdraw(app: &App, caller: &Caller, id: Id, version: i64) -> Result<AccountRequest> {
    let before = get(app, caller, id).await?;
    if before.created_by != Some(caller.user_id()?) {
        return Err(Problem::not_found("access.not_found"));
    }
    let mut tx = app.store.begin(caller).await?;
    let after = decide(&mut tx, &before, version, RequestState::Withdrawn, None, None).await?;
    tx.commit().await?;
    Ok(after)
}

async fn decide(
    tx: &mut Tx,
    before: &AccountRequest,
    version: i64,
    state: RequestState,
    reason: Option<&str>,
    user_id: Option<Id>,
) -> Result<AccountRequest> {
    if before.state != RequestState::Pending {
        return Err(Problem::conflict("identity.account_request.decided"));
    }
    let by = tx.caller().find_user_id();
    tx.exec_one(sql::DECIDE, args![before.id, version, state.as_str(), by, tx.now(), reason, user_id])
        .await?;
    let after: AccountRequest = tx.get(sql::FIND, args![before.id]).await?;
    let action = match state {
        RequestState::Approved => "approve",
        RequestState::Rejected => "reject",
        RequestState::Pending | RequestState::Withdrawn => "withdraw",
    };
    let entry =
        Audit::new(action, "identity.account_request", before.id).within(None, Some(before.department_id));
    tx.audit(entry.change(Some(before), Some(&after))).await?;
    notice::account_decided(tx, before.id).await?;
    Ok(after)
}
