//! Statements (语句): what may be asked at all, decided from the text before anything is planned.

use std::collections::HashMap;
use std::ops::ControlFlow;

use datafusion::sql::parser::{DFParserBuilder, Statement as Parsed};
use datafusion::sql::resolve::resolve_table_references;
use datafusion::sql::sqlparser::ast::{Expr, Ident, ObjectName, Query, SetExpr, Statement, Visit, Visitor};
use kernel::{Problem, Result};
use lake::sql::Seen;

use super::fault;

/// Most tables that a question comes to once its named parts are written out: they double with each level.
const WRITTEN_OUT_MAX: u64 = 100;
/// Most expressions inside each other: planning takes the square of their number, and cannot be interrupted.
const DEEP_MAX: usize = 200;
/// Most expressions in all.
const EXPRESSIONS_MAX: usize = 4_000;
/// Most queries that are put together, by UNION and the like.
const PUT_TOGETHER_MAX: usize = 100;
/// Most columns of all CUBEs, each of which doubles the groupings.
const CUBE_MAX: usize = 8;

/// What is asked (问法).
#[derive(Debug)]
pub enum Ask {
    /// The rows of a query.
    Rows(Box<Parsed>),
    /// How a query would be answered.
    Plan(Box<Parsed>),
    /// Which tables there are.
    Tables,
    /// Which columns a table has.
    Columns(String),
}

/// Reads the one statement of a text; everything that is no reading is refused.
pub fn read(sql: &str) -> Result<Ask> {
    let parser = DFParserBuilder::new(sql).build();
    let parsed = parser.and_then(|mut parser| parser.parse_statements()).map_err(fault::of_text)?;
    let mut statements = parsed.into_iter();
    let Some(first) = statements.next() else { return Err(fault::wrong("there is no statement")) };
    if statements.next().is_some() {
        return Err(fault::wrong("only one statement at a time"));
    }
    ask(first, sql)
}

fn ask(parsed: Parsed, sql: &str) -> Result<Ask> {
    match parsed {
        Parsed::Statement(statement) => match *statement {
            Statement::Query(query) => {
                check(&query, sql)?;
                Ok(Ask::Rows(Box::new(Parsed::Statement(Box::new(Statement::Query(query))))))
            }
            Statement::ShowTables { .. } => Ok(Ask::Tables),
            Statement::ExplainTable { table_name, .. } => Ok(Ask::Columns(name_of(&table_name))),
            _ => Err(not_read_only(sql)),
        },
        Parsed::Explain(explain) => match ask(*explain.statement, sql)? {
            Ask::Rows(statement) if !explain.options.analyze => Ok(Ask::Plan(statement)),
            Ask::Rows(_) => Err(fault::wrong("EXPLAIN shows the plan alone, without ANALYZE")),
            _ => Err(fault::wrong("EXPLAIN takes a query")),
        },
        _ => Err(not_read_only(sql)),
    }
}

fn not_read_only(sql: &str) -> Problem {
    let statement: Vec<String> = sql.split_whitespace().take(2).map(str::to_uppercase).collect();
    let statement: String = statement.join(" ").chars().take(40).collect();
    Problem::unprocessable("insight.query.not_read_only").with("statement", statement)
}

fn check(query: &Query, sql: &str) -> Result<()> {
    let mut look = Look { sql, levels: Vec::new(), total: 0, depth: 0, expressions: 0, queries: 0, cubes: 0 };
    match query.visit(&mut look) {
        ControlFlow::Break(problem) => Err(problem),
        ControlFlow::Continue(()) if look.total > WRITTEN_OUT_MAX => Err(fault::wrong(
            "the query names too many tables once its WITH parts are written out; use fewer levels",
        )),
        ControlFlow::Continue(()) => Ok(()),
    }
}

/// Walks through a query: refuses what writes and what cannot be planned in time, and counts the tables that it comes to.
struct Look<'q> {
    sql: &'q str,
    levels: Vec<Level>,
    total: u64,
    depth: usize,
    expressions: usize,
    queries: usize,
    cubes: usize,
}

/// A query inside the others, with the names that it gave to parts of itself.
struct Level {
    /// Where its named parts are in memory, and what they are called.
    parts: Vec<(*const Query, String)>,
    weights: HashMap<String, u64>,
    weight: u64,
}

impl Visitor for Look<'_> {
    type Break = Problem;

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<Problem> {
        if writes(&query.body) || !query.locks.is_empty() || query.settings.is_some() {
            return ControlFlow::Break(not_read_only(self.sql));
        }
        if query.with.as_ref().is_some_and(|with| with.recursive) {
            return ControlFlow::Break(fault::wrong("WITH RECURSIVE is not available"));
        }
        self.queries += put_together(&query.body);
        if self.queries > PUT_TOGETHER_MAX {
            return ControlFlow::Break(fault::wrong("the query is put together of too many queries"));
        }
        let parts = query.with.iter().flat_map(|with| &with.cte_tables);
        let parts = parts.map(|part| (&raw const *part.query, ident(&part.alias.name))).collect();
        self.levels.push(Level { parts, weights: HashMap::new(), weight: 0 });
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &Query) -> ControlFlow<Problem> {
        let Some(level) = self.levels.pop() else { return ControlFlow::Continue(()) };
        self.total = self.total.saturating_add(level.weight);
        if let Some(above) = self.levels.last_mut() {
            let here = &raw const *query;
            match above.parts.iter().find(|(part, _)| *part == here) {
                Some((_, name)) => drop(above.weights.insert(name.clone(), level.weight.max(1))),
                None => above.weight = above.weight.saturating_add(level.weight),
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<Problem> {
        let name = name_of(relation);
        let weight = self.levels.iter().rev().find_map(|level| level.weights.get(&name)).copied();
        if let Some(level) = self.levels.last_mut() {
            level.weight = level.weight.saturating_add(weight.unwrap_or(1));
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<Problem> {
        self.depth += 1;
        self.expressions += 1;
        self.cubes += match expr {
            Expr::Cube(sets) => sets.len(),
            _ => 0,
        };
        let said = match () {
            () if self.depth > DEEP_MAX => "an expression is nested too deeply",
            () if self.expressions > EXPRESSIONS_MAX => "the query has too many expressions",
            () if self.cubes > CUBE_MAX => "CUBE takes at most 8 columns",
            () => return ControlFlow::Continue(()),
        };
        ControlFlow::Break(fault::wrong(said))
    }

    fn post_visit_expr(&mut self, _: &Expr) -> ControlFlow<Problem> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }
}

/// Counts the queries that a body is put together of; those inside others are visited by themselves.
fn put_together(body: &SetExpr) -> usize {
    let (mut count, mut rest) = (0, vec![body]);
    while let Some(body) = rest.pop() {
        count += 1;
        if let SetExpr::SetOperation { left, right, .. } = body {
            rest.extend([left.as_ref(), right.as_ref()]);
        }
    }
    count
}

fn writes(body: &SetExpr) -> bool {
    match body {
        SetExpr::Select(select) => select.into.is_some(),
        SetExpr::SetOperation { left, right, .. } => writes(left) || writes(right),
        // Queries inside are visited by themselves.
        SetExpr::Query(_) | SetExpr::Values(_) | SetExpr::Table(_) => false,
        _ => true,
    }
}

fn ident(ident: &Ident) -> String {
    if ident.quote_style.is_some() { ident.value.clone() } else { ident.value.to_lowercase() }
}

fn name_of(name: &ObjectName) -> String {
    let parts: Vec<String> =
        name.0.iter().map(|part| part.as_ident().map_or_else(|| part.to_string(), ident)).collect();
    parts.join(".")
}

/// Returns the tables that a statement names, each of which has to be there.
pub fn tables(statement: &Parsed, seen: &[Seen]) -> Result<Vec<String>> {
    let (references, _) = resolve_table_references(statement, true).map_err(fault::of_text)?;
    let names: Vec<String> = references.iter().map(ToString::to_string).collect();
    names.iter().map(|name| known(name, seen).map(|seen| seen.table.name.to_owned())).collect()
}

/// Returns a table by its name, or says which one may be meant.
pub fn known<'s>(name: &str, seen: &'s [Seen]) -> Result<&'s Seen> {
    if let Some(seen) = seen.iter().find(|seen| seen.table.name == name) {
        return Ok(seen);
    }
    let names: Vec<&str> = seen.iter().map(|seen| seen.table.name).collect();
    let mut problem = Problem::unprocessable("insight.query.unknown_table")
        .with("table", name.chars().take(80).collect::<String>())
        .with("known", names.join(", "));
    if let Some(near) = nearest(name, &names) {
        problem.code = "insight.query.unknown_table_near".into();
        problem = problem.with("suggestion", near);
    }
    Err(problem)
}

/// Returns the name that takes the fewest changes, where those are few.
fn nearest<'n>(name: &str, names: &[&'n str]) -> Option<&'n str> {
    let near = names.iter().map(|known| (distance(&name.to_lowercase(), known), *known)).min()?;
    (near.0 <= 1 + near.1.len() / 4).then_some(near.1)
}

/// Counts the letters to add, drop or change (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (place, letter) in one.chars().take(80).enumerate() {
        let mut corner = row[0];
        row[0] = place + 1;
        for (at, wanted) in other.iter().enumerate() {
            let changed = corner + usize::from(letter != *wanted);
            corner = row[at + 1];
            row[at + 1] = changed.min(row[at] + 1).min(corner + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_nearly_right_are_suggested() {
        let names = ["events", "profiles", "consents", "orders", "order_lines"];
        assert_eq!(nearest("profile", &names), Some("profiles"));
        assert_eq!(nearest("Order", &names), Some("orders"));
        assert_eq!(nearest("orderlines", &names), Some("order_lines"));
        assert_eq!(nearest("/etc/passwd", &names), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn parts_that_double_are_counted_as_they_are_written_out() {
        let doubled = |levels: usize| {
            let mut sql = "WITH t0 AS (SELECT 1 AS x FROM orders)".to_owned();
            for level in 1..=levels {
                sql += &format!(", t{level} AS (SELECT a.x FROM t{0} a, t{0} b)", level - 1);
            }
            sql + &format!(" SELECT COUNT(*) FROM t{levels}")
        };
        assert!(matches!(read(&doubled(4)), Ok(Ask::Rows(_))));
        assert_eq!(read(&doubled(30)).expect_err("two to the power of thirty").code, "insight.query.wrong");
        let inner = format!("SELECT * FROM ({}) AS q", doubled(30));
        assert_eq!(read(&inner).expect_err("inside as well").code, "insight.query.wrong");
    }
}
