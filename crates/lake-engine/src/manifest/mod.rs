//! Manifest (清单): which files count. A file that is not in it is not there, whatever lies on the disk.

mod sql;

use std::collections::BTreeMap;

use kernel::{Id, Problem, Result, Timestamp};
use lake::LakeStats;
use serde::{Deserialize, Serialize};
use store::{Observation, Store, Tx, args};
use utoipa::ToSchema;

use crate::file::Written;
use crate::log::Position;

/// File of events (事件文件), as the manifest knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LakeFile {
    /// Its id.
    pub id: Id,
    /// Its name below the folder of files.
    pub name: String,
    /// Month of its events (UTC), such as `2026-11`.
    pub month: String,
    /// How often its events were merged.
    pub level: i64,
    /// Events.
    pub rows: i64,
    /// Bytes.
    pub bytes: i64,
    /// Node of the first event.
    pub first_node: Id,
    /// Node of the last event.
    pub last_node: Id,
    /// When the earliest event happened.
    pub from_at: Timestamp,
    /// When the latest event happened.
    pub to_at: Timestamp,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// Until where a log is in files (进度).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// Place in the log.
    pub position: Position,
    /// Number of the event that comes next there.
    pub next: u64,
    /// Until when every event that arrived is in files.
    pub watermark: Option<Timestamp>,
}

#[derive(Deserialize)]
struct CursorRow {
    segment: i64,
    byte_offset: i64,
    next_number: i64,
    watermark: Timestamp,
}

/// What sources brought, by source and day of arrival: stored, sent again, when the last arrived.
pub type Counts = BTreeMap<(Id, String), (i64, i64, Timestamp)>;

/// Returns the files that count.
pub async fn live(store: &Store) -> Result<Vec<LakeFile>> {
    store.all(sql::LIVE, args![]).await
}

/// Returns until where a log is in files.
pub async fn cursor(store: &Store, log_id: Id) -> Result<Cursor> {
    let row: Option<CursorRow> = store.find(sql::CURSOR, args![log_id]).await?;
    Ok(row.map_or_else(Cursor::default, |row| Cursor {
        position: Position { segment: row.segment as u64, offset: row.byte_offset as u64 },
        next: row.next_number as u64,
        watermark: Some(row.watermark),
    }))
}

/// Takes new files in, counts what sources brought and moves the cursor: all or nothing.
///
/// Refused where the cursor is not at `from` any more. A process that died while it committed leaves a commit that may
/// still arrive after the next one has read the cursor; without this its events would count twice.
pub async fn advance(
    store: &Store,
    log_id: Id,
    files: &[Written],
    counts: &Counts,
    from: Position,
    cursor: Cursor,
) -> Result<()> {
    let mut tx = store.begin_observation(Observation::Ingest).await?;
    let now = tx.now();
    let Position { segment, offset } = cursor.position;
    let watermark = cursor.watermark.unwrap_or(now);
    let args = args![
        log_id,
        segment as i64,
        offset as i64,
        cursor.next as i64,
        watermark,
        now,
        from.segment as i64,
        from.offset as i64,
    ];
    tx.exec_one(sql::MOVE, args).await?;
    for file in files {
        insert(&mut tx, file).await?;
    }
    for ((source, day), (stored, duplicates, last_at)) in counts {
        tx.exec(sql::COUNT, args![*source, day, *stored, *duplicates, *last_at]).await?;
    }
    tx.commit().await
}

/// Puts files in the place of others; refused where one of those was taken out meanwhile.
pub async fn replace(tx: &mut Tx, old: &[Id], new: &[Written]) -> Result<()> {
    let now = tx.now();
    for id in old {
        if tx.exec(sql::RETIRE, args![*id, now]).await? == 0 {
            return Err(Problem::precondition_failed("store.changed_meanwhile"));
        }
    }
    for file in new {
        insert(tx, file).await?;
    }
    Ok(())
}

async fn insert(tx: &mut Tx, file: &Written) -> Result<()> {
    let now = tx.now();
    let args = args![
        Id::new(),
        &file.name,
        file.month.to_string(),
        file.level,
        file.rows,
        file.bytes,
        Id::from_bytes(file.first.node),
        Id::from_bytes(file.last.node),
        file.from_at,
        file.to_at,
        &file.sha256,
        now,
    ];
    tx.exec_one(sql::INSERT, args).await
}

/// Returns files, as (id, name), that do not count since before a time.
pub async fn retired(store: &Store, before: Timestamp) -> Result<Vec<(Id, String)>> {
    store.all(sql::RETIRED, args![before]).await
}

/// Forgets files that were removed from the disk.
pub async fn forget(store: &Store, files: &[Id]) -> Result<()> {
    let mut tx = store.begin_observation(Observation::Ingest).await?;
    for id in files {
        tx.exec(sql::FORGET, args![*id]).await?;
    }
    tx.commit().await
}

/// Returns whether the manifest knows a name, retired files included.
pub async fn knows(store: &Store, name: &str) -> Result<bool> {
    Ok(store.find::<(Id, String)>(sql::KNOWN, args![name]).await?.is_some())
}

#[derive(Deserialize)]
struct Sums {
    events: i64,
    files: i64,
    bytes: i64,
}

/// Returns what is in files.
pub async fn stats(store: &Store) -> Result<LakeStats> {
    let Sums { events, files, bytes } = store.get(sql::SUMS, args![]).await?;
    let duplicates: i64 = store.get(sql::DUPLICATES, args![]).await?;
    let watermark = watermark(store).await?;
    Ok(LakeStats { events, files, bytes, duplicates, log_bytes: 0, watermark })
}

/// Returns until when every event that arrived is in files.
pub async fn watermark(store: &Store) -> Result<Option<Timestamp>> {
    let watermark: Option<Option<Timestamp>> = store.find(sql::WATERMARK, args![]).await?;
    Ok(watermark.flatten())
}
