//! Sight (可见范围): what of each table a caller may see. It follows from the rights that hold for lists and figures of the
//! same things; SQL gives nobody more.

use http_kit::App;
use kernel::{Caller, Permission, Problem, Scope};
use lake::sql::{EVENTS, PEOPLE, Rows, Seen, Table};

use crate::projection::SPECS;

/// The view whose permission says which people somebody may see.
const PEOPLE_VIEW: &str = "v_customers_profile";
/// The permission to ask about events.
const EVENT_QUERY: Permission = Permission::company("customers.event.query");

/// The tables of a caller.
#[derive(Debug)]
pub struct Sight {
    /// Those that they may ask.
    pub seen: Vec<Seen>,
    /// Those that they may not, with the permission that they lack.
    pub refused: Vec<(Table, &'static str)>,
}

/// Returns what a caller may see.
pub fn of(app: &App, caller: &Caller) -> Sight {
    let mut sight = Sight { seen: Vec::new(), refused: Vec::new() };
    let people = scope_of_view(app, caller, PEOPLE_VIEW);
    let events = match caller.require(EVENT_QUERY) {
        Ok(()) => people.clone(),
        Err(_) => Err(EVENT_QUERY.code),
    };
    sight.add(EVENTS, events.map(of_people), caller);
    for spec in SPECS.iter().filter(|spec| spec.table.name != PEOPLE.name) {
        let scope = scope_of_view(app, caller, spec.view);
        // Consents are their people's; orders are their brand's, as their lists are.
        let rows = match spec.view {
            "v_customers_consent" => people.clone().map(of_people),
            _ => scope.map(within),
        };
        sight.add(spec.table, rows, caller);
    }
    sight
}

impl Sight {
    fn add(&mut self, table: Table, rows: Result<Rows, &'static str>, caller: &Caller) {
        match rows {
            Ok(rows) => self.seen.push(Seen { table, rows, clearance: caller.clearance }),
            Err(permission) => self.refused.push((table, permission)),
        }
    }

    /// Says that a permission is missing where a table is there and only not for this caller.
    pub fn explained(&self, problem: Problem) -> Problem {
        let unknown = problem.code.starts_with("insight.query.unknown_table");
        let named = problem.args.get("table").and_then(|name| name.as_str());
        let refused = self.refused.iter().find(|(table, _)| unknown && named == Some(table.name));
        match refused {
            Some((_, permission)) => {
                Problem::forbidden("access.missing_permission").with("permission", permission)
            }
            None => problem,
        }
    }
}

fn scope_of_view(app: &App, caller: &Caller, view: &str) -> Result<Scope, &'static str> {
    let code = app.view(view).map_or("", |view| view.permission);
    let permission = app.permission(code).unwrap_or(Permission::company(code));
    caller.scope(permission).map_err(|_| code)
}

fn of_people(scope: Scope) -> Rows {
    if scope.everything { Rows::All } else { Rows::OfPeople(scope) }
}

fn within(scope: Scope) -> Rows {
    if scope.everything { Rows::All } else { Rows::Within(scope) }
}
