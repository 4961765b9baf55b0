use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use kernel::{Problem, Result};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use sha2::{Digest, Sha256};

use super::{broken, orders, unfinished};
use crate::log::sync_dir;
use crate::month::Month;
use crate::row::{HAPPENED_AT, NODE, Order, SCHEMA};

/// Rows of a row group: what a reader skips as a whole.
const GROUP_ROWS: usize = 65_536;
/// Rows of a page.
const PAGE_ROWS: usize = 8_192;
/// Columns whose values repeat too seldom for a dictionary, and by which nobody skips.
const UNIQUE: [&str; 3] = ["message_id", "properties", "context"];

/// What a file holds, for the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its name below the folder of files.
    pub name: String,
    /// Its month.
    pub month: Month,
    /// How often its events were merged.
    pub level: i64,
    /// Events.
    pub rows: i64,
    /// Bytes.
    pub bytes: i64,
    /// Order of the first event.
    pub first: Order,
    /// Order of the last event.
    pub last: Order,
    /// When the earliest event happened, epoch milliseconds.
    pub from_at: i64,
    /// When the latest event happened.
    pub to_at: i64,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// Writes one file (写文件), piece by piece, and refuses rows out of order.
pub struct FileWriter {
    folder: PathBuf,
    name: String,
    month: Month,
    level: i64,
    inner: ArrowWriter<Summed>,
    rows: i64,
    first: Option<Order>,
    last: Option<Order>,
    times: Option<(i64, i64)>,
}

impl FileWriter {
    /// Begins a file of a month.
    pub fn begin(folder: &Path, name: String, month: Month, level: i64) -> Result<Self> {
        let path = unfinished(folder, &name);
        let parent = path.parent().unwrap_or(folder);
        let made = std::fs::create_dir_all(parent).and_then(|()| File::create_new(&path));
        let file = made.map_err(|error| broken(&path, error))?;
        let sink = Summed { file: BufWriter::with_capacity(1 << 20, file), sum: Sha256::new(), bytes: 0 };
        let inner = ArrowWriter::try_new(sink, SCHEMA.clone(), Some(properties()))
            .map_err(|error| broken(&path, error))?;
        Ok(Self {
            folder: folder.to_owned(),
            name,
            month,
            level,
            inner,
            rows: 0,
            first: None,
            last: None,
            times: None,
        })
    }

    /// Adds a piece; its rows come after those before it.
    pub fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        let rows = batch.num_rows();
        if rows == 0 {
            return Ok(());
        }
        let cut = orders(batch)?;
        if let Some(row) = cut.unordered(rows, self.last) {
            return Err(Problem::internal(format!(
                "row {} of {} is out of order",
                self.rows + row as i64,
                self.name
            )));
        }
        let (mut from, mut to) = self.times.unwrap_or((i64::MAX, i64::MIN));
        for row in 0..rows {
            let at = cut.at(row).at;
            (from, to) = (from.min(at), to.max(at));
        }
        self.first = self.first.or(Some(cut.at(0)));
        self.last = Some(cut.at(rows - 1));
        self.times = Some((from, to));
        self.rows += rows as i64;
        self.inner.write(batch).map_err(|error| broken(&unfinished(&self.folder, &self.name), error))
    }

    /// Throws away what was written.
    pub fn abandon(self) {
        let path = unfinished(&self.folder, &self.name);
        drop(self.inner);
        if let Err(error) = std::fs::remove_file(&path) {
            tracing::warn!(%error, path = %path.display(), "a file of the lake could not be removed: {error}");
        }
    }

    /// Ends the file and makes it durable under its name.
    pub fn finish(self) -> Result<Written> {
        let path = unfinished(&self.folder, &self.name);
        let (Some(first), Some(last), Some((from_at, to_at))) = (self.first, self.last, self.times) else {
            return Err(Problem::internal(format!("{} would be without events", self.name)));
        };
        let sink = self.inner.into_inner().map_err(|error| broken(&path, error))?;
        let done = sink.finish().and_then(|sums| {
            let target = self.folder.join(&self.name);
            std::fs::rename(&path, &target)?;
            sync_dir(target.parent().unwrap_or(&self.folder))?;
            sync_dir(&self.folder)?;
            Ok(sums)
        });
        let (bytes, sha256) = done.map_err(|error| broken(&path, error))?;
        let Self { name, month, level, rows, .. } = self;
        Ok(Written { name, month, level, rows, bytes, first, last, from_at, to_at, sha256 })
    }
}

fn properties() -> WriterProperties {
    let sorted =
        |column: usize| SortingColumn { column_idx: column as i32, descending: false, nulls_first: false };
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).unwrap_or_default()))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(PAGE_ROWS)
        .set_sorting_columns(Some(vec![sorted(NODE), sorted(HAPPENED_AT)]))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_created_by("brandwright".to_owned());
    for name in UNIQUE {
        builder = builder
            .set_column_dictionary_enabled(ColumnPath::from(name), false)
            .set_column_encoding(ColumnPath::from(name), Encoding::PLAIN)
            .set_column_statistics_enabled(ColumnPath::from(name), EnabledStatistics::None);
    }
    builder.build()
}

/// Counts and sums what is written.
struct Summed {
    file: BufWriter<File>,
    sum: Sha256,
    bytes: i64,
}

impl Summed {
    fn finish(mut self) -> io::Result<(i64, String)> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        Ok((self.bytes, hex::encode(self.sum.finalize())))
    }
}

impl Write for Summed {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let written = self.file.write(piece)?;
        self.sum.update(&piece[..written]);
        self.bytes += written as i64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
