//! Events (事件扫描): files of events, read as questions about events read them: what is asked of their texts and times
//! is looked at first, a text once however many rows have it, and of the other columns only the rows that fit are read.

use std::fmt::{self, Formatter};
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::SchemaRef;
use datafusion::arrow::compute::cast;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::EquivalenceProperties;
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties};
use kernel::Problem;

use super::leaf::without_children;
use crate::file::broken;
use crate::query::{Leaf, Plan, Scan};

/// Reads files of events (事件扫描). It leaves out only rows of which a condition says so; whoever reads looks again.
#[derive(Debug)]
pub struct EventScan {
    /// Files of each part, with the earliest and the latest time in them.
    parts: Vec<Vec<(PathBuf, i64, i64)>>,
    plan: Arc<Plan>,
    schema: SchemaRef,
    properties: Arc<PlanProperties>,
}

impl EventScan {
    /// Reads these columns of events that fit.
    pub fn new(parts: Vec<Vec<(PathBuf, i64, i64)>>, leaf: Leaf, schema: SchemaRef) -> Self {
        let columns = schema.fields().iter().map(|field| field.name().clone()).collect();
        let plan = Arc::new(Plan::of_columns(leaf, columns));
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema.clone()),
            Partitioning::UnknownPartitioning(parts.len()),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Self { parts, plan, schema, properties: Arc::new(properties) }
    }
}

impl DisplayAs for EventScan {
    fn fmt_as(&self, _: DisplayFormatType, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "Events")
    }
}

impl ExecutionPlan for EventScan {
    fn name(&self) -> &'static str {
        "Events"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    without_children!();

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let rows = Rows {
            files: self.parts[partition].clone().into_iter(),
            plan: self.plan.clone(),
            schema: self.schema.clone(),
            most: context.session_config().batch_size(),
            scan: None,
            left: None,
        };
        let rows = futures::stream::iter(rows);
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), rows)))
    }
}

/// The rows of some files, piece by piece.
struct Rows {
    files: std::vec::IntoIter<(PathBuf, i64, i64)>,
    plan: Arc<Plan>,
    schema: SchemaRef,
    /// Most rows of a piece.
    most: usize,
    scan: Option<Scan>,
    /// What was read and not handed on yet.
    left: Option<RecordBatch>,
}

impl Iterator for Rows {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left.is_none() {
            match self.read() {
                Ok(read) => self.left = read,
                Err(error) => return Some(Err(error)),
            }
        }
        let left = self.left.take()?;
        let rows = left.num_rows();
        if rows > self.most {
            self.left = Some(left.slice(self.most, rows - self.most));
        }
        Some(Ok(left.slice(0, rows.min(self.most))))
    }
}

impl Rows {
    fn read(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            if let Some(scan) = &mut self.scan
                && let Some((rows, parts)) = scan.batches(&self.plan).map_err(failed)?
            {
                return Ok(Some(projected(&self.schema, rows, &parts)?));
            }
            let Some((path, first, last)) = self.files.next() else { return Ok(None) };
            self.scan = match self.plan.share(first, last) {
                Some(share) => {
                    let file = File::open(&path).map_err(|error| failed(broken(&path, error)))?;
                    Some(Scan::begin(&path, file, &self.plan, &share, false).map_err(failed)?)
                }
                None => None,
            };
        }
    }
}

fn failed(problem: Problem) -> DataFusionError {
    DataFusionError::IoError(std::io::Error::other(problem))
}

/// Puts columns in their order, and texts in full.
fn projected(schema: &SchemaRef, rows: usize, parts: &[RecordBatch]) -> Result<RecordBatch> {
    let column = |name: &String| parts.iter().find_map(|part| part.column_by_name(name));
    let columns = schema.fields().iter().map(|field| {
        let lacks = || failed(Problem::internal(format!("a file of the lake lacks {}", field.name())));
        Ok(cast(column(field.name()).ok_or_else(lacks)?, field.data_type())?)
    });
    let columns: Vec<ArrayRef> = columns.collect::<Result<_>>()?;
    let rows = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok(RecordBatch::try_new_with_options(schema.clone(), columns, &rows)?)
}
