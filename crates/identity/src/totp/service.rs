use http_kit::App;
use kernel::{Caller, Id, Problem, Result, Timestamp};
use serde::Deserialize;
use store::secrets::Cipher;
use store::{Audit, Observation, Tx, args};

use super::{REQUIRED, RecoveryCodes, TotpSetup, rules, sql};
use crate::attempt::{self, Bucket};
use crate::permissions::USER_MANAGE;
use crate::session;
use crate::token::service::require_person;
use crate::user::{self, password};

/// Name of the key under which the users' keys are encrypted.
const CIPHER: &str = "identity.totp";
/// Name of the key of the recovery codes' digests; a code alone is short enough to be tried out.
const DIGESTS: &str = "identity.recovery_code";

#[derive(Deserialize)]
struct Key {
    totp_key: Option<Vec<u8>>,
    totp_step: i64,
    totp_enabled_at: Option<Timestamp>,
}

pub(crate) async fn cipher(app: &App) -> Result<Cipher> {
    app.secrets.cipher(CIPHER).await
}

/// Makes a key for the caller; it protects the account once a code of it was confirmed.
pub async fn set_up(app: &App, caller: &Caller) -> Result<TotpSetup> {
    let account = user::service::account(&app.store, require_person(caller)?).await?;
    if account.totp_enabled {
        return Err(Problem::conflict("identity.totp.enabled"));
    }
    let key = store::random::bytes::<{ rules::KEY_BYTES }>();
    let totp =
        rules::authenticator(&key, &account.email).ok_or_else(|| Problem::internal("a key was refused"))?;
    let sealed = cipher(app).await?.encrypt(&account.id.to_string(), &key);
    let mut tx = app.store.begin(caller).await?;
    tx.exec_one(sql::SET_KEY, args![account.id, sealed]).await?;
    tx.audit(Audit::new("set_up_totp", "identity.user", account.id)).await?;
    tx.commit().await?;
    Ok(TotpSetup { secret: totp.get_secret_base32(), uri: totp.get_url() })
}

/// Confirms the key by a code of it; returns the recovery codes and ends all other sessions.
pub async fn confirm(app: &App, caller: &Caller, keep: Option<Id>, code: &str) -> Result<RecoveryCodes> {
    let id = require_person(caller)?;
    let tries = attempt::service::begin(app, &[Bucket::own_password(id)]).await?;
    let key: Key = app.store.get(sql::KEY, args![id]).await?;
    if key.totp_enabled_at.is_some() {
        return Err(Problem::conflict("identity.totp.enabled"));
    }
    let sealed = key.totp_key.ok_or_else(|| Problem::conflict("identity.totp.not_set_up"))?;
    let step = step_of(app, id, &sealed, code, 0).await?.ok_or_else(wrong_code)?;
    let digests = digests(app).await?;
    let codes: Vec<String> =
        (0..rules::RECOVERY_CODES).map(|_| rules::recovery_code(store::random::bytes())).collect();
    let mut tx = app.store.begin(caller).await?;
    tries.succeeded(&mut tx).await?;
    tx.exec_one(sql::ENABLE, args![id, tx.now(), step]).await?;
    tx.exec(sql::CLEAR_CODES, args![id]).await?;
    for code in &codes {
        tx.exec(sql::ADD_CODE, args![id, digests.of(id, code)]).await?;
    }
    session::service::end_all(&mut tx, id, keep, "totp_enabled").await?;
    tx.audit(Audit::new("enable_totp", "identity.user", id)).await?;
    tx.commit().await?;
    Ok(RecoveryCodes { recovery_codes: codes })
}

fn wrong_code() -> Problem {
    Problem::unprocessable("identity.input_invalid").with_field("code", "identity.totp.wrong")
}

async fn step_of(app: &App, id: Id, sealed: &[u8], code: &str, last_used: i64) -> Result<Option<i64>> {
    let key = cipher(app).await?.decrypt(&id.to_string(), sealed)?;
    let totp =
        rules::authenticator(&key, "user").ok_or_else(|| Problem::internal("a stored key was refused"))?;
    Ok(rules::step_of(&totp, &rules::tidy(code), app.store.now(), last_used))
}

struct Digests(store::secrets::Signer);

impl Digests {
    fn of(&self, id: Id, code: &str) -> String {
        hex::encode(self.0.sign(format!("{id}/{}", rules::tidy(code)).as_bytes()))
    }
}

async fn digests(app: &App) -> Result<Digests> {
    Ok(Digests(app.secrets.signer(DIGESTS).await?))
}

/// Checks the second factor of a sign-in: a code of the authenticator or a recovery code, each used up by it.
pub(crate) async fn check(app: &App, id: Id, code: Option<&str>) -> Result<()> {
    let Some(code) = code.filter(|code| !code.trim().is_empty()) else {
        return Err(Problem::unauthorized(REQUIRED));
    };
    let key: Key = app.store.get(sql::KEY, args![id]).await?;
    let sealed = key.totp_key.ok_or_else(|| Problem::internal("a second factor without a key"))?;
    let step = step_of(app, id, &sealed, code, key.totp_step).await?;
    let mut tx = app.store.begin_observation(Observation::SessionUse).await?;
    let used = match step {
        // Two sign-ins at once with one code: the second finds the step taken.
        Some(step) => tx.exec(sql::USE_STEP, args![id, step]).await?,
        None => tx.exec(sql::USE_CODE, args![id, digests(app).await?.of(id, code), tx.now()]).await?,
    };
    tx.commit().await?;
    if used == 1 { Ok(()) } else { Err(Problem::unauthorized("identity.session.totp_wrong")) }
}

/// Takes the second factor off one's own account.
pub async fn disable(app: &App, caller: &Caller, again: &str) -> Result<()> {
    let account = user::service::account(&app.store, require_person(caller)?).await?;
    let tries = attempt::service::begin(app, &[Bucket::own_password(account.id)]).await?;
    if !password::verify(again, account.password_hash).await?.right {
        return Err(Problem::unprocessable("identity.input_invalid")
            .with_field("password", "identity.password.wrong"));
    }
    let mut tx = app.store.begin(caller).await?;
    tries.succeeded(&mut tx).await?;
    take_off(&mut tx, account.id, "disable_totp").await?;
    tx.commit().await
}

/// Takes the second factor off somebody's account who lost it; their sessions end.
pub async fn reset(app: &App, caller: &Caller, id: Id) -> Result<()> {
    user::service::get_in(app, caller, USER_MANAGE, id).await?;
    user::service::require_not_above(app, caller, id).await?;
    let mut tx = app.store.begin(caller).await?;
    take_off(&mut tx, id, "reset_totp").await?;
    session::service::end_all(&mut tx, id, None, "totp_reset").await?;
    tx.commit().await
}

async fn take_off(tx: &mut Tx, id: Id, action: &'static str) -> Result<()> {
    if tx.exec(sql::DISABLE, args![id, tx.now()]).await? == 0 {
        return Err(Problem::conflict("identity.totp.not_enabled"));
    }
    tx.exec(sql::CLEAR_CODES, args![id]).await?;
    tx.audit(Audit::new(action, "identity.user", id)).await
}
