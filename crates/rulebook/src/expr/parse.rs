use cel::Env;
use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators as op};
use kernel::{DAY_MS, HOUR_MS, MINUTE_MS};

use super::{
    Comparison, Constant, DEPTH_MAX, Fault, Kind, NODES_MAX, Names, RowsFigure, SOURCE_MAX, Term, Test,
};

/// Reads the text with CEL's grammar and turns the tree into a test.
pub(super) fn read(source: &str, names: &Names) -> Result<Test, Fault> {
    let tree = grammar(source)?;
    Reader { names, nodes: 0 }.test(&tree, 0)
}

/// Reads the text with CEL's grammar and turns the tree into a term; a test is one with a boolean value.
pub(super) fn read_formula(source: &str, names: &Names) -> Result<Term, Fault> {
    let tree = grammar(source)?;
    let term = Reader { names, nodes: 0 }.term(&tree, 0);
    term.or_else(|fault| match (Reader { names, nodes: 0 }).test(&tree, 0) {
        Ok(test) => Ok(Term::Truth(Box::new(test))),
        Err(_) => Err(fault),
    })
}

fn grammar(source: &str) -> Result<IdedExpr, Fault> {
    if source.chars().count() > SOURCE_MAX {
        return Err(Fault::new("rulebook.expression.too_long", &[("max", &SOURCE_MAX.to_string())]));
    }
    // Without the standard macros `has(x)` stays the call that it is written as.
    let parser = Env::default().with_optional_support(false).parser().max_recursion_depth(64);
    parser.parse(source).map_err(|errors| {
        let first = errors.errors.first().map(|e| e.msg.clone()).unwrap_or_default();
        Fault::new("rulebook.expression.syntax", &[("source", source), ("reason", &first)])
    })
}

struct Reader<'n> {
    names: &'n Names,
    nodes: usize,
}

type Read<T> = Result<T, Fault>;

impl Reader<'_> {
    fn count(&mut self, depth: usize) -> Read<()> {
        self.nodes += 1;
        if depth > DEPTH_MAX || self.nodes > NODES_MAX {
            let (depth, nodes) = (DEPTH_MAX.to_string(), NODES_MAX.to_string());
            return Err(Fault::new("rulebook.expression.too_big", &[("depth", &depth), ("nodes", &nodes)]));
        }
        Ok(())
    }

    fn test(&mut self, node: &IdedExpr, depth: usize) -> Read<Test> {
        self.count(depth)?;
        match &node.expr {
            Expr::Literal(LiteralValue::Boolean(value)) => Ok(Test::Constant(*value.inner())),
            Expr::Call(call) => self.call(call, depth),
            Expr::Ident(name) => match self.names.fields.get(name) {
                Some(Kind::Boolean) => {
                    Ok(Test::Holds(Term::Field { name: name.clone(), kind: Kind::Boolean }))
                }
                Some(kind) => Err(not_a_test(name, *kind)),
                None => Err(self.unknown_field(name)),
            },
            other => Err(unsupported(word(other))),
        }
    }

    fn call(&mut self, call: &CallExpr, depth: usize) -> Read<Test> {
        let name = call.func_name.as_str();
        match (name, call.target.as_deref(), call.args.as_slice()) {
            (op::LOGICAL_AND, None, [a, b]) => Ok(Test::All(self.flatten(name, a, b, depth)?)),
            (op::LOGICAL_OR, None, [a, b]) => Ok(Test::Any(self.flatten(name, a, b, depth)?)),
            (op::LOGICAL_NOT, None, [a]) => Ok(Test::Not(Box::new(self.test(a, depth + 1)?))),
            (op::IN, None, [item, list]) => self.one_of(item, list, depth),
            ("has", None, [field]) => self.has(field),
            ("startsWith", Some(subject), [prefix]) => self.starts_with(subject, prefix, depth),
            ("param", None, [_]) => {
                let term = self.parameter(call)?;
                if term.kind() == Kind::Boolean {
                    Ok(Test::Holds(term))
                } else {
                    Err(not_a_test("param", term.kind()))
                }
            }
            ("within", None, [minute, range]) => self.within(minute, range, depth),
            (_, None, [a, b]) => match comparison(name) {
                Some((comparison, negated)) => self.compare(comparison, negated, a, b, depth),
                None => Err(unsupported(name)),
            },
            _ => Err(unsupported(name)),
        }
    }

    /// Gathers `a && b && c` into one list, so that long chains are not deep.
    fn flatten(&mut self, name: &str, a: &IdedExpr, b: &IdedExpr, depth: usize) -> Read<Vec<Test>> {
        let mut tests = Vec::new();
        let mut waiting = vec![b, a];
        while let Some(node) = waiting.pop() {
            match &node.expr {
                Expr::Call(CallExpr { func_name, target: None, args })
                    if func_name == name && args.len() == 2 =>
                {
                    self.count(depth)?;
                    waiting.extend([&args[1], &args[0]]);
                }
                _ => tests.push(self.test(node, depth + 1)?),
            }
        }
        Ok(tests)
    }

    fn compare(
        &mut self,
        comparison: Comparison,
        negated: bool,
        a: &IdedExpr,
        b: &IdedExpr,
        depth: usize,
    ) -> Read<Test> {
        let (a, b) = (self.term(a, depth + 1)?, self.term(b, depth + 1)?);
        let (left, right) = (a.kind(), b.kind());
        let alike = left == right || (left.is_number() && right.is_number());
        // Databases sort texts differently, so texts are only ever equal or not.
        let ordered = comparison == Comparison::Equal || !matches!(left, Kind::Boolean | Kind::Text);
        let alike = alike && left != Kind::TimeRange;
        if !alike || !ordered {
            return Err(Fault::new(
                "rulebook.expression.kinds_differ",
                &[("left", left.word()), ("right", right.word())],
            ));
        }
        let test = Test::Compare(comparison, a, b);
        Ok(if negated { Test::Not(Box::new(test)) } else { test })
    }

    fn one_of(&mut self, item: &IdedExpr, list: &IdedExpr, depth: usize) -> Read<Test> {
        let item = self.term(item, depth + 1)?;
        let Expr::List(list) = &list.expr else { return Err(unsupported("in")) };
        let mut values = Vec::with_capacity(list.elements.len());
        for element in &list.elements {
            match self.term(element, depth + 1)? {
                Term::Constant(value) if value.kind() == item.kind() => values.push(value),
                other => {
                    let args = [("left", item.kind().word()), ("right", other.kind().word())];
                    return Err(Fault::new("rulebook.expression.kinds_differ", &args));
                }
            }
        }
        Ok(Test::OneOf(item, values))
    }

    fn has(&self, field: &IdedExpr) -> Read<Test> {
        match &field.expr {
            Expr::Ident(name) if self.names.fields.contains_key(name) => Ok(Test::Has(name.clone())),
            Expr::Ident(name) => Err(self.unknown_field(name)),
            _ => Err(unsupported("has")),
        }
    }

    fn starts_with(&mut self, subject: &IdedExpr, prefix: &IdedExpr, depth: usize) -> Read<Test> {
        let subject = self.term(subject, depth + 1)?;
        match (&subject.kind(), &prefix.expr) {
            (Kind::Text, Expr::Literal(LiteralValue::String(text))) => {
                Ok(Test::StartsWith(subject, text.inner().to_owned()))
            }
            _ => Err(unsupported("startsWith")),
        }
    }

    /// Reads `within(minute_of_day, param("a time range"))`.
    fn within(&mut self, minute: &IdedExpr, range: &IdedExpr, depth: usize) -> Read<Test> {
        let (minute, range) = (self.term(minute, depth + 1)?, self.term(range, depth + 1)?);
        for (term, wanted) in [(&minute, Kind::Integer), (&range, Kind::TimeRange)] {
            if term.kind() != wanted {
                let args = [("left", wanted.word()), ("right", term.kind().word())];
                return Err(Fault::new("rulebook.expression.kinds_differ", &args));
            }
        }
        Ok(Test::Within(minute, range))
    }

    fn term(&mut self, node: &IdedExpr, depth: usize) -> Read<Term> {
        self.count(depth)?;
        match &node.expr {
            Expr::Literal(literal) => constant(literal).map(Term::Constant),
            Expr::Ident(name) if name == "now" => Ok(Term::Now),
            Expr::Ident(name) => match self.names.fields.get(name) {
                Some(kind) => Ok(Term::Field { name: name.clone(), kind: *kind }),
                None => Err(self.unknown_field(name)),
            },
            Expr::Call(call) => self.term_call(call, depth),
            other => Err(unsupported(word(other))),
        }
    }

    fn term_call(&mut self, call: &CallExpr, depth: usize) -> Read<Term> {
        let name = call.func_name.as_str();
        match (name, call.target.as_deref(), call.args.as_slice()) {
            ("param", None, [_]) => self.parameter(call),
            ("duration", None, [text]) => duration(text),
            ("minutes", None, [count]) => self.span(MINUTE_MS, count, depth),
            ("hours", None, [count]) => self.span(HOUR_MS, count, depth),
            ("days", None, [count]) => self.span(DAY_MS, count, depth),
            (op::NEGATE, None, [number]) => match self.term(number, depth + 1)? {
                Term::Constant(Constant::Integer(n)) => {
                    Ok(Term::Constant(Constant::Integer(n.saturating_neg())))
                }
                Term::Constant(Constant::Real(n)) => Ok(Term::Constant(Constant::Real(-n))),
                _ => Err(unsupported("-")),
            },
            (op::ADD | op::SUBSTRACT, None, [a, b]) => {
                let (a, b) = (self.term(a, depth + 1)?, self.term(b, depth + 1)?);
                let plus = name == op::ADD;
                let kind = sum_kind(plus, a.kind(), b.kind())?;
                let (a, b) = (Box::new(a), Box::new(b));
                Ok(if plus { Term::Plus(a, b, kind) } else { Term::Minus(a, b, kind) })
            }
            (op::MULTIPLY, None, [a, b]) => {
                let (a, b) = (self.term(a, depth + 1)?, self.term(b, depth + 1)?);
                let kind = product_kind(a.kind(), b.kind())?;
                Ok(Term::Times(Box::new(a), Box::new(b), kind))
            }
            (op::DIVIDE, None, [a, b]) => {
                let (a, b) = (self.term(a, depth + 1)?, self.term(b, depth + 1)?);
                product_kind(a.kind(), b.kind())?;
                Ok(Term::Over(Box::new(a), Box::new(b)))
            }
            ("in_hours", None, [length]) => self.in_units(HOUR_MS, length, depth),
            ("in_days", None, [length]) => self.in_units(DAY_MS, length, depth),
            (op::CONDITIONAL, None, [test, a, b]) => self.choose(test, a, b, depth),
            (figure, None, [table, inner]) => self.rows(figure, table, inner, depth),
            ("count_of", None, [table]) => self.count_rows(table),
            _ => Err(unsupported(name)),
        }
    }

    /// Reads `in_days(length)`: how often the unit fits in.
    fn in_units(&mut self, unit_ms: i64, length: &IdedExpr, depth: usize) -> Read<Term> {
        let length = self.term(length, depth + 1)?;
        if length.kind() != Kind::Duration {
            return Err(differ(Kind::Duration, length.kind()));
        }
        Ok(Term::Over(Box::new(length), Box::new(Term::Constant(Constant::Integer(unit_ms)))))
    }

    fn choose(&mut self, test: &IdedExpr, a: &IdedExpr, b: &IdedExpr, depth: usize) -> Read<Term> {
        let test = self.test(test, depth + 1)?;
        let (a, b) = (self.term(a, depth + 1)?, self.term(b, depth + 1)?);
        let kind = match (a.kind(), b.kind()) {
            (a, b) if a == b => a,
            (a, b) if a.is_number() && b.is_number() => Kind::Real,
            (a, b) => return Err(differ(a, b)),
        };
        Ok(Term::Choose(Box::new(test), Box::new(a), Box::new(b), kind))
    }

    /// Reads `sum_of(table, weight * score)` and its like; inside, the columns of the table are the names.
    fn rows(&mut self, figure: &str, table: &IdedExpr, inner: &IdedExpr, depth: usize) -> Read<Term> {
        let known = ["count_of", "sum_of", "least_of", "greatest_of", "mean_of"];
        if !known.contains(&figure) {
            return Err(unsupported(figure));
        }
        let (table, columns) = self.table(table)?;
        let names = Names { fields: columns, parameters: self.names.parameters.clone(), ..Names::default() };
        let mut reader = Reader { names: &names, nodes: self.nodes };
        let figure = match figure {
            "count_of" => RowsFigure::Count(Box::new(reader.test(inner, depth + 1)?)),
            other => figure_of(other, reader.term(inner, depth + 1)?)?,
        };
        self.nodes = reader.nodes;
        Ok(Term::Rows { table, figure })
    }

    fn count_rows(&self, table: &IdedExpr) -> Read<Term> {
        let (table, _) = self.table(table)?;
        Ok(Term::Rows { table, figure: RowsFigure::Count(Box::new(Test::Constant(true))) })
    }

    fn table(&self, node: &IdedExpr) -> Read<(String, std::collections::BTreeMap<String, Kind>)> {
        let Expr::Ident(name) = &node.expr else { return Err(unsupported(word(&node.expr))) };
        let columns = self.names.tables.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.names.tables.keys().map(String::as_str).collect();
            Fault::new("rulebook.expression.unknown_field", &[("field", name), ("known", &known.join(", "))])
        })?;
        Ok((name.clone(), columns.clone()))
    }

    fn span(&mut self, unit_ms: i64, count: &IdedExpr, depth: usize) -> Read<Term> {
        let count = self.term(count, depth + 1)?;
        if count.kind() != Kind::Integer {
            return Err(Fault::new(
                "rulebook.expression.kinds_differ",
                &[("left", Kind::Integer.word()), ("right", count.kind().word())],
            ));
        }
        Ok(Term::Span { unit_ms, count: Box::new(count) })
    }

    fn parameter(&self, call: &CallExpr) -> Read<Term> {
        let [IdedExpr { expr: Expr::Literal(LiteralValue::String(key)), .. }] = call.args.as_slice() else {
            return Err(unsupported("param"));
        };
        let key = key.inner();
        match self.names.parameters.get(key) {
            Some(kind) => Ok(Term::Parameter { key: key.to_owned(), kind: *kind }),
            None => Err(Fault::new("rulebook.expression.unknown_parameter", &[("key", key)])),
        }
    }

    fn unknown_field(&self, name: &str) -> Fault {
        let known: Vec<&str> = self.names.fields.keys().map(String::as_str).collect();
        Fault::new("rulebook.expression.unknown_field", &[("field", name), ("known", &known.join(", "))])
    }
}

fn comparison(name: &str) -> Option<(Comparison, bool)> {
    Some(match name {
        op::EQUALS => (Comparison::Equal, false),
        op::NOT_EQUALS => (Comparison::Equal, true),
        op::LESS => (Comparison::Less, false),
        op::LESS_EQUALS => (Comparison::AtMost, false),
        op::GREATER => (Comparison::More, false),
        op::GREATER_EQUALS => (Comparison::AtLeast, false),
        _ => return None,
    })
}

/// Returns the kind of a sum or difference: numbers, times and lengths of time, nothing else.
fn sum_kind(plus: bool, a: Kind, b: Kind) -> Read<Kind> {
    match (a, b) {
        (Kind::Time, Kind::Duration) => Ok(Kind::Time),
        (Kind::Duration, Kind::Time) if plus => Ok(Kind::Time),
        (Kind::Time, Kind::Time) if !plus => Ok(Kind::Duration),
        (Kind::Duration, Kind::Duration) => Ok(Kind::Duration),
        (Kind::Integer, Kind::Integer) => Ok(Kind::Integer),
        (a, b) if a.is_number() && b.is_number() => Ok(Kind::Real),
        (a, b) => {
            Err(Fault::new("rulebook.expression.kinds_differ", &[("left", a.word()), ("right", b.word())]))
        }
    }
}

/// Returns the kind of a product or quotient: numbers only.
fn product_kind(a: Kind, b: Kind) -> Read<Kind> {
    match (a, b) {
        (Kind::Integer, Kind::Integer) => Ok(Kind::Integer),
        (a, b) if a.is_number() && b.is_number() => Ok(Kind::Real),
        (a, b) => Err(differ(a, b)),
    }
}

fn figure_of(name: &str, term: Term) -> Read<RowsFigure> {
    let kind = term.kind();
    let summable = kind.is_number();
    let ordered = summable || matches!(kind, Kind::Time | Kind::Duration);
    let term = Box::new(term);
    match name {
        "sum_of" if summable => Ok(RowsFigure::Sum(term, kind)),
        "mean_of" if summable => Ok(RowsFigure::Mean(term)),
        "least_of" if ordered => Ok(RowsFigure::Least(term, kind)),
        "greatest_of" if ordered => Ok(RowsFigure::Greatest(term, kind)),
        _ => Err(differ(Kind::Real, kind)),
    }
}

fn differ(left: Kind, right: Kind) -> Fault {
    Fault::new("rulebook.expression.kinds_differ", &[("left", left.word()), ("right", right.word())])
}

fn constant(literal: &LiteralValue) -> Read<Constant> {
    match literal {
        LiteralValue::Boolean(v) => Ok(Constant::Boolean(*v.inner())),
        LiteralValue::Int(v) => Ok(Constant::Integer(*v.inner())),
        LiteralValue::Double(v) => Ok(Constant::Real(*v.inner())),
        LiteralValue::String(v) => Ok(Constant::Text(v.inner().to_owned())),
        LiteralValue::Bytes(_) => Err(unsupported("bytes")),
        LiteralValue::Null => Err(unsupported("null")),
        LiteralValue::UInt(_) => Err(unsupported("uint")),
    }
}

/// Reads `duration("72h")`: one number and one of `s`, `m`, `h`, as CEL writes lengths of time.
fn duration(text: &IdedExpr) -> Read<Term> {
    let Expr::Literal(LiteralValue::String(text)) = &text.expr else { return Err(unsupported("duration")) };
    let units = [('s', 1_000), ('m', MINUTE_MS), ('h', HOUR_MS)];
    let length = units.iter().find_map(|(letter, unit)| {
        text.inner().strip_suffix(*letter)?.parse::<i64>().ok()?.checked_mul(*unit)
    });
    length.map(|ms| Term::Constant(Constant::Duration(ms))).ok_or_else(|| unsupported("duration"))
}

fn not_a_test(name: &str, kind: Kind) -> Fault {
    Fault::new("rulebook.expression.not_a_test", &[("field", name), ("kind", kind.word())])
}

fn unsupported(what: &str) -> Fault {
    Fault::new("rulebook.expression.unsupported", &[("what", what.trim_matches(['_', '@']))])
}

fn word(expr: &Expr) -> &'static str {
    match expr {
        Expr::List(_) => "[…]",
        Expr::Map(_) => "{…}",
        Expr::Select(_) => "a.b",
        Expr::Struct(_) => "T{…}",
        Expr::Literal(_) => "literal",
        _ => "expression",
    }
}
