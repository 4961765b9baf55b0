//! Floor 1: content-addressed files (文件): the name of a file is the SHA-256 of its bytes.
//!
//! Architecture invariant: a file is complete and on disk before anybody can name it, and is never changed.

mod hash;

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use kernel::{Problem, Result, Timestamp};
use serde::Serialize;
use tokio::fs::{self, File};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use utoipa::ToSchema;

pub use hash::Hash;
use hash::Hasher;

/// Bytes read at a time.
const CHUNK: usize = 64 * 1024;
/// Where files lie until they are complete; two letters would be a place for named ones.
const INCOMING: &str = "incoming";

/// The files of this installation, in a local directory: `<root>/ab/cdef…`.
#[derive(Clone, Debug)]
pub struct Blobs {
    root: PathBuf,
}

impl Blobs {
    /// Opens the directory, making it when absent.
    pub async fn open(root: &Path) -> Result<Self> {
        fs::create_dir_all(root.join(INCOMING)).await.map_err(Problem::internal)?;
        Ok(Self { root: root.to_path_buf() })
    }

    /// Stores bytes and returns their name; storing the same bytes again changes nothing.
    pub async fn put(&self, bytes: &[u8]) -> Result<Hash> {
        Ok(self.put_stream(bytes, u64::MAX).await?.0)
    }

    /// Stores a stream of at most `bytes_max` bytes and returns its name and size.
    pub async fn put_stream(
        &self,
        mut source: impl AsyncRead + Unpin,
        bytes_max: u64,
    ) -> Result<(Hash, u64)> {
        let incoming = self.root.join(INCOMING).join(kernel::Id::new().to_string());
        let written = write(&mut source, &incoming, bytes_max).await;
        let (hash, size) = match written {
            Ok(written) => written,
            Err(problem) => {
                // Best effort: what stays has no name, and `sweep` finds it.
                let _ = fs::remove_file(&incoming).await;
                return Err(problem);
            }
        };
        self.name(&incoming, &hash).await.map_err(Problem::internal)?;
        Ok((hash, size))
    }

    /// Opens a file for reading.
    pub async fn open_file(&self, hash: &Hash) -> Result<File> {
        File::open(self.path(hash)).await.map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Problem::not_found("blob.not_found"),
            _ => Problem::internal(error),
        })
    }

    /// Returns all bytes of a file; for files that are known to be small.
    pub async fn get(&self, hash: &Hash) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open_file(hash).await?.read_to_end(&mut bytes).await.map_err(Problem::internal)?;
        Ok(bytes)
    }

    /// Returns true where the file is here.
    pub async fn contains(&self, hash: &Hash) -> bool {
        fs::metadata(self.path(hash)).await.is_ok()
    }

    /// Returns where a file lies, for parts that must have a path (importing, backups).
    pub fn path(&self, hash: &Hash) -> PathBuf {
        let (head, tail) = hash.as_str().split_at(2);
        self.root.join(head).join(tail)
    }

    /// Returns the names of all files, in order.
    pub async fn list(&self) -> Result<Vec<Hash>> {
        let mut hashes = Vec::new();
        let mut heads = fs::read_dir(&self.root).await.map_err(Problem::internal)?;
        while let Some(head) = heads.next_entry().await.map_err(Problem::internal)? {
            let prefix = head.file_name().to_string_lossy().into_owned();
            if prefix.len() != 2 {
                continue;
            }
            let mut tails = fs::read_dir(head.path()).await.map_err(Problem::internal)?;
            while let Some(tail) = tails.next_entry().await.map_err(Problem::internal)? {
                hashes.extend(format!("{prefix}{}", tail.file_name().to_string_lossy()).parse::<Hash>().ok());
            }
        }
        hashes.sort();
        Ok(hashes)
    }

    /// Returns the size of a file in bytes.
    pub async fn size(&self, hash: &Hash) -> Result<u64> {
        let metadata = self.open_file(hash).await?.metadata().await;
        Ok(metadata.map_err(Problem::internal)?.len())
    }

    /// Removes a file, for erasure and for files that nothing names any more; gone already is fine.
    pub async fn remove(&self, hash: &Hash) -> Result<()> {
        let path = self.path(hash);
        match fs::remove_file(&path).await {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Problem::internal(error)),
        }
        sync(path.parent().expect("a named file lies in a directory")).await.map_err(Problem::internal)
    }

    /// Reads every file again.
    pub async fn verify_all(&self) -> Result<Verification> {
        let mut verification = Verification::default();
        for hash in self.list().await? {
            verification.files += 1;
            if !self.verify(&hash).await? {
                verification.damaged.push(hash);
            }
        }
        Ok(verification)
    }

    /// Removes what uploads left behind that broke off before `before`; returns their number.
    pub async fn sweep(&self, before: Timestamp) -> Result<u64> {
        let mut swept = 0;
        let mut entries = fs::read_dir(self.root.join(INCOMING)).await.map_err(Problem::internal)?;
        while let Some(entry) = entries.next_entry().await.map_err(Problem::internal)? {
            let modified = entry.metadata().await.and_then(|m| m.modified()).map_err(Problem::internal)?;
            let age = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
            if i64::try_from(age.as_millis()).is_ok_and(|ms| ms < before.ms()) {
                fs::remove_file(entry.path()).await.map_err(Problem::internal)?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// Reads a file again and returns true where its bytes still are what its name says.
    pub async fn verify(&self, hash: &Hash) -> Result<bool> {
        let mut file = self.open_file(hash).await?;
        let mut hasher = Hasher::default();
        let mut buffer = vec![0; CHUNK];
        loop {
            match file.read(&mut buffer).await.map_err(Problem::internal)? {
                0 => return Ok(hasher.finish() == *hash),
                count => hasher.update(&buffer[..count]),
            }
        }
    }

    /// Gives a complete file its name, and makes the name durable.
    async fn name(&self, incoming: &Path, hash: &Hash) -> std::io::Result<()> {
        let path = self.path(hash);
        let dir = path.parent().expect("a named file lies in a directory");
        if !fs::try_exists(dir).await? {
            fs::create_dir_all(dir).await?;
            sync(&self.root).await?;
        }
        fs::rename(incoming, &path).await?;
        sync(dir).await
    }
}

/// Waits until the names in a directory are on disk.
async fn sync(dir: &Path) -> std::io::Result<()> {
    File::open(dir).await?.sync_all().await
}

/// Outcome of reading every file again (文件核验结果).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Verification {
    /// How many files were read.
    pub files: u64,
    /// Those whose bytes are not what their name says.
    pub damaged: Vec<Hash>,
}

async fn write(source: &mut (impl AsyncRead + Unpin), path: &Path, bytes_max: u64) -> Result<(Hash, u64)> {
    let mut file = File::create(path).await.map_err(full_or_internal)?;
    let mut hasher = Hasher::default();
    let mut buffer = vec![0; CHUNK];
    let mut size = 0_u64;
    loop {
        let count = source.read(&mut buffer).await.map_err(Problem::internal)?;
        if count == 0 {
            break;
        }
        size += count as u64;
        if size > bytes_max {
            return Err(Problem::too_large("blob.too_large").with("bytes_max", bytes_max));
        }
        hasher.update(&buffer[..count]);
        file.write_all(&buffer[..count]).await.map_err(full_or_internal)?;
    }
    file.sync_all().await.map_err(full_or_internal)?;
    Ok((hasher.finish(), size))
}

fn full_or_internal(error: std::io::Error) -> Problem {
    match error.kind() {
        std::io::ErrorKind::StorageFull => Problem::new(507, "store.disk_full"),
        _ => Problem::internal(error),
    }
}
