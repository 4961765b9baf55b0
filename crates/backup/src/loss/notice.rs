//! What losses put on the one list behind "my work".

use kernel::{HOUR_MS, Id, Result};
use rulebook::task::{self, Assignee, NewTask, Sentence};
use store::Tx;

use super::Loss;
use crate::permissions::LOSS_MANAGE;

const LOSS: &str = "backup.loss";
const REPORT: &str = "backup.loss_report";

/// A loss was noticed: it must be restored and reported.
pub(super) async fn noticed(tx: &mut Tx, id: Id, what: &str, hours: i64) -> Result<()> {
    let new = NewTask {
        kind: LOSS,
        subject_noun: LOSS,
        subject_id: id,
        link: format!("/system/losses/{id}"),
        title: Sentence::new("backup.task.loss").with("what", shortened(what)),
        assignee: Assignee::Permission { code: LOSS_MANAGE.code, brand_id: None, department_id: None },
        not_for: Vec::new(),
        due_at: Some(tx.now().plus_ms(hours * HOUR_MS)),
        actions: Vec::new(),
    };
    task::open(tx, new).await.map(drop)
}

/// It was reported: the superior is asked to take note.
pub(super) async fn reported(tx: &mut Tx, loss: &Loss, superior_id: Id, hours: i64) -> Result<()> {
    task::complete(tx, LOSS, loss.id, LOSS, tx.caller().find_user_id()).await?;
    let new = NewTask {
        kind: REPORT,
        subject_noun: LOSS,
        subject_id: loss.id,
        link: format!("/system/losses/{}", loss.id),
        title: Sentence::new("backup.task.loss_report").with("what", shortened(&loss.what)),
        assignee: Assignee::User(superior_id),
        not_for: Vec::new(),
        due_at: Some(tx.now().plus_ms(hours * HOUR_MS)),
        // Whoever takes note should have read it: its page is where they do.
        actions: Vec::new(),
    };
    task::open(tx, new).await.map(drop)
}

/// The superior took note.
pub(super) async fn acknowledged(tx: &mut Tx, id: Id) -> Result<()> {
    let by = tx.caller().find_user_id();
    task::complete(tx, LOSS, id, REPORT, by).await.map(drop)
}

/// A card has room for a sentence, not for a story.
fn shortened(text: &str) -> String {
    const MAX: usize = 60;
    let mut short: String = text.trim().chars().take(MAX).collect();
    if text.trim().chars().count() > MAX {
        short.push('…');
    }
    short
}
