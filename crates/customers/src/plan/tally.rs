//! Tally (计数): what arrived and how it broke the plan, counted in memory and written down every few seconds. A node
//! that dies loses the counts of these seconds, never an event.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use http_kit::App;
use kernel::{Id, Result, Timestamp};
use lake::{Event, EventKind};
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobError, JobKind, Lease};
use store::{Observation, Store, args};

use super::rules::Verdict;
use super::{BreachReason, EventPlan, sql};

/// How long counts stay in memory.
const KEPT_FOR: Duration = Duration::from_secs(10);
/// Most names of events that nobody planned, and of properties likewise, that a source has on a day; the rest is counted
/// together.
const NAMES_MAX: usize = 1_000;
/// Days for which counts are kept: four weeks and one more.
const DAYS: i64 = 35;
/// The name under which the rest is counted.
const OTHERS: &str = "";
/// A planned field that may be absent, and was: no breach, and told apart from those.
const ABSENT: &str = "absent";

/// What is counted about events of one kind and name.
type Name = (EventKind, String);

/// A breach as it is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Breach {
    kind: EventKind,
    name: String,
    field: String,
    reason: &'static str,
    found: String,
}

/// What was noticed about the events of a request (随到随记).
#[derive(Debug, Default)]
pub struct Noted {
    seen: HashMap<Name, i64>,
    breaches: HashMap<Breach, (i64, Option<String>)>,
}

impl Noted {
    /// Counts events by kind and name.
    pub fn seen(events: &[Event]) -> Self {
        let mut noted = Self::default();
        for event in events {
            *noted.seen.entry((event.kind, name(event).to_owned())).or_default() += 1;
        }
        noted
    }

    /// Counts what the plan says of an event.
    pub fn judged(&mut self, event: &Event, verdict: &Verdict) {
        for violation in &verdict.violations {
            // A million names that nobody planned are one breach; the names stand among those that were seen.
            let unknown = violation.reason == BreachReason::NotPlanned;
            let breach = Breach {
                kind: event.kind,
                name: if unknown { OTHERS } else { name(event) }.to_owned(),
                field: violation.field.clone(),
                reason: violation.reason.as_str(),
                found: violation.found.clone().unwrap_or_default(),
            };
            self.breaches.entry(breach).or_insert_with(|| (0, violation.expected.clone())).0 += 1;
        }
        for field in &verdict.absent {
            let (kind, name) = (event.kind, name(event).to_owned());
            let absent = Breach { kind, name, field: field.clone(), reason: ABSENT, found: String::new() };
            self.breaches.entry(absent).or_default().0 += 1;
        }
    }
}

/// Pages have as many names as a site has pages; they are counted together.
fn name(event: &Event) -> &str {
    if event.kind == EventKind::Track { &event.name } else { OTHERS }
}

/// What is not written down yet (计数缓存).
#[derive(Clone, Debug, Default)]
pub struct EventTally(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    of_days: BTreeMap<(Id, String), DayCounts>,
    since: Option<Instant>,
}

#[derive(Debug, Default)]
struct DayCounts {
    seen: BTreeMap<Name, i64>,
    breaches: BTreeMap<Breach, (i64, Option<String>)>,
    last_at: i64,
}

impl DayCounts {
    fn add(&mut self, noted: Noted, last_at: i64) {
        self.last_at = self.last_at.max(last_at);
        for (mut key, events) in noted.seen {
            // Bounds memory; what is planned is told apart when it is written down.
            if self.seen.len() >= NAMES_MAX * 3 && !self.seen.contains_key(&key) {
                key.1 = OTHERS.to_owned();
            }
            *self.seen.entry(key).or_default() += events;
        }
        for (mut key, (events, expected)) in noted.breaches {
            let is_known = self.breaches.contains_key(&key);
            let outside = key.reason == BreachReason::Extra.as_str();
            if outside && self.breaches.len() >= NAMES_MAX * 3 && !is_known {
                key.field = OTHERS.to_owned();
            }
            let counted = self.breaches.entry(key).or_default();
            *counted = (counted.0 + events, expected);
        }
    }

    fn into_noted(self) -> Noted {
        Noted { seen: self.seen.into_iter().collect(), breaches: self.breaches.into_iter().collect() }
    }
}

impl EventTally {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts what a source brought; writes down where it is time to.
    pub async fn add(&self, app: &App, source: Id, received_at: Timestamp, noted: Noted) {
        let due = {
            let mut counts = self.counts();
            let day = received_at.utc_day().to_string();
            counts.of_days.entry((source, day)).or_default().add(noted, received_at.ms());
            counts.since.get_or_insert_with(Instant::now).elapsed() >= KEPT_FOR
        };
        // The events are kept already: whoever sent them need not hear of this.
        if due && let Err(problem) = self.flush(app).await {
            tracing::warn!(%problem, "counts of events were not written down; the next try has them, too");
        }
    }

    /// Writes down what was counted.
    pub async fn flush(&self, app: &App) -> Result<()> {
        let taken = std::mem::take(&mut *self.counts()).of_days;
        if taken.is_empty() {
            return Ok(());
        }
        let written = write(app, &taken).await;
        if written.is_err() {
            let mut counts = self.counts();
            for (key, day) in taken {
                let last_at = day.last_at;
                counts.of_days.entry(key).or_default().add(day.into_noted(), last_at);
            }
        }
        written
    }
}

async fn write(app: &App, taken: &BTreeMap<(Id, String), DayCounts>) -> Result<()> {
    let plan = app.part::<EventPlan>()?.current(&app.store).await?;
    let mut tx = app.store.begin_observation(Observation::Ingest).await?;
    for ((source, day), counts) in taken {
        let known: Vec<String> = tx.all(sql::SEEN_NAMES, args![*source, day]).await?;
        let mut names = Bound::new(known, |name| plan.names(name));
        let mut seen: BTreeMap<(EventKind, &str), i64> = BTreeMap::new();
        for ((kind, name), events) in &counts.seen {
            let name = if *kind == EventKind::Track { names.fit(name) } else { name };
            *seen.entry((*kind, name)).or_default() += events;
        }
        let rows = seen.into_iter().map(|((kind, name), events)| {
            let data = super::data_kind(kind, name).map(super::DataKind::as_str);
            args![*source, day, kind.as_str(), name, data, events, counts.last_at]
        });
        tx.insert_many(sql::COUNT_SEEN, rows.collect(), sql::ADD_SEEN).await?;
        let known: Vec<String> = tx.all(sql::EXTRA_FIELDS, args![*source, day]).await?;
        let mut fields = Bound::new(known, |_| false);
        let mut breaches: BTreeMap<Breach, (i64, &Option<String>)> = BTreeMap::new();
        for (breach, (events, expected)) in &counts.breaches {
            let mut breach = breach.clone();
            if breach.reason == BreachReason::Extra.as_str() {
                breach.field = fields.fit(&breach.field).to_owned();
            }
            let counted = breaches.entry(breach).or_insert((0, expected));
            *counted = (counted.0 + events, expected);
        }
        let rows = breaches.into_iter().map(|(breach, (events, expected))| {
            let Breach { kind, name, field, reason, found } = breach;
            args![
                *source,
                day,
                kind.as_str(),
                name,
                field,
                reason,
                found,
                expected.clone(),
                events,
                counts.last_at
            ]
        });
        tx.insert_many(sql::COUNT_BREACHES, rows.collect(), sql::ADD_BREACHES).await?;
    }
    tx.commit().await
}

/// Names that are told apart: those that were, those that are planned, and so many more.
struct Bound<'p> {
    known: HashSet<String>,
    planned: Box<dyn Fn(&str) -> bool + Send + 'p>,
    room: usize,
}

impl<'p> Bound<'p> {
    fn new(known: Vec<String>, planned: impl Fn(&str) -> bool + Send + 'p) -> Self {
        let taken = known.iter().filter(|name| !name.is_empty() && !planned(name)).count();
        Self {
            known: known.into_iter().collect(),
            planned: Box::new(planned),
            room: NAMES_MAX.saturating_sub(taken),
        }
    }

    /// Returns the name, or that of the rest.
    fn fit<'n>(&mut self, name: &'n str) -> &'n str {
        if name == OTHERS || self.known.contains(name) || (self.planned)(name) {
            return name;
        }
        if self.room == 0 {
            return OTHERS;
        }
        self.room -= 1;
        self.known.insert(name.to_owned());
        name
    }
}

/// Drops counts that nobody looks at any more.
pub async fn keep_days(store: &Store) -> Result<()> {
    let before = store.now().plus_days(-DAYS).utc_day().to_string();
    let mut tx = store.begin_observation(Observation::Ingest).await?;
    tx.exec(sql::FORGET_SEEN, args![&before]).await?;
    tx.exec(sql::FORGET_BREACHES, args![&before]).await?;
    tx.commit().await
}

/// Writes down what was counted, also where no more events come.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FlushTally {}

impl JobKind for FlushTally {
    const KIND: &'static str = "customers.event.tally";
}

#[async_trait]
impl Job<App> for FlushTally {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        app.part::<EventTally>()?.flush(app).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_nobody_planned_are_bounded_and_planned_ones_are_not() {
        let known = (0..NAMES_MAX - 2).map(|n| format!("known {n}")).chain([OTHERS.to_owned()]).collect();
        let mut bound = Bound::new(known, |name| name.starts_with("planned"));
        assert_eq!(
            (bound.fit("known 7"), bound.fit("new 1"), bound.fit("new 2")),
            ("known 7", "new 1", "new 2")
        );
        assert_eq!(
            (bound.fit("new 3"), bound.fit("planned 3"), bound.fit("new 1")),
            (OTHERS, "planned 3", "new 1")
        );
    }

    #[test]
    fn memory_is_bounded_and_nothing_is_lost() {
        let mut day = DayCounts::default();
        for n in 0..10_000 {
            let seen = HashMap::from([((EventKind::Track, format!("event {n}")), 1)]);
            day.add(Noted { seen, breaches: HashMap::new() }, n);
        }
        assert!(day.seen.len() <= NAMES_MAX * 3 + 1, "{}", day.seen.len());
        assert_eq!((day.seen.values().sum::<i64>(), day.last_at), (10_000, 9_999));
    }
}
