//! Row (行): an event as the columns of a file hold it.

use std::sync::{Arc, LazyLock};

use arrow_array::builder::{
    FixedSizeBinaryBuilder, Float64Builder, StringBuilder, TimestampMillisecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::extension::Uuid;
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use kernel::{Id, Problem, Result, Timestamp};
use lake::Event;

use crate::promoted::Promoted;

/// An event with where it came from and when it arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The event.
    pub event: Event,
    /// Its source.
    pub source_id: Id,
    /// When it arrived.
    pub received_at: Timestamp,
}

impl Row {
    /// Returns what rows of a file are ordered by.
    pub fn order(&self) -> Order {
        Order { node: self.event.node.bytes(), at: self.event.happened_at.ms() }
    }
}

/// What rows of a file are ordered by: whose, then when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order {
    /// The node. Its first bits are those of a digest, so that equal parts of their range hold equal numbers of people.
    pub node: [u8; 16],
    /// Epoch milliseconds.
    pub at: i64,
}

/// Column of a file that holds the node.
pub const NODE: usize = 0;
/// Column of a file that holds when it happened.
pub const HAPPENED_AT: usize = 1;

/// Columns of a file; anybody's Parquet reader takes them as they are.
pub static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let time = || DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()));
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    let maybe = |name: &str| Field::new(name, DataType::Utf8, true);
    Arc::new(Schema::new(vec![
        Field::new("node", DataType::FixedSizeBinary(16), false).with_extension_type(Uuid),
        Field::new("happened_at", time(), false),
        text("name"),
        text("kind"),
        Field::new("value", DataType::Float64, true),
        maybe("currency"),
        maybe("product_id"),
        maybe("order_id"),
        maybe("path"),
        maybe("channel"),
        maybe("user_id"),
        maybe("anonymous_id"),
        text("source_id"),
        text("message_id"),
        Field::new("received_at", time(), false),
        text("properties"),
        text("context"),
    ]))
});

/// Puts rows into columns.
pub fn columns(rows: &[&Row]) -> Result<RecordBatch> {
    let promoted: Vec<Promoted> = rows.iter().map(|row| Promoted::of(&row.event)).collect();
    let arrays: Vec<ArrayRef> = vec![
        nodes(rows)?,
        times(rows.iter().map(|row| row.event.happened_at)),
        texts(rows.iter().map(|row| Some(row.event.name.as_str()))),
        texts(rows.iter().map(|row| Some(row.event.kind.as_str()))),
        numbers(promoted.iter().map(|of| of.value)),
        texts(promoted.iter().map(|of| of.currency.as_deref())),
        texts(promoted.iter().map(|of| of.product_id.as_deref())),
        texts(promoted.iter().map(|of| of.order_id.as_deref())),
        texts(promoted.iter().map(|of| of.path.as_deref())),
        texts(rows.iter().map(|row| row.event.channel.as_deref())),
        texts(rows.iter().map(|row| row.event.user_id.as_deref())),
        texts(rows.iter().map(|row| row.event.anonymous_id.as_deref())),
        sources(rows),
        texts(rows.iter().map(|row| Some(row.event.message_id.as_str()))),
        times(rows.iter().map(|row| row.received_at)),
        texts(rows.iter().map(|row| Some(row.event.properties.as_str()))),
        texts(rows.iter().map(|row| Some(row.event.context.as_str()))),
    ];
    RecordBatch::try_new(SCHEMA.clone(), arrays).map_err(Problem::internal)
}

fn nodes(rows: &[&Row]) -> Result<ArrayRef> {
    let mut builder = FixedSizeBinaryBuilder::with_capacity(rows.len(), 16);
    for row in rows {
        builder.append_value(row.event.node.bytes()).map_err(Problem::internal)?;
    }
    Ok(Arc::new(builder.finish()))
}

fn times(values: impl Iterator<Item = Timestamp>) -> ArrayRef {
    let mut builder = TimestampMillisecondBuilder::new().with_timezone("UTC");
    values.for_each(|at| builder.append_value(at.ms()));
    Arc::new(builder.finish())
}

fn numbers(values: impl Iterator<Item = Option<f64>>) -> ArrayRef {
    let mut builder = Float64Builder::new();
    values.for_each(|value| builder.append_option(value));
    Arc::new(builder.finish())
}

fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    let mut builder = StringBuilder::new();
    values.for_each(|text| builder.append_option(text));
    Arc::new(builder.finish())
}

fn sources(rows: &[&Row]) -> ArrayRef {
    let mut builder = StringBuilder::new();
    for row in rows {
        builder.append_value(row.source_id.to_string());
    }
    Arc::new(builder.finish())
}
