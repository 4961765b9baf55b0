//! What plans and requests ask for (预算申请): the lines with which a budget begins, so that nobody types them again.

use http_kit::App;
use kernel::{Id, LocalText, Problem, Result};
use rulebook::record::{BudgetOf, Budgeted, budgeted};
use store::{Tx, args};

use super::next::empty;
use crate::check::NAME_MAX;
use crate::line::{self, CostGroup, Line};

/// The cost groups of every budget of a project, in their order.
const OF_PROJECTS: [CostGroup; 4] =
    [CostGroup::Labour, CostGroup::Equipment, CostGroup::Software, CostGroup::Services];

/// Puts what plans ask for in a year into its budget: a line that is there takes their sum, the others get a line each.
pub async fn for_year(tx: &mut Tx, app: &App, budget: Id, year: i64) -> Result<()> {
    let year = i16::try_from(year).map_err(Problem::internal)?;
    let lines: Vec<Line> = tx.all(line::sql::OF_BUDGET, args![budget]).await?;
    let asked = budgeted(tx, app, BudgetOf::Year(year)).await?;
    let named = |item: &Budgeted, line: &Line| item.line.as_deref() == Some(line.code.as_str());
    for line in &lines {
        let items: Vec<&Budgeted> = asked.iter().filter(|item| named(item, line)).collect();
        if !items.is_empty() {
            line::service::put_amounts(tx, line, months(&items)).await?;
        }
    }
    let others = asked.iter().filter(|item| !lines.iter().any(|line| named(item, line)));
    for (place, item) in others.enumerate() {
        let group = item.group.parse().unwrap_or(CostGroup::Other);
        let name: String = item.title.chars().take(NAME_MAX).collect();
        let names = LocalText { zh_hans: name.clone(), zh_hant: name.clone(), en: name };
        let months = months(&[item]);
        let code = format!("plan-{}", place + 1);
        let new =
            Line { code, names, annual_minor: item.amount_minor, months, ..empty(tx.now(), budget, group) };
        line::service::insert(tx, &new).await?;
    }
    Ok(())
}

/// Begins the budget of a project with its four cost groups, each with what the project's requests ask for.
pub async fn for_project(tx: &mut Tx, app: &App, budget: Id, project: Id) -> Result<()> {
    let asked = budgeted(tx, app, BudgetOf::Thing(project)).await?;
    for group in OF_PROJECTS {
        let items: Vec<&Budgeted> = asked.iter().filter(|item| item.group == group.as_str()).collect();
        let months = months(&items);
        let annual_minor = months.iter().sum();
        let new = Line { annual_minor, months, ..empty(tx.now(), budget, group) };
        line::service::insert(tx, &new).await?;
    }
    Ok(())
}

/// Returns the amounts by month; what names no month falls into the first.
fn months(items: &[&Budgeted]) -> Vec<i64> {
    let mut months = vec![0; 12];
    for item in items {
        let month = item.month.and_then(|month| usize::try_from(month - 1).ok()).unwrap_or(0);
        if let Some(sum) = months.get_mut(month) {
            *sum += item.amount_minor;
        }
    }
    months
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_fall_into_their_months() {
        let item = |month, amount_minor| Budgeted {
            title: "x".into(),
            group: "software".into(),
            line: None,
            amount_minor,
            month,
        };
        let (may, none, too) = (item(Some(5), 7), item(None, 3), item(Some(5), 1));
        let found = months(&[&may, &none, &too]);
        assert_eq!((found[0], found[4], found.iter().sum::<i64>()), (3, 8, 11));
    }
}
