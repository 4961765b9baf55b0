use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use kernel::{Problem, Result};
use sha2::{Digest, Sha256};
use store::Value;
use store::snapshot::Table;
use tokio::sync::mpsc;

use super::key::BackupKey;
use super::rules::{Sum, decode, file_piece, is_place};
use super::{FORMAT, FileCount, Head, Line, Manifest, TableCount};

/// Rows that are handed over at a time.
const ROWS: usize = 500;
/// Bytes of a file that are handed over at a time.
const CHUNK: usize = 64 * 1024;
/// Entries that wait for a slow database.
const WAITING: usize = 8;
/// Longest line: a row can hold a whole document, but no sound one holds this.
const LINE_MAX: u64 = 512 * 1024 * 1024;

/// What stands in a backup, in its order.
#[derive(Debug)]
pub enum Entry {
    /// The beginning.
    Head(Head),
    /// A table begins.
    Table(Table),
    /// Rows of the table.
    Rows(Vec<Vec<Value>>),
    /// A file begins, at this place in the data directory.
    File(String),
    /// Bytes of the file.
    Bytes(Vec<u8>),
    /// The file is whole.
    FileEnd,
    /// The end; everything before it was as it says.
    Manifest(Manifest),
}

/// Reads a backup and checks all of it on the way: its seal, every digest, every count.
#[derive(Debug)]
pub struct Reader {
    receiver: mpsc::Receiver<Result<Entry>>,
}

impl Reader {
    /// Opens the file.
    pub fn open(path: &Path, key: &BackupKey) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        let (path, key) = (path.to_owned(), key.clone());
        tokio::task::spawn_blocking(move || {
            let hand_over = |entry| sender.blocking_send(Ok(entry)).map_err(|_| Stop::Unwanted);
            if let Err(Stop::Problem(problem)) = walk(&path, &key, hand_over) {
                // Nobody who would want to know is left where this fails.
                let _ = sender.blocking_send(Err(problem));
            }
        });
        Self { receiver }
    }

    /// Returns the next entry; `None` after the manifest.
    pub async fn next(&mut self) -> Result<Option<Entry>> {
        self.receiver.recv().await.transpose()
    }
}

/// Reads a backup from beginning to end and returns what it holds; a damaged one is refused.
pub async fn verify(path: &Path, key: &BackupKey) -> Result<Manifest> {
    let mut reader = Reader::open(path, key);
    while let Some(entry) = reader.next().await? {
        if let Entry::Manifest(manifest) = entry {
            return Ok(manifest);
        }
    }
    Err(damaged(path, "it has no end"))
}

/// Reads only the beginning of a backup.
pub async fn head(path: &Path, key: &BackupKey) -> Result<Head> {
    match Reader::open(path, key).next().await? {
        Some(Entry::Head(head)) => Ok(head),
        _ => Err(damaged(path, "it has no beginning")),
    }
}

fn damaged(path: &Path, reason: &str) -> Problem {
    Problem::unprocessable("backup.damaged").with("file", path.display().to_string()).with("reason", reason)
}

/// Why the walk ends early.
enum Stop {
    Problem(Problem),
    /// The reader has seen enough.
    Unwanted,
}

/// What of a backup was seen so far.
struct Walk<'p> {
    path: &'p Path,
    lines: BufReader<GzDecoder<Box<dyn Read>>>,
    head: Option<Head>,
    tables: Vec<TableCount>,
    files: FileCount,
    files_sum: Sum,
}

fn walk(
    path: &Path,
    key: &BackupKey,
    mut hand_over: impl FnMut(Entry) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let lines = BufReader::with_capacity(CHUNK, GzDecoder::new(unsealed(path, key).map_err(Stop::Problem)?));
    let mut walk = Walk {
        path,
        lines,
        head: None,
        tables: Vec::new(),
        files: FileCount::default(),
        files_sum: Sum::default(),
    };
    loop {
        let line = walk.line()?;
        match serde_json::from_str(&line).map_err(|error| walk.damaged(&error.to_string()))? {
            Line::Head(head) if walk.head.is_none() && walk.tables.is_empty() => {
                if head.format != FORMAT {
                    let problem = Problem::unprocessable("backup.format_unknown").with("format", head.format);
                    return Err(Stop::Problem(problem));
                }
                walk.head = Some(head.clone());
                hand_over(Entry::Head(head))?;
            }
            Line::Table(table) => walk.table(table, &mut hand_over)?,
            Line::File { path, size } => walk.file(path, size, &mut hand_over)?,
            Line::Manifest(manifest) => {
                walk.end(&manifest)?;
                return hand_over(Entry::Manifest(manifest));
            }
            _ => return Err(walk.damaged("its parts stand in the wrong order")),
        }
    }
}

impl Walk<'_> {
    fn damaged(&self, reason: &str) -> Stop {
        Stop::Problem(damaged(self.path, reason))
    }

    fn broken(&self, error: &io::Error) -> Stop {
        self.damaged(&error.to_string())
    }

    fn line(&mut self) -> Result<String, Stop> {
        let mut line = String::new();
        let read = (&mut self.lines).take(LINE_MAX).read_line(&mut line);
        read.map_err(|error| self.broken(&error))?;
        match line.strip_suffix('\n') {
            Some(whole) => Ok(whole.to_owned()),
            None => Err(self.damaged("it ends in the middle")),
        }
    }

    fn table(
        &mut self,
        table: Table,
        hand_over: &mut impl FnMut(Entry) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        hand_over(Entry::Table(table.clone()))?;
        let (mut rows, mut sum, mut count) = (Vec::with_capacity(ROWS), Sum::default(), 0_i64);
        let end = loop {
            let line = self.line()?;
            if !line.starts_with('[') {
                break line;
            }
            sum.add(line.as_bytes());
            count += 1;
            rows.push(decode(&line, &table).map_err(|reason| self.damaged(&reason))?);
            if rows.len() == ROWS {
                hand_over(Entry::Rows(std::mem::replace(&mut rows, Vec::with_capacity(ROWS))))?;
            }
        };
        if !rows.is_empty() {
            hand_over(Entry::Rows(rows))?;
        }
        match serde_json::from_str(&end) {
            Ok(Line::TableEnd { rows, digest }) if rows == count && digest == sum.hex() => {
                self.tables.push(TableCount { name: table.name, rows, digest });
                Ok(())
            }
            _ => Err(self.damaged(&format!("the rows of {} are not those that were written", table.name))),
        }
    }

    fn file(
        &mut self,
        path: String,
        size: u64,
        hand_over: &mut impl FnMut(Entry) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        if !is_place(&path) {
            return Err(self.damaged(&format!("{path} is no place in a data directory")));
        }
        hand_over(Entry::File(path.clone()))?;
        let (mut left, mut digest) = (size, Sha256::new());
        while left > 0 {
            let mut bytes = vec![0; usize::try_from(left).unwrap_or(CHUNK).min(CHUNK)];
            self.lines.read_exact(&mut bytes).map_err(|error| self.broken(&error))?;
            digest.update(&bytes);
            left -= bytes.len() as u64;
            hand_over(Entry::Bytes(bytes))?;
        }
        // The line break behind the bytes.
        self.line()?;
        let found = hex::encode(digest.finalize());
        match serde_json::from_str(&self.line()?) {
            Ok(Line::FileEnd { sha256 }) if sha256 == found => {}
            _ => return Err(self.damaged(&format!("{path} is not what was written"))),
        }
        self.files.count += 1;
        self.files.bytes = self.files.bytes.saturating_add(i64::try_from(size).unwrap_or(i64::MAX));
        self.files_sum.add(file_piece(&path, &found).as_bytes());
        hand_over(Entry::FileEnd)
    }

    /// Compares what was read with what the last line says.
    fn end(&mut self, manifest: &Manifest) -> Result<(), Stop> {
        let files = &manifest.files;
        let sound = self.head.as_ref() == Some(&manifest.head)
            && self.tables == manifest.tables
            && (self.files.count, self.files.bytes) == (files.count, files.bytes)
            && self.files_sum.hex() == files.digest;
        if !sound {
            return Err(self.damaged("it does not hold what its last line says"));
        }
        // Reads the rest, which is nothing but the check of the compression.
        let mut rest = [0; 1];
        match self.lines.read(&mut rest) {
            Ok(0) => Ok(()),
            Ok(_) => Err(self.damaged("something stands behind its end")),
            Err(error) => Err(self.broken(&error)),
        }
    }
}

/// Opens the seal; a key that does not fit is told apart from damage.
fn unsealed(path: &Path, key: &BackupKey) -> Result<Box<dyn Read>> {
    let shown = || path.display().to_string();
    let file = File::open(path).map_err(|error| {
        Problem::unprocessable("backup.file_unreadable")
            .with("file", shown())
            .with("reason", error.to_string())
    })?;
    let sealed = age::Decryptor::new(BufReader::with_capacity(CHUNK, file)).map_err(|error| match error {
        age::DecryptError::InvalidHeader | age::DecryptError::UnknownFormat => {
            Problem::unprocessable("backup.no_backup").with("file", shown())
        }
        // Shorter than any header.
        age::DecryptError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Problem::unprocessable("backup.no_backup").with("file", shown())
        }
        other => damaged(path, &other.to_string()),
    })?;
    match sealed.decrypt(key.identities()) {
        Ok(reader) => Ok(Box::new(reader)),
        Err(age::DecryptError::NoMatchingKeys) => {
            Err(Problem::unprocessable("backup.key.wrong").with("file", shown()).with("key", key.name()))
        }
        Err(other) => Err(damaged(path, &other.to_string())),
    }
}

/// Returns the backups in a folder, by name, which is also by time.
pub async fn in_folder(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut entries = match tokio::fs::read_dir(folder).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(Problem::internal(error)),
    };
    while let Some(entry) = entries.next_entry().await.map_err(Problem::internal)? {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "backup") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
