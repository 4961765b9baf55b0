use std::sync::Arc;

use http_kit::{App, ChangePreview, ImportantChange, ImportantChanges};
use kernel::{Caller, Id, Page, PageQuery, Permission, Problem, Result};
use serde::Deserialize;
use serde_json::Value as Json;
use store::{Audit, Observation, Query, ScopeColumns, args, json};

use super::{
    ChangeTarget, DeletionFilter, DeletionRequest, DeletionState, NewDeletionRequest, Preview, ShownPreview,
    rules, sql,
};
use crate::check::{Check, REASON_MAX};
use crate::notice;
use crate::permissions::{DELETION_APPROVE, DELETION_REQUEST};

const COLUMNS: ScopeColumns = ScopeColumns {
    brand: Some("q.brand_id"),
    department: Some("q.department_id"),
    owner: Some("q.created_by"),
};

fn change(app: &App, kind: &str) -> Result<Arc<dyn ImportantChange>> {
    let changes = app.part::<ImportantChanges>()?;
    let found = changes.find(kind).cloned();
    found.ok_or_else(|| Problem::unprocessable("identity.deletion_request.kind_unknown").with("kind", kind))
}

/// Refuses unless the caller holds `permission`, and what the change itself asks for, where the data is.
fn require(
    caller: &Caller,
    permission: Permission,
    change: &dyn ImportantChange,
    brand: Option<Id>,
    department: Option<Id>,
) -> Result<()> {
    for permission in [permission, change.permission()] {
        let scope = caller.scope(permission)?;
        if !scope.covers(brand, department, None) {
            return Err(Problem::forbidden("access.outside_scope").with("permission", permission.code));
        }
    }
    Ok(())
}

async fn look(app: &App, caller: &Caller, kind: &str, target: &Json) -> Result<ChangePreview> {
    if target.to_string().len() > rules::TARGET_MAX {
        return Err(Problem::too_large("http.body_too_large"));
    }
    let change = change(app, kind)?;
    caller.require(change.permission())?;
    let preview = change.preview(app, caller, target).await?;
    require(caller, DELETION_REQUEST, change.as_ref(), preview.brand_id, preview.department_id)?;
    if preview.row_count == 0 {
        return Err(Problem::unprocessable("identity.deletion_request.nothing"));
    }
    Ok(preview)
}

/// Shows what a change would do.
pub async fn preview(app: &App, caller: &Caller, input: &ChangeTarget) -> Result<ShownPreview> {
    let preview = look(app, caller, &input.kind, &input.target).await?;
    Ok(ShownPreview {
        summary: app.texts.say(caller.language, preview.summary_code, &preview.summary_args),
        row_count: preview.row_count,
        sample: preview.sample,
    })
}

/// Asks for a change; a second person is asked to look at it.
pub async fn request(app: &App, caller: &Caller, new: &NewDeletionRequest) -> Result<DeletionRequest> {
    let user_id = caller.user_id()?;
    Check::new().text("reason", &new.reason, 2, REASON_MAX).finish()?;
    let preview = look(app, caller, &new.kind, &new.target).await?;
    let id = Id::new();
    let mut tx = app.store.begin(caller).await?;
    let args = args![
        id,
        &new.kind,
        new.target.to_string(),
        preview.brand_id,
        preview.department_id,
        user_id,
        new.reason.trim(),
        json(&kept(&preview)),
        preview.row_count,
        tx.now(),
    ];
    tx.exec_one(sql::INSERT, args).await?;
    let request: DeletionRequest = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("create", "identity.deletion_request", id)
        .within(preview.brand_id, preview.department_id)
        .because(new.reason.trim());
    tx.audit(entry.change(None, Some(&request))).await?;
    notice::deletion_requested(&mut tx, id, request.version, &preview).await?;
    tx.commit().await?;
    Ok(said(app, caller, request))
}

fn kept(preview: &ChangePreview) -> Preview {
    Preview {
        summary_code: preview.summary_code.to_owned(),
        summary_args: preview.summary_args.clone(),
        sample: preview.sample.clone(),
    }
}

fn said(app: &App, caller: &Caller, mut request: DeletionRequest) -> DeletionRequest {
    let preview = &request.preview;
    request.summary = app.texts.say(caller.language, &preview.summary_code, &preview.summary_args);
    request
}

fn reading(caller: &Caller) -> Permission {
    if caller.may(DELETION_APPROVE) { DELETION_APPROVE } else { DELETION_REQUEST }
}

/// Returns requests, the latest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &DeletionFilter,
) -> Result<Page<DeletionRequest>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .scope(&caller.scope(reading(caller))?, COLUMNS)
        .and_some("q.state =", filter.state.map(|state| state.as_str()))
        .and_some("q.id <", page.after::<Id>()?)
        .push(" ORDER BY q.id DESC")
        .limit_overfull(size);
    let rows: Vec<DeletionRequest> = app.store.list(query).await?;
    let rows = rows.into_iter().map(|row| said(app, caller, row)).collect();
    Ok(Page::from_overfull(rows, size, |row: &DeletionRequest| row.id))
}

/// Returns one request.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<DeletionRequest> {
    let request: DeletionRequest = app.store.get(sql::FIND, args![id]).await?;
    let scope = caller.scope(reading(caller))?;
    scope.require(request.brand_id, request.department_id, request.created_by)?;
    Ok(said(app, caller, request))
}

/// The second person approves: the change is made in the same transaction, if the data is still as it was shown.
pub async fn approve(app: &App, caller: &Caller, id: Id, version: i64) -> Result<DeletionRequest> {
    let before: DeletionRequest = app.store.get(sql::FIND, args![id]).await?;
    let change = change(app, &before.kind)?;
    require(caller, DELETION_APPROVE, change.as_ref(), before.brand_id, before.department_id)?;
    rules::require_decidable(&before, caller.find_user_id())?;
    let now = change.preview(app, caller, &before.target).await?;
    if now.row_count != before.row_count || kept(&now) != before.preview {
        return Err(Problem::conflict("identity.deletion_request.changed")
            .with("before", before.row_count)
            .with("now", now.row_count));
    }
    let mut tx = app.store.begin(caller).await?;
    tx.lock("identity.deletion_request", id).await?;
    let undo = change.execute(app, &mut tx, &before.target).await?;
    let until = tx.now().plus_days(rules::RESTORE_DAYS);
    let args = args![id, version, caller.find_user_id(), tx.now(), undo.to_string(), until];
    tx.exec_one(sql::DONE, args).await?;
    let after: DeletionRequest = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("approve", "identity.deletion_request", id)
        .within(before.brand_id, before.department_id)
        .covering(before.row_count.unsigned_abs());
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    notice::deletion_decided(&mut tx, id).await?;
    tx.commit().await?;
    Ok(said(app, caller, after))
}

/// The second person says no.
pub async fn reject(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    reason: &str,
) -> Result<DeletionRequest> {
    Check::new().text("reason", reason, 2, REASON_MAX).finish()?;
    let before: DeletionRequest = app.store.get(sql::FIND, args![id]).await?;
    let change = change(app, &before.kind)?;
    require(caller, DELETION_APPROVE, change.as_ref(), before.brand_id, before.department_id)?;
    rules::require_decidable(&before, caller.find_user_id())?;
    refuse(app, caller, &before, version, DeletionState::Rejected, Some(reason.trim())).await
}

/// The first person takes the request back.
pub async fn withdraw(app: &App, caller: &Caller, id: Id, version: i64) -> Result<DeletionRequest> {
    let before = get(app, caller, id).await?;
    if before.created_by != caller.find_user_id() {
        return Err(Problem::not_found("access.not_found"));
    }
    if before.state != DeletionState::Pending {
        return Err(Problem::conflict("identity.deletion_request.decided"));
    }
    refuse(app, caller, &before, version, DeletionState::Withdrawn, None).await
}

async fn refuse(
    app: &App,
    caller: &Caller,
    before: &DeletionRequest,
    version: i64,
    state: DeletionState,
    reason: Option<&str>,
) -> Result<DeletionRequest> {
    let action = if state == DeletionState::Rejected { "reject" } else { "withdraw" };
    let mut tx = app.store.begin(caller).await?;
    let args = args![before.id, version, state.as_str(), caller.find_user_id(), tx.now(), reason];
    tx.exec_one(sql::REFUSE, args).await?;
    let after: DeletionRequest = tx.get(sql::FIND, args![before.id]).await?;
    let entry = Audit::new(action, "identity.deletion_request", before.id);
    tx.audit(entry.within(before.brand_id, before.department_id).change(Some(before), Some(&after))).await?;
    notice::deletion_decided(&mut tx, before.id).await?;
    tx.commit().await?;
    Ok(said(app, caller, after))
}

#[derive(Deserialize)]
struct Undo {
    undo: Option<Json>,
}

/// Takes a change back within its time: whoever could have asked for it or approved it.
pub async fn restore(app: &App, caller: &Caller, id: Id, version: i64) -> Result<DeletionRequest> {
    let before: DeletionRequest = app.store.get(sql::FIND, args![id]).await?;
    let change = change(app, &before.kind)?;
    require(caller, reading(caller), change.as_ref(), before.brand_id, before.department_id)?;
    rules::require_restorable(&before, app.store.now())?;
    let mut tx = app.store.begin(caller).await?;
    tx.lock("identity.deletion_request", id).await?;
    let kept: Undo = tx.get(sql::UNDO, args![id]).await?;
    let undo = kept.undo.ok_or_else(|| Problem::conflict("identity.deletion_request.not_restorable"))?;
    let rows = change.restore(app, &mut tx, &undo).await?;
    tx.exec_one(sql::RESTORED, args![id, version, tx.now(), caller.find_user_id()]).await?;
    let after: DeletionRequest = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("restore", "identity.deletion_request", id)
        .within(before.brand_id, before.department_id)
        .covering(rows);
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    tx.commit().await?;
    Ok(said(app, caller, after))
}

/// Forgets what it would take to restore once the time is over.
pub(crate) async fn sweep(app: &App) -> Result<()> {
    let mut tx = app.store.begin_observation(Observation::Upkeep).await?;
    tx.exec(sql::FORGET_UNDO, args![tx.now()]).await?;
    tx.commit().await
}
