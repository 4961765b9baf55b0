use std::collections::VecDeque;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema};
use kernel::{Problem, Result};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
    RowSelection,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::statistics::Statistics;

use super::chunk::Chunk;
use super::plan::{Plan, Share};
use super::sieve::Sieve;
use crate::file::broken;

/// Most rows of a piece.
const PIECE_ROWS: usize = 8_192;

/// A file that is being read (扫描): only the row groups, columns and rows that matter.
///
/// Of each row group the columns that are asked about are read first; of the others then only the rows that fit.
#[derive(Debug)]
pub struct Scan {
    path: PathBuf,
    file: File,
    known: ArrowReaderMetadata,
    /// Row groups to come, with what is wanted of each.
    groups: VecDeque<(usize, Share)>,
    /// The row group that is being read.
    group: Option<Group>,
    walks: bool,
    /// The rows that were read last.
    pub chunk: Chunk,
}

#[derive(Debug)]
struct Group {
    sieve: Sieve,
    /// Rows that were handed on.
    done: usize,
    /// The columns that are not asked about; none where there are no others.
    rest: Option<ParquetRecordBatchReader>,
}

/// Rows of a row group that were just read.
struct Piece {
    /// How many.
    rows: usize,
    /// Place of the first among those that were kept.
    from: usize,
    /// Their columns.
    parts: Vec<RecordBatch>,
}

impl Scan {
    /// Begins to read an open file.
    pub fn begin(path: &Path, file: File, plan: &Plan, share: &Share, walks: bool) -> Result<Self> {
        let known = described(&file, plan).map_err(|error| broken(path, error))?;
        let groups = known.metadata().row_groups().iter().enumerate();
        let groups =
            groups.filter_map(|(place, group)| Some((place, of_group(group, plan, share)?))).collect();
        Ok(Self { path: path.to_owned(), file, known, groups, group: None, walks, chunk: Chunk::default() })
    }

    /// Reads the next rows; false at the end.
    pub fn advance(&mut self, plan: &Plan) -> Result<bool> {
        let Some(Piece { rows, from, parts }) = self.piece(plan)? else {
            self.chunk = Chunk::default();
            return Ok(false);
        };
        let marks = self.group.as_ref().map_or(&[][..], |group| group.sieve.marks_of(from, rows));
        self.chunk.take(rows, marks, &parts, plan)?;
        Ok(true)
    }

    /// Returns how many the next rows are, and their columns in up to two parts; nothing at the end.
    pub fn batches(&mut self, plan: &Plan) -> Result<Option<(usize, Vec<RecordBatch>)>> {
        Ok(self.piece(plan)?.map(|Piece { rows, parts, .. }| (rows, parts)))
    }

    fn piece(&mut self, plan: &Plan) -> Result<Option<Piece>> {
        loop {
            if let Some(group) = &mut self.group
                && let Some(piece) = group.next(&self.path)?
            {
                return Ok(Some(piece));
            }
            self.group = None;
            let Some((place, share)) = self.groups.pop_front() else { return Ok(None) };
            self.group = self.open(place, &share, plan)?;
        }
    }

    fn open(&self, place: usize, share: &Share, plan: &Plan) -> Result<Option<Group>> {
        let fail = |error: ParquetError| broken(&self.path, error);
        let (asked, rest) = columns(plan, share, self.walks);
        let rows = self.known.metadata().row_group(place).num_rows() as usize;
        let sieve = if asked.is_empty() {
            Sieve::all(rows, &share.leaves)
        } else {
            let mut reader = self.reader(place, &asked, None, rows).map_err(fail)?;
            let piece = reader.next().transpose().map_err(|error| broken(&self.path, error))?;
            let piece = piece.filter(|piece| piece.num_rows() == rows);
            let piece = piece.ok_or_else(|| Problem::internal("a row group of the lake is cut short"))?;
            Sieve::of(piece, plan, &share.leaves, &share.partly)?
        };
        if sieve.rows == 0 {
            return Ok(None);
        }
        let rest = if rest.is_empty() {
            None
        } else {
            Some(self.reader(place, &rest, sieve.kept.clone(), PIECE_ROWS).map_err(fail)?)
        };
        Ok(Some(Group { sieve, done: 0, rest }))
    }

    fn reader(
        &self,
        group: usize,
        columns: &[&str],
        kept: Option<RowSelection>,
        rows: usize,
    ) -> Result<ParquetRecordBatchReader, ParquetError> {
        let columns = ProjectionMask::columns(self.known.parquet_schema(), columns.iter().copied());
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(self.file.try_clone()?, self.known.clone())
                .with_projection(columns)
                .with_row_groups(vec![group])
                .with_batch_size(rows);
        match kept {
            Some(kept) => builder.with_row_selection(kept).build(),
            None => builder.build(),
        }
    }
}

impl Group {
    fn next(&mut self, path: &Path) -> Result<Option<Piece>> {
        let mut parts: Vec<RecordBatch> = Vec::with_capacity(2);
        let (from, mut rows) = (self.done, self.sieve.rows - self.done);
        if let Some(rest) = &mut self.rest {
            let piece = rest.next().transpose().map_err(|error| broken(path, error))?;
            rows = piece.as_ref().map_or(0, RecordBatch::num_rows);
            parts.extend(piece);
        }
        if rows == 0 {
            return Ok(None);
        }
        parts.extend(self.sieve.asked.as_ref().map(|asked| asked.slice(from, rows)));
        self.done += rows;
        Ok(Some(Piece { rows, from, parts }))
    }
}

/// Returns the columns that are asked about, and the others that are wanted.
fn columns<'p>(plan: &'p Plan, share: &Share, walks: bool) -> (Vec<&'p str>, Vec<&'p str>) {
    let mut asked: Vec<&str> = plan.tests.texts().iter().map(|column| column.as_str()).collect();
    if plan.tests.asks_for_values() {
        asked.push("value");
    }
    if !share.partly.is_empty() {
        asked.push("happened_at");
    }
    let mut rest: Vec<&str> = plan.texts.iter().map(|column| column.as_str()).collect();
    rest.extend(walks.then_some("node"));
    rest.extend(plan.times.then_some("happened_at"));
    rest.extend(plan.values.then_some("value"));
    rest.extend(plan.others.iter().map(String::as_str));
    rest.retain(|column| !asked.contains(column));
    (asked, rest)
}

/// Reads what a file says about itself. A text that is wanted is read as a place in its dictionary.
fn described(file: &File, plan: &Plan) -> Result<ArrowReaderMetadata, ParquetError> {
    let known = ArrowReaderMetadata::load(file, ArrowReaderOptions::new())?;
    let texts: Vec<&str> = plan.texts.iter().map(|column| column.as_str()).collect();
    let fields = known.schema().fields().iter().map(|field| as_dictionary(field, &texts));
    let schema = Schema::new_with_metadata(fields.collect::<Vec<_>>(), known.schema().metadata().clone());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
    ArrowReaderMetadata::try_new(known.metadata().clone(), options)
}

fn as_dictionary(field: &Arc<Field>, texts: &[&str]) -> Arc<Field> {
    if !texts.contains(&field.name().as_str()) {
        return field.clone();
    }
    let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    Arc::new(field.as_ref().clone().with_data_type(kind))
}

/// Returns what is wanted of a row group; nothing where its statistics say that no leaf has a row in it.
fn of_group(group: &RowGroupMetaData, plan: &Plan, share: &Share) -> Option<Share> {
    let statistics = |name: &str| {
        let mut columns = group.columns().iter();
        columns.find(|column| column.column_path().string() == name).and_then(|column| column.statistics())
    };
    let mut here = share.clone();
    if let Some(Statistics::Int64(times)) = statistics("happened_at")
        && let (Some(least), Some(most)) = (times.min_opt(), times.max_opt())
    {
        let within = plan.share(*least, *most)?;
        here.leaves.0.iter_mut().zip(within.leaves.0).for_each(|(mine, within)| *mine &= within);
        here.partly = within.partly;
    }
    for column in plan.tests.texts() {
        // Bounds that were cut short still enclose every text.
        if let Some(Statistics::ByteArray(texts)) = statistics(column.as_str())
            && let (Some(least), Some(most)) = (texts.min_bytes_opt(), texts.max_bytes_opt())
        {
            plan.tests.may_fit(column, least, most, &mut here.leaves);
        }
    }
    here.partly.retain(|leaf| here.leaves.has(*leaf));
    (!here.leaves.is_empty()).then_some(here)
}
