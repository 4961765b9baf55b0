use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Permission, Problem, Result};
use rulebook::machine;
use serde_json::json;
use store::{Audit, Query, ScopeColumns, Tx, args};

use super::{Adjustment, AdjustmentDetail, AdjustmentFilter, AdjustmentState, Effect, NewAdjustment, sql};
use crate::approval::{self, Stage, Subject};
use crate::budget::service::get_scoped;
use crate::budget::{self, Budget};
use crate::check::{Check, REASON_MAX, amount_text};
use crate::ledger::service::{Because, balance, post};
use crate::ledger::{self, Balance, EntryKind};
use crate::line::{self, Line};
use crate::permissions::{ADJUSTMENT_CREATE, BUDGET_APPROVE, BUDGET_CHECK, BUDGET_READ};
use crate::{alert, report};

const NOUN: &str = "governance.adjustment";
const MACHINE: &str = "budget_adjustment";

const SCOPE: ScopeColumns = ScopeColumns {
    brand: Some("b.brand_id"),
    department: Some("b.department_id"),
    owner: Some("b.owner_id"),
};

/// Returns adjustments, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &AdjustmentFilter,
) -> Result<Page<Adjustment>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .scope(&caller.scope(BUDGET_READ)?, SCOPE)
        .and_some("a.budget_id =", filter.budget_id)
        .and_some("a.state =", filter.state.map(AdjustmentState::as_str))
        .and_some("a.id <", page.after::<Id>()?)
        .push(" ORDER BY a.id DESC")
        .limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |row: &Adjustment| row.id))
}

/// Returns one adjustment with what it would do.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<AdjustmentDetail> {
    let (adjustment, _) = find(app, caller, BUDGET_READ, id).await?;
    let open = !matches!(adjustment.state, AdjustmentState::Applied | AdjustmentState::Withdrawn);
    let balances =
        if open { ledger::service::of_budget(app, adjustment.budget_id).await? } else { Vec::new() };
    let instance = machine::find(&app.store, adjustment.instance_id).await?;
    Ok(AdjustmentDetail {
        effects: effects(&adjustment, &balances),
        actions: machine::actions(app, caller, &instance, &json!({})).await?,
        history: machine::history(&app.store, adjustment.instance_id).await?,
        adjustment,
    })
}

fn effects(adjustment: &Adjustment, balances: &[Balance]) -> Vec<Effect> {
    let sides = [
        (adjustment.from_line_id, adjustment.from_month, -adjustment.amount_minor),
        (adjustment.to_line_id, adjustment.to_month, adjustment.amount_minor),
    ];
    let effect = |(line_id, month, change): (Id, i64, i64)| {
        let found = balances.iter().find(|b| (b.line_id, b.month) == (line_id, month))?;
        Some(Effect {
            line_id,
            month,
            room_before_minor: found.room(),
            room_after_minor: found.room() + change,
            rest_before_minor: found.rest(),
            rest_after_minor: found.rest() + change,
        })
    };
    sides.into_iter().filter_map(effect).collect()
}

/// Applies for an adjustment: finance checks it next.
pub async fn create(
    app: &App,
    caller: &Caller,
    budget_id: Id,
    new: NewAdjustment,
) -> Result<AdjustmentDetail> {
    let budget = get_scoped(app, caller, ADJUSTMENT_CREATE, budget_id).await?;
    budget::rules::require_approved(&budget)?;
    let same = (new.from_line_id, new.from_month) == (new.to_line_id, new.to_month);
    Check::new()
        .amount("amount_minor", new.amount_minor)
        .month("from_month", new.from_month)
        .month("to_month", new.to_month)
        .text("reason", &new.reason, REASON_MAX)
        .that(!same, "to_line_id", "governance.adjustment.same_place")
        .finish()?;
    let mut tx = app.store.begin(caller).await?;
    for line in [new.from_line_id, new.to_line_id] {
        let line: Line = tx.get(line::sql::FIND, args![line]).await?;
        Check::new()
            .that(line.budget_id == budget_id, "to_line_id", "governance.adjustment.other_budget")
            .finish()?;
    }
    for month in [new.from_month, new.to_month] {
        refuse_closed(&mut tx, budget_id, month).await?;
    }
    let from = balance(&mut tx, new.from_line_id, new.from_month).await?;
    if from.rest() < new.amount_minor {
        return Err(short(&budget, &from));
    }
    let id = Id::new();
    let instance = machine::start(&mut tx, app, MACHINE, NOUN, id).await?;
    let row = args![
        id,
        budget_id,
        new.from_line_id,
        new.from_month,
        new.to_line_id,
        new.to_month,
        new.amount_minor,
        new.reason.trim(),
        instance.id,
        AdjustmentState::Draft.as_str(),
        tx.now(),
        caller.find_user_id(),
    ];
    tx.exec_one(sql::INSERT, row).await?;
    let made: Adjustment = tx.get(sql::FIND, args![id]).await?;
    move_on(&mut tx, app, caller, &budget, &made, "submit", None).await?;
    tx.commit().await?;
    get(app, caller, id).await
}

async fn refuse_closed(tx: &mut Tx, budget_id: Id, month: i64) -> Result<()> {
    if report::service::is_closed(tx, budget_id, month).await? {
        return Err(Problem::conflict("governance.adjustment.month_closed").with("month", month));
    }
    Ok(())
}

fn short(budget: &Budget, from: &Balance) -> Problem {
    Problem::unprocessable("governance.adjustment.source_short")
        .with("rest", amount_text(from.rest(), budget.currency.as_str()))
        .with("month", from.month)
}

/// Hands an adjustment in again that was sent back.
pub async fn submit(app: &App, caller: &Caller, id: Id, version: i64) -> Result<AdjustmentDetail> {
    go(app, caller, (id, version), "submit", ADJUSTMENT_CREATE, None).await
}

/// Gives an adjustment up.
pub async fn withdraw(app: &App, caller: &Caller, id: Id, version: i64) -> Result<AdjustmentDetail> {
    go(app, caller, (id, version), "withdraw", ADJUSTMENT_CREATE, None).await
}

/// Passes an adjustment on to management; for finance.
pub async fn check(app: &App, caller: &Caller, id: Id, version: i64) -> Result<AdjustmentDetail> {
    go(app, caller, (id, version), "check", BUDGET_CHECK, None).await
}

/// Sends an adjustment back with a reason: finance from its check, management from its decision.
pub async fn send_back(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    permission: Permission,
    reason: Option<String>,
) -> Result<AdjustmentDetail> {
    let reason = reason.unwrap_or_default();
    Check::new().text("reason", &reason, REASON_MAX).finish()?;
    let action = if permission == BUDGET_APPROVE { "reject" } else { "return" };
    go(app, caller, (id, version), action, permission, Some(reason)).await
}

/// Approves an adjustment: the money moves in this transaction; for management.
pub async fn approve(app: &App, caller: &Caller, id: Id, version: i64) -> Result<AdjustmentDetail> {
    go(app, caller, (id, version), "approve", BUDGET_APPROVE, None).await
}

async fn find(app: &App, caller: &Caller, permission: Permission, id: Id) -> Result<(Adjustment, Budget)> {
    caller.require(permission)?;
    let adjustment: Adjustment = app.store.get(sql::FIND, args![id]).await?;
    let budget = get_scoped(app, caller, permission, adjustment.budget_id).await?;
    Ok((adjustment, budget))
}

async fn go(
    app: &App,
    caller: &Caller,
    (id, version): (Id, i64),
    action: &'static str,
    permission: Permission,
    reason: Option<String>,
) -> Result<AdjustmentDetail> {
    let (before, budget) = find(app, caller, permission, id).await?;
    let mut tx = app.store.begin(caller).await?;
    tx.lock(NOUN, id).await?;
    move_on(&mut tx, app, caller, &budget, &Adjustment { version, ..before }, action, reason).await?;
    tx.commit().await?;
    get(app, caller, id).await
}

async fn move_on(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    budget: &Budget,
    before: &Adjustment,
    action: &'static str,
    reason: Option<String>,
) -> Result<()> {
    let facts = reason.as_ref().map_or(json!({}), |reason| json!({ "reason": reason.trim() }));
    let step = machine::advance(tx, app, caller, before.instance_id, action, &facts).await?;
    let state: AdjustmentState = step.to.parse().map_err(|e: String| Problem::internal(e))?;
    let (now, by) = (tx.now(), caller.find_user_id());
    let (mut checked, mut applied) = ((before.checked_at, before.checked_by), (None, None));
    match action {
        "check" => checked = (Some(now), by),
        "approve" => applied = (Some(now), by),
        _ => checked = (None, None),
    }
    let row =
        args![before.id, before.version, state.as_str(), checked.0, checked.1, applied.0, applied.1, now];
    tx.exec_one(sql::MOVE, row).await?;
    if state == AdjustmentState::Applied {
        apply(tx, budget, before).await?;
    }
    let after: Adjustment = tx.get(sql::FIND, args![before.id]).await?;
    approval::hand_on(tx, &subject(budget, &after)).await?;
    let mut audit = Audit::new(action, NOUN, before.id).within(budget.brand_id, budget.department_id);
    audit = audit.change(Some(before), Some(&after));
    if let Some(reason) = reason {
        audit = audit.because(reason);
    }
    tx.audit(audit).await
}

/// Moves the money; what is left is looked at now, not when it was applied for.
async fn apply(tx: &mut Tx, budget: &Budget, adjustment: &Adjustment) -> Result<()> {
    for month in [adjustment.from_month, adjustment.to_month] {
        refuse_closed(tx, budget.id, month).await?;
    }
    let because = Because { noun: NOUN, id: adjustment.id, reason: &adjustment.reason };
    let (from, to) = (adjustment.from_line_id, adjustment.to_line_id);
    let amount = adjustment.amount_minor;
    let given = [(EntryKind::Adjust, -amount)];
    if !post(tx, from, adjustment.from_month, &given, because, false).await? {
        let left = balance(tx, from, adjustment.from_month).await?;
        return Err(short(budget, &left));
    }
    post(tx, to, adjustment.to_month, &[(EntryKind::Adjust, amount)], because, false).await?;
    let line: Line = tx.get(line::sql::FIND, args![from]).await?;
    alert::service::after_move(tx, budget, &line, adjustment.from_month).await
}

fn subject<'b>(budget: &'b Budget, adjustment: &Adjustment) -> Subject<'b> {
    Subject {
        noun: NOUN,
        id: adjustment.id,
        version: adjustment.version,
        path: format!("/api/v1/governance/adjustments/{}", adjustment.id),
        link: format!("/finance/adjustments/{}", adjustment.id),
        name: format!("{}: {}", budget.name, amount_text(adjustment.amount_minor, budget.currency.as_str())),
        budget,
        stage: match adjustment.state {
            AdjustmentState::Submitted => Stage::Finance,
            AdjustmentState::Checked => Stage::Management,
            AdjustmentState::Returned => Stage::Returned,
            _ => Stage::Nobody,
        },
        author: adjustment.created_by,
        checked_by: adjustment.checked_by,
    }
}
