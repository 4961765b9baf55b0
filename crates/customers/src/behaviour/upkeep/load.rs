//! Reading: all history, and that of people whose identifiers moved.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::{Id, MINUTE_MS, Problem, Result, Timestamp};
use lake::{Cut, ReadEvent, Selection};
use live_segments::{EventView, LeafState, Limits, Live, News};
use store::{Observation, args};

use super::keeper::{Keeper, Leaves, State};
use super::people::{Moves, People};
use super::{plan, sql};
use crate::behaviour::person::Done;
use crate::behaviour::rules::leaf;
use crate::behaviour::service::{selection, view};
use crate::condition::Condition;

/// How far before the last look identifiers may have moved: as long as most transactions last.
const LATE_MS: i64 = MINUTE_MS;
/// How often all identifiers are compared: for those that moved in a longer transaction. It reads them all.
const COMPARE_MS: i64 = 60 * MINUTE_MS;
/// How long the sign of somebody who ended without a word stays.
const DEAD_DAYS: i64 = 1;

impl Keeper {
    /// Reads everything anew.
    pub(super) async fn load(&mut self, fingerprint: (i64, i64)) -> Result<()> {
        let before = self.state.take();
        let (store, lake) = (self.app.store.clone(), self.lake()?);
        let plan = plan::read(&store, &self.given_up).await?;
        let now = store.now();
        let given_up = self.given_up.len();
        let (mut live, leaves) = self.begin_live(plan.conditions, now)?;
        // The segments of what was refused are not kept: the next look says so.
        let fingerprint = if self.given_up.len() > given_up { (-1, -1) } else { fingerprint };
        let owners = if leaves.is_empty() {
            Vec::new()
        } else {
            store.all(crate::behaviour::sql::OWNERS, args![]).await?
        };
        let (mut segments, mut moved) = (plan.segments, BTreeSet::new());
        match before {
            Some(mut before) if !before.leaves.is_empty() => moved = before.moved_to(&owners),
            // Whatever happened while nobody looked.
            _ => segments.iter_mut().for_each(|segment| segment.is_due = true),
        }
        let people = People::new(owners);
        let mut news = News::default();
        let wanted = selection(leaves.values().map(|(condition, _)| condition), now);
        let each = |event: &ReadEvent<'_>| {
            live.feed(people.of(event.node), &view(event), now, &mut news);
            news.changes.clear();
        };
        let cut = match leaves.is_empty() {
            true => lake.cut().await?,
            false => lake.read_cut(&wanted, Box::new(each)).await?,
        };
        self.waiting.extend(self.inbox.take());
        self.waiting.retain(|heard| heard.number >= cut.filed);
        for heard in &self.waiting {
            live.feed(people.of(heard.node), &heard.done.view(), now, &mut news);
        }
        news.changes.clear();
        tracing::info!(
            conditions = leaves.len(),
            people = live.people(),
            bytes = live.bytes(),
            "conditions on events are kept"
        );
        let whole = leaves.keys().cloned().collect();
        self.state = Some(State {
            live,
            leaves,
            people,
            segments,
            gone: plan.gone,
            fingerprint,
            base: cut.base(),
            watermark: cut.watermark,
            moved_from: now.plus_ms(-LATE_MS),
            compared_at: now,
            news,
            aside: HashMap::new(),
            aside_at: None,
            whole,
            dirty: BTreeSet::new(),
            moved,
        });
        self.gather();
        self.forget_dead(now).await
    }

    /// Begins with conditions, and without any history; those that are refused are given up.
    fn begin_live(
        &mut self,
        conditions: BTreeMap<String, Condition>,
        now: Timestamp,
    ) -> Result<(Live, Leaves)> {
        let (mut live, mut leaves) = (Live::new(Limits::default(), now), Leaves::new());
        for (key, condition) in conditions {
            let leaf =
                leaf(&condition).ok_or_else(|| Problem::internal("a condition is not about events"))?;
            match live.add(&leaf) {
                Ok(id) => drop(leaves.insert(key, (condition, id))),
                Err(refused) => {
                    tracing::warn!("a condition on events is left to a job: {refused}");
                    self.given_up.insert(key);
                }
            }
        }
        Ok((live, leaves))
    }

    async fn forget_dead(&self, now: Timestamp) -> Result<()> {
        let mut tx = self.app.store.begin_observation(Observation::Measurement).await?;
        tx.exec(sql::FORGET_DEAD, args![now.plus_days(-DEAD_DAYS)]).await?;
        tx.commit().await
    }

    /// Takes over what changed in segments; everything is read anew where a condition needs history that is not kept.
    pub(super) async fn plan_anew(&mut self, fingerprint: (i64, i64)) -> Result<()> {
        let plan = plan::read(&self.app.store, &self.given_up).await?;
        let Some(state) = &mut self.state else { return Ok(()) };
        let nobody_yet = state.leaves.is_empty() && !plan.conditions.is_empty();
        let mut let_go = Vec::new();
        state.leaves.retain(|key, (_, leaf)| {
            let stays = plan.conditions.contains_key(key);
            if !stays {
                state.live.remove(*leaf);
                let_go.push(key.clone());
            }
            stays
        });
        let mut is_covered = !nobody_yet;
        for (key, condition) in plan.conditions {
            if !is_covered || state.leaves.contains_key(&key) {
                continue;
            }
            let leaf =
                leaf(&condition).ok_or_else(|| Problem::internal("a condition is not about events"))?;
            match state.live.add(&leaf) {
                Ok(id) if state.live.state(id) == Some(LeafState::Live) => {
                    state.whole.insert(key.clone());
                    state.leaves.insert(key, (condition, id));
                }
                // Refused ones, too: reading anew says which are too many.
                _ => is_covered = false,
            }
        }
        if !is_covered {
            self.release(&let_go).await?;
            return self.load(fingerprint).await;
        }
        (state.segments, state.gone, state.fingerprint) = (plan.segments, plan.gone, fingerprint);
        self.release(&let_go).await
    }

    async fn release(&mut self, keys: &[String]) -> Result<()> {
        if keys.is_empty() {
            return Ok(());
        }
        let mut tx = self.app.store.begin_observation(Observation::Measurement).await?;
        for key in keys {
            tx.exec(sql::LET_GO, args![key, self.id]).await?;
        }
        tx.commit().await?;
        self.held.retain(|key| !keys.contains(key));
        Ok(())
    }

    /// Looks whose identifiers are now; what they did goes with them.
    pub(super) async fn look_at_people(&mut self) -> Result<()> {
        let store = self.app.store.clone();
        let Some(state) = self.state.as_mut().filter(|state| !state.leaves.is_empty()) else { return Ok(()) };
        let now = store.now();
        let moves = if now.ms() - state.compared_at.ms() >= COMPARE_MS {
            let owners: Vec<(Id, Id)> = store.all(crate::behaviour::sql::OWNERS, args![]).await?;
            state.compared_at = now;
            state.take_all(&owners)
        } else {
            let came: Vec<(Id, Id)> = store.all(sql::CAME, args![state.moved_from]).await?;
            let left: Vec<Id> = store.all(sql::LEFT, args![state.moved_from]).await?;
            let owned = came.into_iter().map(|(node, profile)| (node, Some(profile)));
            state.people.take(owned.chain(left.into_iter().map(|node| (node, None))))
        };
        state.moved_from = now.plus_ms(-LATE_MS);
        state.moved.extend(moves.touched.iter().copied());
        self.move_people(moves, now).await
    }

    async fn move_people(&mut self, moves: Moves, now: Timestamp) -> Result<()> {
        let Some(state) = &mut self.state else { return Ok(()) };
        for (into, from) in &moves.merges {
            state.live.merge(*into, *from, now, &mut state.news);
        }
        self.gather();
        if moves.loads.is_empty() {
            return Ok(());
        }
        let Some(done) = self.done_by(&moves.loads, now).await? else { return Ok(()) };
        let Some(state) = &mut self.state else { return Ok(()) };
        for (person, events) in &done {
            let views: Vec<EventView<'_>> = events.iter().map(Done::view).collect();
            match views.is_empty() {
                true => state.live.forget(*person, now, &mut state.news),
                false => state.live.load(*person, &views, now, &mut state.news),
            }
        }
        self.gather();
        Ok(())
    }

    /// Returns everything that people did, as far as it was told; nothing where everything must be read anew.
    pub(super) async fn done_by(
        &mut self,
        people: &BTreeMap<u128, Vec<Id>>,
        now: Timestamp,
    ) -> Result<Option<BTreeMap<u128, Vec<Done>>>> {
        let lake = self.lake()?;
        let Some(state) = &self.state else { return Ok(None) };
        let whose: HashMap<Id, u128> =
            people.iter().flat_map(|(person, nodes)| nodes.iter().map(|node| (*node, *person))).collect();
        let mut done: BTreeMap<u128, Vec<Done>> = people.keys().map(|person| (*person, Vec::new())).collect();
        let mut note = |node: Id, one: Done| {
            if let Some(events) = whose.get(&node).and_then(|person| done.get_mut(person)) {
                events.push(one);
            }
        };
        let wanted = Selection {
            nodes: Some(whose.keys().copied().collect()),
            ..selection(state.leaves.values().map(|(condition, _)| condition), now)
        };
        let each = |event: &ReadEvent<'_>| note(event.node, Done::of(event));
        let cut: Cut = lake.read_cut(&wanted, Box::new(each)).await?;
        if cut.base() != state.base {
            self.begin_anew();
            return Ok(None);
        }
        // Everything that is in these files was told before: counted now, it is not counted again.
        self.hear();
        for heard in self.waiting.iter().filter(|heard| heard.number >= cut.filed) {
            note(heard.node, heard.done.clone());
        }
        Ok(Some(done))
    }
}

impl State {
    /// Takes over whose all identifiers are.
    fn take_all(&mut self, owners: &[(Id, Id)]) -> Moves {
        let lacking = self.people.lacking(owners);
        let owned = owners.iter().map(|(node, profile)| (*node, Some(*profile)));
        self.people.take(owned.chain(lacking.into_iter().map(|node| (node, None))))
    }

    /// Returns the profiles of which segments do not know yet that they have other identifiers.
    fn moved_to(&mut self, owners: &[(Id, Id)]) -> BTreeSet<Id> {
        let mut moved = std::mem::take(&mut self.moved);
        moved.extend(self.take_all(owners).touched);
        moved
    }
}
