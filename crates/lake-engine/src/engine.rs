use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use fs2::FileExt;
use kernel::{Caller, Id, Problem, Result, Timestamp};
use lake::{
    Answer, Batch, Cut, Each, Event, EventLake, Follower, LakeSearch, LakeStats, Question, RecentEvent,
    Selection,
};
use store::Store;
use tokio::sync::{Mutex, Notify, Semaphore, watch};

use crate::erase::{self, Erased};
use crate::follow::{Filed, Followers};
use crate::log::{self, Appended, Position, Writer, WriterSettings};
use crate::month::Month;
use crate::recent::Recent;
use crate::settings::Settings;
use crate::sql::Workshop;
use crate::{compact, file, manifest, query, read};

/// How long a source is asked to wait when too much is coming, in seconds.
const RETRY_SECONDS: i64 = 5;

/// The event lake (事件湖) of this node.
#[derive(Debug)]
pub struct Engine {
    pub(crate) store: Store,
    pub(crate) settings: Settings,
    pub(crate) recent: Recent,
    pub(crate) followers: Followers,
    /// Held while the manifest takes files in, and by whoever asks which count.
    pub(crate) filed: Mutex<Filed>,
    pub(crate) running: RwLock<Option<Arc<Running>>>,
    /// Held by whoever changes files; merging and erasing never meet.
    pub(crate) files: Mutex<()>,
    /// Taken by whoever asks.
    pub(crate) asking: Semaphore,
    /// Where questions in SQL are answered.
    pub(crate) sql: Workshop,
    /// Of whom nothing is taken any more.
    pub(crate) erased: Arc<Erased>,
    /// Rung by whoever needs the log in files now.
    pub(crate) flush_wanted: Notify,
    /// Until where the log of this node is in files.
    pub(crate) flushed: watch::Sender<Position>,
}

/// What a node has that takes events.
#[derive(Debug)]
pub(crate) struct Running {
    pub writer: Writer,
    /// Bytes of the log that are not in files.
    pub backlog: AtomicU64,
    /// Locked as long as this node has the directory.
    pub _lock: File,
}

impl Engine {
    /// Prepares the lake; nothing is opened before it is started.
    pub fn new(store: Store, settings: Settings) -> Self {
        let sql = Workshop::new(settings.sql);
        Self {
            store,
            settings,
            sql,
            recent: Recent::default(),
            followers: Followers::default(),
            filed: Mutex::default(),
            running: RwLock::new(None),
            files: Mutex::new(()),
            asking: Semaphore::new(query::AT_A_TIME),
            erased: Arc::default(),
            flush_wanted: Notify::new(),
            flushed: watch::Sender::default(),
        }
    }

    /// Returns how it works.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Returns what this node takes events with, while it does.
    pub(crate) fn running(&self) -> Option<Arc<Running>> {
        self.running.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Begins to take events, or ends it.
    pub(crate) fn set_running(&self, running: Option<Running>) {
        *self.running.write().unwrap_or_else(PoisonError::into_inner) = running.map(Arc::new);
    }

    pub(crate) fn writer_settings(&self) -> WriterSettings {
        WriterSettings {
            segment_bytes: self.settings.segment_bytes,
            waiting_bytes: self.settings.waiting_bytes,
        }
    }
}

#[async_trait]
impl EventLake for Engine {
    async fn append(&self, mut batch: Batch) -> Result<()> {
        self.erased.take_out(&mut batch);
        if batch.events.is_empty() {
            return Ok(());
        }
        let Some(running) = self.running() else { return Err(Problem::unavailable("lake.not_running")) };
        if running.backlog.load(Ordering::Relaxed) > self.settings.backlog_bytes {
            return Err(overloaded());
        }
        let frame = log::encode(&batch).map_err(Problem::internal)?;
        match running.writer.append(frame, batch.events.len() as u64).await {
            Appended::Kept => Ok(()),
            Appended::Overloaded => Err(overloaded()),
            Appended::Failed(error) if error.kind() == std::io::ErrorKind::StorageFull => {
                Err(Problem::new(507, "lake.disk_full"))
            }
            Appended::Failed(error) => Err(file::broken(&self.settings.log(), error)),
        }
    }

    fn takes_events(&self) -> bool {
        self.running().is_some()
    }

    fn recent(&self, source_id: Option<Id>) -> Vec<RecentEvent> {
        self.recent.of(source_id)
    }

    async fn ask(&self, questions: &[Question]) -> Result<Vec<Answer>> {
        query::ask(self, questions).await
    }

    async fn read_cut(&self, selection: &Selection, each: Each<'_>) -> Result<Cut> {
        read::read(self, selection, each).await
    }

    async fn cut(&self) -> Result<Cut> {
        Ok(read::cut(self).await?.0)
    }

    fn follow(&self, follower: Arc<dyn Follower>) -> u64 {
        self.followers.add(follower)
    }

    async fn drop_before(&self, caller: &Caller, at: Timestamp, reason: &str) -> Result<i64> {
        let _held = self.files.lock().await;
        compact::drop_before(&self.store, &self.settings, caller, Month::of(at), reason).await
    }

    async fn count_before(&self, at: Timestamp) -> Result<i64> {
        let month = Month::of(at).to_string();
        let files = manifest::live(&self.store).await?;
        Ok(files.iter().filter(|file| file.month < month).map(|file| file.rows).sum())
    }

    async fn erase(&self, caller: &Caller, nodes: &BTreeSet<Id>, reason: &str) -> Result<i64> {
        erase::erase(self, caller, nodes, reason).await
    }

    async fn readmit(&self, nodes: &BTreeSet<Id>) -> Result<()> {
        self.erased.readmit(&self.store, nodes).await
    }

    async fn search(&self, nodes: &BTreeSet<Id>, values: &[String]) -> Result<LakeSearch> {
        erase::search(self, nodes, values).await
    }

    async fn events_of(&self, nodes: &BTreeSet<Id>, most: usize) -> Result<Vec<Event>> {
        erase::events_of(self, nodes, most).await
    }

    async fn refused(&self) -> Result<i64> {
        self.erased.refused(&self.store).await
    }

    async fn stats(&self) -> Result<LakeStats> {
        let mut stats = manifest::stats(&self.store).await?;
        let log = self.settings.log();
        if let Some(log_id) = known_log(&log).map_err(|error| file::broken(&log, error))? {
            let cursor = manifest::cursor(&self.store, log_id).await?;
            let bytes = log::bytes_after(&log, cursor.position).map_err(|error| file::broken(&log, error))?;
            stats.log_bytes = bytes as i64;
        }
        Ok(stats)
    }
}

fn overloaded() -> Problem {
    Problem::too_many("lake.overloaded").with("retry_after_seconds", RETRY_SECONDS)
}

/// Name of the file that says which log this is.
const LOG_ID: &str = "log-id";

/// Returns which log lies in a directory, where there is one.
pub(crate) fn known_log(dir: &Path) -> std::io::Result<Option<Id>> {
    match std::fs::read_to_string(dir.join(LOG_ID)) {
        Ok(text) => Ok(text.trim().parse().ok()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns which log lies in a directory, giving it a name where it has none.
pub(crate) fn log_id(dir: &Path) -> std::io::Result<Id> {
    if let Some(known) = known_log(dir)? {
        return Ok(known);
    }
    let id = Id::new();
    let part = dir.join(format!("{LOG_ID}.part"));
    std::fs::write(&part, id.to_string())?;
    File::open(&part)?.sync_all()?;
    std::fs::rename(&part, dir.join(LOG_ID))?;
    log::sync_dir(dir)?;
    Ok(id)
}

/// Takes the directory for this process; nothing where another has it.
pub(crate) fn lock(dir: &Path) -> std::io::Result<Option<File>> {
    let file = File::options().create(true).truncate(false).write(true).open(dir.join("lock"))?;
    match file.try_lock_exclusive() {
        Ok(()) => Ok(Some(file)),
        Err(error) if error.kind() == fs2::lock_contended_error().kind() => Ok(None),
        Err(error) => Err(error),
    }
}
