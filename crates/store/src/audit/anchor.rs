//! The anchor file: checkpoints outside the database, one JSON line each, only ever appended to.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use kernel::{Problem, Result};

use super::Checkpoint;

/// Appends a line and waits until it is on disk.
pub(super) async fn append(path: &Path, checkpoint: &Checkpoint) -> Result<()> {
    let (path, line) = (path.to_owned(), format!("{}\n", crate::json(checkpoint)));
    blocking(path, move |path| {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        file.write_all(line.as_bytes())?;
        file.sync_all()
    })
    .await
}

/// Reads all lines; a line that is no checkpoint comes as its number.
pub(super) async fn read(path: &Path) -> Result<Vec<Result<Checkpoint, i64>>> {
    blocking(path.to_owned(), |path| {
        let mut checkpoints = Vec::new();
        for (number, line) in (1..).zip(BufReader::new(File::open(path)?).lines()) {
            let line = line?;
            if !line.trim().is_empty() {
                checkpoints.push(serde_json::from_str(&line).map_err(|_| number));
            }
        }
        Ok(checkpoints)
    })
    .await
}

async fn blocking<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce(&Path) -> std::io::Result<T> + Send + 'static,
) -> Result<T> {
    let shown = path.display().to_string();
    let done = tokio::task::spawn_blocking(move || work(&path)).await.map_err(Problem::internal)?;
    done.map_err(|error| {
        Problem::unavailable("audit.anchor_unreachable").with("file", shown).with("reason", error.to_string())
    })
}
