use std::fs::File;
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMillisecondType;
use kernel::{Id, Problem, Result, Timestamp};
use lake::Event;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::broken;
use crate::row::Row;

/// Rows of a piece that a reader returns.
const PIECE_ROWS: usize = 8_192;

/// Opens a file; its pieces come in order.
pub fn open(path: &Path) -> Result<ParquetRecordBatchReader> {
    let file = File::open(path).map_err(|error| broken(path, error))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| broken(path, error))?;
    builder.with_batch_size(PIECE_ROWS).build().map_err(|error| broken(path, error))
}

/// Returns the events of a piece.
pub fn rows_of(batch: &RecordBatch) -> Result<Vec<Row>> {
    let text = |name: &str, row: usize| -> Result<Option<String>> {
        let column = batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>().cloned());
        let column = column.ok_or_else(|| Problem::internal(format!("a file of the lake lacks {name}")))?;
        use arrow_array::Array;
        Ok(column.is_valid(row).then(|| column.value(row).to_owned()))
    };
    let time = |name: &str, row: usize| -> Result<Timestamp> {
        let column =
            batch.column_by_name(name).and_then(|c| c.as_primitive_opt::<TimestampMillisecondType>());
        let column = column.ok_or_else(|| Problem::internal(format!("a file of the lake lacks {name}")))?;
        Ok(Timestamp::from_ms(column.value(row)))
    };
    let cut = super::orders(batch)?;
    (0..batch.num_rows())
        .map(|row| {
            let said = |name: &str| text(name, row).map(Option::unwrap_or_default);
            Ok(Row {
                event: Event {
                    message_id: said("message_id")?,
                    kind: said("kind")?.parse().map_err(|words: String| Problem::internal(words))?,
                    name: said("name")?,
                    node: Id::from_bytes(cut.at(row).node),
                    user_id: text("user_id", row)?,
                    anonymous_id: text("anonymous_id", row)?,
                    happened_at: time("happened_at", row)?,
                    channel: text("channel", row)?,
                    properties: said("properties")?,
                    context: said("context")?,
                },
                source_id: said("source_id")?.parse().map_err(Problem::internal)?,
                received_at: time("received_at", row)?,
            })
        })
        .collect()
}
