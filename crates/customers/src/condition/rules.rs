use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use kernel::{FieldProblem, Id, Language, Problem, Result};

use lake::query::{EventFilter, Measure, Question, Span, Total};

use super::{Condition, DidMeasure, Goods, GoodsBy, NumberField, ScoreField, TextField};
use crate::profile::{AgeBand, IncomeBand};

/// Deepest nesting: deeper ones nobody can read.
pub const DEPTH_MAX: usize = 8;
/// Most conditions in one tree.
pub const NODES_MAX: usize = 100;
/// Most conditions after the segments that it refers to are put in.
pub const EXPANDED_MAX: usize = 400;
const CHILDREN_MAX: usize = 20;
const VALUES_MAX: usize = 50;
const TEXT_MAX: usize = 100;
const DAYS_MAX: u32 = 3_650;
const ORDERS_MAX: u32 = 1_000;
/// Greatest number of events, or their value, that a condition asks for.
const EVENTS_MAX: f64 = 1e12;
const STEPS_MAX: usize = 10;
const HOURS_MAX: u32 = 87_600;
/// A thousand million in major units: more is a slip of the keyboard.
const MINOR_MAX: i64 = 100_000_000_000;

/// Definitions of the segments that a tree refers to, directly or through others.
pub type Library = BTreeMap<Id, Condition>;

/// Checks a tree; every fault is named with its path.
pub fn check(tree: &Condition) -> Result<()> {
    let mut faults = Vec::new();
    let nodes = tree.walk();
    if nodes.len() > NODES_MAX {
        faults.push(fault("", "customers.segment.too_many_conditions").with_max(NODES_MAX));
    }
    if depth(tree) > DEPTH_MAX {
        faults.push(fault("", "customers.segment.too_deep").with_max(DEPTH_MAX));
    }
    for (path, node) in &nodes {
        check_node(path, node, &mut faults);
    }
    refuse(faults)
}

/// Checks that no segment refers to itself through others, and that all of it stays within bounds.
///
/// `own` is the segment that the tree is for, where it exists already.
pub fn check_references(tree: &Condition, own: Option<Id>, library: &Library) -> Result<()> {
    let mut faults = Vec::new();
    for (path, node) in tree.walk() {
        let Condition::InSegment { segment_id } = node else { continue };
        match library.get(segment_id) {
            None => faults.push(fault(&path_to(&path, "segment_id"), "customers.segment.unknown_segment")),
            Some(other) => {
                let mut inside = BTreeSet::from([*segment_id]);
                reach(other, library, &mut inside);
                let circular =
                    own.is_some_and(|own| inside.contains(&own)) || reaches_itself(*segment_id, library);
                if circular {
                    faults.push(fault(&path_to(&path, "segment_id"), "customers.segment.circular"));
                }
            }
        }
    }
    refuse(faults)?;
    match expanded_size(tree, library, EXPANDED_MAX) {
        Some(_) => Ok(()),
        None => refuse(vec![fault("", "customers.segment.too_many_conditions").with_max(EXPANDED_MAX)]),
    }
}

fn reaches_itself(id: Id, library: &Library) -> bool {
    let mut inside = BTreeSet::new();
    if let Some(tree) = library.get(&id) {
        reach(tree, library, &mut inside);
    }
    inside.contains(&id)
}

fn reach(tree: &Condition, library: &Library, inside: &mut BTreeSet<Id>) {
    for (_, node) in tree.walk() {
        let Condition::InSegment { segment_id } = node else { continue };
        if let (true, Some(other)) = (inside.insert(*segment_id), library.get(segment_id)) {
            reach(other, library, inside);
        }
    }
}

/// Counts conditions with all references put in; `None` above `max`. The tree must not be circular.
fn expanded_size(tree: &Condition, library: &Library, max: usize) -> Option<usize> {
    let mut size = 0;
    for (_, node) in tree.walk() {
        size += 1;
        if let Condition::InSegment { segment_id } = node {
            size += expanded_size(library.get(segment_id)?, library, max.checked_sub(size)?)?;
        }
        if size > max {
            return None;
        }
    }
    Some(size)
}

fn depth(tree: &Condition) -> usize {
    1 + tree.children().iter().map(depth).max().unwrap_or(0)
}

fn check_node(path: &str, node: &Condition, faults: &mut Vec<FieldProblem>) {
    let mut add = |field: &str, code: &str| faults.push(fault(&path_to(path, field), code));
    match node {
        Condition::All { of } | Condition::Any { of } if of.is_empty() => {
            add("of", "customers.segment.empty")
        }
        Condition::All { of } | Condition::Any { of } if of.len() > CHILDREN_MAX => {
            add("of", "customers.segment.too_many_values");
        }
        Condition::Text { field, one_of } => {
            if one_of.is_empty() || one_of.len() > VALUES_MAX {
                add("one_of", "customers.segment.too_many_values");
            }
            if !one_of.iter().all(|value| is_value_of(*field, value)) {
                add("one_of", "customers.segment.unknown_value");
            }
        }
        Condition::Number { field, at_least, at_most } => {
            check_bounds((*at_least, *at_most), 0..=number_max(*field), &mut add);
        }
        Condition::Score { which, at_least, at_most } => {
            check_bounds((*at_least, *at_most), score_range(*which), &mut add);
        }
        Condition::KnownSince { within_days } => check_days(*within_days, &mut add),
        Condition::Did { what, measure, at_least, at_most, within_days, span } => {
            check_events(std::slice::from_ref(what), "what", *within_days, *span, &mut add);
            if let Some(code) = did_fault(*measure, *at_least, *at_most) {
                add("at_least", code);
            }
        }
        Condition::DidInOrder { steps, within_hours, within_days, span } => {
            check_events(steps, "steps", *within_days, *span, &mut add);
            if !(2..=STEPS_MAX).contains(&steps.len()) {
                add("steps", "customers.segment.steps_range");
            }
            if !(1..=HOURS_MAX).contains(within_hours) {
                add("within_hours", "customers.segment.out_of_range");
            }
        }
        Condition::Tier { one_of } if one_of.is_empty() || one_of.len() > 4 => {
            add("one_of", "customers.segment.too_many_values");
        }
        Condition::Ordered { what, at_least, within_days, total_at_least_minor } => {
            check_days(*within_days, &mut add);
            if !(1..=ORDERS_MAX).contains(at_least) {
                add("at_least", "customers.segment.out_of_range");
            }
            if total_at_least_minor.is_some_and(|total| total < 1) {
                add("total_at_least_minor", "customers.segment.out_of_range");
            }
            if what.as_ref().is_some_and(|goods| !is_goods(goods)) {
                add("what.value", "customers.segment.unknown_value");
            }
        }
        Condition::Redeemed { campaign, within_days } => {
            if let Some(days) = within_days {
                check_days(*days, &mut add);
            }
            if campaign.as_ref().is_some_and(|code| !is_text(code)) {
                add("campaign", "customers.segment.unknown_value");
            }
        }
        _ => {}
    }
}

fn check_bounds(
    (low, high): (Option<i64>, Option<i64>),
    range: RangeInclusive<i64>,
    add: &mut impl FnMut(&str, &str),
) {
    let within = |bound: Option<i64>| bound.is_none_or(|n| range.contains(&n));
    if low.is_none() && high.is_none() {
        add("at_least", "customers.segment.bound_needed");
    } else if !within(low) || !within(high) || matches!((low, high), (Some(a), Some(b)) if a > b) {
        add("at_least", "customers.segment.out_of_range");
    }
}

fn score_range(which: ScoreField) -> RangeInclusive<i64> {
    match which {
        ScoreField::Recency | ScoreField::Frequency | ScoreField::Monetary => 1..=5,
        ScoreField::PAlive | ScoreField::Churn => 0..=100,
        ScoreField::ExpectedValue => 0..=MINOR_MAX,
    }
}

/// Says what is wrong with the bounds of a count or sum.
fn did_fault(measure: DidMeasure, at_least: Option<f64>, at_most: Option<f64>) -> Option<&'static str> {
    let within = |bound: Option<f64>| {
        let whole = |n: f64| measure == DidMeasure::Value || n.fract() == 0.0;
        bound.is_none_or(|n| (0.0..=EVENTS_MAX).contains(&n) && whole(n))
    };
    match (at_least, at_most) {
        (None, None) => Some("customers.segment.bound_needed"),
        (Some(low), Some(high)) if low > high => Some("customers.segment.out_of_range"),
        _ if !within(at_least) || !within(at_most) => Some("customers.segment.out_of_range"),
        _ => None,
    }
}

fn check_events(
    filters: &[EventFilter],
    field: &str,
    within_days: Option<u32>,
    span: Option<Span>,
    add: &mut impl FnMut(&str, &str),
) {
    // What a question about events would be refused for makes no sense here either.
    let makes_sense = |filter: &EventFilter| {
        let total = Total {
            filter: filter.clone(),
            span: span.unwrap_or_default(),
            measure: Measure::Count,
            by: None,
            every: None,
            top: None,
        };
        Question::Total(total).check().is_ok()
    };
    if !filters.iter().all(makes_sense) {
        add(field, "customers.segment.unknown_value");
    }
    if let Some(days) = within_days {
        check_days(days, add);
        if span.is_some() {
            add("span", "customers.segment.one_window");
        }
    }
}

fn check_days(days: u32, add: &mut impl FnMut(&str, &str)) {
    if !(1..=DAYS_MAX).contains(&days) {
        add("within_days", "customers.segment.out_of_range");
    }
}

fn number_max(field: NumberField) -> i64 {
    match field {
        NumberField::HouseholdSize => 5,
        NumberField::Children => 3,
    }
}

fn is_value_of(field: TextField, value: &str) -> bool {
    match field {
        TextField::Language => Language::ALL.iter().any(|language| language.as_str() == value),
        TextField::AgeBand => value.parse::<AgeBand>().is_ok(),
        TextField::IncomeBand => value.parse::<IncomeBand>().is_ok(),
        TextField::Brand => value.parse::<Id>().is_ok(),
        TextField::City | TextField::District | TextField::Source => is_text(value),
    }
}

fn is_goods(goods: &Goods) -> bool {
    match goods.by {
        GoodsBy::Department | GoodsBy::Category => is_text(&goods.value),
        GoodsBy::Product | GoodsBy::Brand => goods.value.parse::<Id>().is_ok(),
    }
}

fn is_text(value: &str) -> bool {
    !value.trim().is_empty() && value.chars().count() <= TEXT_MAX && !value.chars().any(char::is_control)
}

fn path_to(path: &str, field: &str) -> String {
    match path {
        "" => format!("definition.{field}"),
        path => format!("definition.{path}.{field}"),
    }
}

fn fault(field: &str, code: &str) -> FieldProblem {
    let field = if field.is_empty() { "definition" } else { field };
    FieldProblem { field: field.to_owned(), code: code.to_owned(), args: BTreeMap::new() }
}

trait WithMax {
    fn with_max(self, max: usize) -> Self;
}

impl WithMax for FieldProblem {
    fn with_max(mut self, max: usize) -> Self {
        self.args.insert("max".to_owned(), max.into());
        self
    }
}

fn refuse(faults: Vec<FieldProblem>) -> Result<()> {
    if faults.is_empty() {
        return Ok(());
    }
    let mut problem = Problem::unprocessable("customers.segment.invalid");
    problem.fields = faults;
    Err(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Condition {
        serde_json::from_str(json).expect(json)
    }

    fn faults(tree: &Condition) -> Vec<(String, String)> {
        let problem = check(tree).expect_err("there is a fault");
        problem.fields.into_iter().map(|fault| (fault.field, fault.code)).collect()
    }

    #[test]
    fn the_segment_of_the_story_is_sound() {
        let tree = read(
            r#"{"type": "all", "of": [
                {"type": "ordered", "what": {"by": "department", "value": "PRODUCE"}, "at_least": 2, "within_days": 90},
                {"type": "not", "of": {"type": "redeemed"}},
                {"type": "tier", "one_of": ["A", "B"]}]}"#,
        );
        check(&tree).expect("sound");
        let paths: Vec<String> = tree.walk().into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["", "of.0", "of.1", "of.1.of", "of.2"]);
    }

    #[test]
    fn unknown_words_do_not_parse() {
        for json in [
            r#"{"type": "all", "of": [], "extra": 1}"#,
            r#"{"type": "tier", "one_of": ["S"]}"#,
            r#"{"type": "text", "field": "name", "one_of": ["林晓"]}"#,
            r#"{"type": "ordered", "at_least": 1, "within_days": 9, "sql": "1=1"}"#,
        ] {
            assert!(serde_json::from_str::<Condition>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn faults_are_named_with_their_path() {
        let tree = read(
            r#"{"type": "any", "of": [
                {"type": "all", "of": []},
                {"type": "not", "of": {"type": "known_since", "within_days": 0}},
                {"type": "number", "field": "children"},
                {"type": "text", "field": "language", "one_of": ["de"]},
                {"type": "ordered", "what": {"by": "product", "value": "apple"}, "at_least": 0, "within_days": 9}]}"#,
        );
        let expected = [
            ("definition.of.0.of", "customers.segment.empty"),
            ("definition.of.1.of.within_days", "customers.segment.out_of_range"),
            ("definition.of.2.at_least", "customers.segment.bound_needed"),
            ("definition.of.3.one_of", "customers.segment.unknown_value"),
            ("definition.of.4.at_least", "customers.segment.out_of_range"),
            ("definition.of.4.what.value", "customers.segment.unknown_value"),
        ];
        assert_eq!(faults(&tree), expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
    }

    #[test]
    fn trees_have_bounds() {
        let leaf = || Condition::Redeemed { campaign: None, within_days: None };
        let deep = (0..DEPTH_MAX).fold(leaf(), |tree, _| Condition::Not { of: Box::new(tree) });
        assert_eq!(faults(&deep)[0].1, "customers.segment.too_deep");
        let wide = Condition::All { of: (0..6).map(|_| Condition::Any { of: vec![leaf(); 20] }).collect() };
        assert_eq!(faults(&wide)[0].1, "customers.segment.too_many_conditions");
    }

    #[test]
    fn no_segment_refers_to_itself() {
        let refer = |id| Condition::InSegment { segment_id: id };
        let (a, b, c) = (Id::new(), Id::new(), Id::new());
        let library =
            Library::from([(a, refer(b)), (b, Condition::Redeemed { campaign: None, within_days: None })]);
        check_references(&refer(a), Some(c), &library).expect("a refers to b, nobody to c");
        let code = |result: Result<()>| result.expect_err("refused").fields[0].code.clone();
        assert_eq!(code(check_references(&refer(a), Some(b), &library)), "customers.segment.circular");
        assert_eq!(code(check_references(&refer(a), Some(a), &library)), "customers.segment.circular");
        assert_eq!(code(check_references(&refer(c), None, &library)), "customers.segment.unknown_segment");
        let doubling: Vec<Id> = (0..12).map(|_| Id::new()).collect();
        let mut library = Library::from([(doubling[0], refer(b)), (b, Condition::Tier { one_of: vec![] })]);
        for pair in doubling.windows(2) {
            library.insert(pair[1], Condition::All { of: vec![refer(pair[0]), refer(pair[0])] });
        }
        let code = code(check_references(&refer(doubling[11]), None, &library));
        assert_eq!(code, "customers.segment.too_many_conditions");
    }
}
