use http_kit::App;
use kernel::{Caller, Id, Result};
use rulebook::machine;
use store::{Audit, OnDuplicate, Tx, args, json};

use super::{Line, LinePatch, NewLine, SpreadInput, rules, sql};
use crate::budget::service::{AUTHOR, get_scoped};
use crate::budget::{self, Budget};
use crate::check::{AMOUNT_MAX, Check};
use crate::permissions::BUDGET_WRITE;

const NOUN: &str = "governance.line";

/// Adds a line to a budget that is being written.
pub async fn create(app: &App, caller: &Caller, budget_id: Id, new: NewLine) -> Result<Line> {
    let budget = get_scoped(app, caller, BUDGET_WRITE, budget_id).await?;
    Check::new()
        .that(rules::is_code(&new.code), "code", "governance.line.code")
        .names("names", &new.names)
        .that((0..=AMOUNT_MAX).contains(&new.annual_minor), "annual_minor", "governance.field.amount")
        .finish()?;
    let mut tx = open(app, caller, &budget).await?;
    let line = Line {
        id: Id::new(),
        budget_id,
        code: new.code,
        names: new.names,
        cost_group: new.cost_group,
        owner_id: new.owner_id,
        contingency: new.contingency,
        annual_minor: new.annual_minor,
        last_year_minor: None,
        months: rules::spread(new.annual_minor, &[1; 12]).unwrap_or_else(|| vec![0; 12]),
        created_at: tx.now(),
        updated_at: tx.now(),
        version: 1,
    };
    insert(&mut tx, &line).await?;
    tx.audit(entry("create", &budget, &line).change(None, Some(&line))).await?;
    tx.commit().await?;
    Ok(line)
}

/// Puts amounts into a line of a budget that is just begun.
pub(crate) async fn put_amounts(tx: &mut Tx, line: &Line, months: Vec<i64>) -> Result<()> {
    let annual: i64 = months.iter().sum();
    let row = args![
        line.id,
        line.version,
        json(&line.names),
        line.cost_group.as_str(),
        line.owner_id,
        line.contingency,
        annual,
        json(&months),
        tx.now(),
    ];
    tx.exec_one(sql::UPDATE, row).await
}

/// Changes a line of a budget that is being written.
pub async fn update(app: &App, caller: &Caller, id: Id, version: i64, patch: LinePatch) -> Result<Line> {
    let (before, budget) = find(app, caller, id).await?;
    let annual = patch.annual_minor.unwrap_or(before.annual_minor);
    let months = match patch.months {
        Some(months) => months,
        // Another amount keeps the shape of the year.
        None => rules::spread(annual, &before.months)
            .or_else(|| rules::spread(annual, &[1; 12]))
            .unwrap_or_else(|| vec![0; 12]),
    };
    let after = Line {
        names: patch.names.unwrap_or_else(|| before.names.clone()),
        cost_group: patch.cost_group.unwrap_or(before.cost_group),
        owner_id: patch.owner_id.or(before.owner_id),
        contingency: patch.contingency.unwrap_or(before.contingency),
        annual_minor: annual,
        months,
        version,
        ..before.clone()
    };
    Check::new()
        .names("names", &after.names)
        .that((0..=AMOUNT_MAX).contains(&annual), "annual_minor", "governance.field.amount")
        .that(rules::sums_up(annual, &after.months), "months", "governance.line.months")
        .finish()?;
    save(app, caller, &budget, &before, after, "update").await
}

/// Spreads a line's annual amount over the months by a pattern.
pub async fn spread(app: &App, caller: &Caller, id: Id, version: i64, input: SpreadInput) -> Result<Line> {
    let (before, budget) = find(app, caller, id).await?;
    let rows: Vec<(i64, i64)> = app.store.all(sql::LAST_YEAR, args![id]).await?;
    let mut last_year = vec![0; 12];
    for (month, spent) in rows {
        if let Some(place) = usize::try_from(month - 1).ok().and_then(|at| last_year.get_mut(at)) {
            *place = spent;
        }
    }
    let weights = rules::weights(&input, &last_year)?;
    let months = rules::spread(before.annual_minor, &weights);
    Check::new().that(months.is_some(), "weights", "governance.line.weights").finish()?;
    let after = Line { months: months.unwrap_or_default(), version, ..before.clone() };
    save(app, caller, &budget, &before, after, "spread").await
}

/// Drops a line of a budget that is being written.
pub async fn delete(app: &App, caller: &Caller, id: Id, version: i64) -> Result<()> {
    let (line, budget) = find(app, caller, id).await?;
    let mut tx = open(app, caller, &budget).await?;
    tx.exec_one(sql::DELETE, args![id, version]).await?;
    tx.audit(entry("delete", &budget, &line).change(Some(&line), None)).await?;
    tx.commit().await
}

/// Keeps a line inside a transaction.
pub(crate) async fn insert(tx: &mut Tx, line: &Line) -> Result<()> {
    let row = args![
        line.id,
        line.budget_id,
        &line.code,
        json(&line.names),
        line.cost_group.as_str(),
        line.owner_id,
        line.contingency,
        line.annual_minor,
        line.last_year_minor,
        json(&line.months),
        tx.now(),
    ];
    tx.exec_one(sql::INSERT, row).await.on_duplicate("governance.line.code_taken")
}

async fn find(app: &App, caller: &Caller, id: Id) -> Result<(Line, Budget)> {
    caller.require(BUDGET_WRITE)?;
    let line: Line = app.store.get(sql::FIND, args![id]).await?;
    let budget = get_scoped(app, caller, BUDGET_WRITE, line.budget_id).await?;
    Ok((line, budget))
}

/// Begins a change of a budget's lines: whoever makes it is an author from then on.
async fn open(app: &App, caller: &Caller, budget: &Budget) -> Result<Tx> {
    let mut tx = app.store.begin(caller).await?;
    tx.lock(budget::service::NOUN, budget.id).await?;
    let now: Budget = tx.get(budget::sql::FIND, args![budget.id]).await?;
    budget::rules::require_open(&now)?;
    if let Some(user) = caller.find_user_id() {
        machine::participate(&mut tx, now.instance_id, user, AUTHOR).await?;
    }
    Ok(tx)
}

async fn save(
    app: &App,
    caller: &Caller,
    budget: &Budget,
    before: &Line,
    after: Line,
    action: &'static str,
) -> Result<Line> {
    let mut tx = open(app, caller, budget).await?;
    let row = args![
        after.id,
        after.version,
        json(&after.names),
        after.cost_group.as_str(),
        after.owner_id,
        after.contingency,
        after.annual_minor,
        json(&after.months),
        tx.now(),
    ];
    tx.exec_one(sql::UPDATE, row).await?;
    let after: Line = tx.get(sql::FIND, args![before.id]).await?;
    tx.audit(entry(action, budget, &after).change(Some(before), Some(&after))).await?;
    tx.commit().await?;
    Ok(after)
}

fn entry(action: &'static str, budget: &Budget, line: &Line) -> Audit {
    Audit::new(action, NOUN, line.id).within(budget.brand_id, budget.department_id)
}
