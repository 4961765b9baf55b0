use http_kit::App;
use kernel::{Caller, GrantScope, Id, Page, PageQuery, Result, Timestamp};
use store::{Query, ScopeColumns, Tx, args, json};

use super::{Assignee, NewTask, Task, TaskCount, TaskFilter, TaskState, remind, sql};
use crate::approval;
use crate::notification::{self, Notice, NoticeKind};
use crate::permissions::TASK_READ;

/// Where tasks without a due time stand: behind all that have one.
const NO_DUE_TIME: i64 = i64::MAX;

/// Opens a task.
pub async fn open(tx: &mut Tx, task: NewTask) -> Result<Id> {
    let (id, now, by) = (Id::new(), tx.now(), tx.caller().find_user_id());
    let (user, permission, brand, department) = match task.assignee {
        Assignee::User(user) => (Some(user), None, None, None),
        Assignee::Permission { code, brand_id, department_id } => (None, Some(code), brand_id, department_id),
    };
    let urgency = task.due_at.map_or(NO_DUE_TIME, Timestamp::ms);
    let args = args![
        id,
        task.kind,
        task.subject_noun,
        task.subject_id,
        &task.link,
        task.title.code,
        json(&task.title.args),
        user,
        permission,
        brand,
        department,
        task.due_at,
        urgency,
        json(&task.actions),
        now,
        by,
    ];
    tx.exec(sql::INSERT, args).await?;
    for user in &task.not_for {
        tx.exec(sql::EXCLUDE, args![id, user]).await?;
    }
    if let Some(user) = user.filter(|user| !task.not_for.contains(user)) {
        // Whoever is asked to decide gets a mail of its own, with buttons.
        let asked = task.kind == approval::TASK;
        let notice = Notice {
            kind: if asked { NoticeKind::Approval } else { NoticeKind::Task },
            subject_noun: task.subject_noun,
            subject_id: task.subject_id,
            link: task.link,
            title: task.title,
            group_key: notice_of(id),
            document: false,
        };
        match asked {
            true => notification::tell_without_mail(tx, &[user], &notice).await?,
            false => notification::tell(tx, &[user], &notice).await?,
        };
    }
    Ok(id)
}

/// Completes the open tasks of one kind about one thing; returns how many there were.
pub async fn complete(
    tx: &mut Tx,
    subject_noun: &str,
    subject_id: Id,
    kind: &str,
    by: Option<Id>,
) -> Result<u64> {
    complete_all(tx, subject_noun, subject_id, &[kind], by).await
}

/// Completes the open tasks of these kinds about one thing.
pub async fn complete_all(
    tx: &mut Tx,
    subject_noun: &str,
    subject_id: Id,
    kinds: &[&str],
    by: Option<Id>,
) -> Result<u64> {
    end(tx, TaskState::Done, (subject_noun, subject_id), kinds, by).await
}

/// Cancels the open tasks of one kind about one thing, which are no longer needed.
pub async fn cancel(tx: &mut Tx, subject_noun: &str, subject_id: Id, kind: &str) -> Result<u64> {
    cancel_all(tx, subject_noun, subject_id, &[kind]).await
}

/// Cancels the open tasks of these kinds about one thing.
pub async fn cancel_all(tx: &mut Tx, subject_noun: &str, subject_id: Id, kinds: &[&str]) -> Result<u64> {
    end(tx, TaskState::Cancelled, (subject_noun, subject_id), kinds, None).await
}

/// Gives the open tasks of one person to another; what that one must not do stays.
pub async fn pass_on(tx: &mut Tx, from: Id, to: Id) -> Result<u64> {
    tx.exec(sql::PASS_ON, args![from, to]).await
}

/// Returns those whose open work a thing is.
pub async fn workers(tx: &mut Tx, subject_noun: &str, subject_id: Id) -> Result<Vec<Id>> {
    tx.all(sql::WORKERS, args![subject_noun, subject_id]).await
}

/// Returns the key under which the person of a task was told.
pub(super) fn notice_of(task: Id) -> String {
    format!("task/{task}")
}

async fn end(
    tx: &mut Tx,
    state: TaskState,
    (noun, id): (&str, Id),
    kinds: &[&str],
    by: Option<Id>,
) -> Result<u64> {
    let now = tx.now();
    let mut query = Query::new(sql::ENDING, args![noun, id]);
    query.and_in("kind", kinds.iter().copied());
    let ended: Vec<(Id, Option<Id>)> = tx.list(query).await?;
    // Most moves leave no work behind, and every statement takes its time.
    if ended.is_empty() {
        return Ok(0);
    }
    for task in ended.iter().filter(|(_, assignee)| assignee.is_some()).map(|(task, _)| *task) {
        for key in [notice_of(task), remind::key(task, false), remind::key(task, true)] {
            notification::withdraw(tx, &key).await?;
        }
    }
    let mut query = Query::new(sql::END, args![state.as_str(), now, by]);
    query.and_in("id", ended.iter().map(|(task, _)| task.to_string()));
    tx.exec_query(query).await
}

/// Returns tasks, the most urgent first.
pub async fn list(app: &App, caller: &Caller, page: &PageQuery, filter: &TaskFilter) -> Result<Page<Task>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .and("state =", filter.state.unwrap_or(TaskState::Open).as_str())
        .and_some("kind =", filter.kind.as_deref());
    if filter.mine.unwrap_or(true) {
        for_caller(&mut query, caller)?;
    } else {
        query.scope(&caller.scope(TASK_READ)?, SCOPE);
    }
    if let Some((urgency, id)) = page.after::<(i64, Id)>()? {
        query.push(" AND (urgency, id) > (").bind(urgency).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY urgency, id").limit_overfull(size);
    let tasks: Vec<Task> = app.store.list(query).await?;
    let tasks = tasks.into_iter().map(|task| said(app, caller, task)).collect();
    Ok(Page::from_overfull(tasks, size, |task| (task.urgency, task.id)))
}

/// Says a task in the caller's language, as it stands now.
pub(super) fn said(app: &App, caller: &Caller, mut task: Task) -> Task {
    task.title = app.texts.say(caller.language, &task.title_code, &task.title_args);
    for action in &mut task.actions {
        if let Some(titles) = action.titles.take() {
            action.title = titles.get(caller.language).to_owned();
        }
    }
    let now = app.store.now();
    task.overdue = task.state == TaskState::Open && task.due_at.is_some_and(|due| due < now);
    task
}

/// Counts the open tasks that wait for the caller.
pub async fn count(app: &App, caller: &Caller) -> Result<TaskCount> {
    let mut query = Query::new(sql::COUNT, args![app.store.now()]);
    for_caller(&mut query, caller)?;
    let mut rows: Vec<TaskCount> = app.store.list(query).await?;
    Ok(rows.pop().unwrap_or(TaskCount { open: 0, overdue: 0 }))
}

const SCOPE: ScopeColumns = ScopeColumns {
    brand: Some("brand_id"),
    department: Some("department_id"),
    owner: Some("assignee_user_id"),
};

/// Narrows to tasks that name the caller, or a permission that they hold where the thing is.
fn for_caller(query: &mut Query, caller: &Caller) -> Result<()> {
    let user = caller.user_id()?;
    query.push(" AND (assignee_user_id = ").bind(user);
    for grant in caller.grants.iter().filter(|grant| !grant.permissions.is_empty()) {
        query.push(" OR (").any_of("assignee_permission", grant.permissions.iter().map(String::as_str));
        match grant.scope {
            GrantScope::Company => drop(query.push(")")),
            GrantScope::Brand(id) => drop(query.and("brand_id =", id).push(")")),
            GrantScope::Department(id) => drop(query.and("department_id =", id).push(")")),
            // A task for holders of a permission belongs to nobody.
            GrantScope::Own | GrantScope::Row(_) => drop(query.push(" AND FALSE)")),
        }
    }
    query.push(")").push(sql::NOT_EXCLUDED).bind(user).push(")");
    Ok(())
}
