use http_kit::App;
use kernel::{Caller, Id, Problem, Result};
use store::{Audit, Tx, args};

use super::FirstAdmin;
use crate::grant::service::ADMINISTRATOR;
use crate::grant::{self, NewGrant, ScopeKind};
use crate::link::{self, Purpose, service::acting_as};
use crate::role;
use crate::session::{self, Client, Method, service::Opened};
use crate::user::service::Account;
use crate::user::{self, NewUser, Origin, password};

/// Makes the link for the first administrator, where there is no user yet; returns its secret.
pub async fn bootstrap(app: &App) -> Result<Option<String>> {
    role::service::ensure_built_in(app).await?;
    password::warm_up().await?;
    if app.store.find::<Id>(user::sql::ANY, args![]).await?.is_some() {
        return Ok(None);
    }
    let mut tx = app.store.begin(&Caller::system("first start")).await?;
    let (id, secret) = link::service::make(&mut tx, Purpose::FirstAdmin, None, None).await?;
    tx.audit(Audit::new("create", "identity.link", id)).await?;
    tx.commit().await?;
    Ok(Some(secret))
}

/// Makes the first administrator and signs them in.
pub async fn make(app: &App, stranger: &Caller, client: &Client, input: &FirstAdmin) -> Result<Opened> {
    link::service::peek(&app.store, &input.token, Purpose::FirstAdmin).await?;
    let new = NewUser {
        name: input.name.clone(),
        email: input.email.clone(),
        language: input.language,
        department_id: None,
        position_id: None,
        manager_id: None,
    };
    user::rules::check(&new)?;
    user::rules::check_password(&input.password, &[&input.email, &input.name])?;
    let hash = password::hash(&input.password).await?;
    let id = Id::new();
    let mut tx = app.store.begin(&acting_as(stranger, id, input.name.trim())).await?;
    link::service::take(&mut tx, &input.token, Purpose::FirstAdmin).await?;
    if tx.find::<Id>(user::sql::ANY, args![]).await?.is_some() {
        return Err(Problem::conflict("identity.first_admin.exists"));
    }
    user::service::insert(&mut tx, id, &new, Origin::FirstAdmin, Some(hash)).await?;
    administrator(&mut tx, id).await?;
    let account: Account = tx.get(user::sql::BY_ID, args![id]).await?;
    session::service::open(app, tx, client, &account, Method::FirstAdmin).await
}

async fn administrator(tx: &mut Tx, user_id: Id) -> Result<()> {
    let role_id: Id = tx.get(role::sql::ID_OF, args![ADMINISTRATOR]).await?;
    let new = NewGrant {
        role_id,
        scope: ScopeKind::Company,
        brand_id: None,
        department_id: None,
        expires_at: None,
        reason: None,
    };
    grant::service::insert(tx, user_id, &new).await.map(drop)
}
