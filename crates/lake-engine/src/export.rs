//! Export (导出): events as JSON lines, as whoever reads Parquet would see them.

use std::io::Write;
use std::path::Path;

use kernel::{Id, Problem, Result, Timestamp};
use lake::EventKind;
use serde::Serialize;
use serde_json::value::RawValue;
use store::{Store, aside};

use crate::row::Row;
use crate::{file, manifest};

/// Which events are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Of this source only.
    pub source_id: Option<Id>,
    /// Since this time.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
}

#[derive(Serialize)]
struct Line<'a> {
    message_id: &'a str,
    source_id: Id,
    kind: EventKind,
    name: &'a str,
    node: Id,
    user_id: Option<&'a str>,
    anonymous_id: Option<&'a str>,
    happened_at: Timestamp,
    received_at: Timestamp,
    channel: Option<&'a str>,
    properties: &'a RawValue,
    context: &'a RawValue,
}

/// Writes the events that are in files, one JSON object a line; returns how many.
pub async fn export(
    store: &Store,
    folder: &Path,
    wanted: &Wanted,
    sink: &mut (dyn Write + Send),
) -> Result<i64> {
    let files = manifest::live(store).await?;
    aside(|| {
        let mut written = 0;
        for known in files.iter().filter(|file| overlaps(wanted, file.from_at, file.to_at)) {
            let path = folder.join(&known.name);
            for piece in file::open(&path)? {
                let rows = file::rows_of(&piece.map_err(|error| file::broken(&path, error))?)?;
                for row in rows.iter().filter(|row| fits(wanted, row)) {
                    line(row, sink)?;
                    written += 1;
                }
            }
        }
        sink.flush().map_err(Problem::internal)?;
        Ok(written)
    })
}

fn overlaps(wanted: &Wanted, from: Timestamp, to: Timestamp) -> bool {
    wanted.from.is_none_or(|at| to >= at) && wanted.to.is_none_or(|at| from < at)
}

fn fits(wanted: &Wanted, row: &Row) -> bool {
    let at = row.event.happened_at;
    overlaps(wanted, at, at) && wanted.source_id.is_none_or(|id| id == row.source_id)
}

fn line(row: &Row, sink: &mut dyn Write) -> Result<()> {
    let event = &row.event;
    let line = Line {
        message_id: &event.message_id,
        source_id: row.source_id,
        kind: event.kind,
        name: &event.name,
        node: event.node,
        user_id: event.user_id.as_deref(),
        anonymous_id: event.anonymous_id.as_deref(),
        happened_at: event.happened_at,
        received_at: row.received_at,
        channel: event.channel.as_deref(),
        properties: raw(&event.properties)?,
        context: raw(&event.context)?,
    };
    serde_json::to_writer(&mut *sink, &line).map_err(Problem::internal)?;
    sink.write_all(b"\n").map_err(Problem::internal)
}

fn raw(text: &str) -> Result<&RawValue> {
    serde_json::from_str(text).map_err(Problem::internal)
}
