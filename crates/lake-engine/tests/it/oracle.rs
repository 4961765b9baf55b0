//! Answers questions as their documentation reads, the slow way: from a list of events, without any order.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use jiff::{ToSpan, Unit as JiffUnit, Zoned, ZonedRound};
use kernel::{Id, Timestamp};
use lake::Event;
use lake::query::{
    Column, Condition, EventFilter, Every, Found, Funnel, FunnelRow, Measure, Operator, PerPerson,
    PersonTest, Question, Retention, RetentionRow, Rfm, RfmRow, Span, Total, TotalRow, Unit, Value,
};
use serde_json::Value as Json;

/// An event, with what its properties say.
#[derive(Clone, Debug)]
pub struct Known {
    pub event: Event,
    pub source_id: Id,
}

impl Known {
    fn text(&self, column: Column) -> Option<String> {
        let properties: Json = serde_json::from_str(&self.event.properties).expect("JSON");
        let said = |name: &str| properties[name].as_str().map(str::to_owned);
        match column {
            Column::Name => Some(self.event.name.clone()),
            Column::Kind => Some(self.event.kind.to_string()),
            Column::Channel => self.event.channel.clone(),
            Column::Path => said("path"),
            Column::ProductId => said("product_id"),
            Column::OrderId => said("order_id"),
            Column::Currency => said("currency"),
            Column::SourceId => Some(self.source_id.to_string()),
            Column::Value => None,
        }
    }

    fn value(&self) -> Option<f64> {
        let properties: Json = serde_json::from_str(&self.event.properties).expect("JSON");
        properties["revenue"].as_f64()
    }

    fn at(&self) -> i64 {
        self.event.happened_at.ms()
    }

    fn fits(&self, filter: &EventFilter, span: Span) -> bool {
        let EventFilter { names, kinds, source_ids, where_ } = filter;
        span.has(self.event.happened_at)
            && (names.is_empty() || names.contains(&self.event.name))
            && (kinds.is_empty() || kinds.contains(&self.event.kind))
            && (source_ids.is_empty() || source_ids.contains(&self.source_id))
            && where_.iter().all(|condition| self.meets(condition))
    }

    fn meets(&self, condition: &Condition) -> bool {
        let Condition { column, op, value } = condition;
        let (text, number) = (self.text(*column), self.value());
        let is_there = if column.is_number() { number.is_some() } else { text.is_some() };
        match op {
            Operator::IsNull => return !is_there,
            Operator::NotNull => return is_there,
            _ if !is_there => return false,
            _ => {}
        }
        let order = match value.as_ref().expect("a value") {
            Value::Number(with) => number.expect("a number").total_cmp(with),
            Value::Text(with) if *op == Operator::Contains => {
                return text.expect("a text").contains(with.as_str());
            }
            Value::Text(with) => text.expect("a text").cmp(with),
        };
        match op {
            Operator::Eq => order.is_eq(),
            Operator::Ne => order.is_ne(),
            Operator::Lt => order.is_lt(),
            Operator::Le => order.is_le(),
            Operator::Gt => order.is_gt(),
            _ => order.is_ge(),
        }
    }
}

/// Answers a question.
pub fn answer(question: &Question, events: &[Known]) -> Found {
    match question {
        Question::Total(question) => total(question, events),
        Question::Funnel(question) => funnel(question, events),
        Question::Retention(question) => retention(question, events),
        Question::PerPerson(question) => per_person(question, events),
        Question::Rfm(question) => rfm(question, events),
    }
}

fn people(events: &[Known]) -> BTreeMap<Id, Vec<&Known>> {
    let mut people: BTreeMap<Id, Vec<&Known>> = BTreeMap::new();
    events.iter().for_each(|known| people.entry(known.event.node).or_default().push(known));
    people
}

/// Returns when the period of a time begins, and when the one so many after it does.
fn period(every: &Every, at: i64, after: i64) -> Zoned {
    let zone = TimeZone::get(&every.zone).expect("a zone");
    let zoned = Timestamp::from_ms(at).instant().to_zoned(zone.clone());
    let day = zoned.date();
    let begins = match every.unit {
        Unit::Hour => {
            let cut = ZonedRound::new().smallest(JiffUnit::Hour).mode(jiff::RoundMode::Trunc);
            return zoned.round(cut).expect("an hour");
        }
        Unit::Day => day + after.days(),
        Unit::Week => day - i64::from(day.weekday().to_monday_zero_offset()).days() + (after * 7).days(),
        Unit::Month => day.first_of_month() + after.months(),
    };
    begins.to_zoned(zone).expect("a day")
}

fn total(question: &Total, events: &[Known]) -> Found {
    let fitting: Vec<&Known> =
        events.iter().filter(|known| known.fits(&question.filter, question.span)).collect();
    let group = |known: &Known| question.by.and_then(|column| known.text(column));
    let start = |known: &Known| {
        let every = question.every.as_ref();
        every.map(|every| Timestamp::from(period(every, known.at(), 0).timestamp()))
    };
    let mut cells: BTreeMap<(Option<Timestamp>, Option<String>), Vec<&Known>> = BTreeMap::new();
    let mut groups: BTreeMap<Option<String>, Vec<&Known>> = BTreeMap::new();
    if question.by.is_none() && question.every.is_none() {
        cells.insert((None, None), Vec::new());
    }
    for known in fitting {
        cells.entry((start(known), group(known))).or_default().push(known);
        groups.entry(group(known)).or_default().push(known);
    }
    let rank = |value: Option<f64>, group: &Option<String>| {
        (-(value.unwrap_or(f64::NEG_INFINITY)), group.is_none(), group.clone())
    };
    let mut ranked: Vec<_> =
        groups.iter().map(|(group, events)| rank(figure(question.measure, events), group)).collect();
    ranked.sort_by(|one, other| one.partial_cmp(other).expect("no figure is not a number"));
    let kept: Option<BTreeSet<Option<String>>> =
        question.top.map(|top| ranked.into_iter().take(top as usize).map(|(_, _, group)| group).collect());
    let mut rows: Vec<TotalRow> = cells
        .into_iter()
        .filter(|((_, group), _)| kept.as_ref().is_none_or(|kept| kept.contains(group)))
        .map(|((period, group), events)| TotalRow { period, group, value: figure(question.measure, &events) })
        .collect();
    rows.sort_by(|one, other| {
        let key = |row: &TotalRow| (row.period, rank(row.value, &row.group));
        key(one).partial_cmp(&key(other)).expect("no figure is not a number")
    });
    Found::Total { rows }
}

fn figure(measure: Measure, events: &[&Known]) -> Option<f64> {
    let mut values: Vec<f64> = events.iter().filter_map(|known| known.value()).collect();
    values.sort_by(f64::total_cmp);
    let sum: f64 = values.iter().sum();
    match measure {
        Measure::Count => Some(events.len() as f64),
        Measure::People => {
            Some(events.iter().map(|known| known.event.node).collect::<BTreeSet<_>>().len() as f64)
        }
        Measure::Distinct(column) => {
            Some(events.iter().filter_map(|known| known.text(column)).collect::<BTreeSet<_>>().len() as f64)
        }
        _ if values.is_empty() => None,
        Measure::Sum => Some(sum),
        Measure::Average => Some(sum / values.len() as f64),
        Measure::Min => values.first().copied(),
        Measure::Max => values.last().copied(),
        Measure::Percentile(of) => {
            let place = of / 100.0 * (values.len() - 1) as f64;
            let (low, next) = (place as usize, (place as usize + 1).min(values.len() - 1));
            Some(values[low] + (place - place.trunc()) * (values[next] - values[low]))
        }
    }
}

fn funnel(question: &Funnel, events: &[Known]) -> Found {
    let mut rows: BTreeMap<Option<String>, Vec<i64>> = BTreeMap::new();
    if question.by.is_none() {
        rows.insert(None, vec![0; question.steps.len()]);
    }
    for events in people(events).values() {
        let mut best: BTreeMap<Option<String>, usize> = BTreeMap::new();
        for (place, first) in events.iter().enumerate() {
            if first.fits(&question.steps[0], question.span) {
                let group = question.by.and_then(|column| first.text(column));
                let reached = 1 + further(question, events, &mut vec![place]);
                let best = best.entry(group).or_default();
                *best = reached.max(*best);
            }
        }
        for (group, reached) in best {
            let counts = rows.entry(group).or_insert_with(|| vec![0; question.steps.len()]);
            counts[..reached].iter_mut().for_each(|count| *count += 1);
        }
    }
    let mut rows: Vec<FunnelRow> =
        rows.into_iter().map(|(group, steps)| FunnelRow { group, steps }).collect();
    rows.sort_by_key(|row| (-row.steps[0], row.group.is_none(), row.group.clone()));
    Found::Funnel { rows }
}

/// Tries every event for the next step; returns how many more steps are reached.
fn further(question: &Funnel, events: &[&Known], chain: &mut Vec<usize>) -> usize {
    let Some(step) = question.steps.get(chain.len()) else { return 0 };
    let (first, last) = (events[chain[0]].at(), events[chain[chain.len() - 1]].at());
    let mut most = 0;
    for (place, next) in events.iter().enumerate() {
        let in_time = next.at() >= last && next.at() - first <= question.within_ms;
        if in_time && !chain.contains(&place) && next.fits(step, question.span) {
            chain.push(place);
            most = most.max(1 + further(question, events, chain));
            chain.pop();
        }
    }
    most
}

fn retention(question: &Retention, events: &[Known]) -> Found {
    let Retention { start, back, every, periods, span } = question;
    let mut cohorts: BTreeMap<Timestamp, (i64, Vec<i64>)> = BTreeMap::new();
    for events in people(events).values() {
        let starts: Vec<&&Known> = events.iter().filter(|known| known.fits(start, *span)).collect();
        let Some(began) = starts.iter().map(|known| known.at()).min() else { continue };
        let periods_after: Vec<Timestamp> = (0..=i64::from(*periods) + 1)
            .map(|after| period(every, began, after).timestamp().into())
            .collect();
        let cohort = cohorts.entry(periods_after[0]).or_insert_with(|| {
            let seen =
                periods_after[..=*periods as usize].iter().filter(|at| span.to.is_none_or(|to| **at < to));
            (0, vec![0; seen.count()])
        });
        cohort.0 += 1;
        for (after, count) in cohort.1.iter_mut().enumerate() {
            let came = events.iter().any(|known| {
                let at = known.event.happened_at;
                let another = starts
                    .iter()
                    .any(|first| first.at() == began && first.event.message_id != known.event.message_id);
                let here = periods_after[after] <= at && at < periods_after[after + 1];
                known.fits(back, *span) && known.at() >= began && another && here
            });
            *count += i64::from(came);
        }
    }
    let rows = cohorts.into_iter().map(|(cohort, (people, back))| RetentionRow { cohort, people, back });
    Found::Retention { rows: rows.collect() }
}

fn per_person(question: &PerPerson, events: &[Known]) -> Found {
    let mut nodes = Vec::new();
    for (node, events) in people(events) {
        let fitting: Vec<&&Known> =
            events.iter().filter(|known| known.fits(&question.filter, question.span)).collect();
        let times = || fitting.iter().map(|known| known.event.happened_at);
        let (Some(first), Some(last)) = (times().min(), times().max()) else { continue };
        let later = |known: &&&Known| known.event.happened_at > last;
        let not_since = question.not_since.as_ref();
        let ruled_out = not_since
            .is_some_and(|filter| events.iter().filter(later).any(|known| known.fits(filter, question.span)));
        let holds = |test: &PersonTest| match test {
            PersonTest::Count(bounds) => bounds.has(&(fitting.len() as i64)),
            PersonTest::Sum(bounds) => bounds.has(&fitting.iter().filter_map(|known| known.value()).sum()),
            PersonTest::First(bounds) => bounds.has(&first),
            PersonTest::Last(bounds) => bounds.has(&last),
        };
        let fits = !ruled_out && holds(&question.test) && question.also.iter().all(holds);
        if fits {
            nodes.push(node);
        }
    }
    let people = nodes.len() as i64;
    let named = question.nodes.map(|most| nodes.into_iter().take(most as usize).collect());
    Found::PerPerson { people, nodes: named }
}

fn rfm(question: &Rfm, events: &[Known]) -> Found {
    let mut figures: Vec<(i64, usize, f64)> = Vec::new();
    for events in people(events).values() {
        let fitting: Vec<&&Known> =
            events.iter().filter(|known| known.fits(&question.filter, question.span)).collect();
        if let Some(last) = fitting.iter().map(|known| known.at()).max() {
            figures.push((last, fitting.len(), fitting.iter().filter_map(|known| known.value()).sum()));
        }
    }
    // Somebody's group: how many groups of the sizes that are due lie wholly before their rank.
    let groups = question.groups as usize;
    let group = |rank: usize| {
        let size = |group: usize| figures.len() / groups + usize::from(group < figures.len() % groups);
        (1..=groups).find(|group| rank < (0..*group).map(size).sum()).expect("everybody is in one") as u32
    };
    let rank = |before: &dyn Fn(&(i64, usize, f64), &(i64, usize, f64)) -> std::cmp::Ordering, who: usize| {
        let earlier = |other: &usize| before(&figures[*other], &figures[who]).then(other.cmp(&who)).is_lt();
        (0..figures.len()).filter(earlier).count()
    };
    let mut cells: BTreeMap<(u32, u32, u32), (i64, f64)> = BTreeMap::new();
    for (who, of) in figures.iter().enumerate() {
        let cell = (
            group(rank(&|one, other| one.0.cmp(&other.0), who)),
            group(rank(&|one, other| one.1.cmp(&other.1), who)),
            group(rank(&|one, other| one.2.partial_cmp(&other.2).expect("sums are numbers"), who)),
        );
        let cell = cells.entry(cell).or_default();
        *cell = (cell.0 + 1, cell.1 + of.2);
    }
    let rows = cells.into_iter().map(|((recency, frequency, monetary), (people, value))| RfmRow {
        recency,
        frequency,
        monetary,
        people,
        value,
    });
    Found::Rfm { rows: rows.collect() }
}
