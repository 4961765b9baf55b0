//! The door as other domains hold it, and the one place where money is reserved, spent and given back.

use std::sync::{Arc, Weak};

use async_trait::async_trait;
use http_kit::{App, AppState, MoneyPort, MoneyRefusal, Reserved, Settlement, Spend};
use kernel::{Caller, Id, Problem, Result};
use store::{Audit, Tx, args, json};

use super::{Commitment, rules, sql};
use crate::budget::{self, Budget};
use crate::check::{AMOUNT_MAX, Check, REASON_MAX};
use crate::expense::{self, NewEntry};
use crate::ledger::EntryKind;
use crate::ledger::service::{Because, balance, post};
use crate::line::{self, Line};
use crate::permissions::COMMITMENT_CREATE;
use crate::{alert, report};

const NOUN: &str = "governance.commitment";

/// The door, as other domains hold it. It does not keep the product alive that it is part of.
#[derive(Debug)]
struct Door(Weak<App>);

/// Returns the money door for `app.money`.
pub fn door(app: &AppState) -> Arc<dyn MoneyPort> {
    Arc::new(Door(Arc::downgrade(app)))
}

impl Door {
    fn app(&self) -> Result<AppState> {
        self.0.upgrade().ok_or_else(|| Problem::unavailable("port.not_connected").with("port", "money"))
    }
}

#[async_trait]
impl MoneyPort for Door {
    async fn reserve(&self, tx: &mut Tx, caller: &Caller, spend: Spend) -> Result<Reserved> {
        reserve(tx, caller, spend).await
    }

    async fn keep_refusal(&self, caller: &Caller, refusal: MoneyRefusal) -> Result<Problem> {
        keep_refusal(&*self.app()?, caller, refusal).await
    }

    async fn settle(&self, tx: &mut Tx, settlement: Settlement) -> Result<Option<Id>> {
        let commitment = locked(tx, settlement.commitment_id).await?;
        if commitment.closed_at.is_some() {
            return Ok(None);
        }
        settle(tx, &commitment, settlement).await.map(Some)
    }

    async fn release(&self, tx: &mut Tx, commitment_id: Id, reason: &str) -> Result<()> {
        let commitment = locked(tx, commitment_id).await?;
        if commitment.closed_at.is_some() {
            return Ok(());
        }
        release(tx, &commitment, reason).await
    }
}

/// A line with its budget, as a transaction sees them.
pub(super) async fn of_line(tx: &mut Tx, line_id: Id) -> Result<(Line, Budget)> {
    let line: Line = tx.get(line::sql::FIND, args![line_id]).await?;
    let budget: Budget = tx.get(budget::sql::FIND, args![line.budget_id]).await?;
    Ok((line, budget))
}

/// Refuses where the caller may not spend of a line; its owner may what the budget's owner may.
pub(super) fn require(caller: &Caller, budget: &Budget, line: &Line) -> Result<()> {
    let scope = caller.scope(COMMITMENT_CREATE)?;
    if scope.covers(budget.brand_id, budget.department_id, line.owner_id) {
        return Ok(());
    }
    scope.require(budget.brand_id, budget.department_id, budget.owner_id)
}

/// Returns a reservation that nobody else moves until the transaction ends.
pub(super) async fn locked(tx: &mut Tx, id: Id) -> Result<Commitment> {
    tx.lock(NOUN, id).await?;
    tx.get(sql::FIND, args![id]).await
}

/// Decides whether an amount may be committed to a line and month, and reserves it.
pub(super) async fn reserve(tx: &mut Tx, caller: &Caller, spend: Spend) -> Result<Reserved> {
    Check::new()
        .text("reason", &spend.reason, REASON_MAX)
        .that(spend.amount.amount_minor <= AMOUNT_MAX, "amount_minor", "governance.field.amount")
        .finish()?;
    let (line, budget) = of_line(tx, spend.line_id).await?;
    require(caller, &budget, &line)?;
    let month = i64::from(spend.on.0.month());
    let closed = report::service::is_closed(tx, budget.id, month).await?;
    if let Err(problem) = rules::decide(&budget, &line, &spend, closed) {
        return Ok(Reserved::Refused(MoneyRefusal { spend, problem }));
    }
    let because = Because { noun: spend.used_by_noun, id: spend.used_by_id, reason: &spend.reason };
    let amount = spend.amount.amount_minor;
    if !post(tx, line.id, month, &[(EntryKind::Reserve, amount)], because, false).await? {
        let balance = balance(tx, line.id, month).await?;
        let problem = rules::exceeded(&budget, &line, &spend, &balance);
        return Ok(Reserved::Refused(MoneyRefusal { spend, problem }));
    }
    let id = Id::new();
    let (by, name, now) = (caller.find_user_id(), caller.name(), tx.now());
    let row = args![
        id,
        budget.id,
        line.id,
        month,
        amount,
        spend.used_by_noun,
        spend.used_by_id,
        spend.reason.trim(),
        now,
        by,
        name,
    ];
    tx.exec_one(sql::INSERT, row).await?;
    keep_decision(tx, caller, &budget, &spend, Ok(id)).await?;
    alert::service::after_move(tx, &budget, &line, month).await?;
    Ok(Reserved::Made(id))
}

/// Keeps a refusal with its reason and returns what the person is told.
pub(super) async fn keep_refusal(app: &App, caller: &Caller, refusal: MoneyRefusal) -> Result<Problem> {
    let MoneyRefusal { spend, problem } = refusal;
    let mut tx = app.store.begin(caller).await?;
    let (_, budget) = of_line(&mut tx, spend.line_id).await?;
    keep_decision(&mut tx, caller, &budget, &spend, Err(&problem)).await?;
    tx.commit().await?;
    Ok(problem)
}

async fn keep_decision(
    tx: &mut Tx,
    caller: &Caller,
    budget: &Budget,
    spend: &Spend,
    decided: Result<Id, &Problem>,
) -> Result<()> {
    let (id, problem) = (Id::new(), decided.as_ref().err());
    let (code, args) = (problem.map(|p| p.code.to_string()), problem.map(|p| json(&p.args)));
    let commitment = decided.as_ref().ok().copied();
    let row = args![
        id,
        budget.id,
        spend.line_id,
        i64::from(spend.on.0.month()),
        spend.amount.amount_minor,
        problem.is_none(),
        code.clone(),
        args.unwrap_or_else(|| "{}".to_owned()),
        commitment,
        spend.used_by_noun,
        spend.used_by_id,
        spend.reason.trim(),
        caller.find_user_id(),
        caller.name(),
        tx.now(),
    ];
    tx.exec_one(sql::KEEP_DECISION, row).await?;
    let action = if problem.is_none() { "reserve" } else { "refuse_reservation" };
    let facts = serde_json::json!({
        "decision_id": id, "line_id": spend.line_id, "month": spend.on.0.month(), "code": code,
        "amount_minor": spend.amount.amount_minor, "used_by_noun": spend.used_by_noun, "used_by_id": spend.used_by_id,
    });
    let entry =
        Audit::new(action, NOUN, commitment.unwrap_or(id)).within(budget.brand_id, budget.department_id);
    tx.audit(entry.with(facts).because(spend.reason.trim())).await
}

/// Turns a reservation into an expense, wholly or in part; returns the expense.
///
/// Whoever may end what spends may end its reservation: the right is asked for where it is reserved, or by hand.
pub(super) async fn settle(tx: &mut Tx, commitment: &Commitment, settlement: Settlement) -> Result<Id> {
    let (line, budget) = of_line(tx, commitment.line_id).await?;
    let amount = settlement.amount_minor.unwrap_or(commitment.open_minor);
    if !(1..=commitment.open_minor).contains(&amount) {
        return Err(Problem::unprocessable("governance.commitment.beyond")
            .with("open_minor", commitment.open_minor)
            .with_field("amount_minor", "governance.field.amount"));
    }
    let back = if settlement.release_rest { commitment.open_minor - amount } else { 0 };
    let id = Id::new();
    let because = Because {
        noun: &commitment.used_by_noun,
        id: commitment.used_by_id,
        reason: &settlement.description,
    };
    let entries = [(EntryKind::Release, -(amount + back)), (EntryKind::Expense, amount)];
    post(tx, line.id, commitment.month, &entries, because, false).await?;
    close(tx, commitment, amount, back).await?;
    let new = NewEntry {
        id,
        budget_id: budget.id,
        line_id: line.id,
        month: commitment.month,
        happened_on: settlement.on,
        amount_minor: amount,
        supplier: settlement.supplier,
        description: settlement.description,
        source: expense::INSIDE.to_owned(),
        external_id: id.to_string(),
        commitment_id: Some(commitment.id),
        over: false,
        import_id: None,
    };
    expense::service::insert(tx, &new).await?;
    let facts = serde_json::json!({ "expense_id": id, "amount_minor": amount, "released_minor": back });
    tx.audit(entry("settle", commitment, &budget).with(facts)).await?;
    alert::service::after_move(tx, &budget, &line, commitment.month).await?;
    Ok(id)
}

/// Gives what is left of a reservation back to its line.
pub(super) async fn release(tx: &mut Tx, commitment: &Commitment, reason: &str) -> Result<()> {
    let (line, budget) = of_line(tx, commitment.line_id).await?;
    let because = Because { noun: &commitment.used_by_noun, id: commitment.used_by_id, reason };
    let open = commitment.open_minor;
    post(tx, line.id, commitment.month, &[(EntryKind::Release, -open)], because, false).await?;
    close(tx, commitment, 0, open).await?;
    let facts = serde_json::json!({ "released_minor": open });
    tx.audit(entry("release", commitment, &budget).with(facts).because(reason)).await
}

async fn close(tx: &mut Tx, commitment: &Commitment, spent: i64, back: i64) -> Result<()> {
    let closed = (spent + back == commitment.open_minor).then(|| tx.now());
    tx.exec_one(sql::USE, args![commitment.id, commitment.version, spent, back, closed]).await
}

fn entry(action: &'static str, commitment: &Commitment, budget: &Budget) -> Audit {
    Audit::new(action, NOUN, commitment.id).within(budget.brand_id, budget.department_id)
}
