use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use http_kit::App;
use kernel::{Id, Result, Timestamp};
use lake::Lake;
use live_segments::{LeafId, Live, News, NotLive};
use store::{Observation, args};

use super::inbox::{Heard, Inbox};
use super::people::{self, People};
use super::plan::{self, LiveSegment};
use super::sql;
use crate::condition::Condition;

/// Keeps conditions true (维护者).
#[derive(Debug)]
pub struct Keeper {
    pub(super) app: Arc<App>,
    /// Who this is, among all who keep or kept conditions.
    pub(super) id: Id,
    pub(super) inbox: Arc<Inbox>,
    /// Number of the first event that it is told.
    pub(super) first: u64,
    /// What was told, was counted, and is not in files as far as is known.
    pub(super) waiting: Vec<Heard>,
    /// Conditions that are too much to keep.
    pub(super) given_up: BTreeSet<String>,
    /// Conditions that this one took over in the database.
    pub(super) held: BTreeSet<String>,
    pub(super) beat_at: Option<Timestamp>,
    pub(super) state: Option<State>,
}

/// Conditions, by their keys (所维护的条件).
pub type Leaves = BTreeMap<String, (Condition, LeafId)>;

/// What is kept, once it was read (维护状态).
#[derive(Debug)]
pub struct State {
    pub(super) live: Live,
    pub(super) leaves: Leaves,
    pub(super) people: People,
    pub(super) segments: Vec<LiveSegment>,
    /// Segments whose members are to be forgotten.
    pub(super) gone: Vec<Id>,
    pub(super) fingerprint: (i64, i64),
    pub(super) base: (i64, u64),
    pub(super) watermark: Option<Timestamp>,
    /// From when on moved identifiers are looked for.
    pub(super) moved_from: Timestamp,
    pub(super) compared_at: Timestamp,
    pub(super) news: News,
    /// What was found out about people who have too many events, and when.
    pub(super) aside: HashMap<(LeafId, u128), bool>,
    pub(super) aside_at: Option<Timestamp>,
    /// Conditions that have to be written as a whole.
    pub(super) whole: BTreeSet<String>,
    /// Of whom conditions may be other than is written.
    pub(super) dirty: BTreeSet<(LeafId, u128)>,
    /// Profiles that have other identifiers than when segments were evaluated.
    pub(super) moved: BTreeSet<Id>,
}

impl Keeper {
    /// Begins with nothing; `first` is the number of the first event that the inbox is told.
    pub fn new(app: Arc<App>, inbox: Arc<Inbox>, first: u64) -> Self {
        Self {
            app,
            id: Id::new(),
            inbox,
            first,
            waiting: Vec::new(),
            given_up: BTreeSet::new(),
            held: BTreeSet::new(),
            beat_at: None,
            state: None,
        }
    }

    /// Waits until something is told.
    pub async fn rung(&self) {
        self.inbox.rung().await;
    }

    /// Forgets what is kept: it is read again with the next look.
    pub fn begin_anew(&mut self) {
        self.state = None;
    }

    pub(super) fn lake(&self) -> Result<Lake> {
        self.app.part::<Lake>().cloned()
    }

    /// Counts what was told, and writes what changed; where it looks, also what no event tells.
    pub async fn round(&mut self, looks: bool) -> Result<()> {
        if looks {
            self.look().await?;
        }
        self.hear();
        // What could not be written is still to be written; what is kept is sound.
        if let Err(problem) = self.write(looks).await {
            tracing::warn!(source = ?problem.source, "who is in segments could not be written: {problem}");
        }
        Ok(())
    }

    async fn look(&mut self) -> Result<()> {
        let lake = self.lake()?;
        if self.state.is_none() && !lake.takes_events() {
            return Ok(());
        }
        let fingerprint = plan::fingerprint(&self.app.store).await?;
        let cut = lake.cut().await?;
        match &self.state {
            Some(state) if state.base == cut.base() => {
                if state.fingerprint != fingerprint {
                    self.plan_anew(fingerprint).await?;
                }
            }
            // What was told before this one listened is not in files yet.
            _ if cut.filed < self.first => return Ok(()),
            _ => {
                // Files came or went that nobody told of: whatever else happened with them is looked at as after a start.
                self.begin_anew();
                self.load(fingerprint).await?;
            }
        }
        self.look_at_people().await?;
        self.look_at_aside().await?;
        self.waiting.retain(|heard| heard.number >= cut.filed);
        Ok(())
    }

    /// Counts everything that was told until now, and lets time pass.
    pub(super) fn hear(&mut self) {
        let Some(state) = &mut self.state else { return };
        let now = self.app.store.now();
        let heard = self.inbox.take();
        for Heard { node, done, .. } in &heard {
            state.live.feed(state.people.of(*node), &done.view(), now, &mut state.news);
        }
        self.waiting.extend(heard);
        state.live.advance(now, &mut state.news);
        self.gather();
    }

    /// Notes what came of it.
    pub(super) fn gather(&mut self) {
        let Some(state) = &mut self.state else { return };
        let news = std::mem::take(&mut state.news);
        state.dirty.extend(news.changes.into_iter().map(|change| (change.leaf, change.person)));
        if !news.aside.is_empty() {
            tracing::warn!(people = news.aside.len(), "people have more events than are kept");
            state.aside_at = None;
        }
        for leaf in news.overloaded {
            tracing::warn!("a condition takes too much memory to be kept event by event; a job decides it");
            let keys = state.leaves.iter().filter(|(_, (_, known))| *known == leaf);
            self.given_up.extend(keys.map(|(key, _)| key.clone()));
            state.fingerprint = (-1, -1);
        }
    }

    /// Leaves everything to the job.
    pub async fn end(mut self) {
        self.inbox.close();
        self.state = None;
        let ended = async {
            let mut tx = self.app.store.begin_observation(Observation::Measurement).await?;
            tx.exec(sql::LET_ALL_GO, args![self.id]).await?;
            tx.exec(sql::FORGET_SELF, args![self.id]).await?;
            tx.commit().await
        };
        if let Err(problem) = ended.await {
            tracing::warn!("conditions on events are left to the job in a minute: {problem}");
        }
    }
}

impl State {
    /// Returns what a condition says of somebody; nothing where that is not known.
    pub fn said(&self, leaf: LeafId, person: u128) -> Option<bool> {
        match self.live.holds(leaf, person) {
            Ok(holds) => Some(holds),
            Err(NotLive::Aside) => self.aside.get(&(leaf, person)).copied(),
            Err(_) => None,
        }
    }

    /// Returns the profiles of whom a condition says the opposite of what it says of people without events.
    pub fn exceptions(&self, leaf: LeafId) -> Option<BTreeSet<Id>> {
        let by_default = self.live.by_default(leaf).ok()?;
        let kept = self.live.exceptions(leaf).ok()?.filter_map(people::profile);
        let known = |((of, person), holds): (&(LeafId, u128), &bool)| {
            (*of == leaf && *holds != by_default).then(|| people::profile(*person)).flatten()
        };
        Some(kept.chain(self.aside.iter().filter_map(known)).collect())
    }
}
