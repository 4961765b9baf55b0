//! What records ask for in budgets (预算来源): read by whoever writes one.

use http_kit::App;
use jiff::civil::Date;
use kernel::{Id, Problem, Result, Timestamp};
use serde::Deserialize;
use store::{Query, Tx, args};

use super::sql;
use crate::Rulebook;
use crate::record_type::intern::intern;

/// Most records of one type that ask for money in one budget.
const EACH_MAX: i64 = 500;

/// Whose budget is written.
#[derive(Clone, Copy, Debug)]
pub enum BudgetOf {
    /// That of a year.
    Year(i16),
    /// That of a thing, such as a project.
    Thing(Id),
}

/// What one record asks for.
#[derive(Clone, Debug)]
pub struct Budgeted {
    /// What it is for.
    pub title: String,
    /// The cost group, as budgets name it.
    pub group: String,
    /// The code of the line, where the record names one.
    pub line: Option<String>,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// The month that it falls into, where it says so.
    pub month: Option<i8>,
}

#[derive(Deserialize)]
struct Found {
    title: String,
    amount: i64,
    line: Option<String>,
    at: Option<Timestamp>,
}

/// Returns what records ask for in a budget.
pub async fn budgeted(tx: &mut Tx, app: &App, of: BudgetOf) -> Result<Vec<Budgeted>> {
    let (book, zone) = (app.part::<Rulebook>()?.snapshot(), &app.settings.time_zone);
    let mut asked = Vec::new();
    for record_type in book.record_types() {
        for (spec, when) in record_type.spec.budgets.iter().zip(&record_type.budgets_when) {
            let mut query = Query::new(sql::COLUMNS, args![]);
            query.push("title, ").push(intern(&spec.amount)).push(" AS amount, ");
            query.push(spec.line.as_deref().map_or("CAST(NULL AS TEXT)", intern)).push(" AS line, ");
            query.push(spec.on.as_deref().map_or("CAST(NULL AS BIGINT)", intern)).push(" AS at FROM ");
            query.push(record_type.view.name).push(" WHERE ").push(intern(&spec.amount)).push(" > 0");
            match (of, &spec.on, &spec.of) {
                (BudgetOf::Year(year), Some(on), _) => {
                    let first = |year: i16| -> Result<Timestamp> {
                        let day = Date::new(year, 1, 1).map_err(Problem::internal)?;
                        day.to_zoned(zone.clone()).map(|at| at.timestamp().into()).map_err(Problem::internal)
                    };
                    query.push(" AND ").push(intern(on)).push(" >= ").bind(first(year)?);
                    query.push(" AND ").push(intern(on)).push(" < ").bind(first(year + 1)?);
                }
                (BudgetOf::Thing(id), _, Some(reference)) => {
                    query.push(" AND ").push(intern(reference)).push(" = ").bind(id);
                }
                _ => continue,
            }
            if let Some(when) = when {
                query.push(" AND ");
                when.push_sql(&mut query, &record_type.view, &Default::default(), tx.now())?;
            }
            query.push(" ORDER BY id LIMIT ").bind(EACH_MAX);
            let found: Vec<Found> = tx.list(query).await?;
            asked.extend(found.into_iter().map(|found| Budgeted {
                title: found.title,
                group: spec.group.clone(),
                line: found.line,
                amount_minor: found.amount,
                month: found.at.map(|at| at.instant().to_zoned(zone.clone()).month()),
            }));
        }
    }
    Ok(asked)
}
