use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use serde_json::json;
use store::{Audit, Query, ScopeColumns, args};

use super::rules::{self, Fault, Link};
use super::{Delegation, DelegationFilter, DeputyChoice, NewDelegation, sql};
use crate::check::{Check, REASON_MAX};
use crate::permissions::{USER_MANAGE, USER_READ};
use crate::user::{self, User, rules::may_act};

/// Most kinds of tasks in one delegation.
const KINDS_MAX: usize = 20;
/// A delegation belongs to the one for whom somebody stands in.
const COLUMNS: ScopeColumns =
    ScopeColumns { brand: None, department: Some("f.department_id"), owner: Some("d.from_user_id") };

/// Returns delegations, the latest first: those that name the caller, or those of everybody whom they see.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &DelegationFilter,
) -> Result<Page<Delegation>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    if filter.everybody == Some(true) {
        query.scope(&caller.scope(USER_READ)?, COLUMNS);
    } else {
        let me = caller.user_id()?;
        query.push(" AND (d.from_user_id = ").bind(me).push(" OR d.to_user_id = ").bind(me).push(")");
    }
    if filter.open == Some(true) {
        query.push(" AND d.ended_at IS NULL").and("d.valid_to >", app.store.now());
    }
    query.and_some("d.id <", page.after::<Id>()?).push(" ORDER BY d.id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |row: &Delegation| row.id))
}

/// Returns who can stand in for the caller: everybody who may act, by name.
pub async fn deputies(app: &App, caller: &Caller) -> Result<Vec<DeputyChoice>> {
    app.store.all(sql::DEPUTIES, args![app.store.now(), caller.user_id()?]).await
}

/// Lets somebody stand in: for the caller, or for somebody whom they manage.
pub async fn create(app: &App, caller: &Caller, new: &NewDelegation) -> Result<Delegation> {
    check(new, app.store.now())?;
    let me = caller.user_id()?;
    let from = new.from_user_id.unwrap_or(me);
    if from != me {
        user::service::get_in(app, caller, USER_MANAGE, from).await?;
    }
    let mut tx = app.store.begin(caller).await?;
    // Two at once could close a circle that neither sees.
    tx.lock("identity.delegation", Id::from_digest([0; 16])).await?;
    let principal: User = tx.get(user::sql::FIND, args![from]).await?;
    let deputy: Option<User> = tx.find(user::sql::FIND, args![new.to_user_id]).await?;
    let deputy = deputy.filter(|deputy| may_act(deputy.state, deputy.leave_at, new.valid_from.max(tx.now())));
    let deputy = deputy.ok_or_else(|| fault("to_user_id", "identity.delegation.not_active"))?;
    let id = Id::new();
    let link = Link {
        id,
        from_user_id: from,
        to_user_id: deputy.id,
        task_kinds: new.task_kinds.clone(),
        valid_from: new.valid_from,
        valid_to: new.valid_to,
    };
    let there: Vec<Link> = tx.all(sql::WITHIN, args![new.valid_from, new.valid_to]).await?;
    rules::check(&there, &link).map_err(|found| match found {
        Fault::Circle => fault("to_user_id", "identity.delegation.circle"),
        Fault::TooLong => fault("to_user_id", "identity.delegation.too_long"),
    })?;
    let kinds = store::json(&new.task_kinds);
    let (kind, reason) = (new.kind.as_str(), new.reason.trim());
    let args = args![id, kind, from, deputy.id, kinds, new.valid_from, new.valid_to, reason, tx.now(), me];
    tx.exec_one(sql::INSERT, args).await?;
    let after: Delegation = tx.get(sql::FIND, args![id]).await?;
    tx.audit(entry("create", &after, &principal).because(reason)).await?;
    tx.commit().await?;
    Ok(after)
}

fn check(new: &NewDelegation, now: kernel::Timestamp) -> Result<()> {
    let short = new.valid_to.ms() - new.valid_from.ms() <= rules::DAYS_MAX * kernel::DAY_MS;
    let kind = |kind: &String| {
        (1..=100).contains(&kind.len())
            && kind.chars().all(|c| c.is_ascii_alphanumeric() || "._*".contains(c))
    };
    Check::new()
        .text("reason", &new.reason, 1, REASON_MAX)
        .that(new.valid_from < new.valid_to, "valid_to", "identity.delegation.ends_before_it_begins")
        .that(new.valid_to > now, "valid_to", "identity.field.in_the_past")
        .that(short, "valid_to", "identity.delegation.too_far")
        .that(new.task_kinds.len() <= KINDS_MAX, "task_kinds", "identity.delegation.kinds")
        .that(new.task_kinds.iter().all(kind), "task_kinds", "identity.delegation.kinds")
        .finish()
}

fn fault(field: &str, code: &'static str) -> Problem {
    Problem::unprocessable("identity.input_invalid").with_field(field, code)
}

/// Both names stand in the log: who stands in, and for whom.
fn entry(action: &'static str, delegation: &Delegation, principal: &User) -> Audit {
    let facts = json!({
        "kind": delegation.kind, "from_user_id": delegation.from_user_id, "from_name": delegation.from_name,
        "to_user_id": delegation.to_user_id, "to_name": delegation.to_name,
        "task_kinds": delegation.task_kinds, "valid_from": delegation.valid_from, "valid_to": delegation.valid_to,
    });
    Audit::new(action, "identity.delegation", delegation.id).within(None, principal.department_id).with(facts)
}

/// Ends a delegation now: by whom it is for, by whoever stands in, or by whoever manages the former.
pub async fn end(app: &App, caller: &Caller, id: Id) -> Result<Delegation> {
    let before: Delegation = app.store.get(sql::FIND, args![id]).await?;
    let me = caller.user_id()?;
    if before.from_user_id != me && before.to_user_id != me {
        user::service::get_in(app, caller, USER_MANAGE, before.from_user_id).await?;
    }
    let mut tx = app.store.begin(caller).await?;
    if tx.exec(sql::END, args![id, tx.now(), me]).await? == 0 {
        return Err(Problem::conflict("identity.delegation.over"));
    }
    let after: Delegation = tx.get(sql::FIND, args![id]).await?;
    let principal: User = tx.get(user::sql::FIND, args![before.from_user_id]).await?;
    tx.audit(entry("end", &after, &principal)).await?;
    tx.commit().await?;
    Ok(after)
}
