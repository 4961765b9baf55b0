use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Result};
use store::{Audit, Query, Tx, args};

use super::rules::{Delta, Figure, differences};
use super::{Balance, Entry, EntryFilter, EntryKind, Proof, sql};
use crate::budget::Budget;
use crate::budget::service::get_scoped;
use crate::line::Line;
use crate::permissions::{BUDGET_READ, LEDGER_PROVE};

/// Differences that a proof names.
const DIFFERENCES_MAX: usize = 100;

/// What moves money, and why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Because<'r> {
    pub noun: &'r str,
    pub id: Id,
    pub reason: &'r str,
}

/// Adds movements of one line and month to the ledger and moves the balance with them.
///
/// False: there is not enough left, and nothing moved. `came_already` is for bills from outside, which are
/// recorded whatever is left.
pub(crate) async fn post(
    tx: &mut Tx,
    line_id: Id,
    month: i64,
    entries: &[(EntryKind, i64)],
    because: Because<'_>,
    came_already: bool,
) -> Result<bool> {
    let delta = Delta::of(entries);
    if !move_balance(tx, line_id, month, delta, came_already).await? {
        return Ok(false);
    }
    for (kind, amount) in entries {
        keep(tx, line_id, month, *kind, *amount, because).await?;
    }
    Ok(true)
}

/// Moves a balance; the entries that it is the sum of are the caller's to add.
pub(crate) async fn move_balance(
    tx: &mut Tx,
    line_id: Id,
    month: i64,
    delta: Delta,
    came_already: bool,
) -> Result<bool> {
    let anyway = came_already || delta.takes() <= 0;
    let row = args![line_id, month, delta.planned, delta.adjusted, delta.committed, delta.spent, anyway];
    Ok(tx.exec(sql::MOVE, row).await? == 1)
}

/// Adds one movement.
pub(crate) async fn keep(
    tx: &mut Tx,
    line_id: Id,
    month: i64,
    kind: EntryKind,
    amount: i64,
    because: Because<'_>,
) -> Result<()> {
    let (caller, now) = (tx.caller(), tx.now());
    let row = args![
        Id::new(),
        line_id,
        month,
        kind.as_str(),
        amount,
        because.noun,
        because.id,
        because.reason,
        now,
        caller.find_user_id(),
        caller.name(),
    ];
    tx.exec_one(sql::INSERT, row).await
}

/// Puts an approved plan into the ledger.
pub(crate) async fn post_plan(tx: &mut Tx, budget: &Budget, lines: &[Line]) -> Result<()> {
    let because = Because { noun: crate::budget::service::NOUN, id: budget.id, reason: &budget.name };
    for line in lines {
        for (month, planned) in (1..=12).zip(line.months.iter().copied()) {
            tx.exec_one(sql::OPEN, args![line.id, month, planned]).await?;
            keep(tx, line.id, month, EntryKind::Plan, planned, because).await?;
        }
    }
    Ok(())
}

/// Returns the balance of a line and month.
pub(crate) async fn balance(tx: &mut Tx, line_id: Id, month: i64) -> Result<Balance> {
    tx.get(sql::BALANCE, args![line_id, month]).await
}

/// Returns the balances of a budget.
pub(crate) async fn of_budget(app: &App, budget_id: Id) -> Result<Vec<Balance>> {
    app.store.all(sql::OF_BUDGET, args![budget_id]).await
}

/// Returns what a line spent, month by month.
pub(crate) async fn spent_by_month(tx: &mut Tx, line_id: Id) -> Result<Vec<i64>> {
    let balances: Vec<Balance> = tx.all(sql::OF_LINE, args![line_id]).await?;
    let spent = |month| balances.iter().find(|b| b.month == month).map_or(0, |b| b.spent_minor.max(0));
    Ok((1..=12).map(spent).collect())
}

/// Returns the movements of a budget, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    budget_id: Id,
    page: &PageQuery,
    filter: &EntryFilter,
) -> Result<Page<Entry>> {
    get_scoped(app, caller, BUDGET_READ, budget_id).await?;
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![budget_id]);
    query
        .and_some("e.line_id =", filter.line_id)
        .and_some("e.month =", filter.month)
        .and_some("e.kind =", filter.kind.map(EntryKind::as_str))
        .and_some("e.id <", page.after::<Id>()?)
        .push(" ORDER BY e.id DESC")
        .limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |row: &Entry| row.id))
}

/// Proves that every balance is the sum of its entries; looks at one moment of all of them and writes it down.
pub async fn prove(app: &App, caller: &Caller) -> Result<Proof> {
    caller.require(LEDGER_PROVE)?;
    let mut tx = app.store.begin(caller).await?;
    let figures: Vec<Figure> = tx.all(sql::FIGURES, args![]).await?;
    let mut found = differences(&figures);
    let holds = found.is_empty();
    found.truncate(DIFFERENCES_MAX);
    let proof = Proof {
        holds,
        balances: figures.iter().filter(|(_, _, name, _)| name == "planned").count() as i64,
        entries: tx.get(sql::COUNT, args![]).await?,
        differences: found,
        at: tx.now(),
    };
    let facts = serde_json::json!({ "holds": holds, "balances": proof.balances, "differences": proof.differences.len() });
    tx.audit(Audit::without_row("prove", "governance.entry").with(facts)).await?;
    tx.commit().await?;
    Ok(proof)
}
