//! Erasing (删除): whose events are not taken any more, and how what is there goes for good.

mod left;
mod sql;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::Duration;

use kernel::{Caller, Id, Problem, Result};
use lake::Batch;
use store::{Observation, Store, args};

use crate::engine::Engine;
use crate::{compact, file, manifest};

pub use left::{events_of, search};

/// How long the log may take to be in files.
const PATIENCE: Duration = Duration::from_secs(60);

/// Of whom nothing is taken any more (已删除名单).
#[derive(Debug, Default)]
pub struct Erased {
    nodes: RwLock<HashSet<Id>>,
    /// What arrived about them and was not counted in the database yet.
    refused: Mutex<BTreeMap<Id, i64>>,
    /// What lay in the log of this node when they were erased, and never reached a file.
    dropped: AtomicI64,
}

impl Erased {
    /// Returns true where nothing of somebody is taken.
    pub fn holds(&self, node: Id) -> bool {
        let nodes = self.nodes.read().unwrap_or_else(PoisonError::into_inner);
        !nodes.is_empty() && nodes.contains(&node)
    }

    /// The same, and counts what arrived.
    pub fn refuses(&self, node: Id) -> bool {
        let held = self.holds(node);
        if held {
            let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
            *refused.entry(node).or_default() += 1;
        }
        held
    }

    /// The same for what arrived before: it is dropped on its way from the log into files.
    pub fn drops(&self, node: Id) -> bool {
        let held = self.holds(node);
        self.dropped.fetch_add(i64::from(held), Ordering::Relaxed);
        held
    }

    /// Takes the events of erased people out of what arrives.
    pub fn take_out(&self, batch: &mut Batch) {
        batch.events.retain(|event| !self.refuses(event.node));
    }

    /// Learns who was erased, by whichever node.
    pub async fn refresh(&self, store: &Store) -> Result<()> {
        let count: i64 = store.get(sql::COUNT, args![]).await?;
        let known = self.nodes.read().unwrap_or_else(PoisonError::into_inner).len();
        if i64::try_from(known).ok() == Some(count) {
            return Ok(());
        }
        let all: Vec<Id> = store.all(sql::ALL, args![]).await?;
        *self.nodes.write().unwrap_or_else(PoisonError::into_inner) = all.into_iter().collect();
        Ok(())
    }

    async fn add(&self, store: &Store, nodes: &BTreeSet<Id>) -> Result<()> {
        let mut tx = store.begin_observation(Observation::Ingest).await?;
        let now = tx.now();
        tx.insert_many(sql::INSERT, nodes.iter().map(|node| args![*node, now, 0]).collect(), sql::KEEP)
            .await?;
        tx.commit().await?;
        self.nodes.write().unwrap_or_else(PoisonError::into_inner).extend(nodes.iter().copied());
        Ok(())
    }

    /// Takes events of these nodes again.
    pub async fn readmit(&self, store: &Store, nodes: &BTreeSet<Id>) -> Result<()> {
        let mut tx = store.begin_observation(Observation::Ingest).await?;
        for node in nodes {
            tx.exec(sql::READMIT, args![*node]).await?;
        }
        tx.commit().await?;
        self.nodes.write().unwrap_or_else(PoisonError::into_inner).retain(|node| !nodes.contains(node));
        Ok(())
    }

    /// Returns how many events arrived about erased people.
    pub async fn refused(&self, store: &Store) -> Result<i64> {
        let new = std::mem::take(&mut *self.refused.lock().unwrap_or_else(PoisonError::into_inner));
        if !new.is_empty() {
            let mut tx = store.begin_observation(Observation::Ingest).await?;
            for (node, count) in new {
                tx.exec(sql::REFUSED, args![node, count]).await?;
            }
            tx.commit().await?;
        }
        store.get(sql::SUM, args![]).await
    }
}

/// Takes some people's events out for good; returns how many events went.
pub async fn erase(engine: &Engine, caller: &Caller, nodes: &BTreeSet<Id>, reason: &str) -> Result<i64> {
    if nodes.is_empty() {
        return Ok(0);
    }
    // First the door: nothing of them comes in behind what is taken out.
    engine.erased.add(&engine.store, nodes).await?;
    let before = engine.erased.dropped.load(Ordering::Relaxed);
    empty_log(engine).await?;
    let dropped = engine.erased.dropped.load(Ordering::Relaxed) - before;
    let gone = rewrite(engine, caller, nodes, reason).await? + dropped;
    remove_merged(engine).await?;
    engine.recent.forget(nodes);
    Ok(gone)
}

/// Moves the log into files, so that its segments go; what is in it of the erased is dropped on the way.
async fn empty_log(engine: &Engine) -> Result<()> {
    let Some(running) = engine.running() else { return Ok(()) };
    let place = running.writer.turn().await.map_err(|error| file::broken(&engine.settings.log(), error))?;
    let mut flushed = engine.flushed.subscribe();
    engine.flush_wanted.notify_one();
    let done = tokio::time::timeout(PATIENCE, flushed.wait_for(|until| *until >= place)).await;
    match done {
        Ok(Ok(_)) => Ok(()),
        _ => Err(Problem::unavailable("lake.not_running")),
    }
}

/// Removes files that were merged into others: they hold the same events, and usually stay a while for those who read them.
async fn remove_merged(engine: &Engine) -> Result<()> {
    if engine.settings.keeps_files() {
        return Ok(());
    }
    let _held = engine.files.lock().await;
    loop {
        let old = manifest::retired(&engine.store, engine.store.now()).await?;
        if old.is_empty() {
            return Ok(());
        }
        let folder = engine.settings.files();
        old.iter().for_each(|(_, name)| compact::remove(&folder, name));
        let ids: Vec<Id> = old.into_iter().map(|(id, _)| id).collect();
        manifest::forget(&engine.store, &ids).await?;
    }
}

async fn rewrite(engine: &Engine, caller: &Caller, nodes: &BTreeSet<Id>, reason: &str) -> Result<i64> {
    /// A merge in another process may come in between; it is over soon.
    const TRIES: usize = 20;
    let _held = engine.files.lock().await;
    for _ in 0..TRIES {
        match compact::erase(&engine.store, &engine.settings, caller, nodes, reason).await {
            Err(problem) if problem.code == "store.changed_meanwhile" => {}
            done => return done,
        }
    }
    Err(Problem::precondition_failed("store.changed_meanwhile"))
}
