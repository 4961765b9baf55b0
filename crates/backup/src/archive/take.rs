use std::path::{Path, PathBuf};

use blob::{Blobs, Hash};
use futures::TryStreamExt;
use kernel::{Problem, Result};
use sha2::{Digest, Sha256};
use store::snapshot::{Filling, Snapshot, Table};
use store::{Dialect, Store};
use tokio::fs::{self, File};
use tokio::io::AsyncReadExt;

use super::key::BackupKey;
use super::rules::{FOLDERS, Sum, encode, file_piece};
use super::write::{Writer, Written};
use super::{FORMAT, FileCount, Head, Line, Manifest, TableCount};

/// Bytes of a file that are copied at a time.
const CHUNK: usize = 64 * 1024;
/// Names of the master key and of the anchors, in the data directory.
const MASTER_KEY: &str = "master.key";
const ANCHORS: &str = "anchors";

/// What a backup is taken from.
#[derive(Clone, Debug)]
pub struct Source<'s> {
    /// The records.
    pub store: &'s Store,
    /// The files.
    pub blobs: &'s Blobs,
    /// The data directory, for what else lies there.
    pub data_dir: &'s Path,
    /// Version of the product.
    pub product: &'s str,
    /// True: the master key goes in, so that the backup alone is enough.
    pub master_key: bool,
}

/// Takes a backup while others write, and puts it under `path` once it is whole.
pub async fn take(source: &Source<'_>, path: &Path, key: &BackupKey) -> Result<(Manifest, Written)> {
    let _kept = Kept::begin(source.data_dir).await?;
    let mut writer = Writer::create(path, key);
    match fill(source, &mut writer).await {
        Ok(manifest) => Ok((manifest, writer.finish().await?)),
        // The disk's own words say more than that it stopped listening.
        Err(problem) => Err(writer.abandon().await.unwrap_or(problem)),
    }
}

/// While this is there, no file of the event lake is removed, so that those that the snapshot names can be copied.
struct Kept(PathBuf);

impl Kept {
    async fn begin(data_dir: &Path) -> Result<Self> {
        let lake = data_dir.join("lake");
        let path = lake.join(lake::KEPT_FOR_BACKUP);
        fs::create_dir_all(&lake).await.map_err(|error| unreadable(&lake, &error))?;
        fs::write(&path, b"").await.map_err(|error| unreadable(&path, &error))?;
        Ok(Self(path))
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0) {
            tracing::warn!(%error, "files of the lake are kept for a day longer: {error}");
        }
    }
}

async fn fill(source: &Source<'_>, writer: &mut Writer) -> Result<Manifest> {
    // A checkpoint is in the database before it is in the anchors: their length comes first, so that no
    // anchor speaks of what the snapshot does not hold.
    let anchors = lengths(source.data_dir, ANCHORS).await?;
    let mut snapshot = source.store.snapshot().await?;
    let head = head(source, &mut snapshot).await?;
    writer.line(&Line::Head(head.clone())).await?;
    let mut tables = snapshot.tables().await?;
    tables.sort_by_key(Filling::comes_last);
    let mut counts = Vec::new();
    for table in &tables {
        counts.push(copy_table(&mut snapshot, table, writer).await?);
    }
    drop(snapshot);
    // A file is there before a row names it, so files come second.
    let mut files = Files { writer, count: FileCount::default(), sum: Sum::default() };
    for hash in source.blobs.list().await? {
        files.blob(source.blobs, &hash).await?;
    }
    for (path, length) in anchors {
        files.plain(source.data_dir, &path, Some(length)).await?;
    }
    for folder in FOLDERS.iter().filter(|folder| !["blobs", ANCHORS].contains(folder)) {
        let whole = |(path, _): &(String, u64)| !path.ends_with(".part");
        for (path, _) in lengths(source.data_dir, folder).await?.into_iter().filter(whole) {
            files.plain(source.data_dir, &path, None).await?;
        }
    }
    if source.master_key {
        files.plain(source.data_dir, MASTER_KEY, None).await?;
    }
    let (mut count, sum) = (files.count, files.sum);
    count.digest = sum.hex();
    let manifest = Manifest { head, tables: counts, files: count };
    writer.line(&Line::Manifest(manifest.clone())).await?;
    Ok(manifest)
}

async fn head(source: &Source<'_>, snapshot: &mut Snapshot) -> Result<Head> {
    Ok(Head {
        format: FORMAT,
        product: source.product.to_owned(),
        taken_at: snapshot.taken_at(),
        database: match source.store.dialect() {
            Dialect::Sqlite => "sqlite".to_owned(),
            Dialect::Postgres => "postgres".to_owned(),
        },
        migrations: snapshot.migrations().await?,
        master_key: source.master_key,
    })
}

async fn copy_table(snapshot: &mut Snapshot, table: &Table, writer: &mut Writer) -> Result<TableCount> {
    writer.line(&Line::Table(table.clone())).await?;
    let (mut sum, mut count) = (Sum::default(), 0_i64);
    let mut rows = snapshot.rows(table);
    while let Some(row) = rows.try_next().await? {
        let line = encode(&row);
        sum.add(line.as_bytes());
        count += 1;
        writer.text(&line).await?;
    }
    drop(rows);
    writer.line(&Line::TableEnd { rows: count, digest: sum.hex() }).await?;
    Ok(TableCount { name: table.name.clone(), rows: count, digest: sum.hex() })
}

/// Returns the rows of a whole database as a backup would count them.
pub async fn count(store: &Store) -> Result<Vec<TableCount>> {
    let mut snapshot = store.snapshot().await?;
    let mut tables = snapshot.tables().await?;
    tables.sort_by_key(Filling::comes_last);
    let mut counts = Vec::new();
    for table in &tables {
        let (mut sum, mut rows) = (Sum::default(), 0_i64);
        let mut stream = snapshot.rows(table);
        while let Some(row) = stream.try_next().await? {
            sum.add(encode(&row).as_bytes());
            rows += 1;
        }
        drop(stream);
        counts.push(TableCount { name: table.name.clone(), rows, digest: sum.hex() });
    }
    Ok(counts)
}

/// The files of a backup as they are copied.
struct Files<'w> {
    writer: &'w mut Writer,
    count: FileCount,
    sum: Sum,
}

impl Files<'_> {
    /// Copies a named file and notices where its bytes are no longer what its name says.
    async fn blob(&mut self, blobs: &Blobs, hash: &Hash) -> Result<()> {
        let path = blobs.path(hash);
        let name = format!("blobs/{}/{}", &hash.as_str()[..2], &hash.as_str()[2..]);
        let Some(sha256) = self.copy(&path, &name, None).await? else { return Ok(()) };
        if sha256 != hash.as_str() {
            self.count.damaged.push(hash.to_string());
        }
        Ok(())
    }

    async fn plain(&mut self, data_dir: &Path, name: &str, length: Option<u64>) -> Result<()> {
        self.copy(&data_dir.join(name), name, length).await.map(drop)
    }

    /// Copies a file, or its first `length` bytes; one that was erased meanwhile is left out.
    async fn copy(&mut self, path: &Path, name: &str, length: Option<u64>) -> Result<Option<String>> {
        let file = match File::open(path).await {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(path, &error)),
        };
        let whole = file.metadata().await.map_err(|error| unreadable(path, &error))?.len();
        let size = length.unwrap_or(whole).min(whole);
        self.writer.line(&Line::File { path: name.to_owned(), size }).await?;
        let (mut file, mut left, mut digest) = (file.take(size), size, Sha256::new());
        let mut buffer = vec![0; CHUNK];
        while left > 0 {
            let count = file.read(&mut buffer).await.map_err(|error| unreadable(path, &error))?;
            if count == 0 {
                return Err(unreadable(path, &std::io::ErrorKind::UnexpectedEof.into()));
            }
            digest.update(&buffer[..count]);
            self.writer.bytes(&buffer[..count]).await?;
            left -= count as u64;
        }
        let sha256 = hex::encode(digest.finalize());
        self.writer.text("").await?;
        self.writer.line(&Line::FileEnd { sha256: sha256.clone() }).await?;
        self.count.count += 1;
        self.count.bytes = self.count.bytes.saturating_add(i64::try_from(size).unwrap_or(i64::MAX));
        self.sum.add(file_piece(name, &sha256).as_bytes());
        Ok(Some(sha256))
    }
}

/// Returns the files under a folder of the data directory, with their lengths, by name.
async fn lengths(data_dir: &Path, folder: &str) -> Result<Vec<(String, u64)>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        let mut entries = match fs::read_dir(data_dir.join(&folder)).await {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(unreadable(&data_dir.join(&folder), &error)),
        };
        while let Some(entry) = entries.next_entry().await.map_err(Problem::internal)? {
            let place = folder.join(entry.file_name());
            let metadata = entry.metadata().await.map_err(|error| unreadable(&entry.path(), &error))?;
            if metadata.is_dir() {
                folders.push(place);
            } else if let Some(name) = place.to_str() {
                found.push((name.to_owned(), metadata.len()));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    Problem::unavailable("backup.source_unreadable")
        .with("file", path.display().to_string())
        .with("reason", error.to_string())
}
