//! What the command line does with accounts.

use http_kit::App;
use kernel::{Caller, Id, Language, Problem, Result};

use crate::door;
use crate::grant::{self, NewGrant, ScopeKind};
use crate::role;
use crate::token::{self, DAYS_MAX, NewToken};
use crate::user::{self, NewUser, Origin, password};

/// Makes an active user who holds one role in the whole company.
pub async fn create_user(app: &App, email: &str, name: &str, role: &str, secret: &str) -> Result<Id> {
    role::service::ensure_built_in(app).await?;
    let role_id = role::service::id_of(app, role).await?;
    let new = NewUser {
        name: name.to_owned(),
        email: email.to_owned(),
        language: None,
        department_id: None,
        position_id: None,
        manager_id: None,
    };
    user::rules::check(&new)?;
    user::rules::check_password(secret, &[email, name])?;
    let hash = password::hash(secret).await?;
    let grant = NewGrant {
        role_id,
        scope: ScopeKind::Company,
        brand_id: None,
        department_id: None,
        expires_at: None,
        reason: None,
    };
    let id = Id::new();
    let mut tx = app.store.begin(&Caller::system("command line")).await?;
    user::service::insert(&mut tx, id, &new, Origin::CommandLine, Some(hash)).await?;
    grant::service::insert(&mut tx, id, &grant).await?;
    tx.commit().await?;
    Ok(id)
}

/// Returns the user with this address as somebody who acts, with what their roles give them.
pub async fn caller(app: &App, email: &str, language: Language) -> Result<Caller> {
    let account = user::service::by_email(&app.store, email).await?;
    let account = account.ok_or_else(|| Problem::not_found("identity.user.no_such_email"))?;
    let request = Caller { language, ..Caller::system("command line") };
    door::service::as_user(app, account.id, &request).await
}

/// Makes a token that may do whatever its owner may; returns its secret.
pub async fn create_token(app: &App, user_email: &str, name: &str, days: u32) -> Result<String> {
    if !(1..=DAYS_MAX).contains(&days) {
        return Err(Problem::unprocessable("identity.token.days"));
    }
    let account = user::service::by_email(&app.store, user_email).await?;
    let account = account.ok_or_else(|| Problem::not_found("identity.user.no_such_email"))?;
    if !user::rules::may_act(account.state, account.leave_at, app.store.now()) {
        return Err(Problem::conflict("identity.user.not_active"));
    }
    let new = NewToken { name: name.to_owned(), scopes: vec!["*".to_owned()], days };
    let mut tx = app.store.begin(&Caller::system("command line")).await?;
    let made = token::service::insert(&mut tx, account.id, &new).await?;
    tx.commit().await?;
    Ok(made.secret)
}
