//! Verification (校验): whether the lake holds what its manifest says, byte by byte and row by row.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use kernel::Result;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Store, aside};

use crate::manifest::{self, LakeFile};
use crate::{file, seen};

/// What was found (校验结果).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Files that were read.
    pub files: i64,
    /// Events in them.
    pub events: i64,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// What is wrong, in words.
    pub reason: String,
}

/// Reads every file; `twice` also looks for events that are there more than once, which takes 16 bytes of memory each.
pub async fn verify(store: &Store, folder: &Path, twice: bool) -> Result<Verification> {
    let files = manifest::live(store).await?;
    Ok(aside(|| {
        let mut found = Verification::default();
        let mut ids = twice.then(HashSet::new);
        for known in &files {
            found.files += 1;
            match check(folder, known, ids.as_mut()) {
                Ok(rows) => found.events += rows,
                Err(reason) => found.faults.push(Fault { file: known.name.clone(), reason }),
            }
        }
        found
    }))
}

fn check(folder: &Path, known: &LakeFile, ids: Option<&mut HashSet<seen::Key>>) -> Result<i64, String> {
    let path = folder.join(&known.name);
    let (bytes, sha256) = sum(&path).map_err(|error| error.to_string())?;
    if (bytes, sha256.as_str()) != (known.bytes, known.sha256.as_str()) {
        return Err(format!(
            "{bytes} bytes with SHA-256 {sha256}, where the manifest has {} and {}",
            known.bytes, known.sha256
        ));
    }
    let rows = read(&path, known, ids)?;
    if rows != known.rows {
        return Err(format!("{rows} events, where the manifest has {}", known.rows));
    }
    Ok(rows)
}

fn read(path: &Path, known: &LakeFile, mut ids: Option<&mut HashSet<seen::Key>>) -> Result<i64, String> {
    let (mut rows, mut last) = (0, None);
    for piece in file::open(path).map_err(words)? {
        let piece = piece.map_err(|error| error.to_string())?;
        let cut = file::orders(&piece).map_err(words)?;
        if let Some(row) = cut.unordered(piece.num_rows(), last) {
            return Err(format!("event {} is out of order", rows + row as i64));
        }
        for row in 0..piece.num_rows() {
            let order = cut.at(row);
            if order.node < known.first_node.bytes() || order.node > known.last_node.bytes() {
                return Err(format!("event {} is of a node outside the manifest's range", rows + row as i64));
            }
            if order.at < known.from_at.ms() || order.at > known.to_at.ms() {
                return Err(format!("event {} happened outside the manifest's time", rows + row as i64));
            }
        }
        if let Some(ids) = ids.as_deref_mut() {
            for row in file::rows_of(&piece).map_err(words)? {
                if !ids.insert(seen::key(row.source_id, &row.event.message_id)) {
                    return Err(format!(
                        "event {} of source {} is there twice",
                        row.event.message_id, row.source_id
                    ));
                }
            }
        }
        last = piece.num_rows().checked_sub(1).map(|row| cut.at(row)).or(last);
        rows += piece.num_rows() as i64;
    }
    Ok(rows)
}

fn words(problem: kernel::Problem) -> String {
    problem.source.as_ref().map_or_else(|| problem.to_string(), ToString::to_string)
}

fn sum(path: &Path) -> std::io::Result<(i64, String)> {
    let (mut file, mut sum, mut bytes) = (File::open(path)?, Sha256::new(), 0);
    let mut piece = vec![0; 1 << 20];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok((bytes, hex::encode(sum.finalize()))),
            read => {
                sum.update(&piece[..read]);
                bytes += read as i64;
            }
        }
    }
}
