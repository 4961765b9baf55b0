//! Says that work comes due, and that it is late: each once, to the person whose it is, and to the manager when it stays so.

use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, DAY_MS, Id, Language, LocalText, Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::Value as Json;
use store::args;

use super::{Sentence, sql};
use crate::notification::{self, Notice, NoticeKind};
use crate::parameter;
use crate::record::DAILY;
use crate::record_type::intern::intern;

/// How long before its time work is said to come due.
const NEAR_MS: i64 = DAY_MS;
/// What is late for longer is no news.
const REACH_DAYS: i64 = 7;

#[derive(Deserialize)]
struct Due {
    id: Id,
    subject_noun: String,
    subject_id: Id,
    link: String,
    title_code: String,
    title_args: BTreeMap<String, Json>,
    assignee_user_id: Id,
    due_at: Timestamp,
    created_at: Timestamp,
}

/// Returns the key under which the person of a task was told of its time.
pub fn key(task: Id, late: bool) -> String {
    format!("task/{task}/{}", if late { "late" } else { "near" })
}

/// Looks at work that is due by tomorrow or was due already; returns how many were told.
pub async fn remind(app: &App) -> Result<u64> {
    let (mut after, mut told) = (String::new(), 0);
    loop {
        let now = app.store.now();
        let window = args![now.plus_ms(NEAR_MS), &after, now, now.plus_days(-REACH_DAYS)];
        let due: Vec<Due> = app.store.all(sql::COMING_DUE, window).await?;
        let Some(last) = due.last() else { return Ok(told) };
        after = last.id.to_string();
        for task in due {
            told += tell(app, task).await?;
        }
    }
}

/// Tells managers what of their people's work is late for longer than the policy allows; returns how many were told.
pub async fn escalate(app: &App) -> Result<u64> {
    let days = match parameter::get(&app.store, "task.manager_after_days").await? {
        parameter::Value::Days(days) => days,
        other => {
            return Err(Problem::internal(format!(
                "task.manager_after_days is no number of days: {other:?}"
            )));
        }
    };
    let (mut after, mut told) = (String::new(), 0);
    loop {
        let late = app.store.now().plus_days(-days);
        let window = args![late, late.plus_days(-REACH_DAYS), &after];
        let due: Vec<Due> = app.store.all(sql::LATE_LONG, window).await?;
        let Some(last) = due.last() else { return Ok(told) };
        after = last.id.to_string();
        for task in due {
            told += tell_manager(app, task).await?;
        }
    }
}

/// Reminds people again of late work that asks for it each day; returns how many were told.
pub async fn insist(app: &App) -> Result<u64> {
    let (mut after, mut told) = (String::new(), 0);
    loop {
        let now = app.store.now();
        let today = now.instant().to_zoned(app.settings.time_zone.clone()).date().to_string();
        // What became late today was told just now; it is told again from tomorrow on.
        let args = args![DAILY, now.plus_ms(-DAY_MS), &after, &today];
        let due: Vec<Due> = app.store.all(sql::LATE_DAILY, args).await?;
        let Some(last) = due.last() else { return Ok(told) };
        after = last.id.to_string();
        for task in due {
            let key = format!("{}/{today}", key(task.id, true));
            let notice = notice(app, &task, "rulebook.notice.late", key);
            let mut tx = app.store.begin(&Caller::system("task reminders")).await?;
            told += notification::tell(&mut tx, &[task.assignee_user_id], &notice).await?;
            tx.audit(store::Audit::new("remind", "rulebook.task", task.id)).await?;
            tx.commit().await?;
        }
    }
}

async fn tell_manager(app: &App, task: Due) -> Result<u64> {
    let Ok(people) = app.people.get() else { return Ok(0) };
    let mut tx = app.store.begin(&Caller::system("task reminders")).await?;
    let found = people.people(&mut tx, &[task.assignee_user_id]).await?.into_iter().next();
    let Some((person, manager)) = found.and_then(|person| Some((person.name, person.manager_id?))) else {
        return Ok(0);
    };
    let mut notice = notice(app, &task, "rulebook.notice.late_of", key_of_manager(task.id));
    notice.title = notice.title.with("name", person);
    let told = notification::tell(&mut tx, &[manager], &notice).await?;
    if told > 0 {
        let facts = serde_json::json!({ "user_id": task.assignee_user_id, "manager_id": manager });
        tx.audit(store::Audit::new("escalate", "rulebook.task", task.id).with(facts)).await?;
        tx.commit().await?;
    }
    Ok(told)
}

/// Returns the key under which the manager was told that a task is late.
pub fn key_of_manager(task: Id) -> String {
    format!("task/{task}/manager")
}

fn notice(app: &App, task: &Due, code: &'static str, group_key: String) -> Notice {
    let said = |language| app.texts.say(language, &task.title_code, &task.title_args);
    let title = LocalText {
        zh_hans: said(Language::ZhHans),
        zh_hant: said(Language::ZhHant),
        en: said(Language::En),
    };
    let at = task.due_at.instant().to_zoned(app.settings.time_zone.clone());
    let sentence = Sentence::new(code).in_three("what", &title);
    Notice {
        kind: NoticeKind::Deadline,
        subject_noun: intern(&task.subject_noun),
        subject_id: task.subject_id,
        link: task.link.clone(),
        title: sentence.with("due", at.strftime("%Y-%m-%d %H:%M").to_string()),
        group_key,
        document: false,
    }
}

async fn tell(app: &App, task: Due) -> Result<u64> {
    let now = app.store.now();
    let late = task.due_at <= now;
    // What was given a day or less from the start needs no reminder of its beginning.
    if !late && task.due_at.ms() - task.created_at.ms() <= NEAR_MS {
        return Ok(0);
    }
    let code = if late { "rulebook.notice.late" } else { "rulebook.notice.near" };
    let notice = notice(app, &task, code, key(task.id, late));
    let mut tx = app.store.begin(&Caller::system("task reminders")).await?;
    let told = notification::tell(&mut tx, &[task.assignee_user_id], &notice).await?;
    if told > 0 {
        let facts = serde_json::json!({ "late": late, "user_id": task.assignee_user_id });
        tx.audit(store::Audit::new("remind", "rulebook.task", task.id).with(facts)).await?;
        tx.commit().await?;
    }
    Ok(told)
}
