//! What people say about a closed month, and the report that comes of it.

use http_kit::App;
use kernel::{Caller, Id, Problem, Result};
use rulebook::task::{self, NewTask, Sentence};
use serde_json::json;
use store::{Audit, Tx, args};

use super::service::{EXPLAIN_TASK, ISSUE_TASK, LINE_NOUN, NOUN, line_subject};
use super::{IssueInput, Report, ReportDetail, ReportLine, sql};
use crate::alert::Explanation;
use crate::alert::service::{answerer, check as check_explanation, require};
use crate::budget::service::get_scoped;
use crate::budget::{self, Budget};
use crate::check::{Check, REASON_MAX};
use crate::line::{self, Line};
use crate::permissions::{ALERT_ANSWER, REPORT_ISSUE};
use crate::policy;

/// Kind of the task to do what was announced.
const MEASURE_TASK: &str = "governance.measure";

/// Explains a line of a report that is not issued yet; for the line's owner.
pub(super) async fn explain(
    app: &App,
    caller: &Caller,
    report_id: Id,
    line_id: Id,
    input: Explanation,
) -> Result<ReportDetail> {
    check_explanation(&input)?;
    let (report, budget, line) = find(app, caller, report_id, line_id).await?;
    require_open(&report)?;
    let mut tx = app.store.begin(caller).await?;
    tx.lock(NOUN, report_id).await?;
    require_open(&tx.get::<Report>(sql::FIND, args![report_id]).await?)?;
    let (by, now) = (caller.find_user_id(), tx.now());
    let (cause, measure) = (input.cause.trim(), input.measure.trim());
    tx.exec_one(sql::EXPLAIN, args![report_id, line_id, cause, measure, now, by]).await?;
    task::complete(&mut tx, LINE_NOUN, line_subject(report_id, line_id), EXPLAIN_TASK, by).await?;
    let facts = json!({ "line_id": line_id, "cause": cause, "measure": measure, "line": line.code });
    tx.audit(entry("explain", &report, &budget).with(facts)).await?;
    tx.commit().await?;
    detail(app, report_id).await
}

/// Issues a report for good: no line over tolerance is left unexplained, and measures become tasks.
pub(super) async fn issue(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    input: IssueInput,
) -> Result<ReportDetail> {
    caller.require(REPORT_ISSUE)?;
    Check::new().text("comment", &input.comment, REASON_MAX).finish()?;
    let report: Report = app.store.get(sql::FIND, args![id]).await?;
    let budget = get_scoped(app, caller, REPORT_ISSUE, report.budget_id).await?;
    require_open(&report)?;
    let mut tx = app.store.begin(caller).await?;
    tx.lock(NOUN, id).await?;
    let lines: Vec<ReportLine> = tx.all(sql::LINES, args![id]).await?;
    let is_open =
        |line: &&ReportLine| line.over_tolerance && (line.cause.is_none() || line.measure.is_none());
    let unexplained: Vec<&str> = lines.iter().filter(is_open).map(|line| line.code.as_str()).collect();
    if !unexplained.is_empty() {
        return Err(
            Problem::unprocessable("governance.report.unexplained").with("lines", unexplained.join(", "))
        );
    }
    let (by, now) = (caller.find_user_id(), tx.now());
    let issued = Report {
        version: version + 1,
        issued_at: Some(now),
        issued_by: by,
        comment: Some(input.comment.trim().to_owned()),
        ..report.clone()
    };
    let frozen =
        json!({ "budget": budget, "report": issued, "lines": lines, "issued_by_name": caller.name() });
    let row = args![id, version, now, by, issued.comment.as_deref(), frozen.to_string()];
    tx.exec_one(sql::ISSUE, row).await?;
    task::complete(&mut tx, NOUN, id, ISSUE_TASK, by).await?;
    for line in lines.iter().filter(|line| line.measure.is_some()) {
        open_measure(&mut tx, &budget, line).await?;
    }
    tx.audit(entry("issue", &report, &budget).change(Some(&report), Some(&issued))).await?;
    tx.commit().await?;
    detail(app, id).await
}

async fn open_measure(tx: &mut Tx, budget: &Budget, line: &ReportLine) -> Result<()> {
    let of_line: Line = tx.get(line::sql::FIND, args![line.line_id]).await?;
    let due_at = tx.now().plus_days(policy::report_days(tx).await?);
    let measure: String = line.measure.as_deref().unwrap_or_default().chars().take(60).collect();
    let new = NewTask {
        kind: MEASURE_TASK,
        subject_noun: LINE_NOUN,
        subject_id: line_subject(line.report_id, line.line_id),
        link: format!("/finance/reports/{}", line.report_id),
        title: Sentence::new("governance.task.measure")
            .with("line", line.code.as_str())
            .with("measure", measure),
        assignee: answerer(budget, &of_line),
        not_for: Vec::new(),
        due_at: Some(due_at),
        actions: Vec::new(),
    };
    task::open(tx, new).await.map(drop)
}

/// Notes that a line's measure was done; for the line's owner.
pub(super) async fn finish_measure(
    app: &App,
    caller: &Caller,
    report_id: Id,
    line_id: Id,
) -> Result<ReportDetail> {
    let (report, budget, line) = find(app, caller, report_id, line_id).await?;
    let mut tx = app.store.begin(caller).await?;
    let by = caller.find_user_id();
    if tx.exec(sql::MEASURE_DONE, args![report_id, line_id, tx.now(), by]).await? == 0 {
        return Err(Problem::conflict("governance.report.no_measure"));
    }
    task::complete(&mut tx, LINE_NOUN, line_subject(report_id, line_id), MEASURE_TASK, by).await?;
    let facts = json!({ "line_id": line_id, "line": line.code });
    tx.audit(entry("finish_measure", &report, &budget).with(facts)).await?;
    tx.commit().await?;
    detail(app, report_id).await
}

async fn find(app: &App, caller: &Caller, report_id: Id, line_id: Id) -> Result<(Report, Budget, Line)> {
    caller.require(ALERT_ANSWER)?;
    let report: Report = app.store.get(sql::FIND, args![report_id]).await?;
    let budget: Budget = app.store.get(budget::sql::FIND, args![report.budget_id]).await?;
    let line: Line = app.store.get(line::sql::FIND, args![line_id]).await?;
    require(caller, &budget, line.owner_id.filter(|_| line.budget_id == budget.id))?;
    Ok((report, budget, line))
}

async fn detail(app: &App, id: Id) -> Result<ReportDetail> {
    let report: Report = app.store.get(sql::FIND, args![id]).await?;
    let lines: Vec<ReportLine> = app.store.all(sql::LINES, args![id]).await?;
    Ok(ReportDetail { report, lines, frozen: None })
}

fn require_open(report: &Report) -> Result<()> {
    if report.issued_at.is_some() {
        return Err(Problem::conflict("governance.report.issued"));
    }
    Ok(())
}

fn entry(action: &'static str, report: &Report, budget: &Budget) -> Audit {
    Audit::new(action, NOUN, report.id).within(budget.brand_id, budget.department_id)
}
