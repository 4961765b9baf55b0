//! Giving work to somebody else, or more time: by whoever manages it, with a reason that stays in the audit log.

use http_kit::App;
use kernel::{Caller, Id, Problem, Result};
use serde_json::json;
use store::{Audit, Query, Tx, args};

use super::service::{notice_of, said};
use super::{Sentence, Task, TaskExtension, TaskReassignment, remind, sql};
use crate::notification::{self, Notice, NoticeKind};
use crate::permissions::WORK_MANAGE;
use crate::record::{self, WorkChange};
use crate::record_type::intern::intern;
use crate::{approval, record::BANNER};

/// Longest reason, in characters.
const REASON_MAX: usize = 500;

/// Returns whether work of this kind can change hands: a vote and a personal acknowledgement cannot.
pub fn is_movable(kind: &str) -> bool {
    kind != approval::TASK && kind != BANNER
}

/// Returns whether it is known where somebody works.
pub fn knows_staff(app: &App) -> bool {
    app.view("v_identity_user").is_some()
}

/// Gives a task to somebody else.
///
/// Clause: MO-3.1.2
pub async fn reassign(app: &App, caller: &Caller, id: Id, to: &TaskReassignment) -> Result<Task> {
    let reason = reason(&to.reason)?;
    let mut tx = app.store.begin(caller).await?;
    let task = load(&mut tx, app, caller, id).await?;
    require_able(&mut tx, app, &task, to.user_id).await?;
    record::follow(&mut tx, app, caller, task.subject_id, &WorkChange::Owner(to.user_id), reason).await?;
    tx.exec_one(sql::REASSIGN, args![id, to.user_id]).await?;
    for key in [notice_of(id), remind::key(id, false), remind::key(id, true)] {
        notification::withdraw(&mut tx, &key).await?;
    }
    let notice = Notice {
        kind: NoticeKind::Task,
        subject_noun: intern(&task.subject_noun),
        subject_id: task.subject_id,
        link: task.link.clone(),
        title: Sentence { code: intern(&task.title_code), args: task.title_args.clone() },
        group_key: notice_of(id),
        document: false,
    };
    notification::tell(&mut tx, &[to.user_id], &notice).await?;
    let facts = json!({ "from": task.assignee_user_id, "to": to.user_id, "subject_id": task.subject_id });
    keep(&mut tx, "reassign", &task, facts, reason).await?;
    finish(app, caller, tx, id).await
}

/// Gives a task more time.
///
/// Clause: MO-3.1.2
pub async fn extend(app: &App, caller: &Caller, id: Id, to: &TaskExtension) -> Result<Task> {
    let reason = reason(&to.reason)?;
    let mut tx = app.store.begin(caller).await?;
    let task = load(&mut tx, app, caller, id).await?;
    if to.due_at <= tx.now() || task.due_at.is_some_and(|due| to.due_at <= due) {
        return Err(invalid("due_at", "rulebook.task.not_later"));
    }
    record::follow(&mut tx, app, caller, task.subject_id, &WorkChange::Due(to.due_at), reason).await?;
    tx.exec_one(sql::EXTEND, args![id, to.due_at]).await?;
    for late in [false, true] {
        notification::withdraw(&mut tx, &remind::key(id, late)).await?;
    }
    let facts = json!({ "from": task.due_at, "to": to.due_at, "subject_id": task.subject_id });
    keep(&mut tx, "extend", &task, facts, reason).await?;
    finish(app, caller, tx, id).await
}

fn reason(text: &str) -> Result<&str> {
    let text = text.trim();
    match text.chars().count() {
        1..=REASON_MAX => Ok(text),
        _ => Err(invalid("reason", "rulebook.task.reason_missing")),
    }
}

fn invalid(field: &str, code: &'static str) -> Problem {
    Problem::unprocessable("rulebook.task.invalid").with_field(field, code)
}

/// Loads an open task that the caller manages.
async fn load(tx: &mut Tx, app: &App, caller: &Caller, id: Id) -> Result<Task> {
    tx.lock("rulebook.task", id).await?;
    let mut query = Query::new(sql::MANAGED, args![]);
    query.and("t.id =", id);
    sql::covered(&mut query, &caller.scope(WORK_MANAGE)?, knows_staff(app));
    let task: Option<Task> = tx.list(query).await?.pop();
    let task = task.ok_or_else(|| Problem::not_found("access.not_found"))?;
    if is_movable(&task.kind) { Ok(task) } else { Err(Problem::conflict("rulebook.task.not_movable")) }
}

/// Refuses somebody who left, or who must not do this task, such as the author of what is reviewed.
async fn require_able(tx: &mut Tx, app: &App, task: &Task, user: Id) -> Result<()> {
    let people = app.people.get()?.people(tx, &[user]).await?;
    if !people.iter().any(|person| person.active) {
        return Err(invalid("user_id", "rulebook.task.nobody"));
    }
    match tx.find::<Id>(sql::EXCLUDED, args![task.id, user]).await? {
        Some(_) => Err(invalid("user_id", "rulebook.task.excluded")),
        None => Ok(()),
    }
}

async fn keep(
    tx: &mut Tx,
    action: &'static str,
    task: &Task,
    facts: serde_json::Value,
    reason: &str,
) -> Result<()> {
    let audit = Audit::new(action, "rulebook.task", task.id).within(task.brand_id, task.department_id);
    tx.audit(audit.with(facts).because(reason)).await
}

async fn finish(app: &App, caller: &Caller, mut tx: Tx, id: Id) -> Result<Task> {
    let mut query = Query::new(sql::MANAGED, args![]);
    query.and("t.id =", id);
    let task: Option<Task> = tx.list(query).await?.pop();
    tx.commit().await?;
    let task = task.ok_or_else(|| Problem::not_found("access.not_found"))?;
    Ok(said(app, caller, task))
}
