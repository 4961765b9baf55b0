use http_kit::App;
use kernel::{Actor, Caller, Id, MINUTE_MS, Problem, Result};
use store::{Observation, Store, Tx, args};

use super::jobs::{MailLink, MailReset};
use super::{Link, NewPassword, Purpose, sql};
use crate::attempt::{self, Bucket};
use crate::check::{email_key, is_email};
use crate::digest;
use crate::session::Client;
use crate::user::{self, UserState, password};

/// Makes a link, in place of an unused one of the same purpose; returns its secret.
pub(crate) async fn make(
    tx: &mut Tx,
    purpose: Purpose,
    user_id: Option<Id>,
    about_id: Option<Id>,
) -> Result<(Id, String)> {
    let text = |id: Option<Id>| id.map(|id| id.to_string()).unwrap_or_default();
    tx.exec(sql::VOID, args![purpose.as_str(), text(user_id), text(about_id), tx.now()]).await?;
    let (id, secret) = (Id::new(), store::random::token());
    let until = tx.now().plus_ms(purpose.minutes() * MINUTE_MS);
    let args = args![id, digest::of(&secret), purpose.as_str(), user_id, about_id, until, tx.now()];
    tx.exec_one(sql::INSERT, args).await?;
    Ok((id, secret))
}

/// Has a link mailed once this transaction commits; the secret is made then, so that it stands nowhere.
pub(crate) async fn send(tx: &mut Tx, user_id: Id, purpose: Purpose) -> Result<()> {
    tx.enqueue(&MailLink { user_id, purpose, about_id: None }).await
}

/// Takes a link: it works this once, and only if the transaction commits.
pub(crate) async fn take(tx: &mut Tx, secret: &str, purpose: Purpose) -> Result<Link> {
    let digest = digest::of(secret);
    if tx.exec(sql::USE, args![&digest, purpose.as_str(), tx.now()]).await? == 0 {
        return Err(invalid());
    }
    tx.get(sql::FIND, args![digest]).await
}

/// Says whether a link would work, without using it.
pub(crate) async fn peek(store: &Store, secret: &str, purpose: Purpose) -> Result<Link> {
    let found = store.find(sql::VALID, args![digest::of(secret), purpose.as_str(), store.now()]).await?;
    found.ok_or_else(invalid)
}

fn invalid() -> Problem {
    Problem::not_found("identity.link.invalid")
}

/// Makes a user's open links useless.
pub(crate) async fn void_all(tx: &mut Tx, user_id: Id) -> Result<()> {
    tx.exec(sql::VOID_ALL, args![user_id, tx.now()]).await.map(drop)
}

/// Takes up the wish for a reset: the same answer, after the same work, whether or not the account exists.
pub async fn request_reset(app: &App, client: &Client, email: &str) -> Result<()> {
    if !is_email(email) {
        return Err(
            Problem::unprocessable("identity.input_invalid").with_field("email", "identity.field.email")
        );
    }
    let key = email_key(email);
    // Strangers cannot fill a mailbox: what comes too fast is answered the same and not sent.
    if let Some(address) = client.address {
        let _counted = attempt::service::begin(app, &[Bucket::mail_from(address)]).await?;
    }
    match attempt::service::begin(app, &[Bucket::mail(&key)]).await {
        Ok(_counted) => {}
        Err(problem) if problem.status == 429 => return Ok(()),
        Err(problem) => return Err(problem),
    }
    let mut tx = app.store.begin_observation(Observation::SessionUse).await?;
    tx.enqueue(&MailReset { email_key: key }).await?;
    tx.commit().await
}

/// Sets a new password by a reset link.
pub async fn reset(app: &App, stranger: &Caller, new: &NewPassword) -> Result<()> {
    set(app, stranger, new, Purpose::PasswordReset, "reset_password").await
}

/// Sets the first password by an activation link; the account becomes active.
pub async fn activate(app: &App, stranger: &Caller, new: &NewPassword) -> Result<()> {
    set(app, stranger, new, Purpose::Activation, "activate").await
}

async fn set(
    app: &App,
    stranger: &Caller,
    new: &NewPassword,
    purpose: Purpose,
    action: &'static str,
) -> Result<()> {
    let link = peek(&app.store, &new.token, purpose).await?;
    let account = user::service::account(&app.store, link.user_id.ok_or_else(invalid)?).await?;
    let wanted = if purpose == Purpose::Activation { UserState::Invited } else { UserState::Active };
    if account.state != wanted {
        return Err(invalid());
    }
    user::rules::check_password(&new.password, &[&account.email, &account.name])?;
    let hash = password::hash(&new.password).await?;
    let mut tx = app.store.begin(&acting_as(stranger, account.id, &account.name)).await?;
    take(&mut tx, &new.token, purpose).await?;
    user::service::set_password(&mut tx, account.id, hash, None, action).await?;
    attempt::service::clear_account(&mut tx, &email_key(&account.email)).await?;
    tx.commit().await
}

/// Returns the stranger as the user whom a link or password proved them to be; with no rights yet.
pub(crate) fn acting_as(stranger: &Caller, id: Id, name: &str) -> Caller {
    Caller { actor: Actor::User { id, name: name.to_owned(), by_token: false }, ..stranger.clone() }
}

/// Forgets links that ran out long ago.
pub(crate) async fn sweep(app: &App) -> Result<()> {
    let mut tx = app.store.begin_observation(Observation::Upkeep).await?;
    tx.exec(sql::SWEEP, args![tx.now().plus_days(-30)]).await?;
    tx.commit().await
}
