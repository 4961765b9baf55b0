//! Who decides next on a budget or an adjustment: finance first, then management.

use kernel::{Id, Result};
use rulebook::task::{self, Assignee, CardAction, NewTask, Sentence};
use store::Tx;

use crate::budget::Budget;
use crate::permissions::{BUDGET_APPROVE, BUDGET_CHECK};

const CHECK: &str = "governance.check";
const APPROVE: &str = "governance.approve";
const MEND: &str = "governance.mend";

/// Who has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Finance checks.
    Finance,
    /// Management decides.
    Management,
    /// It was sent back to its author.
    Returned,
    /// Nobody.
    Nobody,
}

/// What is decided on.
#[derive(Debug)]
pub(crate) struct Subject<'b> {
    pub noun: &'static str,
    pub id: Id,
    pub version: i64,
    /// Beginning of the paths of its operations.
    pub path: String,
    /// Its page.
    pub link: String,
    pub name: String,
    pub budget: &'b Budget,
    pub stage: Stage,
    pub author: Option<Id>,
    pub checked_by: Option<Id>,
}

/// Ends the tasks of the stage before and opens the one of this stage.
pub(crate) async fn hand_on(tx: &mut Tx, subject: &Subject<'_>) -> Result<()> {
    let by = tx.caller().find_user_id();
    for kind in [CHECK, APPROVE, MEND, crate::budget::next::PREPARE] {
        task::complete(tx, subject.noun, subject.id, kind, by).await?;
    }
    let permission = |code| Assignee::Permission {
        code,
        brand_id: subject.budget.brand_id,
        department_id: subject.budget.department_id,
    };
    let (kind, title, assignee, actions) = match subject.stage {
        Stage::Nobody => return Ok(()),
        Stage::Finance => {
            let actions = vec![action(subject, "check", true), action(subject, "return", false)];
            (CHECK, "governance.task.check", permission(BUDGET_CHECK.code), actions)
        }
        Stage::Management => {
            let actions = vec![action(subject, "approve", true), action(subject, "reject", false)];
            (APPROVE, "governance.task.approve", permission(BUDGET_APPROVE.code), actions)
        }
        Stage::Returned => {
            let Some(author) = subject.author else { return Ok(()) };
            (MEND, "governance.task.mend", Assignee::User(author), Vec::new())
        }
    };
    let decides = subject.stage != Stage::Returned;
    let new = NewTask {
        kind,
        subject_noun: subject.noun,
        subject_id: subject.id,
        link: subject.link.clone(),
        title: Sentence::new(title).with("name", subject.name.as_str()),
        assignee,
        // The two approvals and the writing are three people.
        not_for: if decides {
            subject.author.into_iter().chain(subject.checked_by).collect()
        } else {
            Vec::new()
        },
        due_at: None,
        actions,
    };
    task::open(tx, new).await.map(drop)
}

fn action(subject: &Subject<'_>, verb: &str, primary: bool) -> CardAction {
    CardAction {
        action: verb.to_owned(),
        titles: None,
        title: verb.to_owned(),
        method: "POST".to_owned(),
        path: format!("{}/{verb}", subject.path),
        primary,
        reason_field: (!primary).then(|| "reason".to_owned()),
        if_match: Some(subject.version),
    }
}
