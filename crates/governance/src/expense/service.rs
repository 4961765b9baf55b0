use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use store::{Audit, Query, Tx, args};

use super::{Expense, ExpenseFilter, NewEntry, sql};
use crate::budget::ReasonInput;
use crate::budget::{self, Budget};
use crate::check::{Check, REASON_MAX};
use crate::ledger::EntryKind;
use crate::ledger::service::{Because, post};
use crate::money::service::SCOPE;
use crate::permissions::{BUDGET_READ, EXPENSE_CREATE};

pub(crate) const NOUN: &str = "governance.expense";

/// Returns expenses, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &ExpenseFilter,
) -> Result<Page<Expense>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .scope(&caller.scope(BUDGET_READ)?, SCOPE)
        .and_some("e.budget_id =", filter.budget_id)
        .and_some("e.line_id =", filter.line_id)
        .and_some("e.month =", filter.month)
        .and_some("e.over =", filter.over)
        .and_some("e.id <", page.after::<Id>()?)
        .push(" ORDER BY e.id DESC")
        .limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |row: &Expense| row.id))
}

/// Takes an expense back with a movement of its own; the first one stays in the ledger.
pub async fn reverse(app: &App, caller: &Caller, id: Id, why: ReasonInput) -> Result<Expense> {
    caller.require(EXPENSE_CREATE)?;
    let reason = why.reason.unwrap_or_default();
    Check::new().text("reason", &reason, REASON_MAX).finish()?;
    let before: Expense = app.store.get(sql::FIND, args![id]).await?;
    let budget: Budget = app.store.get(budget::sql::FIND, args![before.budget_id]).await?;
    budget::service::require(caller, EXPENSE_CREATE, &budget)?;
    let mut tx = app.store.begin(caller).await?;
    if !take_back(&mut tx, &before, &reason).await? {
        return Err(Problem::conflict("governance.expense.reversed"));
    }
    let after: Expense = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("reverse", NOUN, id).within(budget.brand_id, budget.department_id);
    tx.audit(entry.change(Some(&before), Some(&after)).because(reason)).await?;
    tx.commit().await?;
    Ok(after)
}

/// Takes an expense back unless that was done; the money does not return to the reservation that it came from.
pub(super) async fn take_back(tx: &mut Tx, expense: &Expense, reason: &str) -> Result<bool> {
    if tx.exec(sql::REVERSE, args![expense.id, tx.now()]).await? == 0 {
        return Ok(false);
    }
    let because = Because { noun: NOUN, id: expense.id, reason };
    let entries = [(EntryKind::Reversal, -expense.amount_minor)];
    // Taking a credit note back may go beyond the plan: what happened outside is recorded as it is.
    post(tx, expense.line_id, expense.month, &entries, because, true).await
}

/// Keeps an expense; its movement is in the ledger already.
pub(crate) async fn insert(tx: &mut Tx, new: &NewEntry) -> Result<()> {
    let row = args![
        new.id,
        new.budget_id,
        new.line_id,
        new.month,
        new.happened_on,
        new.amount_minor,
        new.supplier.as_deref(),
        new.description.trim(),
        &new.source,
        &new.external_id,
        new.commitment_id,
        new.over,
        new.import_id,
        tx.now(),
        tx.caller().find_user_id(),
    ];
    tx.exec_one(sql::INSERT, row).await
}
