use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use rulebook::task::{self, Assignee, NewTask, Sentence};
use serde::Deserialize;
use serde_json::Value as Json;
use store::{Audit, OnDuplicate, Query, ScopeColumns, Tx, args, json};
use tabular::natural_id;

use super::rules::{self, Measured};
use super::{Report, ReportDetail, ReportFilter, ReportLine, sql};
use crate::alert::service::answerer;
use crate::budget::service::get_scoped;
use crate::budget::{self, Budget};
use crate::ledger::{self, Balance};
use crate::line::{self, Line};
use crate::money::service::today;
use crate::permissions::{BUDGET_READ, REPORT_ISSUE};
use crate::policy;

pub(crate) const NOUN: &str = "governance.report";
pub(super) const LINE_NOUN: &str = "governance.report_line";
pub(super) const ISSUE_TASK: &str = "governance.report";
pub(super) const EXPLAIN_TASK: &str = "governance.explain";

const SCOPE: ScopeColumns = ScopeColumns {
    brand: Some("b.brand_id"),
    department: Some("b.department_id"),
    owner: Some("b.owner_id"),
};

/// Returns true where a month of a budget is closed.
pub(crate) async fn is_closed(tx: &mut Tx, budget_id: Id, month: i64) -> Result<bool> {
    let count: i64 = tx.get(sql::IS_CLOSED, args![budget_id, month]).await?;
    Ok(count > 0)
}

/// Returns the name of a report's line among the things that tasks are about.
pub(super) fn line_subject(report_id: Id, line_id: Id) -> Id {
    natural_id(&["report line", &report_id.to_string(), &line_id.to_string()])
}

/// Returns reports, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &ReportFilter,
) -> Result<Page<Report>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query.scope(&caller.scope(BUDGET_READ)?, SCOPE).and_some("r.budget_id =", filter.budget_id);
    match filter.issued {
        Some(true) => drop(query.push(" AND r.issued_at IS NOT NULL")),
        Some(false) => drop(query.push(" AND r.issued_at IS NULL")),
        None => {}
    }
    query.and_some("r.id <", page.after::<Id>()?).push(" ORDER BY r.id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |row: &Report| row.id))
}

#[derive(Deserialize)]
struct Frozen {
    frozen: Json,
}

/// Returns one report with its lines.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<ReportDetail> {
    caller.require(BUDGET_READ)?;
    let report: Report = app.store.get(sql::FIND, args![id]).await?;
    get_scoped(app, caller, BUDGET_READ, report.budget_id).await?;
    let lines: Vec<ReportLine> = app.store.all(sql::LINES, args![id]).await?;
    let frozen: Option<Frozen> = app.store.find(sql::FROZEN, args![id]).await?;
    Ok(ReportDetail { report, lines, frozen: frozen.map(|row| row.frozen) })
}

/// Closes a month that is over: what was planned, spent and reserved is kept as it stands now.
pub async fn close(app: &App, caller: &Caller, budget_id: Id, month: i64) -> Result<ReportDetail> {
    let budget = get_scoped(app, caller, REPORT_ISSUE, budget_id).await?;
    let id = close_scoped(app, caller, &budget, month).await?;
    let report: Report = app.store.get(sql::FIND, args![id]).await?;
    let lines: Vec<ReportLine> = app.store.all(sql::LINES, args![id]).await?;
    Ok(ReportDetail { report, lines, frozen: None })
}

pub(super) async fn close_scoped(app: &App, caller: &Caller, budget: &Budget, month: i64) -> Result<Id> {
    budget::rules::require_approved(budget)?;
    let today = today(app).0;
    let over = (budget.year, month) < (i64::from(today.year()), i64::from(today.month()));
    if !(1..=12).contains(&month) || !over {
        return Err(Problem::unprocessable("governance.report.month_not_over").with("month", month));
    }
    let mut tx = app.store.begin(caller).await?;
    let tolerance = policy::tolerance(&mut tx).await?;
    let (id, now) = (Id::new(), tx.now());
    let lines: Vec<Line> = tx.all(line::sql::OF_BUDGET, args![budget.id]).await?;
    let balances: Vec<Balance> = tx.all(ledger::sql::OF_BUDGET, args![budget.id]).await?;
    let measured: Vec<(&Line, Measured)> = lines
        .iter()
        .map(|line| (line, rules::measure(&ledger::rules::months_of(line, &balances), month)))
        .collect();
    let sum = |pick: fn(&Measured) -> i64| measured.iter().map(|(_, one)| pick(one)).sum::<i64>();
    let (plan, actual) = (sum(|m| m.plan), sum(|m| m.actual));
    let due_at = now.plus_days(policy::report_days(&mut tx).await?);
    let row = args![
        id,
        budget.id,
        month,
        plan,
        actual,
        sum(|m| m.committed),
        sum(|m| m.forecast),
        rules::variance(plan, actual),
        tolerance,
        now,
        due_at,
    ];
    tx.exec_one(sql::INSERT, row).await.on_duplicate("governance.report.closed_already")?;
    for (line, one) in &measured {
        keep_line(&mut tx, budget, (id, month), line, one, tolerance, due_at).await?;
    }
    task::open(&mut tx, to_issue(budget, id, month, due_at)).await?;
    let facts = serde_json::json!({ "budget_id": budget.id, "month": month, "plan_minor": plan, "actual_minor": actual });
    tx.audit(Audit::new("close", NOUN, id).within(budget.brand_id, budget.department_id).with(facts)).await?;
    tx.commit().await?;
    Ok(id)
}

async fn keep_line(
    tx: &mut Tx,
    budget: &Budget,
    (report_id, month): (Id, i64),
    line: &Line,
    one: &Measured,
    tolerance: f64,
    due_at: kernel::Timestamp,
) -> Result<()> {
    // The reserve is there not to be spent.
    let over = !line.contingency && rules::is_over(one.plan, one.actual, tolerance);
    let row = args![
        report_id,
        line.id,
        &line.code,
        json(&line.names),
        line.cost_group.as_str(),
        line.owner_id,
        one.plan,
        one.actual,
        one.committed,
        one.forecast,
        rules::variance(one.plan, one.actual),
        over,
    ];
    tx.exec_one(sql::INSERT_LINE, row).await?;
    if !over {
        return Ok(());
    }
    let title = Sentence::new("governance.task.explain")
        .with("budget", budget.name.as_str())
        .with("line", line.code.as_str())
        .with("month", month);
    let new = NewTask {
        kind: EXPLAIN_TASK,
        subject_noun: LINE_NOUN,
        subject_id: line_subject(report_id, line.id),
        link: format!("/finance/reports/{report_id}"),
        title,
        assignee: answerer(budget, line),
        not_for: Vec::new(),
        due_at: Some(due_at),
        actions: Vec::new(),
    };
    task::open(tx, new).await.map(drop)
}

fn to_issue(budget: &Budget, id: Id, month: i64, due_at: kernel::Timestamp) -> NewTask {
    NewTask {
        kind: ISSUE_TASK,
        subject_noun: NOUN,
        subject_id: id,
        link: format!("/finance/reports/{id}"),
        title: Sentence::new("governance.task.report")
            .with("budget", budget.name.as_str())
            .with("month", month),
        assignee: Assignee::Permission {
            code: REPORT_ISSUE.code,
            brand_id: budget.brand_id,
            department_id: budget.department_id,
        },
        not_for: Vec::new(),
        due_at: Some(due_at),
        actions: Vec::new(),
    }
}
