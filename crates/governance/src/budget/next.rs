//! The budget of next year (年度预算编制), opened in November with the three cost groups, this year's actuals and what plans
//! ask for.

use http_kit::App;
use jiff::civil::Date;
use kernel::{Caller, Id, LocalText, Result};
use rulebook::task::{self, Assignee, NewTask, Sentence};
use store::{Tx, args};
use tabular::natural_id;

use super::service::{self, NOUN};
use super::{Budget, NewBudget, asked, sql};
use crate::check::first_day;
use crate::ledger;
use crate::line::{self, CostGroup, Line};
use crate::permissions::BUDGET_WRITE;

/// Kind of the task to write next year's budget.
pub(crate) const PREPARE: &str = "governance.prepare";
/// From this month on next year's budget is open.
const OPENS_IN: i8 = 11;

/// Opens next year's budgets where their time has come; returns how many.
pub(crate) async fn open_due(app: &App, today: Date) -> Result<usize> {
    if today.month() < OPENS_IN {
        return Ok(0);
    }
    let year = i64::from(today.year());
    let caller = Caller::system("budget calendar");
    let mut opened = 0;
    for previous in app.store.all::<Budget>(sql::NOT_CONTINUED, args![year]).await? {
        opened += usize::from(open(app, &caller, year + 1, Some(&previous)).await?);
    }
    let known: i64 = app.store.get(sql::COMPANY_OF_YEAR, args![year + 1]).await?;
    if known == 0 {
        opened += usize::from(open(app, &caller, year + 1, None).await?);
    }
    Ok(opened)
}

async fn open(app: &App, caller: &Caller, year: i64, previous: Option<&Budget>) -> Result<bool> {
    let place = previous.map_or_else(|| "company".to_owned(), |budget| budget.id.to_string());
    let id = natural_id(&["budget", &year.to_string(), &place]);
    let new = NewBudget {
        year,
        name: previous.map_or_else(|| format!("{year} 年度营销预算"), |budget| renamed(budget, year)),
        currency: previous.map(|budget| budget.currency.clone()),
        brand_id: previous.and_then(|budget| budget.brand_id),
        department_id: previous.and_then(|budget| budget.department_id),
        previous_id: previous.map(|budget| budget.id),
        ..NewBudget::default()
    };
    let mut tx = app.store.begin(caller).await?;
    // Another node may be quicker.
    match service::insert(&mut tx, app, id, &new, previous.and_then(|budget| budget.owner_id)).await {
        Ok(_) => {}
        Err(problem) if problem.status == 409 => return Ok(false),
        Err(problem) => return Err(problem),
    }
    fill(&mut tx, id, previous).await?;
    asked::for_year(&mut tx, app, id, year).await?;
    task::open(&mut tx, prepare(id, &new, app)?).await?;
    tx.commit().await?;
    Ok(true)
}

/// Returns the name with the next year in the place of this one.
fn renamed(budget: &Budget, year: i64) -> String {
    let this = budget.year.to_string();
    if budget.name.contains(&this) {
        return budget.name.replace(&this, &year.to_string());
    }
    format!("{} {year}", budget.name).chars().take(crate::check::NAME_MAX).collect()
}

/// Copies the lines with what they spent, and adds a line for each main cost group that has none.
async fn fill(tx: &mut Tx, id: Id, previous: Option<&Budget>) -> Result<()> {
    let mut groups = vec![CostGroup::Campaigns, CostGroup::Channels, CostGroup::Staff];
    if let Some(previous) = previous {
        let lines: Vec<Line> = tx.all(line::sql::OF_BUDGET, args![previous.id]).await?;
        for old in lines {
            groups.retain(|group| *group != old.cost_group);
            let spent = ledger::service::spent_by_month(tx, old.id).await?;
            let annual = spent.iter().sum();
            let now = tx.now();
            let new = Line {
                id: Id::new(),
                budget_id: id,
                annual_minor: annual,
                last_year_minor: Some(annual),
                months: spent,
                created_at: now,
                updated_at: now,
                version: 1,
                ..old
            };
            line::service::insert(tx, &new).await?;
        }
    }
    for group in groups {
        line::service::insert(tx, &empty(tx.now(), id, group)).await?;
    }
    Ok(())
}

/// Returns a line without amounts for a cost group.
pub(super) fn empty(now: kernel::Timestamp, budget_id: Id, group: CostGroup) -> Line {
    let (zh_hans, zh_hant, en) = match group {
        CostGroup::Campaigns => ("营销活动", "行銷活動", "Campaigns"),
        CostGroup::Channels => ("渠道运营", "通路營運", "Channel operation"),
        CostGroup::Equipment => ("设备", "設備", "Equipment"),
        CostGroup::Software => ("软件订阅", "軟體訂閱", "Software subscriptions"),
        CostGroup::Services => ("外部服务", "外部服務", "Outside services"),
        CostGroup::Labour => ("人力成本", "人力成本", "Staff cost"),
        CostGroup::Staff => ("人员", "人員", "Staff"),
        CostGroup::Other => ("其他", "其他", "Other"),
    };
    Line {
        id: Id::new(),
        budget_id,
        code: group.as_str().to_owned(),
        names: LocalText { zh_hans: zh_hans.into(), zh_hant: zh_hant.into(), en: en.into() },
        cost_group: group,
        owner_id: None,
        contingency: false,
        annual_minor: 0,
        last_year_minor: None,
        months: vec![0; 12],
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

fn prepare(id: Id, new: &NewBudget, app: &App) -> Result<NewTask> {
    // Before the first moment of the year that it is for.
    let due = first_day(new.year, 1)?.0.to_zoned(app.settings.time_zone.clone());
    let due = due.map_err(kernel::Problem::internal)?.timestamp();
    Ok(NewTask {
        kind: PREPARE,
        subject_noun: NOUN,
        subject_id: id,
        link: format!("/finance/budgets/{id}"),
        title: Sentence::new("governance.task.prepare").with("name", new.name.as_str()),
        assignee: Assignee::Permission {
            code: BUDGET_WRITE.code,
            brand_id: new.brand_id,
            department_id: new.department_id,
        },
        not_for: Vec::new(),
        due_at: Some(due.into()),
        actions: Vec::new(),
    })
}
