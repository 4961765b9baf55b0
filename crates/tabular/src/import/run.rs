//! Moves the rows of a file into its noun, chunk by chunk.
//!
//! A blocking task reads and converts while this side stores: at most two chunks are in memory.
//! Each chunk commits rows, rejects, position and audit entry together; the position is the number
//! of rows read, so whoever goes on skips as many.

use std::ops::ControlFlow;
use std::path::PathBuf;

use http_kit::App;
use kernel::{Actor, Caller, Id, Problem, Result};
use store::jobs::Lease;
use store::{Audit, args};
use tokio::sync::mpsc;

use super::{Import, ImportFinished, ImportState, rules, service, sql};
use crate::file::{self, Layout, RawRow};
use crate::mapping::RowReader;
use crate::reject;
use crate::target::{self, MappedRow, Reject, RowOutcome, Target, natural_id};

/// Rows of one transaction: long enough to be fast, short enough to let others write.
const CHUNK_ROWS: usize = 5_000;
/// Bytes of cells of one chunk: long rows make shorter chunks.
const CHUNK_BYTES: usize = 8 << 20;
/// Rows of one file.
const ROWS_MAX: u64 = 20_000_000;

/// How far an import is (进度).
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Rows read.
    pub read: u64,
    /// Rows stored.
    pub stored: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Bytes of the file read.
    pub bytes: u64,
    /// Bytes of the file.
    pub bytes_total: u64,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) enum Finished {
    /// Every row was read.
    Done(Box<Import>),
    /// Somebody took the import over or began to take it back.
    Superseded,
}

struct Chunk {
    rows: Vec<(u64, Result<MappedRow, Reject>)>,
    bytes: u64,
}

/// Stores the rows that are not stored yet. The import must be running.
pub(crate) async fn run(
    app: &App,
    id: Id,
    lease: Option<&Lease>,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Finished> {
    let mut import = service::load(app, id).await?;
    if import.state != ImportState::Running {
        return Ok(Finished::Superseded);
    }
    let target = target::target(app, &import.noun)?;
    let reader = RowReader::new(target.fields(), &import.columns, app.settings.time_zone.clone())?;
    let (sender, mut chunks) = mpsc::channel(1);
    let (path, layout, skip) =
        (app.blobs.path(&import.file_hash), import.layout.clone(), import.read_count as u64);
    let reading = tokio::spawn(file::blocking(move || read(path, layout, reader, skip, sender)));
    while let Some(chunk) = chunks.recv().await {
        let stored = store_chunk(app, target.as_ref(), &import, chunk, lease).await;
        match stored {
            Ok(moved_on) => import = moved_on,
            Err(problem) if problem.code == MOVED => return Ok(Finished::Superseded),
            Err(problem) => return Err(problem),
        }
        progress(how_far(&import));
    }
    // What stopped the reading is only known here: rows before it are stored.
    reading.await.map_err(Problem::internal)??;
    finish(app, &import, lease).await
}

fn how_far(import: &Import) -> Progress {
    Progress {
        read: import.read_count as u64,
        stored: import.stored_count as u64,
        rejected: import.rejected_count as u64,
        bytes: import.bytes_done as u64,
        bytes_total: import.file_bytes as u64,
    }
}

/// Reads, converts and hands over chunks until the file or the receiver ends.
fn read(
    path: PathBuf,
    layout: Layout,
    reader: RowReader,
    skip: u64,
    sender: mpsc::Sender<Chunk>,
) -> Result<()> {
    let mut seen = 0;
    let mut chunk = Chunk { rows: Vec::with_capacity(CHUNK_ROWS), bytes: 0 };
    let mut size = 0;
    file::rows(&path, &layout, &mut |raw: &RawRow| {
        if raw.header {
            return Ok(ControlFlow::Continue(()));
        }
        seen += 1;
        if seen > ROWS_MAX {
            return Err(Problem::too_large("tabular.file.too_many_rows").with("rows_max", ROWS_MAX));
        }
        if seen <= skip {
            return Ok(ControlFlow::Continue(()));
        }
        chunk.rows.push((raw.number, reader.read(raw)));
        chunk.bytes = raw.bytes;
        size += raw.cells.as_slice().len();
        if chunk.rows.len() < CHUNK_ROWS && size < CHUNK_BYTES {
            return Ok(ControlFlow::Continue(()));
        }
        size = 0;
        let full = std::mem::replace(&mut chunk, Chunk { rows: Vec::with_capacity(CHUNK_ROWS), bytes: 0 });
        // The receiver is gone when storing stopped: there is nobody to read for.
        Ok(if sender.blocking_send(full).is_ok() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        })
    })?;
    if !chunk.rows.is_empty() {
        // As above: a receiver that is gone wants nothing.
        let _ = sender.blocking_send(chunk);
    }
    Ok(())
}

/// Code of the refusal when the import is no longer where this run left it.
const MOVED: &str = "tabular.import.moved";

async fn store_chunk(
    app: &App,
    target: &dyn Target,
    import: &Import,
    chunk: Chunk,
    lease: Option<&Lease>,
) -> Result<Import> {
    let mut tx = app.store.begin(&caller_of(import)).await?;
    if let Some(lease) = lease {
        lease.guard(&mut tx).await?;
    }
    // Two imports of one source at a time would not see each other's rows.
    tx.lock("tabular.source", natural_id(&[&import.noun, &import.source])).await?;
    let (first, last) = (chunk.rows.first().map_or(0, |row| row.0), chunk.rows.last().map_or(0, |row| row.0));
    let mut numbers = Vec::with_capacity(chunk.rows.len());
    let mut outcomes = Vec::with_capacity(chunk.rows.len());
    let mut sound = Vec::with_capacity(chunk.rows.len());
    for (number, row) in chunk.rows {
        numbers.push(number);
        match row {
            Ok(row) => {
                sound.push(row);
                outcomes.push(None);
            }
            Err(reject) => outcomes.push(Some(RowOutcome::Rejected(reject))),
        }
    }
    let expected = sound.len();
    let answers = target.store(app, &mut tx, &import.reference(), sound).await?;
    if answers.len() != expected {
        let noun = target.noun();
        return Err(Problem::internal(format!("{noun}: {expected} rows given, {} answered", answers.len())));
    }
    let mut answers = answers.into_iter();
    let outcomes =
        outcomes.into_iter().map(|known| known.or_else(|| answers.next()).unwrap_or(RowOutcome::Stored));
    let tally = rules::tally(numbers.into_iter().zip(outcomes));
    let moved = args![
        import.id,
        import.read_count,
        tally.stored as i64,
        tally.rejected as i64,
        tally.present as i64,
        chunk.bytes as i64,
        tx.now(),
    ];
    if tx.exec(sql::ADVANCE, moved).await? == 0 {
        return Err(Problem::conflict(MOVED));
    }
    reject::store(&mut tx, import.id, tally.rejects).await?;
    let facts = serde_json::json!({
        "noun": import.noun, "first_row": first, "last_row": last,
        "stored": tally.stored, "rejected": tally.rejected,
    });
    let entry = Audit::new("import", "tabular.import", import.id).within(import.brand_id, None);
    tx.audit(entry.with(facts).covering(tally.stored)).await?;
    tx.commit().await?;
    let mut after = import.clone();
    after.read_count += (tally.stored + tally.rejected) as i64;
    after.stored_count += tally.stored as i64;
    after.rejected_count += tally.rejected as i64;
    after.present_count += tally.present as i64;
    after.bytes_done = chunk.bytes as i64;
    Ok(after)
}

/// Rows from which on the database's planner is told what the tables hold now.
const ROWS_MANY: i64 = 1_000;

async fn finish(app: &App, import: &Import, lease: Option<&Lease>) -> Result<Finished> {
    if import.stored_count >= ROWS_MANY {
        // Before the event: whoever computes something of the rows asks about all of them.
        app.store.refresh_statistics().await?;
    }
    let mut tx = app.store.begin(&caller_of(import)).await?;
    if let Some(lease) = lease {
        lease.guard(&mut tx).await?;
    }
    let now = tx.now();
    if tx.exec(sql::FINISH, args![import.id, import.read_count, now]).await? == 0 {
        return Ok(Finished::Superseded);
    }
    let facts = serde_json::json!({
        "read": import.read_count, "stored": import.stored_count,
        "rejected": import.rejected_count, "present": import.present_count,
    });
    tx.audit(Audit::new("finish", "tabular.import", import.id).within(import.brand_id, None).with(facts))
        .await?;
    let (noun, stored) = (import.noun.clone(), import.stored_count);
    tx.emit(&ImportFinished { import_id: import.id, noun, stored }).await?;
    tx.commit().await?;
    Ok(Finished::Done(Box::new(service::load(app, import.id).await?)))
}

/// Notes why an import stopped; what was stored stays.
pub(crate) async fn fail(app: &App, import_id: Id, problem: &Problem) -> Result<()> {
    let import = service::load(app, import_id).await?;
    let mut tx = app.store.begin(&caller_of(&import)).await?;
    let (note, now) = (super::Note::from(problem), tx.now());
    tx.exec(sql::FAIL, args![import_id, store::json(&note), now]).await?;
    tx.audit(Audit::new("fail", "tabular.import", import_id).within(import.brand_id, None).with(&note))
        .await?;
    tx.commit().await
}

/// Rows that one transaction takes back.
const UNDO_ROWS: u32 = 2_000;

/// Takes back what an import stored. The import must be on its way back.
pub(crate) async fn undo(app: &App, import_id: Id, lease: &Lease) -> Result<()> {
    let import = service::load(app, import_id).await?;
    let target = target::target(app, &import.noun)?;
    loop {
        let mut tx = app.store.begin(&caller_of(&import)).await?;
        lease.guard(&mut tx).await?;
        let count = target.undo(app, &mut tx, import_id, UNDO_ROWS).await?;
        let now = tx.now();
        let statement = if count == 0 {
            tx.exec(sql::UNDONE, args![import_id, now]).await?
        } else {
            tx.exec(sql::UNDONE_CHUNK, args![import_id, count as i64, now]).await?
        };
        if statement == 0 {
            return Ok(());
        }
        let action = if count == 0 { "undone" } else { "undo_chunk" };
        tx.audit(
            Audit::new(action, "tabular.import", import_id).within(import.brand_id, None).covering(count),
        )
        .await?;
        tx.commit().await?;
        if count == 0 {
            return Ok(());
        }
    }
}

/// Returns in whose name the rows are stored: whoever uploaded the file, with no rights beyond that.
pub(super) fn caller_of(import: &Import) -> Caller {
    let mut caller = Caller::system("tabular.import");
    if let Some(id) = import.created_by {
        caller.actor = Actor::User { id, name: import.created_by_name.clone(), by_token: false };
    }
    caller
}
