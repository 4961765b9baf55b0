//! Who learns of an insight: the department that is asked, and whoever raised it.

use http_kit::App;
use kernel::{Caller, Id, Labelled, Result, Timestamp};
use rulebook::notification::{self, Notice, NoticeKind};
use rulebook::task::{self, Assignee, NewTask, Sentence};
use serde::Deserialize;
use store::{Audit, Tx, args};

use super::{Insight, sql};
use crate::permissions::INSIGHT_ANSWER;

/// Kind of the task to say yes or no.
pub(super) const TO_ANSWER: &str = "customers.insight.answer";
/// Kind of the task to say what was done.
pub(super) const TO_ADOPT: &str = "customers.insight.adopt";

fn link(id: Id) -> String {
    format!("/customers/insights/{id}")
}

/// Opens the task of the department, and tells its people.
pub(super) async fn ask(
    app: &App,
    tx: &mut Tx,
    insight: &Insight,
    kind: &'static str,
    due_at: Timestamp,
) -> Result<()> {
    let code =
        if kind == TO_ADOPT { "customers.insight.task.adopt" } else { "customers.insight.task.answer" };
    let title = Sentence::new(code).with("title", insight.title.as_str());
    let task = NewTask {
        kind,
        subject_noun: Insight::NOUN,
        subject_id: insight.id,
        link: link(insight.id),
        title: title.clone(),
        assignee: Assignee::Permission {
            code: INSIGHT_ANSWER.code,
            brand_id: insight.brand_id,
            department_id: insight.department_id,
        },
        not_for: Vec::new(),
        due_at: Some(due_at),
        actions: Vec::new(),
    };
    task::open(tx, task).await?;
    // Where nobody knows the staff there is nobody to tell; the list shows it all the same.
    let Ok(people) = app.people.get() else { return Ok(()) };
    let asked = people
        .holders_of_permission(tx, INSIGHT_ANSWER.code, insight.brand_id, insight.department_id)
        .await?;
    let own = tx.caller().find_user_id();
    let others: Vec<Id> = asked.into_iter().filter(|user| Some(*user) != own).collect();
    let key = format!("insight/{}/{kind}", insight.id);
    notification::tell(tx, &others, &notice(insight.id, NoticeKind::Task, title, key)).await.map(drop)
}

/// Tells whoever raised an insight what became of it.
pub(super) async fn tell_owner(tx: &mut Tx, insight: &Insight, code: &'static str) -> Result<()> {
    let own = tx.caller().find_user_id();
    let Some(owner) = insight.owner_id.filter(|owner| Some(*owner) != own) else { return Ok(()) };
    let title = Sentence::new(code).with("title", insight.title.as_str());
    let key = format!("insight/{}/{}", insight.id, insight.state);
    notification::tell(tx, &[owner], &notice(insight.id, NoticeKind::Record, title, key)).await.map(drop)
}

fn notice(id: Id, kind: NoticeKind, title: Sentence, group_key: String) -> Notice {
    Notice {
        kind,
        subject_noun: Insight::NOUN,
        subject_id: id,
        link: link(id),
        title,
        group_key,
        document: false,
    }
}

/// Tells those who raised insights that the time of the department is over; returns how many.
pub(super) async fn overdue(app: &App) -> Result<usize> {
    #[derive(Deserialize)]
    struct Late {
        id: Id,
        title: String,
        owner_id: Option<Id>,
        brand_id: Option<Id>,
        department_id: Option<Id>,
    }
    let late: Vec<Late> = app.store.all(sql::TO_TELL, args![app.store.now()]).await?;
    for insight in &late {
        let mut tx = app.store.begin(&Caller::system("customers.insight")).await?;
        let now = tx.now();
        tx.exec_one(sql::TOLD, args![insight.id, now]).await?;
        if let Some(owner) = insight.owner_id {
            let title =
                Sentence::new("customers.insight.notice.overdue").with("title", insight.title.as_str());
            let key = format!("insight/{}/overdue", insight.id);
            notification::tell(&mut tx, &[owner], &notice(insight.id, NoticeKind::Deadline, title, key))
                .await?;
        }
        let entry =
            Audit::new("remind", Insight::NOUN, insight.id).within(insight.brand_id, insight.department_id);
        tx.audit(entry).await?;
        tx.commit().await?;
    }
    Ok(late.len())
}
