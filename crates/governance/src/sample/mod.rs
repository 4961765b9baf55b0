//! The sample company's budget of the running year: lines, what was spent so far, one adjustment, last month's close.

mod sql;

use std::collections::BTreeSet;
use std::sync::Arc;

use http_kit::App;
use kernel::{
    Actor, Caller, Grant, GrantScope, Id, Label, Language, LocalText, PAGE_SIZE_MAX, PageQuery, Result,
};
use serde::Deserialize;
use store::args;

use crate::adjustment::{self, NewAdjustment};
use crate::alert::{self, AlertFilter, Explanation};
use crate::budget::{self, BudgetFilter, NewBudget};
use crate::line::{self, CostGroup, NewLine, SpreadInput, SpreadPattern};
use crate::money::service::today;
use crate::money::{self, NewCommitment, SettleInput};
use crate::{module, report};

#[derive(Deserialize)]
struct File {
    people: People,
    budget: Named,
    lines: Vec<SampleLine>,
    adjustment: SampleAdjustment,
}

/// Addresses of those in whose names the sample acts.
#[derive(Deserialize)]
struct People {
    author: String,
    finance: String,
    management: String,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct SampleLine {
    code: String,
    names: LocalText,
    cost_group: CostGroup,
    #[serde(default)]
    contingency: bool,
    annual_minor: i64,
    /// Weights of January to December.
    season: Vec<i64>,
    /// What is spent of a month's plan, in percent, month by month, over and over.
    #[serde(default)]
    spent_percent: Vec<i64>,
    #[serde(default)]
    supplier: Option<String>,
}

#[derive(Deserialize)]
struct SampleAdjustment {
    from: String,
    to: String,
    amount_minor: i64,
    reason: String,
}

/// Writes the budget of the running year, unless there is one.
pub async fn load(app: &App) -> Result<()> {
    let file: File =
        serde_yaml_ng::from_str(include_str!("budget.yaml")).map_err(kernel::Problem::internal)?;
    let author = person(app, &file.people.author).await?;
    let today = today(app).0;
    let (year, month) = (i64::from(today.year()), i64::from(today.month()));
    let filter = BudgetFilter { year: Some(year), ..BudgetFilter::default() };
    if !budget::service::list(app, &author, &PageQuery::default(), &filter).await?.items.is_empty() {
        return Ok(());
    }
    let name = file.budget.name.replace("{year}", &year.to_string());
    let new = NewBudget { year, name, ..NewBudget::default() };
    let id = budget::service::create(app, &author, new).await?.budget.id;
    let mut lines = Vec::new();
    for sample in &file.lines {
        lines.push((sample, write_line(app, &author, id, sample).await?));
    }
    let finance = person(app, &file.people.finance).await?;
    let management = person(app, &file.people.management).await?;
    let written = budget::service::get(app, &author, id).await?.budget.version;
    let handed_in = budget::service::submit(app, &author, id, written).await?.budget.version;
    let checked = budget::service::check(app, &finance, id, handed_in).await?.budget.version;
    budget::service::approve(app, &management, id, checked).await?;
    for (sample, line) in &lines {
        for past in 1..=month {
            spend(app, &author, sample, line, past).await?;
        }
    }
    answer(app, &author, id, month).await?;
    let place = |code: &str| lines.iter().find(|(sample, _)| sample.code == code).map(|(_, line)| line.id);
    if let (Some(from), Some(to)) = (place(&file.adjustment.from), place(&file.adjustment.to)) {
        adjust(app, [&author, &finance, &management], id, (from, to, month), file.adjustment).await?;
    }
    if month > 1 {
        report::service::close(app, &finance, id, month - 1).await?;
    }
    Ok(())
}

/// Returns somebody of the sample with every right on budgets; they act as they would.
async fn person(app: &App, email: &str) -> Result<Caller> {
    let (id, name): (Id, String) = app.store.get(sql::PERSON, args![email]).await?;
    let codes: BTreeSet<String> =
        module().routes.permissions().iter().map(|permission| permission.code.to_owned()).collect();
    let mut caller = Caller::anonymous(Language::default(), "sample".to_owned());
    caller.actor = Actor::User { id, name, by_token: false };
    caller.grants = Arc::new([Grant { permissions: Arc::new(codes), scope: GrantScope::Company }]);
    caller.clearance = Label::Internal;
    Ok(caller)
}

async fn write_line(app: &App, author: &Caller, budget: Id, sample: &SampleLine) -> Result<line::Line> {
    let new = NewLine {
        code: sample.code.clone(),
        names: sample.names.clone(),
        cost_group: sample.cost_group,
        owner_id: author.find_user_id(),
        contingency: sample.contingency,
        annual_minor: sample.annual_minor,
    };
    let line = line::service::create(app, author, budget, new).await?;
    let season = SpreadInput {
        pattern: SpreadPattern::Seasonal,
        weights: Some(sample.season.clone()),
        from_month: None,
        to_month: None,
    };
    line::service::spread(app, author, line.id, line.version, season).await
}

async fn spend(app: &App, author: &Caller, sample: &SampleLine, line: &line::Line, month: i64) -> Result<()> {
    let Ok(at) = usize::try_from(month - 1) else { return Ok(()) };
    let (Some(planned), false) = (line.months.get(at), sample.spent_percent.is_empty()) else {
        return Ok(());
    };
    let amount = planned / 100 * sample.spent_percent[at % sample.spent_percent.len()];
    if amount == 0 {
        return Ok(());
    }
    let words = line.names.get(Language::default());
    let new = NewCommitment {
        line_id: line.id,
        month,
        amount_minor: amount,
        currency: None,
        reason: format!("{month} 月{words}"),
    };
    let made = money::service::create(app, author, new).await?;
    let paid = SettleInput {
        amount_minor: None,
        release_rest: false,
        supplier: sample.supplier.clone(),
        description: format!("{month} 月{words}账单"),
    };
    money::service::settle(app, author, made.id, made.version, paid).await.map(drop)
}

/// Months that are over used up their plan as they were meant to: their alerts are answered, this month's are open.
async fn answer(app: &App, author: &Caller, budget_id: Id, month: i64) -> Result<()> {
    let filter = AlertFilter { budget_id: Some(budget_id), open: Some(true), ..AlertFilter::default() };
    let page = PageQuery { page_size: Some(PAGE_SIZE_MAX), cursor: None };
    let open = alert::service::list(app, author, &page, &filter).await?;
    for alert in open.items.iter().filter(|alert| alert.month < month) {
        let words = Explanation { cause: "按计划使用".to_owned(), measure: "无需调整".to_owned() };
        alert::service::answer(app, author, alert.id, alert.version, words).await?;
    }
    Ok(())
}

async fn adjust(
    app: &App,
    [author, finance, management]: [&Caller; 3],
    budget: Id,
    (from, to, month): (Id, Id, i64),
    sample: SampleAdjustment,
) -> Result<()> {
    let new = NewAdjustment {
        from_line_id: from,
        from_month: month,
        to_line_id: to,
        to_month: month,
        amount_minor: sample.amount_minor,
        reason: sample.reason,
    };
    let made = adjustment::service::create(app, author, budget, new).await?.adjustment;
    let checked = adjustment::service::check(app, finance, made.id, made.version).await?.adjustment;
    adjustment::service::approve(app, management, made.id, checked.version).await.map(drop)
}
