//! Writing: of whom conditions are other than before, and who is in segments because of that, in one transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use kernel::{Id, MINUTE_MS, Result, Timestamp};
use store::{Observation, Tx, args, json};

use super::keeper::{Keeper, State};
use super::{members, people, sql};
use crate::behaviour::sql as kept;

/// How often it says that it is there.
const BEAT_MS: i64 = 10_000;
/// How often a segment is evaluated in full: what is not about events changes in it, too.
const FULL_MS: i64 = 15 * MINUTE_MS;
/// How long one transaction evaluates segments in full: others want to write, too.
const FULL_FOR: Duration = Duration::from_millis(150);
/// People who are looked at one by one; more are looked at together with everybody else.
const AMONG_MAX: usize = 20_000;
/// People in one statement.
const CHUNK: usize = 4_000;

/// Of whom conditions are other than before, by the conditions' keys.
type Changed = BTreeMap<String, BTreeSet<Id>>;

impl Keeper {
    /// Writes what is to be written; with a look, also what time alone makes due.
    pub(super) async fn write(&mut self, looks: bool) -> Result<()> {
        let store = self.app.store.clone();
        let Some(state) = &mut self.state else { return Ok(()) };
        let now = store.now();
        let beats = self.beat_at.is_none_or(|at| now.ms() - at.ms() >= BEAT_MS);
        if looks && store.get::<i64>(sql::HELD, args![self.id]).await? != self.held.len() as i64 {
            tracing::warn!("a job decided conditions meanwhile; they are taken over again");
            state.whole.extend(state.leaves.keys().cloned());
        }
        state.spread_out();
        let full = state.due(looks, now);
        if !beats && full.is_empty() && state.is_written() {
            return Ok(());
        }
        let mut tx = store.begin_observation(Observation::Measurement).await?;
        tx.exec(sql::BEAT, args![self.id, now]).await?;
        if beats {
            tx.exec(sql::USE, args![self.id, now]).await?;
        }
        let mut changed = state.write_differences(&mut tx).await?;
        for key in &state.whole {
            changed.entry(key.clone()).or_default().extend(state.write_whole(&mut tx, key, self.id).await?);
        }
        for segment in &state.gone {
            tx.exec(sql::FORGET_MEMBERS, args![*segment]).await?;
            tx.exec(sql::FORGET_LIVE, args![*segment]).await?;
        }
        let zone = &self.app.settings.time_zone;
        let full = state.settle_full(&mut tx, &full, zone).await?;
        for segment in state.segments.iter().filter(|segment| !full.contains(&segment.id)) {
            let touched = segment.keys.iter().filter_map(|key| changed.get(key)).flatten();
            let among: BTreeSet<Id> = touched.chain(&state.moved).copied().collect();
            // Until it was evaluated in full nothing is known that could be made right in part.
            if segment.full_at.is_some() && !among.is_empty() {
                let among: Vec<Id> = among.into_iter().collect();
                let among = (among.len() <= AMONG_MAX).then_some(among.as_slice());
                members::settle(&mut tx, segment, among, zone).await?;
            }
        }
        tx.commit().await?;
        self.beat_at = Some(now);
        self.held = state.leaves.keys().cloned().collect();
        state.written(&full, now);
        Ok(())
    }
}

impl State {
    fn is_written(&self) -> bool {
        self.dirty.is_empty() && self.whole.is_empty() && self.moved.is_empty() && self.gone.is_empty()
    }

    /// After a large import every segment would look at everybody who came, in one transaction: they are evaluated in
    /// full one after another instead.
    fn spread_out(&mut self) {
        if self.moved.len() > AMONG_MAX {
            self.moved.clear();
            self.segments.iter_mut().for_each(|segment| segment.is_due = true);
        }
    }

    fn written(&mut self, full: &BTreeSet<Id>, now: Timestamp) {
        self.dirty.clear();
        self.whole.clear();
        self.moved.clear();
        self.gone.clear();
        for segment in self.segments.iter_mut().filter(|segment| full.contains(&segment.id)) {
            (segment.full_at, segment.is_due) = (Some(now), false);
        }
    }

    /// Evaluates segments in full, as many as the time is enough for, and at least one; returns which.
    async fn settle_full(&self, tx: &mut Tx, due: &[Id], zone: &TimeZone) -> Result<BTreeSet<Id>> {
        let (began, mut settled) = (Instant::now(), BTreeSet::new());
        for id in due {
            let Some(segment) = self.segments.iter().find(|segment| segment.id == *id) else { continue };
            members::settle(tx, segment, None, zone).await?;
            settled.insert(*id);
            if began.elapsed() >= FULL_FOR {
                break;
            }
        }
        Ok(settled)
    }

    /// Segments that are to be evaluated in full: those that never were, then those that waited longest.
    fn due(&self, looks: bool, now: Timestamp) -> Vec<Id> {
        if !looks {
            return Vec::new();
        }
        let is_old = |at: Timestamp| now.ms() - at.ms() >= FULL_MS;
        let due = self.segments.iter().filter(|one| one.is_due || one.full_at.is_none_or(is_old));
        let mut due: Vec<(Option<Timestamp>, Id)> = due.map(|one| (one.full_at, one.id)).collect();
        due.sort();
        due.into_iter().map(|(_, id)| id).collect()
    }

    /// Writes what changed of conditions that are not written as a whole.
    async fn write_differences(&self, tx: &mut Tx) -> Result<Changed> {
        let mut changed = Changed::new();
        for (key, (_, leaf)) in self.leaves.iter().filter(|(key, _)| !self.whole.contains(*key)) {
            let of_leaf = (*leaf, u128::MIN)..=(*leaf, u128::MAX);
            let Ok(by_default) = self.live.by_default(*leaf) else { continue };
            let (mut come, mut gone) = (Vec::new(), Vec::new());
            for (_, person) in self.dirty.range(of_leaf) {
                let Some(profile) = people::profile(*person) else { continue };
                match self.said(*leaf, *person) {
                    Some(holds) if holds != by_default => come.push(profile),
                    Some(_) => gone.push(profile),
                    None => {}
                }
            }
            if come.is_empty() && gone.is_empty() {
                continue;
            }
            write(tx, key, &come, &gone).await?;
            changed.insert(key.clone(), come.into_iter().chain(gone).collect());
        }
        Ok(changed)
    }

    /// Takes a condition over and makes what is written about it right; returns of whom it was not.
    async fn write_whole(&self, tx: &mut Tx, key: &str, by: Id) -> Result<BTreeSet<Id>> {
        let Some((condition, leaf)) = self.leaves.get(key) else { return Ok(BTreeSet::new()) };
        let Some(found) = self.exceptions(*leaf) else { return Ok(BTreeSet::new()) };
        let now = tx.now();
        tx.exec(sql::TAKE, args![key, json(condition), now, self.watermark, by]).await?;
        let before: BTreeSet<Id> = tx.all(kept::EXCEPTIONS, args![key]).await?.into_iter().collect();
        let come: Vec<Id> = found.difference(&before).copied().collect();
        let gone: Vec<Id> = before.difference(&found).copied().collect();
        write(tx, key, &come, &gone).await?;
        Ok(come.into_iter().chain(gone).collect())
    }
}

async fn write(tx: &mut Tx, key: &str, come: &[Id], gone: &[Id]) -> Result<()> {
    for chunk in gone.chunks(CHUNK) {
        tx.exec_query(kept::remove(key, chunk)).await?;
    }
    let rows = come.iter().map(|profile| args![key, *profile]).collect();
    tx.insert_many(kept::ADD, rows, kept::KEEP_EXCEPTION).await.map(drop)
}
