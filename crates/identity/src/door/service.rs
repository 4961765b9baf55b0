use std::collections::BTreeSet;

use http_kit::App;
use kernel::{Actor, Caller, Id, Label, Language, Problem, Result, Timestamp};
use rulebook::acknowledgement;
use serde::Deserialize;
use store::args;

use super::memo::{self, Asked};
use super::rules::{self, Narrowing, Right};
use super::sql;
use crate::grant::ScopeKind;
use crate::session::{self, Client};
use crate::user::{UserKind, UserState, rules::may_act};
use crate::{confidential, department, device, digest, policy, token};

/// A session as the door reads it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Found {
    pub session_id: Id,
    pub user_id: Id,
    pub name: String,
    pub kind: UserKind,
    pub language: Option<Language>,
    pub state: UserState,
    pub leave_at: Option<Timestamp>,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
    pub totp_used: bool,
    pub device_state: Option<device::DeviceState>,
    pub encrypted: Option<bool>,
    pub checked_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct FoundToken {
    token_id: Id,
    user_id: Id,
    scopes: Vec<String>,
    last_used_at: Option<Timestamp>,
    name: String,
    language: Option<Language>,
    state: UserState,
    leave_at: Option<Timestamp>,
}

/// Returns the caller behind a session cookie; `None` where the session or the account no longer holds.
pub(crate) async fn of_session(
    app: &App,
    digest: &str,
    anonymous: &Caller,
) -> Result<Option<(Caller, Found)>> {
    let Some(found) = app.store.find::<Found>(sql::SESSION, args![digest]).await? else { return Ok(None) };
    let now = app.store.now();
    let holds = session::rules::holds(found.last_seen_at, found.expires_at, now);
    if !holds || !may_act(found.state, found.leave_at, now) {
        return Ok(None);
    }
    if found.kind == UserKind::Guest {
        let (id, name) = (found.user_id, found.name.clone());
        return Ok(Some((guest(app, id, name, anonymous).await?, found)));
    }
    let device = (found.device_state, found.encrypted, found.checked_at);
    let trusted = found.totp_used && device_is_sound(app, device).await?;
    let actor = Actor::User { id: found.user_id, name: found.name.clone(), by_token: false };
    Ok(Some((caller(app, actor, found.user_id, trusted, None, anonymous).await?, found)))
}

async fn device_is_sound(
    app: &App,
    (state, encrypted, checked_at): (Option<device::DeviceState>, Option<bool>, Option<Timestamp>),
) -> Result<bool> {
    let Some(state) = state else { return Ok(false) };
    let days = policy::device_check_days(app).await?;
    Ok(device::rules::is_sound(state, encrypted.unwrap_or_default(), checked_at, days, app.store.now()))
}

/// Says whether a session runs on a registered device, with a second factor.
pub(crate) async fn is_trusted(app: &App, session_id: Id) -> Result<bool> {
    #[derive(Deserialize)]
    struct Row {
        totp_used: bool,
        device_state: Option<device::DeviceState>,
        encrypted: Option<bool>,
        checked_at: Option<Timestamp>,
    }
    let row: Row = app.store.get(sql::DEVICE_OF, args![session_id]).await?;
    Ok(row.totp_used && device_is_sound(app, (row.device_state, row.encrypted, row.checked_at)).await?)
}

/// Returns the caller behind a token, or refuses it.
pub(crate) async fn of_token(
    app: &App,
    secret: &str,
    anonymous: &Caller,
    language_asked: bool,
) -> Result<Caller> {
    let now = app.store.now();
    let found: Option<FoundToken> = app.store.find(sql::TOKEN, args![digest::of(secret), now]).await?;
    let found = found
        .filter(|found| may_act(found.state, found.leave_at, now))
        .ok_or_else(|| Problem::unauthorized("identity.token.invalid"))?;
    let actor = Actor::User { id: found.user_id, name: found.name, by_token: true };
    let caller = caller(app, actor, found.user_id, false, Some(&found.scopes), anonymous).await?;
    if found.last_used_at.is_none_or(|at| now.ms() - at.ms() >= session::rules::SEEN_EVERY_MS) {
        token::service::touch(&app.store, found.token_id, found.user_id).await?;
    }
    Ok(in_language(caller, found.language, language_asked))
}

/// Returns a guest as a caller: what invitations open at this moment, each for its own row, and nothing of roles.
async fn guest(app: &App, user_id: Id, name: String, anonymous: &Caller) -> Result<Caller> {
    let grants = rulebook::guest::grants(app, user_id).await?;
    let actor = Actor::User { id: user_id, name, by_token: false };
    Ok(Caller { actor, grants: grants.into(), clearance: Label::Internal, guest: true, ..anonymous.clone() })
}

async fn caller(
    app: &App,
    actor: Actor,
    user_id: Id,
    trusted: bool,
    scopes: Option<&[String]>,
    anonymous: &Caller,
) -> Result<Caller> {
    let rights: Vec<Right> = app.store.all(sql::RIGHTS, args![user_id, app.store.now()]).await?;
    let by_department = rights.iter().any(|right| right.scope == ScopeKind::Department);
    let departments = match by_department {
        true => app.store.all(department::sql::PARENTS, args![]).await?,
        false => Vec::new(),
    };
    let confidential = match trusted {
        true => Vec::new(),
        false => confidential::service::patterns(&app.store).await?,
    };
    let all = app.permissions.all();
    let unacknowledged =
        acknowledgement::unacknowledged(app, user_id, || rules::codes(&rights, &all)).await?;
    let scopes = scopes.map(<[String]>::to_vec);
    let narrowing = Narrowing { trusted, confidential, scopes, unacknowledged: unacknowledged.clone() };
    let (grants, clearance) = memo::effective(Asked { rights, departments, narrowing }, &all);
    Ok(Caller { actor, grants, unacknowledged: unacknowledged.into(), clearance, ..anonymous.clone() })
}

/// Returns a user with what their roles give them, to be asked what they hold; `request` lends language and id.
pub(crate) async fn as_user(app: &App, user_id: Id, request: &Caller) -> Result<Caller> {
    let account = crate::user::service::account(&app.store, user_id).await?;
    if !may_act(account.state, account.leave_at, app.store.now()) {
        return Err(Problem::conflict("identity.user.not_active"));
    }
    let actor = Actor::User { id: user_id, name: account.name, by_token: false };
    caller(app, actor, user_id, true, None, request).await
}

/// Returns a user in their own language with what they may do on a device that nobody knows, if they may act at all.
pub(crate) async fn of_user(app: &App, user_id: Id, request: &Caller) -> Result<Option<Caller>> {
    let account = crate::user::service::account(&app.store, user_id).await?;
    if !may_act(account.state, account.leave_at, app.store.now()) {
        return Ok(None);
    }
    let found = match account.kind {
        UserKind::Guest => guest(app, user_id, account.name, request).await?,
        UserKind::Staff => {
            let actor = Actor::User { id: user_id, name: account.name, by_token: false };
            caller(app, actor, user_id, false, None, request).await?
        }
    };
    Ok(Some(in_language(found, account.language, false)))
}

/// Returns the codes of everything that a user holds, on whatever device.
pub(crate) async fn held_codes(app: &App, user_id: Id) -> Result<BTreeSet<String>> {
    let rights: Vec<Right> = app.store.all(sql::RIGHTS, args![user_id, app.store.now()]).await?;
    Ok(rules::codes(&rights, &app.permissions.all()))
}

/// The request's language goes before the one that the person chose.
pub(crate) fn in_language(caller: Caller, chosen: Option<Language>, language_asked: bool) -> Caller {
    match chosen {
        Some(language) if !language_asked => Caller { language, ..caller },
        _ => caller,
    }
}

/// Writes down that the session was used, once a minute at most.
pub(crate) async fn touch(app: &App, found: &Found, client: &Client) -> Result<()> {
    if app.store.now().ms() - found.last_seen_at.ms() < session::rules::SEEN_EVERY_MS {
        return Ok(());
    }
    session::service::touch(&app.store, found.session_id, found.user_id, client).await
}
