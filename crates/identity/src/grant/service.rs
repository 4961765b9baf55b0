use http_kit::App;
use kernel::{Actor, Caller, GrantScope, Id, Label, Problem, Result};
use store::{Audit, Query, Tx, args};

use super::{Grant, NewGrant, ScopeKind, rules, sql};
use crate::permissions::{GRANT_MANAGE, USER_READ};
use crate::role::{self, Role};
use crate::user;

/// The role that holds everything; its last holder stays.
pub const ADMINISTRATOR: &str = "administrator";

/// Returns what a user holds.
pub async fn list(app: &App, caller: &Caller, user_id: Id) -> Result<Vec<Grant>> {
    user::service::get_in(app, caller, USER_READ, user_id).await?;
    of_users(app, &[user_id]).await
}

/// Returns what several users hold.
pub(crate) async fn of_users(app: &App, users: &[Id]) -> Result<Vec<Grant>> {
    let mut query = Query::new(sql::LIST, args![]);
    query.and_in("g.user_id", users).push(" ORDER BY g.created_at, g.id");
    app.store.list(query).await
}

/// Gives a role to a user; refuses what the caller does not hold.
pub async fn give(app: &App, caller: &Caller, user_id: Id, new: &NewGrant) -> Result<Grant> {
    let user = user::service::get_in(app, caller, GRANT_MANAGE, user_id).await?;
    if !user.state.may_return() {
        return Err(Problem::conflict("identity.user.has_left"));
    }
    rules::check(new, app.store.now())?;
    let role = role::service::get(app, new.role_id).await?;
    require_may_give(app, caller, &role, new).await?;
    let mut tx = app.store.begin(caller).await?;
    let grant = insert(&mut tx, user_id, new).await?;
    tx.commit().await?;
    Ok(grant)
}

/// Refuses unless the caller holds everything that this grant would give.
pub(crate) async fn require_may_give(app: &App, caller: &Caller, role: &Role, new: &NewGrant) -> Result<()> {
    let Some(scope) = rules::scope(new.scope, new.brand_id, new.department_id) else {
        return Err(Problem::unprocessable("identity.input_invalid"));
    };
    require_held_in(app, caller, &role.permissions, role.clearance, scope).await
}

/// Refuses unless the caller holds these permissions and this clearance for the whole company.
pub(crate) async fn require_held(
    app: &App,
    caller: &Caller,
    patterns: &[String],
    clearance: Label,
) -> Result<()> {
    require_held_in(app, caller, patterns, clearance, GrantScope::Company).await
}

async fn require_held_in(
    app: &App,
    caller: &Caller,
    patterns: &[String],
    clearance: Label,
    scope: GrantScope,
) -> Result<()> {
    if matches!(caller.actor, Actor::System(_)) {
        return Ok(());
    }
    let wanted = role::rules::resolve(patterns, &app.permissions.all());
    let missing = rules::missing(caller, &wanted, scope);
    if let Some(first) = missing.first() {
        return Err(Problem::forbidden("identity.grant.more_than_held")
            .with("permission", first)
            .with("count", missing.len()));
    }
    // What the caller's roles allow, not what this very session may see on this very device.
    let held: Vec<Label> = app.store.all(sql::CLEARANCES, args![caller.user_id()?, app.store.now()]).await?;
    if clearance > rules::highest(held) {
        return Err(Problem::forbidden("identity.grant.clearance_above_own"));
    }
    Ok(())
}

/// Writes a grant; the same one again changes nothing.
pub(crate) async fn insert(tx: &mut Tx, user_id: Id, new: &NewGrant) -> Result<Grant> {
    let holder: user::User = tx.get(user::sql::FIND, args![user_id]).await?;
    if holder.kind == user::UserKind::Guest {
        return Err(Problem::conflict("identity.guest.no_roles"));
    }
    let text = |id: Option<Id>| id.map(|id| id.to_string()).unwrap_or_default();
    let same = args![user_id, new.role_id, new.scope.as_str(), text(new.brand_id), text(new.department_id)];
    if let Some(id) = tx.find::<Id>(sql::SAME, same).await? {
        return tx.get(sql::FIND, args![id]).await;
    }
    let (id, by) = (Id::new(), tx.caller().find_user_id());
    let args = args![
        id,
        user_id,
        new.role_id,
        new.scope.as_str(),
        new.brand_id,
        new.department_id,
        new.expires_at,
        new.reason.as_deref(),
        tx.now(),
        by,
    ];
    tx.exec_one(sql::INSERT, args).await?;
    let grant: Grant = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("create", "identity.grant", id)
        .within(new.brand_id, new.department_id)
        .change(None, Some(&grant));
    tx.audit(entry).await?;
    // Whoever is bound by rules from now on gets them to read.
    rulebook::acknowledgement::expect_newcomers(tx).await?;
    Ok(grant)
}

/// Takes a grant away, at once; refuses to leave the company without an administrator.
pub async fn revoke(app: &App, caller: &Caller, user_id: Id, id: Id) -> Result<()> {
    user::service::get_in(app, caller, GRANT_MANAGE, user_id).await?;
    let mut tx = app.store.begin(caller).await?;
    let before: Grant = tx.get(sql::FIND, args![id]).await?;
    if before.user_id != user_id {
        return Err(Problem::not_found("access.not_found"));
    }
    if before.role_code == ADMINISTRATOR && before.scope == ScopeKind::Company {
        require_other_administrator(&mut tx, user_id).await?;
    }
    tx.exec_one(sql::REVOKE, args![id, tx.now(), caller.find_user_id()]).await?;
    let entry = Audit::new("revoke", "identity.grant", id)
        .within(before.brand_id, before.department_id)
        .change(Some(&before), None);
    tx.audit(entry).await?;
    tx.commit().await
}

/// Takes away all that a user holds; returns how much it was.
pub(crate) async fn revoke_all(tx: &mut Tx, user_id: Id) -> Result<u64> {
    let by = tx.caller().find_user_id();
    tx.exec(sql::REVOKE_ALL, args![user_id, tx.now(), by]).await
}

/// Refuses when nobody but this user is an administrator of the company.
pub(crate) async fn require_other_administrator(tx: &mut Tx, user_id: Id) -> Result<()> {
    let Some(role_id) = tx.find::<Id>(role::sql::ID_OF, args![ADMINISTRATOR]).await? else { return Ok(()) };
    tx.lock("identity.role", role_id).await?;
    let others: i64 = tx.get(sql::OTHER_HOLDERS, args![role_id, user_id, tx.now()]).await?;
    if others == 0 { Err(Problem::conflict("identity.grant.last_administrator")) } else { Ok(()) }
}
