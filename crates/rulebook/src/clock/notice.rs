//! Tells those whose work a thing is that its time runs, or ran, out.

use http_kit::App;
use kernel::{Caller, Id, Result};
use store::{Audit, args};

use super::{Clock, ClockStep, sql};
use crate::notification::{self, Notice, NoticeKind};
use crate::record_type::intern::intern;
use crate::task::{self, Sentence};

/// Tells of one step of a clock's ladder; the same step is told once, however often its event arrives.
pub async fn told(app: &App, step: &ClockStep) -> Result<()> {
    let mut tx = app.store.begin(&Caller::system("clock notices")).await?;
    let clock: Clock = tx.get(sql::FIND, args![step.clock_id]).await?;
    let mut people = task::workers(&mut tx, &step.subject_noun, step.subject_id).await?;
    let mut link = format!("/rulebook/clocks/{}", step.clock_id);
    let mut name = String::new();
    if step.subject_noun.starts_with("record.")
        && let Some(about) = crate::record::about(&mut tx, step.subject_id).await?
    {
        people.extend(about.owner_id);
        (link, name) = (about.link, about.name);
    }
    people.sort_unstable();
    people.dedup();
    let breached = clock.breached_at.is_some();
    let code = if breached { "rulebook.notice.clock_breached" } else { "rulebook.notice.clock_near" };
    let due = step.due_at.or(clock.due_at).unwrap_or(step.fire_at);
    let at = due.instant().to_zoned(app.settings.time_zone.clone());
    let notice = Notice {
        kind: if breached { NoticeKind::Alert } else { NoticeKind::Deadline },
        subject_noun: intern(&step.subject_noun),
        subject_id: step.subject_id,
        link,
        title: Sentence::new(code)
            .with("title", if name.is_empty() { step.kind.clone() } else { name })
            .with("due", at.strftime("%Y-%m-%d %H:%M").to_string()),
        group_key: group(step.clock_id, &step.step),
        document: false,
    };
    if notification::tell(&mut tx, &people, &notice).await? == 0 {
        return Ok(());
    }
    let facts = serde_json::json!({ "step": step.step, "people": people });
    tx.audit(Audit::new("remind", "rulebook.clock", step.clock_id).with(facts)).await?;
    tx.commit().await
}

fn group(clock: Id, step: &str) -> String {
    format!("clock/{clock}/{step}")
}
