//! Says that work comes due, and that it is late: each once, to the person whose it is.

use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, DAY_MS, Id, Language, LocalText, Result, Timestamp};
use serde::Deserialize;
use serde_json::Value as Json;
use store::args;

use super::{Sentence, sql};
use crate::notification::{self, Notice, NoticeKind};
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

async fn tell(app: &App, task: Due) -> Result<u64> {
    let now = app.store.now();
    let late = task.due_at <= now;
    // What was given a day or less from the start needs no reminder of its beginning.
    if !late && task.due_at.ms() - task.created_at.ms() <= NEAR_MS {
        return Ok(0);
    }
    let said = |language| app.texts.say(language, &task.title_code, &task.title_args);
    let title = LocalText {
        zh_hans: said(Language::ZhHans),
        zh_hant: said(Language::ZhHant),
        en: said(Language::En),
    };
    let at = task.due_at.instant().to_zoned(app.settings.time_zone.clone());
    let code = if late { "rulebook.notice.late" } else { "rulebook.notice.near" };
    let sentence = Sentence::new(code).in_three("what", &title);
    let notice = Notice {
        kind: NoticeKind::Deadline,
        subject_noun: intern(&task.subject_noun),
        subject_id: task.subject_id,
        link: task.link,
        title: sentence.with("due", at.strftime("%Y-%m-%d %H:%M").to_string()),
        group_key: key(task.id, late),
    };
    let mut tx = app.store.begin(&Caller::system("task reminders")).await?;
    let told = notification::tell(&mut tx, &[task.assignee_user_id], &notice).await?;
    if told > 0 {
        let facts = serde_json::json!({ "late": late, "user_id": task.assignee_user_id });
        tx.audit(store::Audit::new("remind", "rulebook.task", task.id).with(facts)).await?;
        tx.commit().await?;
    }
    Ok(told)
}
