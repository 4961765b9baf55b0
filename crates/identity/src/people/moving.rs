use http_kit::StaffMove;
use kernel::{Id, Language, Problem, Result};
use store::{Audit, Query, Tx, args};

use crate::check::email_key;
use crate::grant::service::{ADMINISTRATOR, insert, require_other_administrator};
use crate::grant::{self, Grant, NewGrant, ScopeKind};
use crate::position::{self, Position};
use crate::user::{self, User};

/// Moves somebody on the day of an approved change: post, department, and what they may do, with an audit row each.
pub async fn carry_out(tx: &mut Tx, change: &StaffMove) -> Result<()> {
    tx.lock("identity.user", change.user_id).await?;
    let before: User = tx.get(user::sql::FIND, args![change.user_id]).await?;
    if !before.state.is_open() {
        return Err(Problem::conflict("identity.user.not_active"));
    }
    let department = match change.position_id {
        Some(position) => to_post(tx, &before, position).await?,
        None => before.department_id,
    };
    for held in held(tx, before.id).await? {
        if change.takes.contains(&held.role_id) {
            revoke(tx, &held).await?;
        } else if held.department_id.is_some()
            && held.department_id == before.department_id
            && department != before.department_id
        {
            // What held for the old department holds for the new one.
            revoke(tx, &held).await?;
            give(tx, before.id, held.role_id, department).await?;
        }
    }
    for role in &change.gives {
        give(tx, before.id, *role, None).await?;
    }
    Ok(())
}

/// Puts somebody on a post; returns its department.
async fn to_post(tx: &mut Tx, before: &User, position: Id) -> Result<Option<Id>> {
    let position: Position = tx.get(position::sql::FIND, args![position]).await?;
    let args = args![
        before.id,
        before.version,
        &before.name,
        &before.email,
        email_key(&before.email),
        before.language.map(Language::as_str),
        position.department_id,
        position.id,
        before.manager_id,
        before.leave_at,
        tx.now(),
    ];
    tx.exec_one(user::sql::UPDATE, args).await?;
    let after: User = tx.get(user::sql::FIND, args![before.id]).await?;
    let entry = Audit::new("move", "identity.user", before.id).within(None, after.department_id);
    tx.audit(entry.change(Some(before), Some(&after))).await?;
    Ok(after.department_id)
}

async fn held(tx: &mut Tx, user_id: Id) -> Result<Vec<Grant>> {
    let mut query = Query::new(grant::sql::LIST, args![]);
    query.and("g.user_id =", user_id).push(" ORDER BY g.created_at, g.id");
    tx.list(query).await
}

async fn revoke(tx: &mut Tx, grant: &Grant) -> Result<()> {
    if grant.role_code == ADMINISTRATOR && grant.scope == ScopeKind::Company {
        require_other_administrator(tx, grant.user_id).await?;
    }
    let (now, by) = (tx.now(), tx.caller().find_user_id());
    tx.exec_one(grant::sql::REVOKE, args![grant.id, now, by]).await?;
    let entry = Audit::new("revoke", "identity.grant", grant.id).within(grant.brand_id, grant.department_id);
    tx.audit(entry.change(Some(grant), None)).await
}

/// Gives a role, in the whole company or in a department.
async fn give(tx: &mut Tx, user_id: Id, role_id: Id, department_id: Option<Id>) -> Result<()> {
    let scope = if department_id.is_some() { ScopeKind::Department } else { ScopeKind::Company };
    let new = NewGrant { role_id, scope, brand_id: None, department_id, expires_at: None, reason: None };
    insert(tx, user_id, &new).await.map(drop)
}
