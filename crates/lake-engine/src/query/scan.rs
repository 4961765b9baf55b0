use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema};
use kernel::Result;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::statistics::Statistics;

use super::chunk::Chunk;
use super::plan::{Plan, Share};
use crate::file::broken;

/// Rows of a piece: those of a page.
const PIECE_ROWS: usize = 8_192;

/// A file that is being read (扫描): only the columns and row groups that matter.
#[derive(Debug)]
pub struct Scan {
    path: PathBuf,
    share: Share,
    reader: Option<ParquetRecordBatchReader>,
    /// The rows that were read last.
    pub chunk: Chunk,
}

impl Scan {
    /// Begins to read an open file.
    pub fn begin(path: &Path, file: File, plan: &Plan, share: Share, walks: bool) -> Result<Self> {
        let reader = reader(file, plan, &share, walks).map_err(|error| broken(path, error))?;
        Ok(Self { path: path.to_owned(), share, reader, chunk: Chunk::default() })
    }

    /// Reads the next rows; false at the end.
    pub fn advance(&mut self, plan: &Plan) -> Result<bool> {
        loop {
            let next = self.reader.as_mut().and_then(Iterator::next).transpose();
            let Some(batch) = next.map_err(|error| broken(&self.path, error))? else {
                self.chunk = Chunk::default();
                self.reader = None;
                return Ok(false);
            };
            if batch.num_rows() > 0 {
                self.chunk.take(&batch, plan, &self.share)?;
                return Ok(true);
            }
        }
    }
}

fn reader(
    file: File,
    plan: &Plan,
    share: &Share,
    walks: bool,
) -> Result<Option<ParquetRecordBatchReader>, ParquetError> {
    let known = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())?;
    let texts: Vec<&str> = plan.texts.iter().map(|column| column.as_str()).collect();
    let mut wanted = texts.clone();
    if walks {
        wanted.push("node");
    }
    if plan.times || !share.partly.is_empty() {
        wanted.push("happened_at");
    }
    if plan.values {
        wanted.push("value");
    }
    if wanted.is_empty() {
        // Rows can be counted only where a column is read; this one takes the least.
        wanted.push("kind");
    }
    let fields = known.schema().fields().iter().map(|field| as_dictionary(field, &texts));
    let schema = Schema::new_with_metadata(fields.collect::<Vec<_>>(), known.schema().metadata().clone());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
    let known = ArrowReaderMetadata::try_new(known.metadata().clone(), options)?;
    let groups: Vec<usize> = known
        .metadata()
        .row_groups()
        .iter()
        .enumerate()
        .filter(|(_, group)| matters(group, plan, share))
        .map(|(place, _)| place)
        .collect();
    if groups.is_empty() {
        return Ok(None);
    }
    let columns = ProjectionMask::columns(known.parquet_schema(), wanted);
    ParquetRecordBatchReaderBuilder::new_with_metadata(file, known)
        .with_projection(columns)
        .with_row_groups(groups)
        .with_batch_size(PIECE_ROWS)
        .build()
        .map(Some)
}

/// A text that is asked about is read as a place in its dictionary.
fn as_dictionary(field: &Arc<Field>, texts: &[&str]) -> Arc<Field> {
    if !texts.contains(&field.name().as_str()) {
        return field.clone();
    }
    let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    Arc::new(field.as_ref().clone().with_data_type(kind))
}

/// Returns false where the statistics of a row group say that no leaf has a row in it.
fn matters(group: &RowGroupMetaData, plan: &Plan, share: &Share) -> bool {
    let statistics = |name: &str| {
        let mut columns = group.columns().iter();
        columns.find(|column| column.column_path().string() == name).and_then(|column| column.statistics())
    };
    let mut leaves = share.leaves.clone();
    if let Some(Statistics::Int64(times)) = statistics("happened_at")
        && let (Some(least), Some(most)) = (times.min_opt(), times.max_opt())
    {
        let Some(here) = plan.share(*least, *most) else { return false };
        leaves.0.iter_mut().zip(here.leaves.0).for_each(|(mine, here)| *mine &= here);
    }
    for column in plan.tests.texts() {
        // Bounds that were cut short still enclose every text.
        if let Some(Statistics::ByteArray(texts)) = statistics(column.as_str())
            && let (Some(least), Some(most)) = (texts.min_bytes_opt(), texts.max_bytes_opt())
        {
            plan.tests.may_fit(column, least, most, &mut leaves);
        }
    }
    !leaves.is_empty()
}
