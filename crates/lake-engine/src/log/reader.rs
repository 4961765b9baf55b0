use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::frame::{self, Frame};
use super::{Position, path, segments};

/// Reads frames from a position on (日志读取). Never waits: nothing means that there is nothing yet.
#[derive(Debug)]
pub struct Reader {
    dir: PathBuf,
    position: Position,
    /// The segment that is being read, from `base` on.
    bytes: Vec<u8>,
    base: u64,
}

/// Most bytes of a segment in memory at a time.
const PIECE: usize = 4 * 1024 * 1024;

impl Reader {
    /// Reads from `position` on.
    pub fn new(dir: &Path, position: Position) -> Self {
        Self { dir: dir.to_owned(), position, bytes: Vec::new(), base: position.offset }
    }

    /// Returns where the next frame begins.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Returns the next frame that ends before `until`.
    pub fn next(&mut self, until: Position) -> io::Result<Option<Frame>> {
        while self.position < until {
            if let Some(frame) = self.next_here()? {
                self.position.offset += frame.length;
                return Ok(Some(frame));
            }
            // The rest of this segment is a tail that a crash left, unless it is the one that is being written.
            if self.position.segment >= until.segment {
                return Ok(None);
            }
            let Some(segment) = self.following()? else { return Ok(None) };
            self.position = Position { segment, offset: 0 };
            (self.bytes, self.base) = (Vec::new(), 0);
        }
        Ok(None)
    }

    fn next_here(&mut self) -> io::Result<Option<Frame>> {
        let read = (self.position.offset - self.base) as usize;
        if let Some(frame) = self.bytes.get(read..).and_then(frame::decode) {
            return Ok(Some(frame));
        }
        self.fill()?;
        Ok(frame::decode(&self.bytes))
    }

    /// Takes the next piece of the segment into memory, beginning at the position.
    fn fill(&mut self) -> io::Result<()> {
        use std::os::unix::fs::FileExt;
        self.base = self.position.offset;
        self.bytes.clear();
        let file = match std::fs::File::open(path(&self.dir, self.position.segment)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        let left = file.metadata()?.len().saturating_sub(self.base);
        self.bytes.resize((left as usize).min(PIECE), 0);
        let mut read = 0;
        while read < self.bytes.len() {
            match file.read_at(&mut self.bytes[read..], self.base + read as u64)? {
                0 => break,
                more => read += more,
            }
        }
        self.bytes.truncate(read);
        Ok(())
    }

    fn following(&self) -> io::Result<Option<u64>> {
        Ok(segments(&self.dir)?.into_iter().find(|segment| *segment > self.position.segment))
    }
}

/// Returns the number of the next segment, and that of the next event, after what is in the log.
pub fn next_free(dir: &Path, from: Position, first: u64) -> io::Result<(u64, u64)> {
    let last = segments(dir)?.into_iter().max().unwrap_or_default().max(from.segment);
    let mut reader = Reader::new(dir, from);
    let end = Position { segment: last + 1, offset: 0 };
    let mut next = first;
    while let Some(frame) = reader.next(end)? {
        next = next.max(frame.first + frame.batch.events.len() as u64);
    }
    Ok((last + 1, next))
}
