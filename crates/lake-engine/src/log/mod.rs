//! Log (日志): where events are safe first. Frames are appended to segments; what is acknowledged is on disk.
//!
//! A segment ends where its first unsound frame begins: a crash leaves such a tail, and whoever opens the log again
//! begins a new segment instead of mending the old one.

mod frame;
mod reader;
mod writer;

use std::path::{Path, PathBuf};

pub use frame::{Frame, encode};
pub use reader::{Reader, next_free};
pub use writer::{Appended, Writer, WriterSettings};

/// Place in the log: a segment, and how many bytes of it lie before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Number of the segment; they begin at 1.
    pub segment: u64,
    /// Bytes before.
    pub offset: u64,
}

const ENDING: &str = "log";

fn path(dir: &Path, segment: u64) -> PathBuf {
    dir.join(format!("{segment:016}.{ENDING}"))
}

/// Returns the segments that are there, oldest first.
pub fn segments(dir: &Path) -> std::io::Result<Vec<u64>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == ENDING) {
            found.extend(path.file_stem().and_then(|name| name.to_str()?.parse::<u64>().ok()));
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Removes segments whose events are all in files.
pub fn remove_before(dir: &Path, position: Position) -> std::io::Result<()> {
    for segment in segments(dir)?.into_iter().filter(|segment| *segment < position.segment) {
        std::fs::remove_file(path(dir, segment))?;
    }
    Ok(())
}

/// Returns the bytes from `position` on.
pub fn bytes_after(dir: &Path, position: Position) -> std::io::Result<u64> {
    let mut bytes = 0;
    for segment in segments(dir)?.into_iter().filter(|segment| *segment >= position.segment) {
        let read = if segment == position.segment { position.offset } else { 0 };
        bytes += std::fs::metadata(path(dir, segment))?.len().saturating_sub(read);
    }
    Ok(bytes)
}

/// Makes a new name or a removal in a directory survive a power cut.
pub fn sync_dir(dir: &Path) -> std::io::Result<()> {
    std::fs::File::open(dir)?.sync_all()
}
