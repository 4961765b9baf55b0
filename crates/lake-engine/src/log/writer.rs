use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{mpsc, oneshot, watch};

use super::{Position, frame, path, sync_dir};

/// How a log is written.
#[derive(Clone, Copy, Debug)]
pub struct WriterSettings {
    /// Bytes after which a new segment begins.
    pub segment_bytes: u64,
    /// Most bytes that wait to be written.
    pub waiting_bytes: u64,
}

/// What became of a frame.
#[derive(Debug)]
pub enum Appended {
    /// It is on disk.
    Kept,
    /// Too much waits already.
    Overloaded,
    /// The disk refused.
    Failed(io::Error),
}

struct Waiting {
    /// Empty: a new segment is wanted.
    frame: Vec<u8>,
    events: u64,
    done: oneshot::Sender<Result<(), io::ErrorKind>>,
}

/// The one writer of a log (日志写入): whatever waits is written together and made durable at once.
#[derive(Debug)]
pub struct Writer {
    queue: mpsc::UnboundedSender<Waiting>,
    waiting: Arc<AtomicU64>,
    settings: WriterSettings,
    end: watch::Receiver<Position>,
}

impl Writer {
    /// Begins segment `segment`; events are numbered from `next` on.
    pub fn open(dir: &Path, segment: u64, next: u64, settings: WriterSettings) -> io::Result<Self> {
        let current = Segment::begin(dir, segment)?;
        let (queue, incoming) = mpsc::unbounded_channel();
        let (tell, end) = watch::channel(current.end());
        let waiting = Arc::new(AtomicU64::new(0));
        let work = Work { dir: dir.to_owned(), current, next, settings, waiting: waiting.clone(), tell };
        std::thread::Builder::new().name("lake-log".to_owned()).spawn(move || work.run(incoming))?;
        Ok(Self { queue, waiting, settings, end })
    }

    /// Returns until where the log is on disk; changes with every group.
    pub fn end(&self) -> watch::Receiver<Position> {
        self.end.clone()
    }

    /// Appends a frame of so many events; returns once it is on disk.
    pub async fn append(&self, frame: Vec<u8>, events: u64) -> Appended {
        let bytes = frame.len() as u64;
        if self.waiting.fetch_add(bytes, Ordering::Relaxed) > self.settings.waiting_bytes {
            self.waiting.fetch_sub(bytes, Ordering::Relaxed);
            return Appended::Overloaded;
        }
        match self.ask(frame, events).await {
            Ok(()) => Appended::Kept,
            Err(error) => Appended::Failed(error),
        }
    }

    /// Begins a new segment and returns where it begins: what was appended before lies in those before it.
    pub async fn turn(&self) -> io::Result<Position> {
        self.ask(Vec::new(), 0).await?;
        Ok(*self.end.borrow())
    }

    async fn ask(&self, frame: Vec<u8>, events: u64) -> io::Result<()> {
        let (done, answer) = oneshot::channel();
        self.queue.send(Waiting { frame, events, done }).map_err(|_| io::ErrorKind::BrokenPipe)?;
        match answer.await {
            Ok(done) => done.map_err(io::Error::from),
            Err(_) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

struct Segment {
    number: u64,
    file: File,
    length: u64,
}

impl Segment {
    fn begin(dir: &Path, number: u64) -> io::Result<Self> {
        let file = OpenOptions::new().create_new(true).append(true).open(path(dir, number))?;
        sync_dir(dir)?;
        Ok(Self { number, file, length: 0 })
    }

    fn end(&self) -> Position {
        Position { segment: self.number, offset: self.length }
    }
}

struct Work {
    dir: PathBuf,
    current: Segment,
    next: u64,
    settings: WriterSettings,
    waiting: Arc<AtomicU64>,
    tell: watch::Sender<Position>,
}

impl Work {
    fn run(mut self, mut incoming: mpsc::UnboundedReceiver<Waiting>) {
        let mut buffer = Vec::new();
        while let Some(first) = incoming.blocking_recv() {
            let mut group = vec![first];
            while let Ok(more) = incoming.try_recv() {
                group.push(more);
            }
            buffer.clear();
            let mut next = self.next;
            for waiting in group.iter_mut().filter(|waiting| !waiting.frame.is_empty()) {
                frame::seal(&mut waiting.frame, next);
                next += waiting.events;
                buffer.extend_from_slice(&waiting.frame);
            }
            let turns = group.iter().any(|waiting| waiting.frame.is_empty());
            let written = self.write(&buffer).and_then(|()| if turns { self.turn() } else { Ok(()) });
            if written.is_ok() {
                self.next = next;
                self.tell.send_replace(self.current.end());
            }
            let answer = written.map_err(|error| error.kind());
            for waiting in group {
                self.waiting.fetch_sub(waiting.frame.len() as u64, Ordering::Relaxed);
                // Whoever asked may have gone away; the event is kept all the same.
                let _ = waiting.done.send(answer);
            }
        }
    }

    /// After a failure nobody knows what of the group is on disk, so a new segment begins and what was refused is
    /// counted only when it is sent again: its number is given out anew.
    fn write(&mut self, group: &[u8]) -> io::Result<()> {
        if group.is_empty() {
            return Ok(());
        }
        if self.current.length >= self.settings.segment_bytes {
            self.current = Segment::begin(&self.dir, self.current.number + 1)?;
        }
        let done = self.current.file.write_all(group).and_then(|()| self.current.file.sync_data());
        match done {
            Ok(()) => {
                self.current.length += group.len() as u64;
                Ok(())
            }
            Err(error) => {
                tracing::error!(%error, "events could not be written to the log: {error}");
                self.abandon();
                Err(error)
            }
        }
    }

    /// Begins a new segment, where there is anything in this one.
    fn turn(&mut self) -> io::Result<()> {
        if self.current.length > 0 {
            self.current = Segment::begin(&self.dir, self.current.number + 1)?;
        }
        Ok(())
    }

    fn abandon(&mut self) {
        // What was refused must not come to light later: cut back to what was acknowledged.
        if let Err(error) =
            self.current.file.set_len(self.current.length).and_then(|()| self.current.file.sync_all())
        {
            tracing::error!(%error, "the end of the log could not be cut back: {error}");
        }
        match Segment::begin(&self.dir, self.current.number + 1) {
            Ok(segment) => self.current = segment,
            // The next group tries again to append here; it is cut back to the same place when it fails.
            Err(error) => tracing::error!(%error, "no new segment of the log could be begun: {error}"),
        }
    }
}
