//! Expressions (表达式): a total, typed subset of CEL for guards and for the filters of controls.
//!
//! CEL's own grammar reads the text; what comes out is checked against the fields that are there and
//! becomes a small tree of ours, which is evaluated on facts and compiled to SQL with one meaning:
//! a comparison with an absent value is false, `!=` is the opposite of `==`, nothing else can fail.

mod eval;
mod parse;
mod sql;

use std::collections::BTreeMap;

use kernel::{ColumnKind, Timestamp, View};
use serde::{Deserialize, Serialize};
use store::Query;

pub use eval::Facts;

/// Most characters in one expression: what is longer cannot be proofread.
pub const SOURCE_MAX: usize = 2_000;
/// Deepest nesting.
pub const DEPTH_MAX: usize = 16;
/// Most nodes in one expression: bounds the SQL that comes out.
pub const NODES_MAX: usize = 200;

/// Kind of a value in an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// True or false.
    Boolean,
    /// Whole number.
    Integer,
    /// Number with a fraction.
    Real,
    /// Text, ids included.
    Text,
    /// Point in time.
    Time,
    /// Length of time.
    Duration,
    /// From a time of day to a time of day; only `within` knows it.
    TimeRange,
}

impl Kind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Real => "real",
            Self::Text => "text",
            Self::Time => "time",
            Self::Duration => "duration",
            Self::TimeRange => "time range",
        }
    }

    fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Real)
    }
}

impl From<ColumnKind> for Kind {
    fn from(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Text => Self::Text,
            ColumnKind::Integer => Self::Integer,
            ColumnKind::Real => Self::Real,
            ColumnKind::Boolean => Self::Boolean,
            ColumnKind::Time => Self::Time,
        }
    }
}

/// What an expression may name (可用字段).
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Fields with their kinds.
    pub fields: BTreeMap<String, Kind>,
    /// Policy parameters with their kinds; `param("key")`.
    pub parameters: BTreeMap<String, Kind>,
    /// Child tables with the kinds of their columns; only what is evaluated on facts knows them.
    pub tables: BTreeMap<String, BTreeMap<String, Kind>>,
}

impl Names {
    /// Returns the columns of a view and the given parameters.
    pub fn of_view(view: &View, parameters: &BTreeMap<String, Kind>) -> Self {
        let fields = view.columns.iter().map(|column| (column.name.to_owned(), column.kind.into())).collect();
        Self { fields, parameters: parameters.clone(), tables: BTreeMap::new() }
    }
}

/// A value that stands in an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// True or false.
    Boolean(bool),
    /// Whole number.
    Integer(i64),
    /// Number with a fraction.
    Real(f64),
    /// Text.
    Text(String),
    /// Point in time, epoch milliseconds.
    Time(i64),
    /// Length of time in milliseconds.
    Duration(i64),
    /// First minute of the day inside, first minute after it.
    TimeRange(i64, i64),
}

impl Constant {
    fn kind(&self) -> Kind {
        match self {
            Self::Boolean(_) => Kind::Boolean,
            Self::Integer(_) => Kind::Integer,
            Self::Real(_) => Kind::Real,
            Self::Text(_) => Kind::Text,
            Self::Time(_) => Kind::Time,
            Self::Duration(_) => Kind::Duration,
            Self::TimeRange(..) => Kind::TimeRange,
        }
    }
}

/// Comparison (比较).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// Something that has a value, or is absent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Term {
    /// A test as a value.
    Truth(Box<Test>),
    Constant(Constant),
    Field {
        name: String,
        kind: Kind,
    },
    Parameter {
        key: String,
        kind: Kind,
    },
    Now,
    /// A whole number times a unit in milliseconds: `days(3)`.
    Span {
        unit_ms: i64,
        count: Box<Term>,
    },
    Plus(Box<Term>, Box<Term>, Kind),
    Minus(Box<Term>, Box<Term>, Kind),
    Times(Box<Term>, Box<Term>, Kind),
    /// A quotient, always a number with a fraction; absent where it would divide by zero.
    Over(Box<Term>, Box<Term>),
    /// `test ? a : b`
    Choose(Box<Test>, Box<Term>, Box<Term>, Kind),
    /// A figure over the rows of a child table.
    Rows {
        table: String,
        figure: RowsFigure,
    },
}

/// What is computed over the rows of a child table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RowsFigure {
    /// Rows on which the test holds.
    Count(Box<Test>),
    /// Sum of a term; rows where it is absent add nothing.
    Sum(Box<Term>, Kind),
    /// Least, greatest or mean of a term; absent without rows.
    Least(Box<Term>, Kind),
    Greatest(Box<Term>, Kind),
    Mean(Box<Term>),
}

impl RowsFigure {
    fn kind(&self) -> Kind {
        match self {
            Self::Count(_) => Kind::Integer,
            Self::Mean(_) => Kind::Real,
            Self::Sum(_, kind) | Self::Least(_, kind) | Self::Greatest(_, kind) => *kind,
        }
    }
}

impl Term {
    fn kind(&self) -> Kind {
        match self {
            Self::Truth(_) => Kind::Boolean,
            Self::Constant(constant) => constant.kind(),
            Self::Field { kind, .. } | Self::Parameter { kind, .. } => *kind,
            Self::Now => Kind::Time,
            Self::Span { .. } => Kind::Duration,
            Self::Plus(_, _, kind) | Self::Minus(_, _, kind) | Self::Times(_, _, kind) => *kind,
            Self::Over(..) => Kind::Real,
            Self::Choose(_, _, _, kind) => *kind,
            Self::Rows { figure, .. } => figure.kind(),
        }
    }

    /// Returns true where the value can be absent although every field inside is there.
    fn is_partial(&self) -> bool {
        match self {
            Self::Over(..) | Self::Choose(..) | Self::Rows { .. } => true,
            Self::Plus(a, b, _) | Self::Minus(a, b, _) | Self::Times(a, b, _) => {
                a.is_partial() || b.is_partial()
            }
            Self::Span { count, .. } => count.is_partial(),
            _ => false,
        }
    }

    /// Calls `seen` with every term inside, itself included.
    fn each<'t>(&'t self, seen: &mut impl FnMut(&'t Term)) {
        seen(self);
        match self {
            Self::Span { count, .. } => count.each(seen),
            Self::Plus(a, b, _) | Self::Minus(a, b, _) | Self::Times(a, b, _) | Self::Over(a, b) => {
                a.each(seen);
                b.each(seen);
            }
            Self::Choose(test, a, b, _) => {
                test.each_term(seen);
                a.each(seen);
                b.each(seen);
            }
            _ => {}
        }
    }
}

/// Something that is true or false.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    Constant(bool),
    /// A boolean term; absent counts as false.
    Holds(Term),
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    Compare(Comparison, Term, Term),
    OneOf(Term, Vec<Constant>),
    Has(String),
    StartsWith(Term, String),
    /// A minute of the day is inside a time range, past midnight too.
    Within(Term, Term),
}

impl Test {
    /// Calls `seen` with the name of every field inside, those of `has` included.
    fn each_field<'t>(&'t self, seen: &mut impl FnMut(&'t str)) {
        match self {
            Self::Has(name) => seen(name),
            Self::All(tests) | Self::Any(tests) => tests.iter().for_each(|test| test.each_field(seen)),
            Self::Not(test) => test.each_field(seen),
            _ => {}
        }
        self.each_term(&mut |term| match term {
            Term::Field { name, .. } => seen(name),
            Term::Choose(test, ..) | Term::Truth(test) => test.each_has(seen),
            _ => {}
        });
    }

    fn each_has<'t>(&'t self, seen: &mut dyn FnMut(&'t str)) {
        match self {
            Self::Has(name) => seen(name),
            Self::All(tests) | Self::Any(tests) => tests.iter().for_each(|test| test.each_has(seen)),
            Self::Not(test) => test.each_has(seen),
            _ => {}
        }
    }

    /// Calls `seen` with every term inside.
    fn each_term<'t>(&'t self, seen: &mut impl FnMut(&'t Term)) {
        match self {
            Self::Constant(_) | Self::Has(_) => {}
            Self::Holds(term) | Self::OneOf(term, _) | Self::StartsWith(term, _) => term.each(seen),
            Self::All(tests) | Self::Any(tests) => tests.iter().for_each(|test| test.each_term(seen)),
            Self::Not(test) => test.each_term(seen),
            Self::Compare(_, a, b) | Self::Within(a, b) => {
                a.each(seen);
                b.each(seen);
            }
        }
    }
}

/// Condition (条件): an expression that was checked and is true or false of any facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    source: String,
    pub(crate) test: Test,
}

impl Condition {
    /// Reads and checks an expression.
    pub fn parse(source: &str, names: &Names) -> Result<Self, Fault> {
        let test = parse::read(source, names)?;
        Ok(Self { source: source.to_owned(), test })
    }

    /// Returns the condition that is always true.
    pub fn always() -> Self {
        Self { source: "true".to_owned(), test: Test::Constant(true) }
    }

    /// Returns the expression as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns the names of the fields that it reads.
    pub fn fields(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.test.each_field(&mut |name| names.push(name));
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Returns the fields that must equal one value for it to hold.
    pub fn pinned(&self) -> Vec<&str> {
        let tests = match &self.test {
            Test::All(tests) => tests.as_slice(),
            test => std::slice::from_ref(test),
        };
        let pinned = tests.iter().filter_map(|test| match test {
            Test::Compare(Comparison::Equal, Term::Field { name, .. }, Term::Constant(_))
            | Test::Compare(Comparison::Equal, Term::Constant(_), Term::Field { name, .. }) => {
                Some(name.as_str())
            }
            _ => None,
        });
        pinned.collect()
    }

    /// Returns the keys of the policy parameters that it reads.
    pub fn parameters(&self) -> Vec<&str> {
        let mut keys = Vec::new();
        self.test.each_term(&mut |term| {
            if let Term::Parameter { key, .. } = term {
                keys.push(key.as_str());
            }
        });
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Appends the condition to a statement over `view`: column names are the view's own, all else is bound.
    ///
    /// Every part is true or false, never NULL, so that SQL and [`Self::holds`] agree.
    pub fn push_sql(
        &self,
        query: &mut Query,
        view: &View,
        parameters: &BTreeMap<String, Constant>,
        now: Timestamp,
    ) -> kernel::Result<()> {
        sql::push(query, &self.test, view, parameters, now)
    }

    /// Returns whether the condition holds of these facts.
    pub fn holds(&self, facts: &Facts<'_>) -> bool {
        eval::test(&self.test, facts)
    }
}

/// Formula (公式): an expression that was checked and has a value of one kind, or none.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    term: Term,
}

impl Formula {
    /// Reads and checks an expression; a test is a formula with a boolean value.
    pub fn parse(source: &str, names: &Names) -> Result<Self, Fault> {
        parse::read_formula(source, names).map(|term| Self { term })
    }

    /// Returns the kind of its value.
    pub fn kind(&self) -> Kind {
        self.term.kind()
    }

    /// Returns the keys of the policy parameters that it reads.
    pub fn parameters(&self) -> Vec<&str> {
        let mut keys = Vec::new();
        self.term.each(&mut |term| {
            if let Term::Parameter { key, .. } = term {
                keys.push(key.as_str());
            }
        });
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Returns its value on these facts.
    pub fn value(&self, facts: &Facts<'_>) -> Option<Constant> {
        eval::value(&self.term, facts)
    }
}

/// Why an expression is refused; `code` has a text in three languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Key of the text.
    pub code: &'static str,
    /// What the text names: the piece at fault and what was expected.
    pub args: Vec<(&'static str, String)>,
}

impl Fault {
    fn new(code: &'static str, args: &[(&'static str, &str)]) -> Self {
        Self { code, args: args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect() }
    }
}

#[cfg(test)]
mod tests;
