use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use kernel::{Problem, Result};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::Line;
use super::key::BackupKey;

/// Bytes that are handed over at a time.
const CHUNK: usize = 64 * 1024;
/// Chunks that wait for a slow disk before the database has to wait.
const WAITING: usize = 16;

/// Writes a backup under a name of its own, and under the final one once it is whole.
#[derive(Debug)]
pub struct Writer {
    sender: mpsc::Sender<Piece>,
    buffer: Vec<u8>,
    worker: JoinHandle<io::Result<Written>>,
}

enum Piece {
    Bytes(Vec<u8>),
    /// Without it what came is half a backup, and goes.
    End,
}

/// A backup that is on disk.
#[derive(Clone, Debug)]
pub struct Written {
    /// Size of the file.
    pub bytes: u64,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// Returns the name under which a file stands until it is whole.
pub fn draft(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}

impl Writer {
    /// Begins the file `path`, sealed to `key`.
    pub fn create(path: &Path, key: &BackupKey) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        let (path, recipient) = (path.to_owned(), key.recipient());
        let worker = tokio::task::spawn_blocking(move || {
            let draft = draft(&path);
            let written = write(&draft, &path, &recipient, receiver);
            if written.is_err() {
                // Best effort: what stays is swept before the next backup.
                let _ = fs::remove_file(&draft);
            }
            written
        });
        Self { sender, buffer: Vec::with_capacity(2 * CHUNK), worker }
    }

    /// Writes a line that is no row.
    pub async fn line(&mut self, line: &Line) -> Result<()> {
        let text = store::json(line);
        self.text(&text).await
    }

    /// Writes a line.
    pub async fn text(&mut self, line: &str) -> Result<()> {
        self.bytes(line.as_bytes()).await?;
        self.bytes(b"\n").await
    }

    /// Writes bytes.
    pub async fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK {
            let full = std::mem::replace(&mut self.buffer, Vec::with_capacity(2 * CHUNK));
            // A worker that is gone says why when it is asked for its result.
            if self.sender.send(Piece::Bytes(full)).await.is_err() {
                return Err(Problem::unavailable("backup.not_written").with("reason", "the disk refused"));
            }
        }
        Ok(())
    }

    /// Puts everything on disk and gives the file its name.
    pub async fn finish(self) -> Result<Written> {
        let Self { sender, buffer, worker } = self;
        // Both fail only where the worker is gone, and it says why.
        let _ = sender.send(Piece::Bytes(buffer)).await;
        let _ = sender.send(Piece::End).await;
        drop(sender);
        ended(worker).await
    }

    /// Gives up, and returns why the disk refused, where it did.
    pub async fn abandon(self) -> Option<Problem> {
        drop(self.sender);
        ended(self.worker).await.err().filter(|problem| problem.code != "backup.broken_off")
    }
}

async fn ended(worker: JoinHandle<io::Result<Written>>) -> Result<Written> {
    worker.await.map_err(Problem::internal)?.map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull => Problem::new(507, "store.disk_full"),
        io::ErrorKind::Interrupted => Problem::unavailable("backup.broken_off"),
        _ => Problem::unavailable("backup.not_written").with("reason", error.to_string()),
    })
}

fn write(
    draft: &Path,
    path: &Path,
    recipient: &age::x25519::Recipient,
    mut receiver: mpsc::Receiver<Piece>,
) -> io::Result<Written> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let file = Counted { file: BufWriter::new(File::create(draft)?), bytes: 0, sha256: Sha256::new() };
    let recipients = std::iter::once(recipient as &dyn age::Recipient);
    let sealed = age::Encryptor::with_recipients(recipients).map_err(io::Error::other)?.wrap_output(file)?;
    let mut packed = GzEncoder::new(sealed, Compression::fast());
    loop {
        match receiver.blocking_recv() {
            Some(Piece::Bytes(bytes)) => packed.write_all(&bytes)?,
            Some(Piece::End) => break,
            None => return Err(io::Error::from(io::ErrorKind::Interrupted)),
        }
    }
    let counted = packed.finish()?.finish()?;
    let file = counted.file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    fs::rename(draft, path)?;
    File::open(folder)?.sync_all()?;
    Ok(Written { bytes: counted.bytes, sha256: hex::encode(counted.sha256.finalize()) })
}

/// Digests what goes to the file.
struct Counted {
    file: BufWriter<File>,
    bytes: u64,
    sha256: Sha256,
}

impl Write for Counted {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.file.write(buffer)?;
        self.bytes += count as u64;
        self.sha256.update(&buffer[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
