use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Float64Builder, Int64Builder, StringBuilder, TimestampMillisecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use async_trait::async_trait;
use kernel::{ColumnKind, Id, Problem, Result};
use lake::sql::{Copying, Table, Told};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde_json::Value as Json;
use store::{Observation, Store, args};

use super::{schema, sql, stored};
use crate::file::broken;
use crate::log::sync_dir;

/// Rows of a row group.
const GROUP_ROWS: usize = 131_072;

/// Copies that are being made (制作副本).
pub struct Making {
    store: Store,
    folder: PathBuf,
    id: Id,
    files: BTreeMap<&'static str, Writing>,
}

struct Writing {
    name: String,
    path: PathBuf,
    inner: ArrowWriter<BufWriter<File>>,
    rows: i64,
}

impl Making {
    /// Begins; the id makes the names of its files.
    pub fn begin(store: Store, folder: &Path, id: Id) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|error| broken(folder, error))?;
        Ok(Self { store, folder: folder.to_owned(), id, files: BTreeMap::new() })
    }

    fn file(&mut self, table: &Table) -> Result<&mut Writing> {
        if !self.files.contains_key(table.name) {
            let name = format!("{}-{}.parquet", table.name, self.id);
            self.files.insert(table.name, Writing::begin(&self.folder, name, table)?);
        }
        self.files.get_mut(table.name).ok_or_else(|| Problem::internal("the file was just begun"))
    }
}

#[async_trait]
impl Copying for Making {
    fn add(&mut self, table: &Table, rows: &[Vec<Json>]) -> Result<()> {
        let batch = columns(table, rows)?;
        let file = self.file(table)?;
        file.rows += rows.len() as i64;
        file.inner.write(&batch).map_err(|error| broken(&file.path, error))
    }

    async fn finish(mut self: Box<Self>, told: &[Told]) -> Result<()> {
        let mut made = Vec::new();
        for told in told.iter().filter(|told| !told.kept) {
            // A table without rows has a copy, too.
            self.file(&told.table)?;
            if let Some(file) = self.files.remove(told.table.name) {
                made.push((told, file.finish()?));
            }
        }
        sync_dir(&self.folder).map_err(|error| broken(&self.folder, error))?;
        let mut tx = self.store.begin_observation(Observation::Ingest).await?;
        let now = tx.now();
        for (told, (name, rows, bytes)) in made {
            let args =
                args![told.table.name, name, rows, bytes, told.watermark, told.fingerprint.as_str(), now];
            tx.exec_one(sql::PUT, args).await?;
        }
        for told in told.iter().filter(|told| told.kept) {
            tx.exec_one(sql::KEEP, args![told.table.name, told.watermark]).await?;
        }
        tx.commit().await?;
        super::sweep(&self.store, &self.folder).await
    }
}

impl Writing {
    fn begin(folder: &Path, name: String, table: &Table) -> Result<Self> {
        let path = folder.join(&name);
        let file = File::create_new(&path).map_err(|error| broken(&path, error))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).unwrap_or_default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_created_by("brandwright".to_owned())
            .build();
        let inner =
            ArrowWriter::try_new(BufWriter::with_capacity(1 << 20, file), schema(table), Some(properties))
                .map_err(|error| broken(&path, error))?;
        Ok(Self { name, path, inner, rows: 0 })
    }

    fn finish(self) -> Result<(String, i64, i64)> {
        let Self { name, path, inner, rows } = self;
        let sink = inner.into_inner().map_err(|error| broken(&path, error))?;
        let file = sink.into_inner().map_err(|error| broken(&path, error.into_error()))?;
        let bytes =
            file.sync_all().and_then(|()| file.metadata()).map_err(|error| broken(&path, error))?.len();
        Ok((name, rows, bytes as i64))
    }
}

/// Puts rows into columns; a value of another kind than its column's is a mistake of ours.
fn columns(table: &Table, rows: &[Vec<Json>]) -> Result<RecordBatch> {
    let arrays = stored(table)
        .enumerate()
        .map(|(place, column)| {
            array(column.kind, rows.iter().map(|row| row.get(place).unwrap_or(&Json::Null)))
        })
        .collect::<Result<Vec<ArrayRef>>>()?;
    RecordBatch::try_new(schema(table), arrays).map_err(Problem::internal)
}

fn array<'v>(kind: ColumnKind, values: impl Iterator<Item = &'v Json>) -> Result<ArrayRef> {
    macro_rules! built {
        ($builder:expr, $read:expr) => {{
            let mut builder = $builder;
            for value in values {
                match (value, $read(value)) {
                    (Json::Null, _) => builder.append_null(),
                    (_, Some(read)) => builder.append_value(read),
                    _ => return Err(Problem::internal(format!("{value} is no {kind:?}"))),
                }
            }
            Ok(Arc::new(builder.finish()))
        }};
    }
    match kind {
        ColumnKind::Text => built!(StringBuilder::new(), |value: &'v Json| value.as_str()),
        ColumnKind::Integer => built!(Int64Builder::new(), |value: &Json| value.as_i64()),
        ColumnKind::Real => built!(Float64Builder::new(), |value: &Json| value.as_f64()),
        ColumnKind::Time => {
            built!(TimestampMillisecondBuilder::new().with_timezone("UTC"), |value: &Json| value.as_i64())
        }
        // SQLite keeps truth as a number.
        ColumnKind::Boolean => built!(BooleanBuilder::new(), |value: &Json| {
            value.as_bool().or_else(|| value.as_i64().map(|number| number != 0))
        }),
    }
}
