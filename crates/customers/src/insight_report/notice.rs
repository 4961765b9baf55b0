//! The departments that a report goes to: their task, and who is told.

use http_kit::App;
use kernel::{Id, Labelled, Result, Timestamp};
use rulebook::notification::{self, Notice, NoticeKind};
use rulebook::task::{self, Assignee, NewTask, Sentence};
use store::Tx;

use super::InsightReport;
use crate::permissions::INSIGHT_REPORT_ANSWER;

/// Kind of the task to say whether a report is used.
pub(super) const TO_ANSWER: &str = "customers.insight_report.answer";
/// Noun of a department's copy of a report; its own, so that one department's answer ends one department's task.
pub(super) const RECIPIENT: &str = "customers.insight_report_recipient";

/// Sends a report to a department.
pub(super) async fn send(
    app: &App,
    tx: &mut Tx,
    (report, month): (Id, &str),
    (recipient, department): (Id, Id),
    due_at: Timestamp,
) -> Result<()> {
    let link = format!("/customers/insight-reports/{report}");
    let title = Sentence::new("customers.insight_report.task.answer").with("month", month);
    let task = NewTask {
        kind: TO_ANSWER,
        subject_noun: RECIPIENT,
        subject_id: recipient,
        link: link.clone(),
        title: title.clone(),
        assignee: Assignee::Permission {
            code: INSIGHT_REPORT_ANSWER.code,
            brand_id: None,
            department_id: Some(department),
        },
        not_for: Vec::new(),
        due_at: Some(due_at),
        actions: Vec::new(),
    };
    task::open(tx, task).await?;
    // Where nobody knows the staff there is nobody to tell; the list shows it all the same.
    let Ok(people) = app.people.get() else { return Ok(()) };
    let asked = people.holders_of_permission(tx, INSIGHT_REPORT_ANSWER.code, None, Some(department)).await?;
    let notice = Notice {
        kind: NoticeKind::Task,
        subject_noun: InsightReport::NOUN,
        subject_id: report,
        link,
        title,
        group_key: format!("insight-report/{report}/{department}"),
        document: false,
    };
    notification::tell(tx, &asked, &notice).await.map(drop)
}
