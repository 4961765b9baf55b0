use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Permission, Problem, Result};
use rulebook::machine;
use store::{Audit, OnDuplicate, Query, ScopeColumns, Tx, args};

use super::{
    Budget, BudgetDetail, BudgetFilter, BudgetLineMonths, BudgetPatch, BudgetRow, BudgetState, LineDetail,
    NewBudget, asked, rules, sql,
};
use crate::approval::{self, Subject};
use crate::check::{Check, NAME_MAX, REASON_MAX};
use crate::line::Line;
use crate::permissions::{BUDGET_APPROVE, BUDGET_CHECK, BUDGET_READ, BUDGET_WRITE};
use crate::{ledger, line, report};

/// The noun in audit and machine.
pub(crate) const NOUN: &str = "governance.budget";
const MACHINE: &str = "budget";
/// The noun of projects, whose budgets begin with what their requests ask for.
const PROJECT: &str = "record.project";
/// The role of whoever wrote it, in the machine.
pub(crate) const AUTHOR: &str = "author";

const SCOPE: ScopeColumns = ScopeColumns {
    brand: Some("b.brand_id"),
    department: Some("b.department_id"),
    owner: Some("b.owner_id"),
};

/// Returns the budgets that the caller may see, newest year first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &BudgetFilter,
) -> Result<Page<BudgetRow>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .scope(&caller.scope(BUDGET_READ)?, SCOPE)
        .and_some("b.year =", filter.year)
        .and_some("b.state =", filter.state.map(BudgetState::as_str))
        .and_some("b.brand_id =", filter.brand_id);
    if let Some((year, id)) = page.after::<(i64, Id)>()? {
        query.push(" AND (b.year, b.id) < (").bind(year).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY b.year DESC, b.id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |row: &BudgetRow| (row.year, row.id)))
}

/// Refuses where the caller does not hold `permission` on a budget.
pub(crate) fn require(caller: &Caller, permission: Permission, budget: &Budget) -> Result<()> {
    caller.scope(permission)?.require(budget.brand_id, budget.department_id, budget.owner_id)
}

/// Returns a budget on which the caller holds `permission`.
pub(crate) async fn get_scoped(app: &App, caller: &Caller, permission: Permission, id: Id) -> Result<Budget> {
    caller.require(permission)?;
    let budget: Budget = app.store.get(sql::FIND, args![id]).await?;
    require(caller, permission, &budget)?;
    Ok(budget)
}

/// Returns a budget with lines, months and history.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<BudgetDetail> {
    let budget = get_scoped(app, caller, BUDGET_READ, id).await?;
    let lines: Vec<Line> = app.store.all(line::sql::OF_BUDGET, args![id]).await?;
    let balances = ledger::service::of_budget(app, id).await?;
    let facts = rules::facts(&lines, None);
    let instance = machine::find(&app.store, budget.instance_id).await?;
    let tolerance = rulebook::parameter::get(&app.store, "budget.tolerance").await?.percent()?;
    Ok(BudgetDetail {
        actions: machine::actions(app, caller, &instance, &facts).await?,
        history: machine::history(&app.store, budget.instance_id).await?,
        closed_months: app.store.all(report::sql::CLOSED_MONTHS, args![id]).await?,
        tolerance_percent: tolerance,
        lines: lines
            .into_iter()
            .map(|line| LineDetail { months: ledger::rules::months_of(&line, &balances), line })
            .collect(),
        budget,
    })
}

/// Returns a line with its months.
///
/// Clause: WM-7.2.1
pub async fn line_months(app: &App, caller: &Caller, id: Id) -> Result<BudgetLineMonths> {
    caller.require(BUDGET_READ)?;
    let line: Line = app.store.get(line::sql::FIND, args![id]).await?;
    let budget = get_scoped(app, caller, BUDGET_READ, line.budget_id).await?;
    let balances = ledger::service::of_budget(app, budget.id).await?;
    Ok(BudgetLineMonths {
        months: ledger::rules::months_of(&line, &balances),
        closed_months: app.store.all(report::sql::CLOSED_MONTHS, args![budget.id]).await?,
        year: budget.year,
        currency: budget.currency,
        line,
    })
}

/// Begins a budget.
pub async fn create(app: &App, caller: &Caller, new: NewBudget) -> Result<BudgetDetail> {
    Check::new()
        .text("name", &new.name, NAME_MAX)
        .year("year", new.year)
        .that(new.scope_noun.is_some() == new.scope_id.is_some(), "scope_id", "governance.field.scope")
        .finish()?;
    let owner = caller.find_user_id();
    caller.scope(BUDGET_WRITE)?.require_new(new.brand_id, new.department_id, owner)?;
    if let Some(previous) = new.previous_id {
        let previous = get_scoped(app, caller, BUDGET_READ, previous).await?;
        Check::new().that(previous.year < new.year, "previous_id", "governance.field.year").finish()?;
    }
    let mut tx = app.store.begin(caller).await?;
    let budget = insert(&mut tx, app, Id::new(), &new, owner).await?;
    if let (Some(PROJECT), Some(project)) = (new.scope_noun.as_deref(), new.scope_id) {
        asked::for_project(&mut tx, app, budget.id, project).await?;
    }
    tx.commit().await?;
    get(app, caller, budget.id).await
}

/// Keeps a new budget inside a transaction.
pub(crate) async fn insert(
    tx: &mut Tx,
    app: &App,
    id: Id,
    new: &NewBudget,
    owner: Option<Id>,
) -> Result<Budget> {
    let instance = machine::start(tx, app, MACHINE, NOUN, id).await?;
    let currency = new.currency.as_ref().unwrap_or(&app.settings.currency);
    let row = args![
        id,
        new.year,
        new.name.trim(),
        currency.as_str(),
        new.brand_id,
        new.department_id,
        owner,
        new.scope_noun.as_deref(),
        new.scope_id,
        new.previous_id,
        instance.id,
        BudgetState::Draft.as_str(),
        tx.now(),
        tx.caller().find_user_id(),
    ];
    tx.exec(sql::INSERT, row).await.on_duplicate("governance.budget.continued_already")?;
    let budget: Budget = tx.get(sql::FIND, args![id]).await?;
    tx.audit(entry("create", &budget).change(None, Some(&budget))).await?;
    Ok(budget)
}

/// Changes name or owner of a budget that is being written.
pub async fn update(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    patch: BudgetPatch,
) -> Result<BudgetDetail> {
    let before = get_scoped(app, caller, BUDGET_WRITE, id).await?;
    rules::require_open(&before)?;
    let name = patch.name.as_deref().unwrap_or(&before.name).trim().to_owned();
    Check::new().text("name", &name, NAME_MAX).finish()?;
    let mut tx = app.store.begin(caller).await?;
    let owner = patch.owner_id.or(before.owner_id);
    tx.exec_one(sql::UPDATE, args![id, version, name, owner, tx.now()]).await?;
    let after: Budget = tx.get(sql::FIND, args![id]).await?;
    tx.audit(entry("update", &after).change(Some(&before), Some(&after))).await?;
    tx.commit().await?;
    get(app, caller, id).await
}

/// Hands a budget in: finance checks it next.
pub async fn submit(app: &App, caller: &Caller, id: Id, version: i64) -> Result<BudgetDetail> {
    go(app, caller, (id, version), "submit", BUDGET_WRITE, None).await
}

/// Takes a budget back that nobody checked yet.
pub async fn withdraw(app: &App, caller: &Caller, id: Id, version: i64) -> Result<BudgetDetail> {
    go(app, caller, (id, version), "withdraw", BUDGET_WRITE, None).await
}

/// Passes a budget on to management; for finance.
pub async fn check(app: &App, caller: &Caller, id: Id, version: i64) -> Result<BudgetDetail> {
    go(app, caller, (id, version), "check", BUDGET_CHECK, None).await
}

/// Sends a budget back with a reason: finance from its check, management from its decision.
pub async fn send_back(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    permission: Permission,
    reason: Option<String>,
) -> Result<BudgetDetail> {
    let reason = reason.unwrap_or_default();
    Check::new().text("reason", &reason, REASON_MAX).finish()?;
    let action = if permission == BUDGET_APPROVE { "reject" } else { "return" };
    go(app, caller, (id, version), action, permission, Some(reason)).await
}

/// Approves a budget: its plan goes into the ledger and is locked; for management.
pub async fn approve(app: &App, caller: &Caller, id: Id, version: i64) -> Result<BudgetDetail> {
    go(app, caller, (id, version), "approve", BUDGET_APPROVE, None).await
}

async fn go(
    app: &App,
    caller: &Caller,
    (id, version): (Id, i64),
    action: &'static str,
    permission: Permission,
    reason: Option<String>,
) -> Result<BudgetDetail> {
    let before = get_scoped(app, caller, permission, id).await?;
    let mut tx = app.store.begin(caller).await?;
    tx.lock(NOUN, id).await?;
    let lines: Vec<Line> = tx.all(line::sql::OF_BUDGET, args![id]).await?;
    let facts = rules::facts(&lines, reason.as_deref());
    let step = machine::advance(&mut tx, app, caller, before.instance_id, action, &facts).await?;
    let state: BudgetState = step.to.parse().map_err(|e: String| Problem::internal(e))?;
    let after = marked(&before, action, state, tx.now(), caller.find_user_id());
    save(&mut tx, &Budget { version, ..after }).await?;
    let after: Budget = tx.get(sql::FIND, args![id]).await?;
    if state == BudgetState::Approved {
        ledger::service::post_plan(&mut tx, &after, &lines).await?;
    }
    approval::hand_on(&mut tx, &subject(&after)).await?;
    let mut audit = entry(action, &after).change(Some(&before), Some(&after));
    if let Some(reason) = reason {
        audit = audit.because(reason);
    }
    tx.audit(audit).await?;
    tx.commit().await?;
    get(app, caller, id).await
}

/// Notes who did what on the way to the approval; whatever goes back loses the marks of those who decided.
fn marked(
    before: &Budget,
    action: &str,
    state: BudgetState,
    now: kernel::Timestamp,
    by: Option<Id>,
) -> Budget {
    let mut after = Budget { state, ..before.clone() };
    match action {
        "submit" => {
            (after.submitted_at, after.submitted_by) = (Some(now), by);
            (after.checked_at, after.checked_by) = (None, None);
        }
        "check" => (after.checked_at, after.checked_by) = (Some(now), by),
        "approve" => (after.approved_at, after.approved_by) = (Some(now), by),
        _ => (after.checked_at, after.checked_by) = (None, None),
    }
    after
}

async fn save(tx: &mut Tx, budget: &Budget) -> Result<()> {
    let row = args![
        budget.id,
        budget.version,
        budget.state.as_str(),
        budget.submitted_at,
        budget.submitted_by,
        budget.checked_at,
        budget.checked_by,
        budget.approved_at,
        budget.approved_by,
        tx.now(),
    ];
    tx.exec_one(sql::MOVE, row).await
}

fn subject(budget: &Budget) -> Subject<'_> {
    Subject {
        noun: NOUN,
        id: budget.id,
        version: budget.version,
        path: format!("/api/v1/governance/budgets/{}", budget.id),
        link: format!("/finance/budgets/{}", budget.id),
        name: budget.name.clone(),
        budget,
        stage: match budget.state {
            BudgetState::Submitted => approval::Stage::Finance,
            BudgetState::Checked => approval::Stage::Management,
            BudgetState::Returned => approval::Stage::Returned,
            BudgetState::Draft | BudgetState::Approved => approval::Stage::Nobody,
        },
        author: budget.submitted_by,
        checked_by: budget.checked_by,
    }
}

/// Starts an audit entry about a budget.
pub(crate) fn entry(action: &'static str, budget: &Budget) -> Audit {
    Audit::new(action, NOUN, budget.id).within(budget.brand_id, budget.department_id)
}
