use std::path::{Path, PathBuf};

use crate::sql::Limits;

/// How the lake works (湖设置).
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its directory.
    pub dir: PathBuf,
    /// How long an event waits at most until it is in a file, in seconds.
    pub flush_seconds: u64,
    /// Events after which a file is written at once.
    pub flush_rows: usize,
    /// Bytes of the log after which a new segment begins.
    pub segment_bytes: u64,
    /// Most bytes of events that wait to be written to the log.
    pub waiting_bytes: u64,
    /// Most bytes of the log that are not in files; beyond, sources are asked to wait.
    pub backlog_bytes: u64,
    /// How long questions may take that are answered in one pass, in seconds.
    pub query_seconds: u64,
    /// What a question in SQL may take.
    pub sql: Limits,
}

impl Settings {
    /// Returns what holds where nothing is set.
    pub fn new(dir: &Path, flush_seconds: u64) -> Self {
        Self {
            dir: dir.to_owned(),
            flush_seconds,
            flush_rows: 40_000,
            segment_bytes: 64 << 20,
            waiting_bytes: 16 << 20,
            backlog_bytes: 4 << 30,
            query_seconds: 60,
            sql: Limits::default(),
        }
    }

    /// Returns true while a backup is taken, which copies files that the manifest named a moment ago.
    ///
    /// A backup that died leaves its sign behind; it is believed for a day.
    pub fn keeps_files(&self) -> bool {
        const BELIEVED: std::time::Duration = std::time::Duration::from_secs(86_400);
        let sign = std::fs::metadata(self.dir.join(lake::KEPT_FOR_BACKUP));
        // A clock that was set back makes the sign look newer than now: then it is believed, too.
        sign.and_then(|sign| sign.modified()).is_ok_and(|at| at.elapsed().map_or(true, |age| age < BELIEVED))
    }

    /// Removes files that do not count any more.
    ///
    /// A backup that is being taken has them in its snapshot: then they go with the next sweep, and what the backup holds
    /// is dropped again whenever it is restored.
    pub fn remove<'n>(&self, names: impl Iterator<Item = &'n str>) {
        if !self.keeps_files() {
            names.for_each(|name| crate::compact::remove(&self.files(), name));
        }
    }

    /// Returns where the log is.
    pub fn log(&self) -> PathBuf {
        self.dir.join("log")
    }

    /// Returns where the files are.
    pub fn files(&self) -> PathBuf {
        self.dir.join("files")
    }

    /// Returns where the copies of records are.
    pub fn copies(&self) -> PathBuf {
        self.dir.join("copies")
    }

    /// Returns where the ids of the last months are.
    pub fn seen(&self) -> PathBuf {
        self.dir.join("seen")
    }
}
