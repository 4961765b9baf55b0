//! Bulk loading (批量装载): events that somebody has in order already come into files without the log.
//!
//! Their ids are not remembered: whoever loads events sees to it that no source sends them again.

use kernel::{Id, Problem, Result};
use store::Observation;

use crate::engine::Engine;
use crate::file::{self, FileWriter, Written};
use crate::manifest;
use crate::month::Month;
use crate::row::{self, Row};

/// Rows that are put into columns at a time.
const PIECE_ROWS: usize = 8_192;
/// Level of the files: as if merged, for they are large and ordered.
const LEVEL: i64 = 4;

impl Engine {
    /// Writes events of one month, which come in the order of node and time, into one file; none where there are none.
    ///
    /// The file counts once it is taken in.
    pub fn write_ordered(&self, rows: impl Iterator<Item = Row>) -> Result<Option<Written>> {
        let mut rows = rows.peekable();
        let Some(first) = rows.peek() else { return Ok(None) };
        let month = Month::of(first.event.happened_at);
        let name = file::name(month, LEVEL, Id::new());
        let mut writer = FileWriter::begin(&self.settings.files(), name, month, LEVEL)?;
        loop {
            let piece: Vec<Row> = rows.by_ref().take(PIECE_ROWS).collect();
            if piece.is_empty() {
                return writer.finish().map(Some);
            }
            if piece.iter().any(|row| Month::of(row.event.happened_at) != month) {
                writer.abandon();
                return Err(Problem::internal(format!("an event is not of {month}")));
            }
            writer.add(&row::columns(&piece.iter().collect::<Vec<_>>())?)?;
        }
    }

    /// Takes files that were written into the manifest: all or none.
    pub async fn take_in(&self, files: &[Written]) -> Result<()> {
        let mut tx = self.store.begin_observation(Observation::Ingest).await?;
        manifest::replace(&mut tx, &[], files).await?;
        tx.commit().await
    }
}
