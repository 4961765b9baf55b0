//! What the calendar does with budgets: next year's are opened, months are closed, deviations raised.

use async_trait::async_trait;
use http_kit::App;
use jiff::civil::Date;
use kernel::{Caller, Result};
use serde::{Deserialize, Serialize};
use store::args;
use store::jobs::{Every, Job, JobError, JobKind, Lease, Registry};

use crate::alert::AlertKind;
use crate::alert::service::{raise, used_percent};
use crate::budget::{self, Budget};
use crate::ledger::{self, Balance};
use crate::line::{self, Line};
use crate::money::service::today;
use crate::{policy, report};

/// Does what the day asks; looks every hour and finds something seldom.
#[derive(Debug, Serialize, Deserialize)]
struct Calendar {}

impl JobKind for Calendar {
    const KIND: &'static str = "governance.calendar";
}

#[async_trait]
impl Job<App> for Calendar {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let today = today(app).0;
        budget::next::open_due(app, today).await?;
        close_due(app, today).await?;
        raise_deviations(app, today).await?;
        Ok(())
    }
}

/// Adds the job.
pub(crate) fn register(registry: &mut Registry<App>) {
    registry.job::<Calendar>();
    registry.schedule(Calendar::KIND, Every::hours(1), || Calendar {});
}

/// Closes the month before in every approved budget that it is not closed in.
async fn close_due(app: &App, today: Date) -> Result<()> {
    let Some((year, month)) = report::rules::to_close(today) else { return Ok(()) };
    let caller = Caller::system("budget calendar");
    for budget in app.store.all::<Budget>(budget::sql::APPROVED_OF_YEAR, args![year]).await? {
        let closed: Vec<i64> = app.store.all(report::sql::CLOSED_MONTHS, args![budget.id]).await?;
        if closed.contains(&month) {
            continue;
        }
        match report::service::close(app, &caller, budget.id, month).await {
            Ok(_) => {}
            // Another node was quicker.
            Err(problem) if problem.code == "governance.report.closed_already" => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(())
}

/// Raises an alert for lines whose year is forecast beyond plan and tolerance, once a month each.
async fn raise_deviations(app: &App, today: Date) -> Result<()> {
    let (year, month) = (i64::from(today.year()), i64::from(today.month()));
    for budget in app.store.all::<Budget>(budget::sql::APPROVED_OF_YEAR, args![year]).await? {
        let lines: Vec<Line> = app.store.all(line::sql::OF_BUDGET, args![budget.id]).await?;
        let balances = ledger::service::of_budget(app, budget.id).await?;
        for line in lines.iter().filter(|line| !line.contingency) {
            let months = ledger::rules::months_of(line, &balances);
            let room: i64 = months.iter().map(Balance::room).sum();
            // A month that is not over says little: whole months are gone by.
            let past = month - 1;
            if past == 0 {
                continue;
            }
            let used = used_percent(report::rules::forecast(&months, past), room);
            let mut tx = app.store.begin(&Caller::system("budget calendar")).await?;
            if used as f64 > 100.0 + policy::tolerance(&mut tx).await? {
                raise(&mut tx, &budget, line, (month, AlertKind::Deviation, 100, used)).await?;
                tx.commit().await?;
            }
        }
    }
    Ok(())
}
