//! What is asked of each column: every leaf at once, so that a value is looked at once, however many questions there are.

use std::collections::HashSet;

use lake::query::{Column, Condition, Operator, Value};

use super::plan::{Bits, Leaf};

/// What the leaves ask of the columns (列判定).
#[derive(Debug)]
pub struct Tests {
    leaves: usize,
    texts: Vec<(Column, Vec<(usize, TextTest)>)>,
    values: Vec<(usize, Operator, f64)>,
}

#[derive(Debug)]
enum TextTest {
    OneOf(HashSet<String>),
    Compared(Operator, String),
}

impl Tests {
    pub fn of(leaves: &[Leaf]) -> Self {
        let mut tests = Self { leaves: leaves.len(), texts: Vec::new(), values: Vec::new() };
        for (number, Leaf { filter, .. }) in leaves.iter().enumerate() {
            tests.one_of(number, Column::Name, filter.names.iter().cloned());
            tests.one_of(number, Column::Kind, filter.kinds.iter().map(ToString::to_string));
            tests.one_of(number, Column::SourceId, filter.source_ids.iter().map(ToString::to_string));
            filter.where_.iter().for_each(|condition| tests.condition(number, condition));
        }
        tests
    }

    fn one_of(&mut self, leaf: usize, column: Column, values: impl Iterator<Item = String>) {
        let values: HashSet<String> = values.collect();
        if !values.is_empty() {
            self.add(leaf, column, TextTest::OneOf(values));
        }
    }

    fn condition(&mut self, leaf: usize, condition: &Condition) {
        let Condition { column, op, value } = condition;
        if column.is_number() {
            let number = if let Some(Value::Number(number)) = value { *number } else { 0.0 };
            self.values.push((leaf, *op, number));
        } else {
            let text = if let Some(Value::Text(text)) = value { text.clone() } else { String::new() };
            self.add(leaf, *column, TextTest::Compared(*op, text));
        }
    }

    fn add(&mut self, leaf: usize, column: Column, test: TextTest) {
        match self.texts.iter_mut().find(|(known, _)| *known == column) {
            Some((_, tests)) => tests.push((leaf, test)),
            None => self.texts.push((column, vec![(leaf, test)])),
        }
    }

    /// Returns the columns of text that are asked about.
    pub fn texts(&self) -> Vec<Column> {
        self.texts.iter().map(|(column, _)| *column).collect()
    }

    pub fn asks_for_values(&self) -> bool {
        !self.values.is_empty()
    }

    /// Clears the bits of the leaves that a text of a column (none: null) does not fit.
    pub fn text(&self, column: Column, text: Option<&str>, marks: &mut [u64]) {
        let tests = self.texts.iter().find(|(known, _)| *known == column).map(|(_, tests)| tests);
        for (leaf, test) in tests.into_iter().flatten() {
            if !test.fits(text) {
                marks[leaf / 64] &= !(1 << (leaf % 64));
            }
        }
    }

    /// Clears the bits of the leaves that a value does not fit.
    pub fn value(&self, value: Option<f64>, marks: &mut [u64]) {
        for (leaf, op, with) in &self.values {
            if !compares(*op, value.map(|value| value.partial_cmp(with))) {
                marks[leaf / 64] &= !(1 << (leaf % 64));
            }
        }
    }

    /// Returns the leaves that some text from `least` to `most` may fit.
    pub fn may_fit(&self, column: Column, least: &[u8], most: &[u8], leaves: &mut Bits) {
        let tests = self.texts.iter().find(|(known, _)| *known == column).map(|(_, tests)| tests);
        for (leaf, test) in tests.into_iter().flatten() {
            let within = |text: &String| least <= text.as_bytes() && text.as_bytes() <= most;
            let may = match test {
                TextTest::OneOf(values) => values.iter().any(within),
                TextTest::Compared(Operator::Eq, text) => within(text),
                TextTest::Compared(..) => true,
            };
            if !may {
                leaves.clear(*leaf);
            }
        }
    }

    /// Returns a bit for each leaf, all set.
    pub fn all(&self) -> Bits {
        let mut bits = Bits::none(self.leaves);
        (0..self.leaves).for_each(|leaf| bits.set(leaf));
        bits
    }
}

impl TextTest {
    fn fits(&self, text: Option<&str>) -> bool {
        match self {
            Self::OneOf(values) => text.is_some_and(|text| values.contains(text)),
            Self::Compared(Operator::Contains, with) => text.is_some_and(|text| text.contains(with.as_str())),
            Self::Compared(op, with) => compares(*op, text.map(|text| Some(text.cmp(with.as_str())))),
        }
    }
}

/// Decides by how a value compares with the one in the condition; `None` where there is no value.
fn compares(op: Operator, order: Option<Option<std::cmp::Ordering>>) -> bool {
    let Some(order) = order else { return op == Operator::IsNull };
    order.is_some_and(|order| match op {
        Operator::Eq => order.is_eq(),
        Operator::Ne => order.is_ne(),
        Operator::Lt => order.is_lt(),
        Operator::Le => order.is_le(),
        Operator::Gt => order.is_gt(),
        Operator::Ge => order.is_ge(),
        Operator::NotNull => true,
        Operator::Contains | Operator::IsNull => false,
    })
}

#[cfg(test)]
mod tests {
    use lake::query::{EventFilter, Span};

    use super::*;

    fn fits(column: Column, op: Operator, with: Value, text: Option<&str>, value: Option<f64>) -> bool {
        let condition = Condition { column, op, value: Some(with) };
        let filter = EventFilter { where_: vec![condition], ..EventFilter::default() };
        let tests = Tests::of(&[Leaf { filter, span: Span::default() }]);
        let mut marks = tests.all();
        tests.text(column, text, &mut marks.0);
        tests.value(value, &mut marks.0);
        !marks.is_empty()
    }

    #[test]
    fn what_is_not_there_fits_is_null_alone() {
        let path = |op, text| fits(Column::Path, op, Value::Text("/b".into()), text, None);
        let fitting = |text| -> Vec<&str> {
            Operator::ALL.iter().filter(|op| path(**op, text)).map(|op| op.as_str()).collect()
        };
        assert_eq!(fitting(None), ["is_null"]);
        assert_eq!(fitting(Some("/a")), ["ne", "lt", "le", "not_null"]);
        assert_eq!(fitting(Some("/b")), ["eq", "le", "ge", "contains", "not_null"]);
        assert_eq!(fitting(Some("/b/c")), ["ne", "gt", "ge", "contains", "not_null"]);
    }

    #[test]
    fn values_compare_as_numbers() {
        let value = |op, value| fits(Column::Value, op, Value::Number(10.0), None, value);
        let fitting = |of| -> Vec<&str> {
            Operator::ALL.iter().filter(|op| value(**op, of)).map(|op| op.as_str()).collect()
        };
        assert_eq!(fitting(None), ["is_null"]);
        assert_eq!(fitting(Some(9.5)), ["ne", "lt", "le", "not_null"]);
        assert_eq!(fitting(Some(10.0)), ["eq", "le", "ge", "not_null"]);
    }

    #[test]
    fn a_range_without_a_listed_text_fits_nobody() {
        let filter = EventFilter { names: vec!["m".into(), "z".into()], ..EventFilter::default() };
        let tests = Tests::of(&[Leaf { filter, span: Span::default() }]);
        let may = |least: &str, most: &str| {
            let mut leaves = tests.all();
            tests.may_fit(Column::Name, least.as_bytes(), most.as_bytes(), &mut leaves);
            !leaves.is_empty()
        };
        assert!(may("a", "m") && may("m", "m") && may("y", "zz"));
        assert!(!may("a", "l") && !may("n", "y"));
    }
}
