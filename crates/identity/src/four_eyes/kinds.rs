//! The important changes of the access door itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use http_kit::{App, ChangePreview, ImportantChange};
use kernel::{Caller, Id, Permission, Problem, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::{Audit, Query, Tx, args};

use crate::permissions::{ROLE_MANAGE, USER_MANAGE};
use crate::role::{self, Role};
use crate::user::{self, User, UserState};

/// Most accounts that one request closes.
const USERS_MAX: usize = 500;

/// Returns the important changes that the access door knows.
pub fn all() -> Vec<Arc<dyn ImportantChange>> {
    vec![Arc::new(ArchiveRole), Arc::new(DisableUsers)]
}

fn read<T: DeserializeOwned>(target: &Json) -> Result<T> {
    T::deserialize(target).map_err(|error| {
        Problem::unprocessable("identity.deletion_request.target_unreadable")
            .with("reason", error.to_string())
    })
}

/// Takes a role out of use that people still hold: `{"role_id": …}`.
#[derive(Debug)]
struct ArchiveRole;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleTarget {
    role_id: Id,
}

#[async_trait]
impl ImportantChange for ArchiveRole {
    fn kind(&self) -> &'static str {
        "identity.role.archive"
    }

    fn permission(&self) -> Permission {
        ROLE_MANAGE
    }

    async fn preview(&self, app: &App, _caller: &Caller, target: &Json) -> Result<ChangePreview> {
        let role = role::service::get(app, read::<RoleTarget>(target)?.role_id).await?;
        if role.built_in {
            return Err(Problem::conflict("identity.role.built_in").with("role", &role.code));
        }
        if role.archived_at.is_some() {
            return Err(Problem::not_found("access.not_found"));
        }
        // The same for everybody who looks, so that the second person approves what the first one saw.
        let mut query = Query::new(user::sql::LIST, args![]);
        query.push(user::sql::HOLDS).and("g.role_id =", role.id).push(") ORDER BY u.id");
        let holders: Vec<User> = app.store.list(query).await?;
        Ok(ChangePreview {
            summary_code: "identity.change.role_archive",
            summary_args: BTreeMap::from([("name".to_owned(), json!(role.code))]),
            row_count: role.holders + 1,
            sample: holders.iter().take(20).map(|user| json!({ "id": user.id, "name": user.name })).collect(),
            brand_id: None,
            department_id: None,
        })
    }

    async fn execute(&self, _app: &App, tx: &mut Tx, target: &Json) -> Result<Json> {
        let target: RoleTarget = read(target)?;
        let role: Role = tx.get(role::sql::FIND, args![target.role_id]).await?;
        tx.exec_one(role::sql::ARCHIVE, args![role.id, role.version, tx.now()]).await?;
        tx.audit(Audit::new("archive", "identity.role", role.id)).await?;
        Ok(json!(target))
    }

    async fn restore(&self, _app: &App, tx: &mut Tx, undo: &Json) -> Result<u64> {
        let target: RoleTarget = read(undo)?;
        tx.exec_one(role::sql::UNARCHIVE, args![target.role_id, tx.now()]).await?;
        tx.audit(Audit::new("restore", "identity.role", target.role_id)).await?;
        let role: Role = tx.get(role::sql::FIND, args![target.role_id]).await?;
        Ok(role.holders.unsigned_abs() + 1)
    }
}

/// Closes many accounts at once: `{"user_ids": […]}`.
#[derive(Debug)]
struct DisableUsers;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UsersTarget {
    user_ids: Vec<Id>,
}

#[async_trait]
impl ImportantChange for DisableUsers {
    fn kind(&self) -> &'static str {
        "identity.user.disable_many"
    }

    fn permission(&self) -> Permission {
        USER_MANAGE
    }

    async fn preview(&self, app: &App, caller: &Caller, target: &Json) -> Result<ChangePreview> {
        let target: UsersTarget = read(target)?;
        if !(1..=USERS_MAX).contains(&target.user_ids.len()) {
            return Err(Problem::unprocessable("identity.deletion_request.target_unreadable")
                .with("reason", format!("1..{USERS_MAX} user_ids")));
        }
        let mut query = Query::new(user::sql::LIST, args![]);
        query
            .and_in("u.id", &target.user_ids)
            .push(" AND u.state IN ('invited', 'active', 'locked') ORDER BY u.id");
        let users: Vec<User> = app.store.list(query).await?;
        let scope = caller.scope(USER_MANAGE)?;
        for user in &users {
            scope.require(None, user.department_id, Some(user.id))?;
            user::service::require_not_above(app, caller, user.id).await?;
        }
        let first = users.first().and_then(|user| user.department_id);
        let one_department = users.iter().all(|user| user.department_id == first);
        Ok(ChangePreview {
            summary_code: "identity.change.users_disable",
            summary_args: BTreeMap::from([("count".to_owned(), json!(users.len()))]),
            row_count: i64::try_from(users.len()).unwrap_or(i64::MAX),
            sample: users.iter().take(20).map(|user| json!({ "id": user.id, "name": user.name })).collect(),
            brand_id: None,
            department_id: first.filter(|_| one_department),
        })
    }

    async fn execute(&self, _app: &App, tx: &mut Tx, target: &Json) -> Result<Json> {
        let target: UsersTarget = read(target)?;
        let mut closed = Vec::new();
        for id in target.user_ids {
            let user: User = tx.get(user::sql::FIND, args![id]).await?;
            if user.state.is_open() {
                user::service::close(tx, &user, UserState::Disabled, "disable_many").await?;
                closed.push(id);
            }
        }
        Ok(json!(UsersTarget { user_ids: closed }))
    }

    async fn restore(&self, _app: &App, tx: &mut Tx, undo: &Json) -> Result<u64> {
        let target: UsersTarget = read(undo)?;
        let mut opened = 0;
        for id in target.user_ids {
            let user: User = tx.get(user::sql::FIND, args![id]).await?;
            // Somebody opened it meanwhile, or the leave date came: that stays.
            let left = user.leave_at.is_some_and(|leave| leave <= tx.now());
            if user.state == UserState::Disabled && !left {
                user::service::reopen(tx, &user, "restore").await?;
                opened += 1;
            }
        }
        Ok(opened)
    }
}
