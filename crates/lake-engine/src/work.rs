//! Work (后台归集): while the product serves, this moves events from the log into files and keeps the files few.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kernel::{HOUR_MS, MINUTE_MS, Problem, Result};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use store::aside;

use crate::collector::Collector;
use crate::engine::{self, Engine, Running};
use crate::log::{self, Position, Writer};
use crate::month::Month;
use crate::seen::Seen;
use crate::{compact, file, manifest};

/// How often a node looks whether another one has let go of the directory.
const LOCK_EVERY: Duration = Duration::from_secs(2);
/// How long a file that does not count any more stays for those who read it.
const GRACE_MS: i64 = 10 * MINUTE_MS;
/// How often files that do not count are looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(300);

/// Begins to take events, and works until `stop`. When this returns events are taken, unless another process has the
/// directory or the disk refuses: then it goes on trying.
pub async fn begin(engine: Arc<Engine>, stop: CancellationToken) -> JoinHandle<()> {
    let mut worker = try_start(&engine).await;
    tokio::spawn(async move {
        loop {
            if let Some(worker) = worker {
                return worker.run(stop).await;
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOCK_EVERY) => {}
            }
            worker = try_start(&engine).await;
        }
    })
}

async fn try_start(engine: &Arc<Engine>) -> Option<Worker> {
    match start(engine).await {
        Ok(None) => {
            tracing::info!("the lake's directory is in use by another process; waiting for it");
            None
        }
        Ok(worker) => worker,
        Err(problem) => {
            tracing::error!(source = ?problem.source, "the lake could not be opened: {problem}");
            None
        }
    }
}

/// Opens everything; nothing where another process has the directory.
async fn start(engine: &Arc<Engine>) -> Result<Option<Worker>> {
    let (log, files) = (engine.settings.log(), engine.settings.files());
    let io = |error| file::broken(&engine.settings.dir, error);
    std::fs::create_dir_all(&log).and_then(|()| std::fs::create_dir_all(&files)).map_err(io)?;
    let Some(lock) = engine::lock(&engine.settings.dir).map_err(io)? else { return Ok(None) };
    let log_id = engine::log_id(&log).map_err(io)?;
    let cursor = manifest::cursor(&engine.store, log_id).await?;
    let (segment, next) = log::next_free(&log, cursor.position, cursor.next.max(1)).map_err(io)?;
    let seen = Seen::open(&engine.settings.seen()).map_err(Problem::internal)?;
    let lost = seen.is_empty();
    engine.erased.refresh(&engine.store).await?;
    let erased = engine.erased.clone();
    let mut collector = Collector::new(engine.store.clone(), log_id, &engine.settings, seen, erased, cursor);
    if lost {
        remember(engine, &mut collector).await?;
    }
    let writer = Writer::open(&log, segment, next, engine.writer_settings()).map_err(io)?;
    let end = writer.end();
    engine.flushed.send_replace(collector.flushed());
    engine.set_running(Some(Running { writer, backlog: AtomicU64::new(0), _lock: lock }));
    Ok(Some(Worker { engine: engine.clone(), collector, end, oldest: None }))
}

/// Remembers the ids of the last months from the files themselves: they are not in a backup.
async fn remember(engine: &Engine, collector: &mut Collector) -> Result<()> {
    let oldest = Month::of(engine.store.now()).minus(3).to_string();
    for known in manifest::live(&engine.store).await?.into_iter().filter(|file| file.month >= oldest) {
        let path = engine.settings.files().join(&known.name);
        for piece in file::open(&path)? {
            collector.remember(&file::rows_of(&piece.map_err(|error| file::broken(&path, error))?)?)?;
        }
    }
    Ok(())
}

struct Worker {
    engine: Arc<Engine>,
    collector: Collector,
    end: watch::Receiver<Position>,
    /// Since when the oldest event waits for a file.
    oldest: Option<Instant>,
}

impl Worker {
    async fn run(mut self, stop: CancellationToken) {
        let wait = Duration::from_secs(self.engine.settings.flush_seconds.max(1));
        let mut sweep = tokio::time::interval(SWEEP_EVERY);
        let engine = self.engine.clone();
        loop {
            let due = self.oldest.map(|since| since + wait);
            let idle = async move {
                match due {
                    Some(due) => tokio::time::sleep_until(due).await,
                    None => std::future::pending().await,
                }
            };
            let mut wanted = false;
            tokio::select! {
                () = stop.cancelled() => break,
                changed = self.end.changed() => if changed.is_err() { break },
                () = idle => {}
                () = engine.flush_wanted.notified() => wanted = true,
                _ = sweep.tick() => self.sweep().await,
            }
            if let Err(problem) = self.step(wait, wanted).await {
                tracing::error!(source = ?problem.source, "events stay in the log for now: {problem}");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        // Nothing more is taken; what was acknowledged until now is put into files.
        self.engine.set_running(None);
        if let Err(problem) = self.finish().await {
            tracing::warn!("the last events stay in the log until the next start: {problem}");
        }
    }

    /// Takes what is in the log, and writes files where it is time, or where somebody needs them now.
    async fn step(&mut self, wait: Duration, wanted: bool) -> Result<()> {
        let until = *self.end.borrow_and_update();
        while self.take(until)? {
            if self.collector.pending() >= self.engine.settings.flush_rows {
                self.flush().await?;
            }
        }
        match self.oldest {
            _ if wanted => self.flush().await?,
            Some(since) if since.elapsed() >= wait => self.flush().await?,
            None if self.collector.is_ahead() => self.oldest = Some(Instant::now()),
            _ => {}
        }
        self.measure()
    }

    fn take(&mut self, until: Position) -> Result<bool> {
        let Self { engine, collector, .. } = self;
        let taken = aside(|| collector.take(until))?;
        let Some(rows) = taken else { return Ok(false) };
        engine.recent.add(rows.iter());
        engine.followers.tell(rows);
        Ok(true)
    }

    async fn flush(&mut self) -> Result<()> {
        self.oldest = None;
        self.engine.erased.refresh(&self.engine.store).await?;
        let told = self.engine.followers.next();
        let written = match self.collector.flush(&self.engine.filed, told).await {
            Err(problem) if problem.code == "store.changed_meanwhile" => {
                tracing::info!("the commit of an earlier process arrived late; reading on behind it");
                // A part of what was told is in files, the rest is told once more under new numbers.
                let mut filed = self.engine.filed.lock().await;
                (filed.until, filed.again) = (told, filed.again + 1);
                drop(filed);
                let cursor = manifest::cursor(&self.engine.store, self.collector.log_id()).await?;
                self.collector.restart(cursor);
                return Ok(());
            }
            done => done?,
        };
        self.engine.flushed.send_replace(self.collector.flushed());
        if !written.is_empty() {
            self.compact();
        }
        Ok(())
    }

    /// Merges beside the collecting, one round at a time.
    fn compact(&self) {
        let engine = self.engine.clone();
        tokio::spawn(async move {
            let Ok(_held) = engine.files.try_lock() else { return };
            if let Err(problem) = compact::compact(&engine.store, &engine.settings.files(), false).await {
                tracing::error!(source = ?problem.source, "files of events could not be merged: {problem}");
            }
        });
    }

    fn measure(&self) -> Result<()> {
        let log = self.engine.settings.log();
        let bytes =
            log::bytes_after(&log, self.collector.flushed()).map_err(|error| file::broken(&log, error))?;
        if let Some(running) = self.engine.running() {
            running.backlog.store(bytes, Ordering::Relaxed);
        }
        Ok(())
    }

    async fn sweep(&mut self) {
        if self.engine.settings.keeps_files() {
            return;
        }
        let now = self.engine.store.now();
        let swept = sweep(&self.engine, now.plus_ms(-GRACE_MS), now.plus_ms(-HOUR_MS)).await;
        if let Err(problem) = swept.and_then(|()| self.collector.forget_before(now)) {
            tracing::warn!("old files of the lake could not be removed: {problem}");
        }
    }

    async fn finish(&mut self) -> Result<()> {
        let until = *self.end.borrow();
        // A commit of an earlier process that arrives just now moves the cursor; then the rest is read once more.
        for _ in 0..2 {
            while self.take(until)? {}
            if self.collector.is_ahead() {
                self.flush().await?;
            }
        }
        Ok(())
    }
}

/// Removes files that do not count since `retired`, and those that a crash left unnamed in the manifest.
async fn sweep(engine: &Engine, retired: kernel::Timestamp, left: kernel::Timestamp) -> Result<()> {
    let folder = engine.settings.files();
    let gone = manifest::retired(&engine.store, retired).await?;
    gone.iter().for_each(|(_, name)| compact::remove(&folder, name));
    let ids: Vec<kernel::Id> = gone.into_iter().map(|(id, _)| id).collect();
    if !ids.is_empty() {
        manifest::forget(&engine.store, &ids).await?;
    }
    for name in on_disk(&folder, left).map_err(|error| file::broken(&folder, error))? {
        if !manifest::knows(&engine.store, &name).await? {
            tracing::info!(name, "removing a file of the lake that was never taken in");
            compact::remove(&folder, &name);
        }
    }
    Ok(())
}

/// Returns the names of files that were last written before a time.
fn on_disk(folder: &std::path::Path, before: kernel::Timestamp) -> std::io::Result<Vec<String>> {
    let mut found = Vec::new();
    for month in std::fs::read_dir(folder)? {
        let month = month?;
        if !month.file_type()?.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(month.path())? {
            let entry = entry?;
            let age = entry.metadata()?.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
            if (age.as_millis() as i64) < before.ms() {
                found.push(format!("{}/{}", month.file_name().display(), entry.file_name().display()));
            }
        }
    }
    Ok(found)
}
