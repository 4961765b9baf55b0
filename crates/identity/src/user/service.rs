use http_kit::App;
use kernel::{
    Caller, Id, Labelled, Language, Page, PageQuery, Permission, Problem, Result, Scope, Timestamp,
};
use serde::Deserialize;
use store::{Audit, OnDuplicate, Query, ScopeColumns, Store, Tx, args};

use super::{
    MePatch, NewUser, Origin, PasswordChange, User, UserFilter, UserKind, UserPatch, UserState, password,
    rules, sql,
};
use crate::check::{Check, NAME_MAX, REASON_MAX, email_key};
use crate::grant::service::ADMINISTRATOR;
use crate::grant::{self, Grant};
use crate::link::{Purpose, service as link};
use crate::permissions::{USER_MANAGE, USER_READ};
use crate::{handover, notice, session, token};

/// Users are narrowed by their department; "own" is oneself.
const COLUMNS: ScopeColumns =
    ScopeColumns { brand: None, department: Some("u.department_id"), owner: Some("u.id") };

/// What signing in needs to know of a user.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Account {
    pub id: Id,
    pub name: String,
    pub email: String,
    pub kind: UserKind,
    pub language: Option<Language>,
    pub state: UserState,
    pub leave_at: Option<Timestamp>,
    pub password_hash: Option<String>,
    pub totp_enabled: bool,
}

/// Returns the account with this address, if there is one.
pub(crate) async fn by_email(store: &Store, email: &str) -> Result<Option<Account>> {
    store.find(sql::BY_EMAIL, args![email_key(email)]).await
}

/// Returns the account with this id.
pub(crate) async fn account(store: &Store, id: Id) -> Result<Account> {
    store.get(sql::BY_ID, args![id]).await
}

/// Returns the users that the caller may see, by name.
pub async fn list(app: &App, caller: &Caller, page: &PageQuery, filter: &UserFilter) -> Result<Page<User>> {
    let size = page.size()?;
    let scope = caller.scope(USER_READ)?;
    let mut query = Query::new(sql::LIST, args![]);
    query.scope(&scope, COLUMNS);
    if let Some(text) = filter.q.as_deref().filter(|text| !text.trim().is_empty()) {
        Check::new().text("q", text, 0, 100).finish()?;
        // An address that the caller may not see is not searched either.
        let column = if User::visible(caller, "email") { "u.name || ' ' || u.email" } else { "u.name" };
        query.and_contains(column, text.trim());
    }
    query
        .and_some("u.state =", filter.state.map(UserState::as_str))
        .and_some("u.kind =", filter.kind.map(UserKind::as_str))
        .and_some("u.department_id =", filter.department_id);
    match filter.idle {
        Some(true) => query.push(" AND u.idle_flagged_at IS NOT NULL"),
        Some(false) => query.push(" AND u.idle_flagged_at IS NULL"),
        None => &mut query,
    };
    if let Some(role_id) = filter.role_id {
        query.push(sql::HOLDS).and("g.role_id =", role_id).push(")");
    }
    if let Some((name, id)) = page.after::<(String, Id)>()? {
        query.push(" AND (u.name, u.id) > (").bind(name).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY u.name, u.id").limit_overfull(size);
    let page = Page::from_overfull(app.store.list(query).await?, size, |u: &User| (u.name.clone(), u.id));
    with_grants(app, page).await
}

async fn with_grants(app: &App, mut page: Page<User>) -> Result<Page<User>> {
    let ids: Vec<Id> = page.items.iter().map(|user| user.id).collect();
    for grant in grant::service::of_users(app, &ids).await? {
        if let Some(user) = page.items.iter_mut().find(|user| user.id == grant.user_id) {
            user.grants.push(grant);
        }
    }
    Ok(page)
}

/// Returns one user with what they hold.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<User> {
    let mut user = get_in(app, caller, USER_READ, id).await?;
    user.grants = grant::service::of_users(app, &[id]).await?;
    Ok(user)
}

/// Returns one user on whom the caller holds `permission`; others are not found.
pub(crate) async fn get_in(app: &App, caller: &Caller, permission: Permission, id: Id) -> Result<User> {
    let user: User = app.store.get(sql::FIND, args![id]).await?;
    require_in(&caller.scope(permission)?, &user)?;
    Ok(user)
}

fn require_in(scope: &Scope, user: &User) -> Result<()> {
    scope.require(None, user.department_id, Some(user.id))
}

/// Makes a user and sends the activation link.
pub async fn invite(app: &App, caller: &Caller, new: &NewUser) -> Result<User> {
    rules::check(new)?;
    caller.scope(USER_MANAGE)?.require_new(None, new.department_id, None)?;
    let mut tx = app.store.begin(caller).await?;
    let user = insert(&mut tx, Id::new(), new, Origin::Invitation, None).await?;
    link::send(&mut tx, user.id, Purpose::Activation).await?;
    tx.commit().await?;
    Ok(user)
}

/// Writes a user: active with a password hash, invited without; sample users are active without one.
pub(crate) async fn insert(
    tx: &mut Tx,
    id: Id,
    new: &NewUser,
    origin: Origin,
    password_hash: Option<String>,
) -> Result<User> {
    let active = password_hash.is_some() || origin == Origin::Sample;
    let state = if active { UserState::Active } else { UserState::Invited };
    let (now, by) = (tx.now(), tx.caller().find_user_id());
    let changed_at = password_hash.as_ref().map(|_| now);
    let args = args![
        id,
        new.email.trim(),
        email_key(&new.email),
        new.name.trim(),
        new.language.map(Language::as_str),
        new.department_id,
        new.position_id,
        new.manager_id,
        state.as_str(),
        origin.as_str(),
        password_hash,
        changed_at,
        now,
        by,
    ];
    tx.exec_one(sql::INSERT, args)
        .await
        .on_duplicate("identity.user.email_taken")
        .map_err(unknown_reference)?;
    let user: User = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("create", "identity.user", id).within(None, user.department_id);
    tx.audit(entry.change(None, Some(&user))).await?;
    Ok(user)
}

fn unknown_reference(problem: Problem) -> Problem {
    if problem.code == "store.referenced" {
        Problem::unprocessable("identity.user.unknown_reference")
    } else {
        problem
    }
}

/// Changes a user; a leave date that has passed closes the account in the same transaction.
pub async fn update(app: &App, caller: &Caller, id: Id, version: i64, patch: UserPatch) -> Result<User> {
    let before = get_in(app, caller, USER_MANAGE, id).await?;
    require_not_above(app, caller, id).await?;
    let wanted = patched(&before, patch);
    Check::new().text("name", &wanted.name, 1, NAME_MAX).email("email", &wanted.email).finish()?;
    caller.scope(USER_MANAGE)?.require_new(None, wanted.department_id, Some(id))?;
    if wanted.manager_id == Some(id) {
        return Err(Problem::unprocessable("identity.user.own_manager"));
    }
    let mut tx = app.store.begin(caller).await?;
    let args = args![
        id,
        version,
        wanted.name.trim(),
        wanted.email.trim(),
        email_key(&wanted.email),
        wanted.language.map(Language::as_str),
        wanted.department_id,
        wanted.position_id,
        wanted.manager_id,
        wanted.leave_at,
        tx.now(),
    ];
    tx.exec_one(sql::UPDATE, args)
        .await
        .on_duplicate("identity.user.email_taken")
        .map_err(unknown_reference)?;
    if wanted.leave_at.is_some_and(|leave| leave <= tx.now()) && before.state.is_open() {
        leave(&mut tx, id).await?;
    }
    let after: User = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("update", "identity.user", id).within(None, after.department_id);
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    tx.commit().await?;
    Ok(after)
}

fn patched(before: &User, patch: UserPatch) -> User {
    let mut wanted = before.clone();
    wanted.name = patch.name.unwrap_or(wanted.name);
    wanted.email = patch.email.unwrap_or(wanted.email);
    wanted.language = patch.language.unwrap_or(wanted.language);
    wanted.department_id = patch.department_id.unwrap_or(wanted.department_id);
    wanted.position_id = patch.position_id.unwrap_or(wanted.position_id);
    wanted.manager_id = patch.manager_id.unwrap_or(wanted.manager_id);
    wanted.leave_at = patch.leave_at.unwrap_or(wanted.leave_at);
    wanted
}

/// Refuses to lay hands on the account of somebody with a higher clearance: whoever could change an
/// administrator's address could become one.
pub(crate) async fn require_not_above(app: &App, caller: &Caller, id: Id) -> Result<()> {
    let Some(me) = caller.find_user_id() else { return Ok(()) };
    let now = app.store.now();
    let theirs = app.store.all(grant::sql::CLEARANCES, args![id, now]).await?;
    let mine = app.store.all(grant::sql::CLEARANCES, args![me, now]).await?;
    if me != id && grant::rules::highest(theirs) > grant::rules::highest(mine) {
        return Err(Problem::forbidden("identity.user.above_you"));
    }
    Ok(())
}

/// Closes an account with a reason: sessions and tokens end in the same transaction.
pub async fn disable(app: &App, caller: &Caller, id: Id, reason: &str) -> Result<User> {
    Check::new().text("reason", reason, 2, REASON_MAX).finish()?;
    let before = get_in(app, caller, USER_MANAGE, id).await?;
    require_not_above(app, caller, id).await?;
    if caller.find_user_id() == Some(id) {
        return Err(Problem::conflict("identity.user.not_oneself"));
    }
    let mut tx = app.store.begin(caller).await?;
    let after = close(&mut tx, &before, UserState::Disabled, reason).await?;
    tx.commit().await?;
    Ok(after)
}

/// Closes an account in the caller's transaction.
pub(crate) async fn close(tx: &mut Tx, before: &User, state: UserState, reason: &str) -> Result<User> {
    require_not_last_administrator(tx, before.id).await?;
    if tx.exec(sql::CLOSE, args![before.id, state.as_str(), tx.now(), reason]).await? == 0 {
        return Err(Problem::conflict("identity.user.already_closed"));
    }
    end_access(tx, before.id, state.as_str()).await?;
    notice::idle_over(tx, before.id).await?;
    let after: User = tx.get(sql::FIND, args![before.id]).await?;
    let entry = Audit::new("disable", "identity.user", before.id).within(None, before.department_id);
    tx.audit(entry.because(reason).change(Some(before), Some(&after))).await?;
    Ok(after)
}

async fn end_access(tx: &mut Tx, id: Id, why: &'static str) -> Result<()> {
    session::service::end_all(tx, id, None, why).await?;
    token::service::revoke_all(tx, id).await?;
    link::void_all(tx, id).await
}

async fn require_not_last_administrator(tx: &mut Tx, id: Id) -> Result<()> {
    let mut query = Query::new(grant::sql::LIST, args![]);
    query.and("g.user_id =", id).and("r.code =", ADMINISTRATOR).and("g.scope =", "company");
    let held: Vec<Grant> = tx.list(query).await?;
    if held.is_empty() { Ok(()) } else { grant::service::require_other_administrator(tx, id).await }
}

/// Closes the account of somebody whose leave date has come, and opens the hand-over of what they own.
pub(crate) async fn leave(tx: &mut Tx, id: Id) -> Result<()> {
    let before: User = tx.get(sql::FIND, args![id]).await?;
    if tx.exec(sql::CLOSE, args![id, UserState::Left.as_str(), tx.now(), "leave_date"]).await? == 0 {
        return Ok(());
    }
    end_access(tx, id, UserState::Left.as_str()).await?;
    let after: User = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("leave", "identity.user", id).within(None, before.department_id);
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    // A guest owns nothing that somebody would take over.
    if after.kind == UserKind::Guest { Ok(()) } else { handover::service::open(tx, &after).await }
}

/// Opens a closed account again.
pub async fn enable(app: &App, caller: &Caller, id: Id, reason: &str) -> Result<User> {
    Check::new().text("reason", reason, 2, REASON_MAX).finish()?;
    let before = get_in(app, caller, USER_MANAGE, id).await?;
    require_not_above(app, caller, id).await?;
    let mut tx = app.store.begin(caller).await?;
    let after = reopen(&mut tx, &before, reason).await?;
    tx.commit().await?;
    Ok(after)
}

/// Opens an account in the caller's transaction; somebody past their leave date needs a new one first.
pub(crate) async fn reopen(tx: &mut Tx, before: &User, reason: &str) -> Result<User> {
    if before.leave_at.is_some_and(|leave| leave <= tx.now()) {
        return Err(Problem::conflict("identity.user.leave_date_passed"));
    }
    let account: Account = tx.get(sql::BY_ID, args![before.id]).await?;
    let has_password = account.password_hash.is_some() || before.origin == Origin::Sample;
    let state = rules::state_when_enabled(has_password);
    if tx.exec(sql::OPEN, args![before.id, state.as_str(), tx.now()]).await? == 0 {
        return Err(Problem::conflict("identity.user.not_closed"));
    }
    if state == UserState::Invited {
        link::send(tx, before.id, Purpose::Activation).await?;
    }
    let after: User = tx.get(sql::FIND, args![before.id]).await?;
    let entry = Audit::new("enable", "identity.user", before.id).within(None, before.department_id);
    tx.audit(entry.because(reason).change(Some(before), Some(&after))).await?;
    Ok(after)
}

/// Sends the activation link again.
pub async fn invite_again(app: &App, caller: &Caller, id: Id) -> Result<()> {
    let user = get_in(app, caller, USER_MANAGE, id).await?;
    if user.state != UserState::Invited {
        return Err(Problem::conflict("identity.user.not_invited"));
    }
    let mut tx = app.store.begin(caller).await?;
    link::send(&mut tx, id, Purpose::Activation).await?;
    tx.audit(Audit::new("invite", "identity.user", id).within(None, user.department_id)).await?;
    tx.commit().await
}

/// Changes one's own name and language.
pub async fn update_me(app: &App, caller: &Caller, patch: &MePatch) -> Result<User> {
    let id = caller.user_id()?;
    let mut tx = app.store.begin(caller).await?;
    let before: User = tx.get(sql::FIND, args![id]).await?;
    let name = patch.name.as_deref().unwrap_or(&before.name).trim().to_owned();
    Check::new().text("name", &name, 1, NAME_MAX).finish()?;
    let language = patch.language.or(before.language).map(Language::as_str);
    let args = args![
        id,
        before.version,
        name,
        &before.email,
        email_key(&before.email),
        language,
        before.department_id,
        before.position_id,
        before.manager_id,
        before.leave_at,
        tx.now(),
    ];
    tx.exec_one(sql::UPDATE, args).await?;
    let after: User = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("update", "identity.user", id).within(None, after.department_id);
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    tx.commit().await?;
    Ok(after)
}

/// Changes one's own password and ends all other sessions.
pub async fn change_password(
    app: &App,
    caller: &Caller,
    current_session: Option<Id>,
    change: &PasswordChange,
) -> Result<()> {
    let account = account(&app.store, token::service::require_person(caller)?).await?;
    let tries =
        crate::attempt::service::begin(app, &[crate::attempt::Bucket::own_password(account.id)]).await?;
    if !password::verify(&change.current, account.password_hash.clone()).await?.right {
        return Err(
            Problem::unprocessable("identity.input_invalid").with_field("current", "identity.password.wrong")
        );
    }
    rules::check_password(&change.password, &[&account.email, &account.name])?;
    let hash = password::hash(&change.password).await?;
    let mut tx = app.store.begin(caller).await?;
    tries.succeeded(&mut tx).await?;
    set_password(&mut tx, account.id, hash, current_session, "change_password").await?;
    tx.commit().await
}

/// Writes a password hash; an invited account becomes active; other sessions end.
pub(crate) async fn set_password(
    tx: &mut Tx,
    id: Id,
    hash: String,
    keep: Option<Id>,
    action: &'static str,
) -> Result<()> {
    tx.exec_one(sql::SET_PASSWORD, args![id, hash, tx.now()]).await?;
    session::service::end_all(tx, id, keep, "password_changed").await?;
    link::void_all(tx, id).await?;
    tx.audit(Audit::new(action, "identity.user", id)).await
}
