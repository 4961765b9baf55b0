use http_kit::App;
use kernel::{Caller, Id, Problem, Result, Timestamp};
use serde::Deserialize;
use store::{Audit, args};

use super::{ScreenLock, Unlock, sql};
use crate::attempt::{self, Bucket};
use crate::link::service::acting_as;
use crate::session::rules::{Cookies, holds};
use crate::session::service::{Opened, current, require_sample, resumed};
use crate::session::{Client, Method};
use crate::user::service::{Account, account};
use crate::user::{self, password, rules::may_act};
use crate::{digest, totp};

#[derive(Deserialize)]
struct Standing {
    user_id: Id,
    session_id: Id,
    method: Method,
    last_seen_at: Timestamp,
    expires_at: Timestamp,
}

/// Locks the screen of the session that asks; from now on it reads nothing.
pub(crate) async fn lock(app: &App, caller: &Caller, client: &Client) -> Result<()> {
    let user_id = caller.user_id()?;
    let session =
        current(app, client).await?.ok_or_else(|| Problem::conflict("identity.screen_lock.no_session"))?;
    let (id, mut tx) = (Id::new(), app.store.begin(caller).await?);
    tx.exec_one(sql::INSERT, args![id, user_id, session.id, tx.now()]).await?;
    tx.audit(Audit::new("lock", "identity.session", session.id)).await?;
    tx.commit().await
}

/// Says whether the screen of this browser's session is locked.
pub(crate) async fn state(app: &App, client: &Client) -> Result<ScreenLock> {
    let Some((found, account)) = standing(app, client).await? else {
        return Ok(ScreenLock { locked: false, name: None, by_code: false, by_click: false });
    };
    Ok(ScreenLock {
        locked: true,
        by_code: account.totp_enabled,
        by_click: found.method == Method::Sample,
        name: Some(account.name),
    })
}

/// Returns the lock of a session that would hold, with its owner.
async fn standing(app: &App, client: &Client) -> Result<Option<(Standing, Account)>> {
    let Some(secret) = client.session_secret(&Cookies::of(&app.settings.admin_url)) else { return Ok(None) };
    let found: Option<Standing> = app.store.find(sql::STANDING, args![digest::of(secret)]).await?;
    let now = app.store.now();
    let Some(found) = found.filter(|found| holds(found.last_seen_at, found.expires_at, now)) else {
        return Ok(None);
    };
    let account = account(&app.store, found.user_id).await?;
    Ok(may_act(account.state, account.leave_at, now).then_some((found, account)))
}

/// Unlocks the screen for whoever gives the password or a code of the account.
pub(crate) async fn unlock(app: &App, stranger: &Caller, client: &Client, input: &Unlock) -> Result<Opened> {
    let (found, account) =
        standing(app, client).await?.ok_or_else(|| Problem::conflict("identity.screen_lock.not_locked"))?;
    let tries = attempt::service::begin(app, &[Bucket::own_password(account.id)]).await?;
    if found.method == Method::Sample {
        require_sample(app, client)?;
    } else {
        prove(app, &account, input).await?;
    }
    let mut tx = app.store.begin(&acting_as(stranger, account.id, &account.name)).await?;
    tries.succeeded(&mut tx).await?;
    let now = tx.now();
    tx.exec(sql::OPEN, args![found.session_id, now]).await?;
    tx.audit(Audit::new("unlock", "identity.session", found.session_id)).await?;
    tx.commit().await?;
    resumed(app, stranger, client).await
}

async fn prove(app: &App, account: &Account, input: &Unlock) -> Result<()> {
    let wrong = |field: &str, code: &str| {
        Problem::unprocessable("identity.input_invalid").with_field(field, code.to_owned())
    };
    match (&input.password, &input.code) {
        (Some(given), _) if given.chars().count() <= user::rules::PASSWORD_MAX => {
            let verdict = password::verify(given, account.password_hash.clone()).await?;
            if verdict.right { Ok(()) } else { Err(wrong("password", "identity.password.wrong")) }
        }
        (None, Some(code)) if account.totp_enabled => {
            let checked = totp::service::check(app, account.id, Some(code)).await;
            checked.map_err(|problem| match problem.status {
                401 => wrong("code", "identity.totp.wrong"),
                _ => problem,
            })
        }
        _ => Err(wrong("password", "identity.password.wrong")),
    }
}
