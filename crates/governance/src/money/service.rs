use http_kit::{App, Reserved, Settlement, Spend};
use kernel::{Caller, Day, Id, Money, Page, PageQuery, Problem, Result};
use store::{Query, ScopeColumns, args};

use super::door::{
    keep_refusal, locked, of_line, release as release_in, require, reserve, settle as settle_in,
};
use super::{
    Commitment, CommitmentFilter, Decision, DecisionFilter, NewCommitment, ReleaseInput, SettleInput, sql,
};
use crate::check::{Check, NAME_MAX, REASON_MAX, first_day};
use crate::permissions::{BUDGET_READ, COMMITMENT_CREATE};

/// What spends where somebody reserves by hand.
const BY_HAND: &str = "governance.request";

/// Rows belong to their budget's brand and department, and to the owner of their line.
pub(crate) const SCOPE: ScopeColumns = ScopeColumns {
    brand: Some("b.brand_id"),
    department: Some("b.department_id"),
    owner: Some("l.owner_id"),
};

/// Returns reservations, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &CommitmentFilter,
) -> Result<Page<Commitment>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .scope(&caller.scope(BUDGET_READ)?, SCOPE)
        .and_some("c.budget_id =", filter.budget_id)
        .and_some("c.line_id =", filter.line_id)
        .and_some("c.month =", filter.month)
        .and_some("c.used_by_id =", filter.used_by_id);
    match filter.open {
        Some(true) => drop(query.push(" AND c.closed_at IS NULL")),
        Some(false) => drop(query.push(" AND c.closed_at IS NOT NULL")),
        None => {}
    }
    query.and_some("c.id <", page.after::<Id>()?).push(" ORDER BY c.id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |row: &Commitment| row.id))
}

/// Returns one reservation.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<Commitment> {
    let mut query = Query::new(sql::LIST, args![]);
    query.scope(&caller.scope(BUDGET_READ)?, SCOPE).and("c.id =", id);
    let rows: Vec<Commitment> = app.store.list(query).await?;
    rows.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))
}

/// Returns the decisions of the money door, newest first.
pub async fn decisions(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &DecisionFilter,
) -> Result<Page<Decision>> {
    let size = page.size()?;
    let mut query = Query::new(sql::DECISIONS, args![]);
    query
        .scope(&caller.scope(BUDGET_READ)?, SCOPE)
        .and_some("d.budget_id =", filter.budget_id)
        .and_some("d.line_id =", filter.line_id)
        .and_some("d.allowed =", filter.allowed)
        .and_some("d.id <", page.after::<Id>()?)
        .push(" ORDER BY d.id DESC")
        .limit_overfull(size);
    let mut rows: Vec<Decision> = app.store.list(query).await?;
    for row in &mut rows {
        if let Some(code) = &row.code {
            row.message = app.texts.say(caller.language, code, &row.args);
        }
    }
    Ok(Page::from_overfull(rows, size, |row| row.id))
}

/// Reserves an amount by hand, such as for a purchase.
pub async fn create(app: &App, caller: &Caller, new: NewCommitment) -> Result<Commitment> {
    caller.require(COMMITMENT_CREATE)?;
    Check::new().amount("amount_minor", new.amount_minor).month("month", new.month).finish()?;
    let mut tx = app.store.begin(caller).await?;
    let (line, budget) = of_line(&mut tx, new.line_id).await?;
    require(caller, &budget, &line)?;
    let spend = Spend {
        line_id: line.id,
        on: first_day(budget.year, new.month)?,
        amount: Money { amount_minor: new.amount_minor, currency: new.currency.unwrap_or(budget.currency) },
        used_by_noun: BY_HAND,
        used_by_id: Id::new(),
        reason: new.reason,
    };
    match reserve(&mut tx, caller, spend).await? {
        Reserved::Made(id) => {
            tx.commit().await?;
            app.store.get(sql::FIND, args![id]).await
        }
        Reserved::Refused(refusal) => {
            drop(tx);
            Err(keep_refusal(app, caller, refusal).await?)
        }
    }
}

/// Turns a reservation into an expense, wholly or in part.
pub async fn settle(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    input: SettleInput,
) -> Result<Commitment> {
    caller.require(COMMITMENT_CREATE)?;
    Check::new()
        .text("description", &input.description, REASON_MAX)
        .that(
            input.supplier.as_ref().is_none_or(|s| s.chars().count() <= NAME_MAX),
            "supplier",
            "governance.field.text",
        )
        .finish()?;
    let mut tx = app.store.begin(caller).await?;
    let commitment = locked(&mut tx, id).await?;
    let (line, budget) = of_line(&mut tx, commitment.line_id).await?;
    require(caller, &budget, &line)?;
    require_open(&commitment, version)?;
    let settlement = Settlement {
        commitment_id: id,
        amount_minor: input.amount_minor,
        on: today(app),
        release_rest: input.release_rest,
        supplier: input.supplier,
        description: input.description,
    };
    settle_in(&mut tx, &commitment, settlement).await?;
    tx.commit().await?;
    app.store.get(sql::FIND, args![id]).await
}

/// Gives what is left of a reservation back to its line.
pub async fn release(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    why: ReleaseInput,
) -> Result<Commitment> {
    caller.require(COMMITMENT_CREATE)?;
    Check::new().text("reason", &why.reason, REASON_MAX).finish()?;
    let mut tx = app.store.begin(caller).await?;
    let commitment = locked(&mut tx, id).await?;
    let (line, budget) = of_line(&mut tx, commitment.line_id).await?;
    require(caller, &budget, &line)?;
    require_open(&commitment, version)?;
    release_in(&mut tx, &commitment, why.reason.trim()).await?;
    tx.commit().await?;
    app.store.get(sql::FIND, args![id]).await
}

fn require_open(commitment: &Commitment, version: i64) -> Result<()> {
    if commitment.version != version {
        return Err(Problem::precondition_failed("store.changed_meanwhile"));
    }
    if commitment.closed_at.is_some() {
        return Err(Problem::conflict("governance.commitment.closed"));
    }
    Ok(())
}

/// Returns today by the company's calendar.
pub(crate) fn today(app: &App) -> Day {
    Day(app.store.now().instant().to_zoned(app.settings.time_zone.clone()).date())
}
