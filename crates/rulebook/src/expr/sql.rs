use std::collections::BTreeMap;

use kernel::{Problem, Result, Timestamp, View};
use store::{Query, Value};

use super::{Comparison, Constant, Term, Test};

/// Appends a test to a statement.
pub(super) fn push(
    query: &mut Query,
    test: &Test,
    view: &View,
    parameters: &BTreeMap<String, Constant>,
    now: Timestamp,
) -> Result<()> {
    Writer { query, view, parameters, now }.test(test)
}

struct Writer<'w> {
    query: &'w mut Query,
    view: &'w View,
    parameters: &'w BTreeMap<String, Constant>,
    now: Timestamp,
}

impl Writer<'_> {
    fn test(&mut self, test: &Test) -> Result<()> {
        match test {
            Test::Constant(true) => drop(self.query.push("TRUE")),
            Test::Constant(false) => drop(self.query.push("FALSE")),
            Test::Holds(term) => {
                self.query.push("(");
                self.term(term)?;
                self.query.push(" = TRUE");
                self.present(term)?;
                self.query.push(")");
            }
            Test::All(tests) => self.join(tests, " AND ")?,
            Test::Any(tests) => self.join(tests, " OR ")?,
            Test::Not(inner) => {
                self.query.push("NOT ");
                self.test(inner)?;
            }
            Test::Compare(comparison, a, b) => self.compare(*comparison, a, b)?,
            Test::OneOf(term, values) => self.one_of(term, values)?,
            Test::Within(minute, range) => self.within(minute, range)?,
            Test::Has(name) => {
                let column = self.column(name)?;
                self.query.push("(").push(column).push(" IS NOT NULL)");
            }
            Test::StartsWith(term, prefix) => {
                let length = i64::try_from(prefix.chars().count()).map_err(Problem::internal)?;
                self.query.push("(SUBSTR(");
                self.term(term)?;
                self.query.push(", 1, CAST(").bind(length).push(" AS INTEGER)) = ").bind(prefix);
                self.present(term)?;
                self.query.push(")");
            }
        }
        Ok(())
    }

    fn join(&mut self, tests: &[Test], word: &'static str) -> Result<()> {
        self.query.push("(");
        for (place, test) in tests.iter().enumerate() {
            if place > 0 {
                self.query.push(word);
            }
            self.test(test)?;
        }
        self.query.push(")");
        Ok(())
    }

    fn compare(&mut self, comparison: Comparison, a: &Term, b: &Term) -> Result<()> {
        let partial = a.is_partial() || b.is_partial();
        self.query.push(if partial { "COALESCE(" } else { "(" });
        self.term(a)?;
        self.query.push(match comparison {
            Comparison::Equal => " = ",
            Comparison::Less => " < ",
            Comparison::AtMost => " <= ",
            Comparison::More => " > ",
            Comparison::AtLeast => " >= ",
        });
        self.term(b)?;
        if partial {
            self.query.push(", FALSE)");
            return Ok(());
        }
        self.present(a)?;
        self.present(b)?;
        self.query.push(")");
        Ok(())
    }

    fn one_of(&mut self, term: &Term, values: &[Constant]) -> Result<()> {
        if values.is_empty() {
            self.query.push("FALSE");
            return Ok(());
        }
        self.query.push("(");
        self.term(term)?;
        self.query.push(" IN (");
        for (place, value) in values.iter().enumerate() {
            if place > 0 {
                self.query.push(", ");
            }
            self.query.bind(bound(value));
        }
        self.query.push(")");
        self.present(term)?;
        self.query.push(")");
        Ok(())
    }

    fn within(&mut self, minute: &Term, range: &Term) -> Result<()> {
        let Term::Parameter { key, .. } = range else {
            return Err(Problem::internal("a time range that is no parameter"));
        };
        let Some(Constant::TimeRange(from, to)) = self.parameters.get(key) else { return Err(missing(key)) };
        let (from, to) = (*from, *to);
        self.query.push("((");
        self.term(minute)?;
        self.query.push(" >= ").bind(from).push(if from <= to { " AND " } else { " OR " });
        self.term(minute)?;
        self.query.push(" < ").bind(to).push(")");
        self.present(minute)?;
        self.query.push(")");
        Ok(())
    }

    /// Appends ` AND <column> IS NOT NULL` for each column inside: NULL AND FALSE is FALSE.
    fn present(&mut self, term: &Term) -> Result<()> {
        let mut names = Vec::new();
        term.each(&mut |inner| {
            if let Term::Field { name, .. } = inner {
                names.push(name.as_str());
            }
        });
        for name in names {
            let column = self.column(name)?;
            self.query.push(" AND ").push(column).push(" IS NOT NULL");
        }
        Ok(())
    }

    fn term(&mut self, term: &Term) -> Result<()> {
        match term {
            Term::Constant(constant) => drop(self.query.bind(bound(constant))),
            Term::Field { name, .. } => {
                let column = self.column(name)?;
                self.query.push(column);
            }
            Term::Parameter { key, .. } => {
                let value = self.parameters.get(key).ok_or_else(|| missing(key))?;
                self.query.bind(bound(value));
            }
            Term::Now => drop(self.query.bind(self.now)),
            Term::Span { unit_ms, count } => {
                self.query.push("(");
                self.term(count)?;
                self.query.push(" * ").bind(*unit_ms).push(")");
            }
            Term::Plus(a, b, _) => self.sum(a, " + ", b)?,
            Term::Minus(a, b, _) => self.sum(a, " - ", b)?,
            Term::Times(a, b, _) => self.sum(a, " * ", b)?,
            Term::Over(a, b) => {
                self.query.push("(CAST(");
                self.term(a)?;
                self.query.push(" AS DOUBLE PRECISION) / NULLIF(");
                self.term(b)?;
                self.query.push(", 0))");
            }
            Term::Choose(test, a, b, _) => {
                self.query.push("CASE WHEN ");
                self.test(test)?;
                self.query.push(" THEN ");
                self.term(a)?;
                self.query.push(" ELSE ");
                self.term(b)?;
                self.query.push(" END");
            }
            // The names of a filter hold no child tables, so the reader lets neither through.
            Term::Rows { table, .. } => return Err(Problem::internal(format!("child table {table} in SQL"))),
            Term::Truth(test) => self.test(test)?,
        }
        Ok(())
    }

    fn sum(&mut self, a: &Term, word: &'static str, b: &Term) -> Result<()> {
        self.query.push("(");
        self.term(a)?;
        self.query.push(word);
        self.term(b)?;
        self.query.push(")");
        Ok(())
    }

    fn column(&self, name: &str) -> Result<&'static str> {
        let column = self.view.column(name).map(|column| column.name);
        column.ok_or_else(|| Problem::internal(format!("view {} has no column {name}", self.view.name)))
    }
}

fn missing(key: &str) -> Problem {
    Problem::internal(format!("policy parameter {key} has no value"))
}

fn bound(value: &Constant) -> Value {
    match value {
        Constant::Boolean(v) => Value::from(*v),
        Constant::Integer(v) | Constant::Time(v) | Constant::Duration(v) => Value::from(*v),
        Constant::Real(v) => Value::from(*v),
        Constant::Text(v) => Value::from(v),
        // The reader lets a time range stand in `within` alone, which binds its ends.
        Constant::TimeRange(from, _) => Value::from(*from),
    }
}
