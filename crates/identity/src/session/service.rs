use http_kit::App;
use kernel::{Actor, Caller, Id, Problem, Result};
use store::{Audit, Observation, Store, Tx, args};

use super::rules::{self, Cookies};
use super::{Client, Method, Session, SessionDuty, SessionUser, SessionView, SignIn, sql};
use crate::attempt::{self, Bucket};
use crate::check::email_key;
use crate::door;
use crate::link::service::acting_as;
use crate::user::service::Account;
use crate::user::{self, User, UserState, password};
use crate::{alert, digest, totp};

/// A session that just began, with the cookies that make it one.
#[derive(Debug)]
pub struct Opened {
    /// Who is signed in now, with their rights.
    pub caller: Caller,
    /// The session.
    pub session: Session,
    /// `Set-Cookie` headers.
    pub cookies: Vec<String>,
}

/// Signs in by password; an unknown user and a wrong password get the same answer after the same time.
pub async fn sign_in(app: &App, stranger: &Caller, client: &Client, input: &SignIn) -> Result<Opened> {
    let key = email_key(&input.email);
    let tries = attempt::service::begin(app, &buckets(app, client, &key).await?).await?;
    let account = user::service::by_email(&app.store, &key).await?;
    let bounded = input.password.chars().count() <= user::rules::PASSWORD_MAX;
    let hash = account.as_ref().and_then(|account| account.password_hash.clone()).filter(|_| bounded);
    let verdict = password::verify(&input.password, hash).await?;
    let Some(account) = account.filter(|_| verdict.right) else {
        return Err(Problem::unauthorized("identity.session.wrong"));
    };
    require_open(&account, app)?;
    let second = second_factor(app, &account, input.totp.as_deref()).await;
    if second.as_ref().is_err_and(|problem| problem.code == totp::REQUIRED) {
        tries.forgive(app).await?;
    }
    let method = second?;
    let rehashed = if verdict.outdated { Some(password::hash(&input.password).await?) } else { None };
    let mut tx = app.store.begin(&acting_as(stranger, account.id, &account.name)).await?;
    tries.succeeded(&mut tx).await?;
    if let Some(hash) = rehashed {
        tx.exec(user::sql::REHASH, args![account.id, hash]).await?;
    }
    open(app, tx, client, &account, method).await
}

/// A device from which the owner signed in before has a bucket that strangers cannot fill.
async fn buckets(app: &App, client: &Client, key: &str) -> Result<Vec<Bucket>> {
    let mut buckets: Vec<Bucket> = client.address.map(Bucket::address).into_iter().collect();
    let device = client.device_secret(&Cookies::of(&app.settings.admin_url)).map(digest::of);
    let known = match &device {
        Some(device) => app.store.find::<Id>(sql::KNOWN_DEVICE, args![key, device]).await?,
        None => None,
    };
    buckets.push(match (known, device) {
        (Some(_), Some(device)) => Bucket::device(key, &device),
        _ => Bucket::account(key),
    });
    Ok(buckets)
}

/// Whoever knows the password may learn why the account is closed.
fn require_open(account: &Account, app: &App) -> Result<()> {
    if user::rules::may_act(account.state, account.leave_at, app.store.now()) {
        return Ok(());
    }
    Err(match account.state {
        UserState::Locked => Problem::forbidden("identity.session.account_locked"),
        UserState::Active | UserState::Left => Problem::forbidden("identity.session.account_left"),
        UserState::Invited | UserState::Disabled => Problem::forbidden("identity.session.account_disabled"),
    })
}

async fn second_factor(app: &App, account: &Account, code: Option<&str>) -> Result<Method> {
    if !account.totp_enabled {
        return Ok(Method::Password);
    }
    totp::service::check(app, account.id, code).await?;
    Ok(Method::Totp)
}

/// Signs in a sample user with one click; there is no such thing elsewhere.
pub async fn sign_in_sample(app: &App, stranger: &Caller, client: &Client, user_id: Id) -> Result<Opened> {
    require_sample(app, client)?;
    let account = user::service::account(&app.store, user_id).await?;
    let user: User = app.store.get(user::sql::FIND, args![user_id]).await?;
    if user.origin != user::Origin::Sample {
        return Err(Problem::not_found("access.not_found"));
    }
    require_open(&account, app)?;
    let tx = app.store.begin(&acting_as(stranger, account.id, &account.name)).await?;
    open(app, tx, client, &account, Method::Sample).await
}

/// Refuses as if the page did not exist, unless the sample runs and the browser is on this machine.
pub fn require_sample(app: &App, client: &Client) -> Result<()> {
    if app.settings.sample && client.local { Ok(()) } else { Err(Problem::not_found("http.no_such_page")) }
}

/// Begins a session, commits, and returns it with its cookies.
pub(crate) async fn open(
    app: &App,
    mut tx: Tx,
    client: &Client,
    account: &Account,
    method: Method,
) -> Result<Opened> {
    let cookies = Cookies::of(&app.settings.admin_url);
    let stranger = tx.caller();
    let (id, secret, now) = (Id::new(), store::random::token(), tx.now());
    let known = client.device_secret(&cookies).map(str::to_owned);
    let device = known.clone().unwrap_or_else(store::random::token);
    if let Some(old) = client.session_secret(&cookies) {
        // A browser that signs in anew leaves no old session behind, whosever it was.
        tx.exec(sql::REPLACE, args![digest::of(old), now]).await?;
    }
    let sign_in = alert::SignInFacts {
        session_id: id,
        device_digest: digest::of(&device),
        agent_family: rules::agent_family(&client.agent),
        network: rules::network(client.address),
        device_name: rules::device_name(&client.agent),
        address: client.address_text(),
    };
    if matches!(method, Method::Password | Method::Totp) {
        alert::service::watch(&mut tx, account, &sign_in).await?;
    }
    let args = args![
        id,
        digest::of(&secret),
        account.id,
        method.as_str(),
        method == Method::Totp,
        &sign_in.device_digest,
        &sign_in.agent_family,
        &sign_in.device_name,
        &sign_in.address,
        &sign_in.network,
        now,
        now.plus_ms(rules::ABSOLUTE_MS),
    ];
    tx.exec_one(sql::INSERT, args).await?;
    tx.exec(user::sql::SEEN, args![account.id, now]).await?;
    let facts = serde_json::json!({ "method": method, "device": sign_in.device_name });
    tx.audit(Audit::new("sign_in", "identity.session", id).with(facts)).await?;
    let session: Session = tx.get(sql::FIND, args![id, account.id]).await?;
    tx.commit().await?;
    let caller = door::service::of_session(app, &digest::of(&secret), &stranger).await?;
    let (caller, _) = caller.ok_or_else(|| Problem::internal("a session that just began does not hold"))?;
    let mut set = vec![cookies.set_session(&secret)];
    if known.is_none() {
        set.push(cookies.set_device(&device));
    }
    Ok(Opened { caller, session: Session { current: true, ..session }, cookies: set })
}

/// Goes on with the session of a browser, as after its screen was unlocked.
pub(crate) async fn resumed(app: &App, stranger: &Caller, client: &Client) -> Result<Opened> {
    let gone = || Problem::unauthorized("access.sign_in_first");
    let session = current(app, client).await?.ok_or_else(gone)?;
    let secret = client.session_secret(&Cookies::of(&app.settings.admin_url)).ok_or_else(gone)?;
    let (caller, found) =
        door::service::of_session(app, &digest::of(secret), stranger).await?.ok_or_else(gone)?;
    touch(&app.store, found.session_id, found.user_id, client).await?;
    Ok(Opened { caller, session: Session { current: true, ..session }, cookies: Vec::new() })
}

/// Returns the session that a request came with.
pub async fn current(app: &App, client: &Client) -> Result<Option<Session>> {
    let Some(secret) = client.session_secret(&Cookies::of(&app.settings.admin_url)) else { return Ok(None) };
    app.store.find(sql::BY_DIGEST, args![digest::of(secret)]).await
}

/// Returns who is signed in and what they may do.
pub async fn view(app: &App, caller: &Caller, session: Option<&Session>) -> Result<SessionView> {
    let user: User = app.store.get(user::sql::FIND, args![caller.user_id()?]).await?;
    let mut permissions: Vec<String> =
        caller.grants.iter().flat_map(|grant| grant.permissions.iter().cloned()).collect();
    permissions.sort();
    permissions.dedup();
    let held = door::service::held_codes(app, user.id).await?;
    let by_token = matches!(caller.actor, Actor::User { by_token: true, .. });
    let trusted = match session {
        Some(session) => door::service::is_trusted(app, session.id).await?,
        None => false,
    };
    Ok(SessionView {
        withheld: match by_token {
            true => Vec::new(),
            false => held
                .into_iter()
                .filter(|code| permissions.binary_search(code).is_err() && !waits(caller, code))
                .collect(),
        },
        permissions,
        unacknowledged: duties(caller),
        secrecy: crate::secrecy::of_session(app, user.id, session).await?,
        clearance: caller.clearance,
        totp_enabled: user.totp_enabled,
        device_registered: trusted,
        guest: caller.guest,
        sample: app.settings.sample,
        time_zone: app.settings.time_zone.iana_name().unwrap_or("UTC").to_owned(),
        currency: app.settings.currency.as_str().to_owned(),
        expires_at: session.map(|session| session.expires_at),
        user: SessionUser {
            id: user.id,
            name: user.name,
            email: user.email,
            language: user.language,
            department_id: user.department_id,
            department_name: user.department_names,
            position_id: user.position_id,
            position_name: user.position_names,
            manager_id: user.manager_id,
            version: user.version,
        },
    })
}

fn waits(caller: &Caller, code: &str) -> bool {
    caller.unacknowledged.iter().any(|rules| rules.permissions.contains(code))
}

fn duties(caller: &Caller) -> Vec<SessionDuty> {
    let duty = |rules: &kernel::Unacknowledged| SessionDuty {
        document: rules.document.clone(),
        title: rules.title.get(caller.language).to_owned(),
        link: rules.link.clone(),
        permissions: rules.permissions.iter().cloned().collect(),
    };
    caller.unacknowledged.iter().map(duty).collect()
}

/// Returns the caller's sessions that still hold, the latest first.
pub async fn list(app: &App, caller: &Caller, current: Option<Id>) -> Result<Vec<Session>> {
    let now = app.store.now();
    let since = now.plus_ms(-rules::IDLE_MS);
    let mut mine: Vec<Session> = app.store.all(sql::MINE, args![caller.user_id()?, since, now]).await?;
    for session in &mut mine {
        session.current = Some(session.id) == current;
    }
    Ok(mine)
}

/// Ends one of the caller's sessions.
pub async fn end(app: &App, caller: &Caller, id: Id) -> Result<()> {
    let user_id = caller.user_id()?;
    let mut tx = app.store.begin(caller).await?;
    if tx.exec(sql::END, args![id, user_id, tx.now(), "signed_out"]).await? == 0 {
        return Err(Problem::not_found("access.not_found"));
    }
    tx.audit(Audit::new("sign_out", "identity.session", id)).await?;
    tx.commit().await
}

/// Ends all of the caller's sessions, the one that asks included.
pub async fn end_everywhere(app: &App, caller: &Caller) -> Result<()> {
    let user_id = caller.user_id()?;
    let mut tx = app.store.begin(caller).await?;
    let ended = end_all(&mut tx, user_id, None, "signed_out").await?;
    let entry = Audit::new("sign_out_everywhere", "identity.user", user_id);
    tx.audit(entry.with(serde_json::json!({ "sessions": ended }))).await?;
    tx.commit().await
}

/// Ends a user's sessions but one, in the caller's transaction; returns how many.
pub(crate) async fn end_all(tx: &mut Tx, user_id: Id, keep: Option<Id>, why: &'static str) -> Result<u64> {
    let keep = keep.map(|id| id.to_string()).unwrap_or_default();
    tx.exec(sql::END_ALL, args![user_id, keep, tx.now(), why]).await
}

/// Writes down that a session was used, once a minute at most.
pub(crate) async fn touch(store: &Store, session_id: Id, user_id: Id, client: &Client) -> Result<()> {
    let mut tx = store.begin_observation(Observation::SessionUse).await?;
    let (now, network) = (tx.now(), rules::network(client.address));
    tx.exec(sql::TOUCH, args![session_id, now, client.address_text(), network]).await?;
    tx.exec(user::sql::SEEN, args![user_id, now]).await?;
    tx.commit().await
}

/// Writes down the end of sessions that no longer hold.
pub(crate) async fn expire(app: &App) -> Result<()> {
    let mut tx = app.store.begin_observation(Observation::SessionUse).await?;
    let now = tx.now();
    tx.exec(sql::EXPIRE, args![now, now.plus_ms(-rules::IDLE_MS)]).await?;
    tx.commit().await
}
