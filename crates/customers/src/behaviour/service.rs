use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use kernel::{DAY_MS, Id, Problem, Result, Timestamp};
use lake::{Lake, ReadEvent, Selection};
use live_segments::{EventView, Limits, Live, News, evaluate};
use serde::Deserialize;
use store::{Observation, Store, args, json};

use super::person::Done;
use super::rules::{key, leaf};
use super::{sql, upkeep};
use crate::condition::{Condition, Library};

/// How long what was decided is good for somebody who looks at a segment; a job keeps those in use fresh.
const GOOD_FOR_MS: i64 = kernel::MINUTE_MS;
/// How long a condition is kept that nobody asked about.
const KEPT_DAYS: i64 = 3;
/// How long it is known who entered and left a segment.
const CHANGES_KEPT_DAYS: i64 = 90;
/// People in one statement.
const CHUNK: usize = 4_000;
/// Memory for deciding, in bytes.
const MEMORY: usize = 768 << 20;

/// Returns the conditions on events in some trees, by what they are kept under.
pub(super) fn conditions<'t>(trees: impl Iterator<Item = &'t Condition>) -> BTreeMap<String, &'t Condition> {
    let leaves = trees.flat_map(Condition::walk).map(|(_, node)| node);
    leaves.filter(|node| node.is_about_events()).map(|node| (key(node), node)).collect()
}

/// Makes sure that conditions on events are decided as of a minute ago at most.
pub async fn decide(store: &Store, lake: Option<&Lake>, tree: &Condition, library: &Library) -> Result<()> {
    let mut wanted = conditions(std::iter::once(tree).chain(library.values()));
    if wanted.is_empty() {
        return Ok(());
    }
    let now = store.now();
    let decided: Vec<Decided> = store.all(sql::DECIDED, args![]).await?;
    let decided: HashMap<String, Decided> = decided.into_iter().map(|one| (one.id.clone(), one)).collect();
    use_of(store, wanted.keys().filter_map(|key| decided.get(key)), now).await?;
    wanted.retain(|key, _| decided.get(key).is_none_or(|one| now.ms() - one.decided_at.ms() > GOOD_FOR_MS));
    recompute(store, lake, &wanted).await
}

/// When a condition was decided last, and asked for.
#[derive(Debug, Deserialize)]
struct Decided {
    id: String,
    decided_at: Timestamp,
    used_at: Timestamp,
}

/// Notes which conditions are asked for, once a day: whoever only looks writes nothing.
async fn use_of(store: &Store, asked: impl Iterator<Item = &Decided>, now: Timestamp) -> Result<()> {
    let asked: Vec<&Decided> = asked.filter(|one| now.ms() - one.used_at.ms() > DAY_MS).collect();
    if asked.is_empty() {
        return Ok(());
    }
    let mut tx = store.begin_observation(Observation::Measurement).await?;
    for one in asked {
        tx.exec(sql::USE, args![&one.id, now]).await?;
    }
    tx.commit().await
}

/// Decides conditions anew, all of them in one pass over the lake, but for those that are kept true event by event.
pub async fn recompute(
    store: &Store,
    lake: Option<&Lake>,
    wanted: &BTreeMap<String, &Condition>,
) -> Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let now = store.now();
    let since = now.plus_ms(-upkeep::LIVE_FOR_MS);
    let live: HashSet<String> = store.all(upkeep::LIVE, args![since]).await?.into_iter().collect();
    let mut wanted = wanted.clone();
    wanted.retain(|key, _| !live.contains(key));
    if wanted.is_empty() {
        return Ok(());
    }
    let lake = lake.ok_or_else(|| Problem::unavailable("lake.not_running"))?;
    let owners: HashMap<Id, Id> = store.all(sql::OWNERS, args![]).await?.into_iter().collect();
    let mut live = Live::new(Limits { bytes: MEMORY, ..Limits::default() }, now);
    let mut ids = Vec::with_capacity(wanted.len());
    for (key, condition) in &wanted {
        let leaf = leaf(condition).ok_or_else(|| Problem::internal("a condition is not about events"))?;
        let id = live.add(&leaf).map_err(Problem::internal)?;
        ids.push((key, *condition, id));
    }
    let mut news = News::default();
    let each = |event: &ReadEvent<'_>| {
        let Some(profile) = owners.get(&event.node) else { return };
        live.feed(number(*profile), &view(event), now, &mut news);
        news.changes.clear();
    };
    let asked = selection(wanted.values().copied(), now);
    let watermark = lake.read(&asked, Box::new(each)).await?;
    let aside = done_aside(lake, &live, &owners, asked).await?;
    for (key, condition, id) in ids {
        let too_much = |_| Problem::unprocessable("customers.segment.too_much_history");
        let mut found: HashSet<Id> = live.exceptions(id).map_err(too_much)?.map(profile).collect();
        let by_default = live.by_default(id).map_err(too_much)?;
        for (person, events) in &aside {
            match holds(condition, events, now) == by_default {
                true => found.remove(person),
                false => found.insert(*person),
            };
        }
        keep(store, key, condition, &found, now, watermark).await?;
    }
    Ok(())
}

/// Returns what those people did who have more events than are kept.
async fn done_aside(
    lake: &Lake,
    live: &Live,
    owners: &HashMap<Id, Id>,
    asked: Selection,
) -> Result<HashMap<Id, Vec<Done>>> {
    let mut done: HashMap<Id, Vec<Done>> = live.aside().map(|person| (profile(person), Vec::new())).collect();
    if done.is_empty() {
        return Ok(done);
    }
    let theirs = owners.iter().filter(|(_, profile)| done.contains_key(profile));
    let nodes = theirs.map(|(node, _)| *node).collect();
    let each = |event: &ReadEvent<'_>| {
        if let Some(events) = owners.get(&event.node).and_then(|profile| done.get_mut(profile)) {
            events.push(Done::of(event));
        }
    };
    lake.read(&Selection { nodes: Some(nodes), ..asked }, Box::new(each)).await?;
    Ok(done)
}

/// Returns whether a condition holds for a person who did this.
pub(super) fn holds(condition: &Condition, events: &[Done], now: Timestamp) -> bool {
    let views: Vec<EventView<'_>> = events.iter().map(Done::view).collect();
    let Some(leaf) = leaf(condition) else { return false };
    evaluate(std::slice::from_ref(&leaf), &views, now).first().copied().unwrap_or(false)
}

fn profile(person: u128) -> Id {
    Id::from_bytes(person.to_be_bytes())
}

/// A person's number among those who are kept.
fn number(profile: Id) -> u128 {
    u128::from_be_bytes(profile.bytes())
}

pub(super) fn view<'a>(event: &ReadEvent<'a>) -> EventView<'a> {
    EventView {
        name: event.name,
        kind: event.kind,
        source_id: event.source_id,
        channel: event.channel,
        path: event.path,
        product_id: event.product_id,
        order_id: event.order_id,
        currency: event.currency,
        value: event.value,
        at: event.happened_at,
    }
}

/// Returns which events can matter to any of these conditions.
pub(super) fn selection<'c>(conditions: impl Iterator<Item = &'c Condition>, now: Timestamp) -> Selection {
    let (mut names, mut every_name) = (BTreeSet::new(), false);
    let mut from = Some(now);
    for condition in conditions {
        let (filters, within_days, span) = match condition {
            Condition::Did { what, within_days, span, .. } => (std::slice::from_ref(what), within_days, span),
            Condition::DidInOrder { steps, within_days, span, .. } => (steps.as_slice(), within_days, span),
            _ => continue,
        };
        for filter in filters {
            every_name |= filter.names.is_empty();
            names.extend(filter.names.iter().cloned());
        }
        let begins = match (within_days, span) {
            (Some(days), _) => Some(now.plus_days(-i64::from(*days))),
            (None, Some(span)) => span.from,
            (None, None) => None,
        };
        from = from.zip(begins).map(|(one, other)| one.min(other));
    }
    if every_name {
        names.clear();
    }
    Selection { names, span: lake::query::Span { from, to: None }, ..Selection::default() }
}

/// Writes down what changed since a condition was decided last; nothing where somebody began to keep it true meanwhile.
async fn keep(
    store: &Store,
    key: &str,
    condition: &Condition,
    found: &HashSet<Id>,
    now: Timestamp,
    watermark: Option<Timestamp>,
) -> Result<()> {
    let mut tx = store.begin_observation(Observation::Measurement).await?;
    let since = now.plus_ms(-upkeep::LIVE_FOR_MS);
    if tx.exec(sql::KEEP, args![key, json(condition), now, watermark, since]).await? == 0 {
        return Ok(());
    }
    let before: HashSet<Id> = tx.all(sql::EXCEPTIONS, args![key]).await?.into_iter().collect();
    let gone: Vec<Id> = before.difference(found).copied().collect();
    for chunk in gone.chunks(CHUNK) {
        tx.exec_query(sql::remove(key, chunk)).await?;
    }
    let come = found.difference(&before).map(|profile| args![key, *profile]).collect();
    tx.insert_many(sql::ADD, come, sql::KEEP_EXCEPTION).await?;
    tx.commit().await
}

/// Forgets conditions that nobody asked about for days.
pub(super) async fn forget(store: &Store) -> Result<()> {
    let before = store.now().plus_days(-KEPT_DAYS);
    let mut tx = store.begin_observation(Observation::Measurement).await?;
    tx.exec(sql::FORGET_EXCEPTIONS, args![before]).await?;
    let changes = store.now().plus_days(-CHANGES_KEPT_DAYS);
    tx.exec(upkeep::FORGET_CHANGES, args![changes]).await?;
    tx.exec(sql::FORGET, args![before]).await?;
    tx.commit().await
}
