//! Compaction (合并): many small files of a month become few, in order, with a bounded use of memory.

mod merge;
mod rules;

use std::path::Path;

use kernel::{Caller, Id, Result};
use store::{Audit, Observation, Store, aside};

pub use merge::merge;
pub use rules::plan;

use crate::file::{self, FileWriter, Written};
use crate::manifest::{self, LakeFile};
use crate::month::Month;
use crate::settings::Settings;

const NOUN: &str = "lake.event";

/// Merges what is worth merging, a step at a time; returns how many files were merged.
pub async fn compact(store: &Store, folder: &Path, everything: bool) -> Result<usize> {
    let mut merged = 0;
    loop {
        let Some(step) = plan(&manifest::live(store).await?, everything) else { return Ok(merged) };
        let written = aside(|| write(folder, &step))?;
        let old: Vec<Id> = step.iter().map(|file| file.id).collect();
        let mut tx = store.begin_observation(Observation::Ingest).await?;
        match manifest::replace(&mut tx, &old, std::slice::from_ref(&written)).await {
            Ok(()) => tx.commit().await?,
            // Somebody else merged or erased meanwhile: theirs counts, and the next round sees it.
            Err(problem) if problem.code == "store.changed_meanwhile" => {
                drop(tx);
                remove(folder, &written.name);
                continue;
            }
            Err(problem) => return Err(problem),
        }
        merged += old.len();
        tracing::debug!(files = old.len(), rows = written.rows, month = %written.month, "merged files of events");
    }
}

fn write(folder: &Path, files: &[LakeFile]) -> Result<Written> {
    let Some(month) = files.first().and_then(|file| Month::parse(&file.month)) else {
        return Err(kernel::Problem::internal("a month of the lake is none"));
    };
    let level = files.iter().map(|file| file.level).max().unwrap_or_default() + 1;
    let mut writer = FileWriter::begin(folder, file::name(month, level, Id::new()), month, level)?;
    let paths: Vec<_> = files.iter().map(|file| folder.join(&file.name)).collect();
    merge(&paths, |_| true, |piece| writer.add(piece))?;
    writer.finish()
}

/// Removes a file that does not count; what cannot be removed now is removed with the next sweep.
pub fn remove(folder: &Path, name: &str) {
    let path = folder.join(name);
    if let Err(error) = std::fs::remove_file(&path)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, path = %path.display(), "a file of the lake could not be removed: {error}");
    }
}

/// Drops the files of months before one; returns how many events went.
pub async fn drop_before(
    store: &Store,
    settings: &Settings,
    caller: &Caller,
    month: Month,
    reason: &str,
) -> Result<i64> {
    let files = manifest::live(store).await?;
    let old: Vec<&LakeFile> = files.iter().filter(|file| file.month < month.to_string()).collect();
    if old.is_empty() {
        return Ok(0);
    }
    let events = old.iter().map(|file| file.rows).sum::<i64>();
    let ids: Vec<Id> = old.iter().map(|file| file.id).collect();
    let mut tx = store.begin(caller).await?;
    manifest::replace(&mut tx, &ids, &[]).await?;
    let facts = serde_json::json!({ "before": month.to_string(), "files": old.len(), "events": events });
    tx.audit(Audit::without_row("drop", NOUN).because(reason).with(facts).covering(events as u64)).await?;
    tx.commit().await?;
    settings.remove(old.iter().map(|file| file.name.as_str()));
    Ok(events)
}

/// Takes some people's events out of every file, so that no byte of them is left; returns how many events went.
pub async fn erase(
    store: &Store,
    settings: &Settings,
    caller: &Caller,
    nodes: &std::collections::BTreeSet<Id>,
    reason: &str,
) -> Result<i64> {
    let (Some(first), Some(last)) = (nodes.first(), nodes.last()) else { return Ok(0) };
    let bytes: std::collections::BTreeSet<[u8; 16]> = nodes.iter().map(|node| node.bytes()).collect();
    let folder = settings.files();
    let touched = |file: &&LakeFile| file.first_node <= *last && file.last_node >= *first;
    let files = manifest::live(store).await?;
    let (mut old, mut new, mut gone) = (Vec::new(), Vec::new(), 0);
    for file in files.iter().filter(touched) {
        let rest = aside(|| without(&folder, file, &bytes))?;
        let left = rest.as_ref().map_or(0, |written| written.rows);
        if left == file.rows {
            // Nobody of them is in it: what was written is of no use.
            rest.iter().for_each(|written| remove(&folder, &written.name));
            continue;
        }
        gone += file.rows - left;
        old.push(file);
        new.extend(rest);
    }
    let ids: Vec<Id> = old.iter().map(|file| file.id).collect();
    let mut tx = store.begin(caller).await?;
    manifest::replace(&mut tx, &ids, &new).await?;
    let facts = serde_json::json!({ "nodes": nodes.len(), "events": gone, "files": old.len() });
    tx.audit(
        store::Audit::without_row("erase", "lake.event").because(reason).with(facts).covering(gone as u64),
    )
    .await?;
    tx.commit().await?;
    settings.remove(old.iter().map(|file| file.name.as_str()));
    Ok(gone)
}

/// Writes a file anew without some people; nothing where nobody else is in it.
fn without(
    folder: &Path,
    file: &LakeFile,
    nodes: &std::collections::BTreeSet<[u8; 16]>,
) -> Result<Option<Written>> {
    let Some(month) = Month::parse(&file.month) else {
        return Err(kernel::Problem::internal("a month of the lake is none"));
    };
    let mut writer = FileWriter::begin(folder, file::name(month, file.level, Id::new()), month, file.level)?;
    let mut kept = 0;
    merge(
        &[folder.join(&file.name)],
        |order| !nodes.contains(&order.node),
        |piece| {
            kept += piece.num_rows();
            writer.add(piece)
        },
    )?;
    if kept == 0 {
        writer.abandon();
        return Ok(None);
    }
    writer.finish().map(Some)
}
