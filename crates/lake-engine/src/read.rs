//! Read (读取): events of a selection, row by row, for those who keep something of their own about people.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::PathBuf;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, TimestampMillisecondType};
use arrow_array::{Array, FixedSizeBinaryArray, Float64Array, RecordBatch, StringArray};
use kernel::{Id, Problem, Result, Timestamp};
use lake::{Cut, Each, EventKind, ReadEvent, Selection};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::statistics::Statistics;
use store::aside;

use crate::engine::Engine;
use crate::file::broken;
use crate::manifest::{self, LakeFile};

/// Rows of a piece.
const PIECE_ROWS: usize = 8_192;
/// Tries to open all files: a merge may remove one before it is opened.
const TRIES: usize = 3;
/// Columns that are read only where events are read whole.
const WHOLE: [&str; 4] = ["message_id", "user_id", "anonymous_id", "properties"];
/// Columns that are read always, beside those of [`TEXTS`].
const PLAIN: [&str; 4] = ["node", "happened_at", "received_at", "value"];
/// Texts that are read always.
const TEXTS: [&str; 8] =
    ["name", "kind", "source_id", "currency", "product_id", "order_id", "path", "channel"];

/// Shows the events of a selection that are in files.
pub async fn read(engine: &Engine, selection: &Selection, mut each: Each<'_>) -> Result<Cut> {
    let _turn = engine.asking.acquire().await.map_err(Problem::internal)?;
    let mut tries = 0;
    let (cut, opened) = loop {
        let (cut, files) = cut(engine).await?;
        tries += 1;
        match open(engine, files.iter().filter(|file| matters(file, selection))) {
            Err(_) if tries < TRIES => {}
            opened => break (cut, opened?),
        }
    };
    aside(|| opened.into_iter().try_for_each(|(path, file)| show(&path, file, selection, &mut each)))?;
    Ok(cut)
}

/// Returns which files count, and where they end.
pub async fn cut(engine: &Engine) -> Result<(Cut, Vec<LakeFile>)> {
    // No file is taken in between the two: the numbers are those of these files.
    let filed = engine.filed.lock().await;
    // In this order: files that another process brings in between are shown, and the watermark promises less than there is.
    let watermark = manifest::watermark(&engine.store).await?;
    let files = manifest::live(&engine.store).await?;
    let rows = files.iter().map(|file| file.rows).sum();
    Ok((Cut { watermark, filed: filed.until, rows, again: filed.again }, files))
}

/// Opens every file before the first row is shown: nothing is shown twice.
fn open<'f>(engine: &Engine, files: impl Iterator<Item = &'f LakeFile>) -> Result<Vec<(PathBuf, File)>> {
    let folder = engine.settings.files();
    files
        .map(|known| {
            let path = folder.join(&known.name);
            let file = File::open(&path).map_err(|error| broken(&path, error))?;
            Ok((path, file))
        })
        .collect()
}

fn matters(file: &LakeFile, selection: &Selection) -> bool {
    let span = selection.span;
    let in_time =
        span.from.is_none_or(|from| file.to_at >= from) && span.to.is_none_or(|to| file.from_at < to);
    in_time && has_any(selection.nodes.as_ref(), &file.first_node, &file.last_node)
}

fn has_any(nodes: Option<&BTreeSet<Id>>, first: &Id, last: &Id) -> bool {
    nodes.is_none_or(|nodes| first <= last && nodes.range(first..=last).next().is_some())
}

fn show(path: &std::path::Path, file: File, selection: &Selection, each: &mut Each<'_>) -> Result<()> {
    let io = |error: parquet::errors::ParquetError| broken(path, error);
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(io)?;
    let groups: Vec<usize> = builder
        .metadata()
        .row_groups()
        .iter()
        .enumerate()
        .filter(|(_, group)| group_matters(group, selection))
        .map(|(place, _)| place)
        .collect();
    if groups.is_empty() {
        return Ok(());
    }
    let whole = if selection.whole { &WHOLE[..] } else { &[] };
    let names = PLAIN.iter().chain(&TEXTS).chain(whole).copied();
    let columns = ProjectionMask::columns(builder.parquet_schema(), names);
    let reader = builder.with_projection(columns).with_row_groups(groups).with_batch_size(PIECE_ROWS);
    for piece in reader.build().map_err(io)? {
        let piece = piece.map_err(|error| broken(path, error))?;
        Piece::of(&piece, selection.whole)?.show(selection, each)?;
    }
    Ok(())
}

fn group_matters(group: &RowGroupMetaData, selection: &Selection) -> bool {
    let statistics = |name: &str| {
        let mut columns = group.columns().iter();
        columns.find(|column| column.column_path().string() == name).and_then(|column| column.statistics())
    };
    if let Some(Statistics::Int64(times)) = statistics("happened_at")
        && let (Some(least), Some(most)) = (times.min_opt(), times.max_opt())
    {
        let span = selection.span;
        let too_early = span.from.is_some_and(|from| *most < from.ms());
        if too_early || span.to.is_some_and(|to| *least >= to.ms()) {
            return false;
        }
    }
    if let (Some(from), Some(Statistics::Int64(times))) = (selection.received_from, statistics("received_at"))
        && times.max_opt().is_some_and(|most| *most < from.ms())
    {
        return false;
    }
    if let Some(Statistics::FixedLenByteArray(nodes)) = statistics("node")
        && let (Some(least), Some(most)) = (nodes.min_bytes_opt(), nodes.max_bytes_opt())
        && let (Ok(least), Ok(most)) = (least.try_into(), most.try_into())
    {
        return has_any(selection.nodes.as_ref(), &Id::from_bytes(least), &Id::from_bytes(most));
    }
    true
}

/// The columns of a piece.
struct Piece<'a> {
    nodes: &'a FixedSizeBinaryArray,
    happened_at: &'a arrow_array::TimestampMillisecondArray,
    received_at: &'a arrow_array::TimestampMillisecondArray,
    value: &'a Float64Array,
    texts: [&'a StringArray; 8],
    whole: Option<[&'a StringArray; 4]>,
}

impl<'a> Piece<'a> {
    fn of(batch: &'a RecordBatch, whole: bool) -> Result<Self> {
        let column = |name: &str| batch.column_by_name(name).ok_or_else(|| lacks(name));
        let time = |name: &str| {
            column(name)?.as_primitive_opt::<TimestampMillisecondType>().ok_or_else(|| lacks(name))
        };
        Ok(Self {
            nodes: column("node")?.as_fixed_size_binary_opt().ok_or_else(|| lacks("node"))?,
            happened_at: time("happened_at")?,
            received_at: time("received_at")?,
            value: column("value")?.as_primitive_opt::<Float64Type>().ok_or_else(|| lacks("value"))?,
            texts: texts(batch, TEXTS)?,
            whole: if whole { Some(texts(batch, WHOLE)?) } else { None },
        })
    }

    fn show(&self, selection: &Selection, each: &mut Each<'_>) -> Result<()> {
        for row in 0..self.nodes.len() {
            if let Some(event) = self.event(row, selection)? {
                each(&event);
            }
        }
        Ok(())
    }

    /// Returns a row as an event where it is wanted; what tells most is looked at first.
    fn event(&self, row: usize, selection: &Selection) -> Result<Option<ReadEvent<'a>>> {
        let [name, kind, source_id, currency, product_id, order_id, path, channel] = self.texts;
        let happened_at = Timestamp::from_ms(self.happened_at.value(row));
        let received_at = Timestamp::from_ms(self.received_at.value(row));
        let node = self.nodes.value(row).try_into().map(Id::from_bytes).map_err(Problem::internal)?;
        let wanted = selection.span.has(happened_at)
            && selection.received_from.is_none_or(|from| received_at >= from)
            && selection.nodes.as_ref().is_none_or(|nodes| nodes.contains(&node))
            && (selection.names.is_empty() || selection.names.contains(name.value(row)));
        if !wanted {
            return Ok(None);
        }
        let kind: EventKind = kind.value(row).parse().map_err(|words: String| Problem::internal(words))?;
        if !selection.kinds.is_empty() && !selection.kinds.contains(&kind) {
            return Ok(None);
        }
        let maybe = |column: &'a StringArray| column.is_valid(row).then(|| column.value(row));
        let whole = |place: usize| self.whole.and_then(|columns| maybe(columns[place]));
        Ok(Some(ReadEvent {
            node,
            happened_at,
            received_at,
            source_id: source_id.value(row).parse().map_err(Problem::internal)?,
            message_id: whole(0).unwrap_or_default(),
            user_id: whole(1),
            anonymous_id: whole(2),
            kind,
            name: name.value(row),
            value: self.value.is_valid(row).then(|| self.value.value(row)),
            currency: maybe(currency),
            product_id: maybe(product_id),
            order_id: maybe(order_id),
            path: maybe(path),
            channel: maybe(channel),
            properties: whole(3).unwrap_or_default(),
        }))
    }
}

fn texts<'a, const N: usize>(batch: &'a RecordBatch, names: [&str; N]) -> Result<[&'a StringArray; N]> {
    let mut found = Vec::with_capacity(N);
    for name in names {
        let column = batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
        found.push(column.ok_or_else(|| lacks(name))?);
    }
    found.try_into().map_err(|_| lacks("text"))
}

fn lacks(name: &str) -> Problem {
    Problem::internal(format!("a file of the lake lacks {name}"))
}
