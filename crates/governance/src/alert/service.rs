use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use rulebook::task::{self, Assignee, NewTask, Sentence};
use store::{Audit, Query, Tx, args};

use super::{Alert, AlertFilter, AlertKind, Explanation, sql};
use crate::budget::{self, Budget};
use crate::check::{Check, REASON_MAX};
use crate::ledger::service::balance;
use crate::line::{self, Line};
use crate::money::service::SCOPE;
use crate::permissions::{ALERT_ANSWER, BUDGET_READ};
use crate::policy;

const NOUN: &str = "governance.alert";
const TASK: &str = "governance.alert";

/// Returns the share of a plan that is used, in whole percent; a plan of nothing is used up by anything.
pub(crate) fn used_percent(used: i64, room: i64) -> i64 {
    if used <= 0 {
        return 0;
    }
    if room <= 0 {
        return 1_000;
    }
    i64::try_from(i128::from(used) * 100 / i128::from(room)).unwrap_or(i64::MAX)
}

/// Raises what a movement of a line and month gives reason for.
pub(crate) async fn after_move(tx: &mut Tx, budget: &Budget, line: &Line, month: i64) -> Result<()> {
    let now = balance(tx, line.id, month).await?;
    let used = used_percent(now.used(), now.room());
    for threshold in policy::thresholds(tx).await? {
        if used as f64 >= threshold {
            raise(tx, budget, line, (month, AlertKind::Threshold, threshold as i64, used)).await?;
        }
    }
    if now.overrun {
        raise(tx, budget, line, (month, AlertKind::Overrun, 0, used)).await?;
    }
    Ok(())
}

/// Raises an alert with its task, once for a line, month, kind and threshold.
pub(crate) async fn raise(
    tx: &mut Tx,
    budget: &Budget,
    line: &Line,
    (month, kind, threshold, used): (i64, AlertKind, i64, i64),
) -> Result<()> {
    let (id, now) = (Id::new(), tx.now());
    let due_at = now.plus_days(policy::answer_days(tx).await?);
    let row = args![id, budget.id, line.id, month, kind.as_str(), threshold, used, now, due_at];
    if tx.exec(sql::RAISE, row).await? == 0 {
        return Ok(());
    }
    let code = match kind {
        AlertKind::Threshold => "governance.task.alert_threshold",
        AlertKind::Overrun => "governance.task.alert_overrun",
        AlertKind::Deviation => "governance.task.alert_deviation",
    };
    let title = Sentence::new(code)
        .with("budget", budget.name.as_str())
        .with("line", line.code.as_str())
        .with("month", month)
        .with("used", used);
    let new = NewTask {
        kind: TASK,
        subject_noun: NOUN,
        subject_id: id,
        link: format!("/finance/budgets/{}?tab=alerts", budget.id),
        title,
        assignee: answerer(budget, line),
        not_for: Vec::new(),
        due_at: Some(due_at),
        actions: Vec::new(),
    };
    task::open(tx, new).await?;
    let facts = serde_json::json!({
        "line_id": line.id, "month": month, "kind": kind, "threshold": threshold, "used_percent": used,
    });
    tx.audit(Audit::new("raise", NOUN, id).within(budget.brand_id, budget.department_id).with(facts)).await
}

/// Returns who answers for a line.
pub(crate) fn answerer(budget: &Budget, line: &Line) -> Assignee {
    match line.owner_id.or(budget.owner_id) {
        Some(owner) => Assignee::User(owner),
        None => Assignee::Permission {
            code: ALERT_ANSWER.code,
            brand_id: budget.brand_id,
            department_id: budget.department_id,
        },
    }
}

/// Refuses where the caller may not answer for a line.
pub(crate) fn require(caller: &Caller, budget: &Budget, line_owner: Option<Id>) -> Result<()> {
    let scope = caller.scope(ALERT_ANSWER)?;
    if scope.covers(budget.brand_id, budget.department_id, line_owner) {
        return Ok(());
    }
    scope.require(budget.brand_id, budget.department_id, budget.owner_id)
}

/// Returns alerts, newest first.
pub async fn list(app: &App, caller: &Caller, page: &PageQuery, filter: &AlertFilter) -> Result<Page<Alert>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .scope(&caller.scope(BUDGET_READ)?, SCOPE)
        .and_some("a.budget_id =", filter.budget_id)
        .and_some("a.line_id =", filter.line_id);
    match filter.open {
        Some(true) => drop(query.push(" AND a.answered_at IS NULL")),
        Some(false) => drop(query.push(" AND a.answered_at IS NOT NULL")),
        None => {}
    }
    query.and_some("a.id <", page.after::<Id>()?).push(" ORDER BY a.id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |row: &Alert| row.id))
}

/// Answers an alert with cause and measure; for the line's owner.
pub async fn answer(app: &App, caller: &Caller, id: Id, version: i64, input: Explanation) -> Result<Alert> {
    caller.require(ALERT_ANSWER)?;
    check(&input)?;
    let before: Alert = app.store.get(sql::FIND, args![id]).await?;
    let budget: Budget = app.store.get(budget::sql::FIND, args![before.budget_id]).await?;
    let line: Line = app.store.get(line::sql::FIND, args![before.line_id]).await?;
    require(caller, &budget, line.owner_id)?;
    if before.answered_at.is_some() {
        return Err(Problem::conflict("governance.alert.answered"));
    }
    let mut tx = app.store.begin(caller).await?;
    let (by, now) = (caller.find_user_id(), tx.now());
    tx.exec_one(sql::ANSWER, args![id, version, input.cause.trim(), input.measure.trim(), now, by]).await?;
    task::complete(&mut tx, NOUN, id, TASK, by).await?;
    let after: Alert = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("answer", NOUN, id).within(budget.brand_id, budget.department_id);
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    tx.commit().await?;
    Ok(after)
}

/// Asks for cause and measure.
pub(crate) fn check(input: &Explanation) -> Result<()> {
    Check::new().text("cause", &input.cause, REASON_MAX).text("measure", &input.measure, REASON_MAX).finish()
}
