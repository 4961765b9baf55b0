//! Random events and questions about them.

use kernel::{HOUR_MS, Id};
use lake::query::{
    Bounds, Column, Condition, EventFilter, Every, Funnel, Measure, Operator, PerPerson, PersonTest,
    Question, Retention, Rfm, Span, Total, Unit, Value,
};
use lake::{Event, EventKind};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use store::testing::START;

use crate::oracle::Known;
use crate::world::person;

const NAMES: [&str; 4] = ["see", "add", "buy", "回访"];
const CHANNELS: [&str; 3] = ["mail", "search", "weixin"];
const ZONES: [&str; 3] = ["UTC", "Asia/Shanghai", "America/New_York"];
/// Hours over which events are spread.
const HOURS: i64 = 24 * 150;

pub fn sources() -> [Id; 2] {
    [Id::from_digest([3; 16]), Id::from_digest([4; 16])]
}

/// Events of a few people, many of them at the same time as others.
pub fn events() -> impl Strategy<Value = Vec<Known>> {
    let when = prop_oneof![0..HOURS, (0..8_i64).prop_map(|of| of * 500), 0..40_i64];
    let one =
        (0..6_u64, when, 0..NAMES.len(), option::of(0..CHANNELS.len()), option::of(0..9_u32), 0..2_usize);
    prop::collection::vec(one, 0..70).prop_map(|all| {
        let all = all.into_iter().enumerate();
        all.map(|(number, (who, hours, name, channel, value, source))| Known {
            source_id: sources()[source],
            event: Event {
                message_id: format!("m-{number}"),
                kind: if name == 0 { EventKind::Page } else { EventKind::Track },
                name: NAMES[name].to_owned(),
                node: person(who),
                user_id: None,
                anonymous_id: Some(format!("a-{who}")),
                happened_at: START.plus_ms(hours * HOUR_MS),
                channel: channel.map(|place| CHANNELS[place].to_owned()),
                properties: value.map_or_else(
                    || "{}".to_owned(),
                    |value| {
                        format!(r#"{{"revenue":{value},"order_id":"o-{}","path":"/{value}"}}"#, value % 4)
                    },
                ),
                context: "{}".to_owned(),
            },
        })
        .collect()
    })
}

fn column() -> impl Strategy<Value = Column> {
    select(Column::ALL.iter().copied().filter(|column| !column.is_number()).collect::<Vec<_>>())
}

fn condition() -> impl Strategy<Value = Condition> {
    let texts = [&NAMES[..], &CHANNELS[..], &["o-1", "/3", "page", "a"]].concat();
    let compared = select(Operator::ALL);
    prop_oneof![
        (column(), compared, select(texts)).prop_map(|(column, op, text)| {
            let bare = matches!(op, Operator::IsNull | Operator::NotNull);
            Condition { column, op, value: (!bare).then(|| Value::Text(text.to_owned())) }
        }),
        (select(Operator::ALL), 0..9_u32).prop_filter_map("numbers contain nothing", |(op, number)| {
            let bare = matches!(op, Operator::IsNull | Operator::NotNull);
            let value = (!bare).then(|| Value::Number(f64::from(number)));
            (op != Operator::Contains).then_some(Condition { column: Column::Value, op, value })
        }),
    ]
}

fn filter() -> impl Strategy<Value = EventFilter> {
    let names = prop::collection::vec(select(&NAMES[..]), 0..3);
    let kinds = prop_oneof![4 => Just(Vec::new()), 1 => Just(vec![EventKind::Track])];
    let from = prop_oneof![4 => Just(Vec::new()), 1 => Just(vec![sources()[1]])];
    let conditions = prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(condition(), 1..3)];
    (names, kinds, from, conditions).prop_map(|(names, kinds, source_ids, where_)| EventFilter {
        names: names.into_iter().map(str::to_owned).collect(),
        kinds,
        source_ids,
        where_,
    })
}

fn span() -> impl Strategy<Value = Span> {
    (option::of(0..HOURS), option::of(1..HOURS)).prop_map(|(from, hours)| Span {
        from: from.map(|hours| START.plus_ms(hours * HOUR_MS)),
        to: hours.map(|hours| START.plus_ms((from.unwrap_or(0) + hours) * HOUR_MS)),
    })
}

fn every(units: &'static [Unit]) -> impl Strategy<Value = Every> {
    (select(units), select(&ZONES[..])).prop_map(|(unit, zone)| Every { unit, zone: zone.to_owned() })
}

fn total() -> impl Strategy<Value = Question> {
    let measure = prop_oneof![
        select(
            &[Measure::Count, Measure::People, Measure::Sum, Measure::Average, Measure::Min, Measure::Max][..]
        ),
        // Eighths, so that whoever computes it comes to the very same number.
        (0..=8_u32).prop_map(|of| Measure::Percentile(f64::from(of) * 12.5)),
        column().prop_map(Measure::Distinct),
    ];
    let every = option::of(every(&[Unit::Hour, Unit::Day, Unit::Week, Unit::Month]));
    (filter(), span(), measure, option::of((column(), option::of(1..4_u32))), every).prop_map(
        |(filter, span, measure, by, every)| {
            let (by, top) = by.map_or((None, None), |(by, top)| (Some(by), top));
            Question::Total(Total { filter, span, measure, by, every, top })
        },
    )
}

fn funnel() -> impl Strategy<Value = Question> {
    let within = prop_oneof![Just(0), 0..48_i64, 0..HOURS];
    (prop::collection::vec(filter(), 1..5), within, span(), option::of(column())).prop_map(
        |(steps, hours, span, by)| Question::Funnel(Funnel { steps, within_ms: hours * HOUR_MS, span, by }),
    )
}

fn retention() -> impl Strategy<Value = Question> {
    let every = every(&[Unit::Day, Unit::Week, Unit::Month]);
    (filter(), filter(), every, 1..8_u32, span()).prop_map(|(start, back, every, periods, span)| {
        Question::Retention(Retention { start, back, every, periods, span })
    })
}

fn bounds<T: std::fmt::Debug + Clone + PartialOrd>(
    of: impl Strategy<Value = T> + Clone,
) -> impl Strategy<Value = Bounds<T>> + Clone {
    (option::of(of.clone()), option::of(of)).prop_map(|(one, other)| match (&one, &other) {
        (Some(least), Some(most)) if least > most => Bounds { at_least: other, at_most: one },
        _ => Bounds { at_least: one, at_most: other },
    })
}

fn per_person() -> impl Strategy<Value = Question> {
    let time = (0..HOURS).prop_map(|hours| START.plus_ms(hours * HOUR_MS));
    let test = prop_oneof![
        bounds(1..6_i64).prop_map(PersonTest::Count),
        bounds((0..20_u32).prop_map(f64::from)).prop_map(PersonTest::Sum),
        bounds(time.clone()).prop_map(PersonTest::First),
        bounds(time).prop_map(PersonTest::Last),
    ];
    let also = prop::collection::vec(test.clone(), 0..3);
    let rest = (also, option::of(filter()), option::of(1..9_u32));
    (filter(), span(), test, rest).prop_map(|(filter, span, test, (also, not_since, nodes))| {
        Question::PerPerson(PerPerson { filter, span, test, also, not_since, nodes })
    })
}

fn rfm() -> impl Strategy<Value = Question> {
    (filter(), span(), 2..6_u32)
        .prop_map(|(filter, span, groups)| Question::Rfm(Rfm { filter, span, groups }))
}

/// Questions of every type.
pub fn questions() -> impl Strategy<Value = Vec<Question>> {
    prop::collection::vec(
        prop_oneof![3 => total(), 2 => funnel(), 1 => retention(), 2 => per_person(), 1 => rfm()],
        1..30,
    )
}
