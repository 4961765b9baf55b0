use http_kit::App;
use kernel::{Actor, Caller, Id, Problem, Result};
use store::{Audit, Observation, Store, Tx, args, json};

use super::{DAYS_MAX, MadeToken, NewToken, PREFIX, Token, sql};
use crate::check::{Check, NAME_MAX};
use crate::role::rules::{PATTERNS_MAX, matches};
use crate::{digest, user};

/// Most tokens of one user.
const TOKENS_MAX: usize = 100;

/// Refuses a program where a person must act: a token cannot make tokens or change how its owner signs in.
pub(crate) fn require_person(caller: &Caller) -> Result<Id> {
    match caller.actor {
        Actor::User { by_token: true, .. } => Err(Problem::forbidden("identity.token.person_needed")),
        _ => caller.user_id(),
    }
}

/// Returns the caller's tokens that still hold.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Token>> {
    app.store.all(sql::MINE, args![caller.user_id()?, app.store.now()]).await
}

/// Makes a token for the caller.
pub async fn create(app: &App, caller: &Caller, new: &NewToken) -> Result<MadeToken> {
    let user_id = require_person(caller)?;
    check(app, new)?;
    if list(app, caller).await?.len() >= TOKENS_MAX {
        return Err(Problem::conflict("identity.token.too_many").with("max", TOKENS_MAX));
    }
    let mut tx = app.store.begin(caller).await?;
    let made = insert(&mut tx, user_id, new).await?;
    tx.commit().await?;
    Ok(made)
}

fn check(app: &App, new: &NewToken) -> Result<()> {
    let mut check = Check::new();
    check
        .text("name", &new.name, 1, NAME_MAX)
        .that((1..=DAYS_MAX).contains(&new.days), "days", "identity.token.days")
        .that((1..=PATTERNS_MAX).contains(&new.scopes.len()), "scopes", "identity.role.pattern_count");
    for (place, pattern) in new.scopes.iter().enumerate().take(PATTERNS_MAX) {
        let stands = app.permissions.all().iter().any(|permission| matches(pattern, permission.code));
        check.that(stands, &format!("scopes[{place}]"), "identity.role.unknown_permission");
    }
    check.finish()
}

pub(crate) async fn insert(tx: &mut Tx, user_id: Id, new: &NewToken) -> Result<MadeToken> {
    let secret = format!("{PREFIX}{}", store::random::token());
    let (id, now, by) = (Id::new(), tx.now(), tx.caller().find_user_id());
    let hint: String = secret.chars().take(PREFIX.len() + 5).collect();
    let until = now.plus_days(i64::from(new.days));
    let args =
        args![id, digest::of(&secret), hint, user_id, new.name.trim(), json(&new.scopes), until, now, by];
    tx.exec_one(sql::INSERT, args).await?;
    let token: Token = tx.get(sql::FIND, args![id, user_id]).await?;
    tx.audit(Audit::new("create", "identity.token", id).change(None, Some(&token))).await?;
    Ok(MadeToken { token, secret })
}

/// Ends one of the caller's tokens.
pub async fn revoke(app: &App, caller: &Caller, id: Id) -> Result<()> {
    let user_id = caller.user_id()?;
    let mut tx = app.store.begin(caller).await?;
    if tx.exec(sql::REVOKE, args![id, user_id, tx.now()]).await? == 0 {
        return Err(Problem::not_found("access.not_found"));
    }
    tx.audit(Audit::new("revoke", "identity.token", id)).await?;
    tx.commit().await
}

/// Ends all tokens of a user, in the caller's transaction.
pub(crate) async fn revoke_all(tx: &mut Tx, user_id: Id) -> Result<u64> {
    tx.exec(sql::REVOKE_ALL, args![user_id, tx.now()]).await
}

/// Writes down that a token was used.
pub(crate) async fn touch(store: &Store, id: Id, user_id: Id) -> Result<()> {
    let mut tx = store.begin_observation(Observation::SessionUse).await?;
    let now = tx.now();
    tx.exec(sql::TOUCH, args![id, now]).await?;
    tx.exec(user::sql::SEEN, args![user_id, now]).await?;
    tx.commit().await
}
