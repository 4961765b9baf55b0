//! Collector (归集): reads the log, drops what was sent again, and writes files.
//!
//! What it decided is on disk only together with the cursor: after a crash it reads the same frames again and decides
//! the same.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use kernel::{Id, Problem, Result, Timestamp};
use store::{Store, aside};
use tokio::sync::Mutex;

use crate::erase::Erased;
use crate::file::{self, FileWriter, Written};
use crate::follow::Filed;
use crate::log::{self, Frame, Position, Reader};
use crate::manifest::{self, Counts, Cursor};
use crate::month::Month;
use crate::row::{self, Row};
use crate::seen::{self, Asked, Seen};
use crate::settings::Settings;

/// Most events that are taken from the log at a time.
const TAKE: usize = 5_000;
/// Rows that are put into columns at a time.
const PIECE_ROWS: usize = 8_192;

/// Reads the log of one node into files.
#[derive(Debug)]
pub struct Collector {
    store: Store,
    log_id: Id,
    settings: Settings,
    log: PathBuf,
    folder: PathBuf,
    reader: Reader,
    seen: Seen,
    erased: Arc<Erased>,
    pending: Vec<Row>,
    counts: Counts,
    next: u64,
    newest: Option<Timestamp>,
    flushed: Position,
}

impl Collector {
    /// Goes on where the cursor stands.
    pub fn new(
        store: Store,
        log_id: Id,
        settings: &Settings,
        seen: Seen,
        erased: Arc<Erased>,
        cursor: Cursor,
    ) -> Self {
        let (settings, log, folder) = (settings.clone(), settings.log(), settings.files());
        let reader = Reader::new(&log, cursor.position);
        let Cursor { position: flushed, next, watermark: newest } = cursor;
        Self {
            store,
            log_id,
            settings,
            log,
            folder,
            reader,
            seen,
            erased,
            pending: Vec::new(),
            counts: Counts::new(),
            next,
            newest,
            flushed,
        }
    }

    /// Begins again where the cursor stands; somebody else moved it.
    pub fn restart(&mut self, cursor: Cursor) {
        self.reader = Reader::new(&self.log, cursor.position);
        self.pending.clear();
        self.counts.clear();
        Cursor { position: self.flushed, next: self.next, watermark: self.newest } = cursor;
    }

    /// Returns which log this reads.
    pub fn log_id(&self) -> Id {
        self.log_id
    }

    /// Returns how many events wait for a file.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Returns true where there is anything that the manifest does not know: events, or the end of a segment.
    pub fn is_ahead(&self) -> bool {
        !self.counts.is_empty() || self.reader.position().segment != self.flushed.segment
    }

    /// Returns until where the log is in files.
    pub fn flushed(&self) -> Position {
        self.flushed
    }

    /// Takes events from the log, and returns those that count; none where there are no more before `until`.
    pub fn take(&mut self, until: Position) -> Result<Option<&[Row]>> {
        let mut frames = Vec::new();
        let mut events = 0;
        while events < TAKE
            && let Some(frame) = self.reader.next(until).map_err(|error| file::broken(&self.log, error))?
        {
            events += frame.batch.events.len();
            frames.push(frame);
        }
        if frames.is_empty() {
            return Ok(None);
        }
        let before = self.pending.len();
        self.judge(frames)?;
        Ok(Some(&self.pending[before..]))
    }

    fn judge(&mut self, frames: Vec<Frame>) -> Result<()> {
        let asked: Vec<Asked> = frames.iter().flat_map(asked).collect();
        let first = self.seen.first(&asked).map_err(Problem::internal)?;
        let mut answers = first.into_iter();
        for Frame { first, batch, .. } in frames {
            self.next = self.next.max(first + batch.events.len() as u64);
            self.newest = self.newest.max(Some(batch.received_at));
            let day = batch.received_at.utc_day().to_string();
            let (stored, duplicates, last_at) =
                self.counts.entry((batch.source_id, day)).or_insert((0, 0, batch.received_at));
            *last_at = batch.received_at.max(*last_at);
            for (event, is_first) in batch.events.into_iter().zip(&mut answers) {
                if self.erased.drops(event.node) {
                    // Of somebody who was erased since it arrived: it is neither kept nor counted.
                } else if is_first {
                    *stored += 1;
                    self.pending.push(Row {
                        event,
                        source_id: batch.source_id,
                        received_at: batch.received_at,
                    });
                } else {
                    *duplicates += 1;
                }
            }
        }
        Ok(())
    }

    /// Writes what waits into files, one for each month, and moves the cursor behind it.
    ///
    /// `told` is the number behind the last of them. Whoever asks meanwhile what is in files waits for the answer.
    pub async fn flush(&mut self, filed: &Mutex<Filed>, told: u64) -> Result<Vec<Written>> {
        let erased = self.erased.clone();
        self.pending.retain(|row| !erased.drops(row.event.node));
        let written = aside(|| self.write())?;
        let cursor = Cursor { position: self.reader.position(), next: self.next, watermark: self.newest };
        let mut filed = filed.lock().await;
        manifest::advance(&self.store, self.log_id, &written, &self.counts, self.flushed, cursor).await?;
        filed.until = told;
        drop(filed);
        self.pending.clear();
        self.counts.clear();
        self.flushed = cursor.position;
        if !self.settings.keeps_files() {
            log::remove_before(&self.log, cursor.position).map_err(|error| file::broken(&self.log, error))?;
        }
        Ok(written)
    }

    fn write(&mut self) -> Result<Vec<Written>> {
        self.seen.persist().map_err(Problem::internal)?;
        let mut months: BTreeMap<Month, Vec<&Row>> = BTreeMap::new();
        for row in &self.pending {
            months.entry(Month::of(row.event.happened_at)).or_default().push(row);
        }
        let write = |(month, rows)| write_month(&self.folder, month, rows);
        months.into_iter().map(write).collect()
    }

    /// Drops ids that no retry can bring any more.
    pub fn forget_before(&mut self, now: Timestamp) -> Result<()> {
        self.seen.forget_before(now).map_err(Problem::internal)
    }

    /// Remembers the ids of events that are in files already; after a restore, which brings none.
    pub fn remember(&mut self, rows: &[Row]) -> Result<()> {
        let asked: Vec<Asked> = rows
            .iter()
            .map(|row| Asked {
                key: seen::key(row.source_id, &row.event.message_id),
                // Events in files lie before every number that the log gives out.
                number: 0,
                received_at: row.received_at,
            })
            .collect();
        self.seen.first(&asked).map(drop).map_err(Problem::internal)
    }
}

fn asked(frame: &Frame) -> impl Iterator<Item = Asked> {
    let (source, received_at) = (frame.batch.source_id, frame.batch.received_at);
    (frame.first..).zip(&frame.batch.events).map(move |(number, event)| Asked {
        key: seen::key(source, &event.message_id),
        number,
        received_at,
    })
}

fn write_month(folder: &std::path::Path, month: Month, mut rows: Vec<&Row>) -> Result<Written> {
    // Stable: what happened in the same millisecond stays in the order of arrival.
    rows.sort_by_key(|row| row.order());
    let mut writer = FileWriter::begin(folder, file::name(month, 0, Id::new()), month, 0)?;
    for piece in rows.chunks(PIECE_ROWS) {
        writer.add(&row::columns(piece)?)?;
    }
    writer.finish()
}
