//! Execution (执行): the wall around a table, and points at which long work lets others go on.

use std::fmt::{self, Formatter};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::SchemaRef;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::error::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::EquivalenceProperties;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType, SchedulingType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties};
use futures::StreamExt;
use lake::sql::Scanned;

use super::leaf::without_children;

/// What a question opened so far (已扫描).
#[derive(Debug, Default)]
pub struct Opened {
    files: AtomicU64,
    bytes: AtomicU64,
    rows: AtomicU64,
}

impl Opened {
    /// Counts files.
    pub fn files(&self, files: u64, bytes: u64) {
        self.files.fetch_add(files, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Returns the counts.
    pub fn scanned(&self) -> Scanned {
        Scanned {
            files: self.files.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            rows: self.rows.load(Ordering::Relaxed),
        }
    }
}

/// The wall around a table (隔离层): to everything outside it is a leaf, so that no expression of a question can be moved
/// to rows that its asker may not see.
#[derive(Debug)]
pub struct Wall {
    name: &'static str,
    inner: Arc<dyn ExecutionPlan>,
    schema: SchemaRef,
    properties: Arc<PlanProperties>,
    opened: Arc<Opened>,
}

impl Wall {
    /// Puts a wall around a plan whose rows are of this schema.
    pub fn new(
        name: &'static str,
        inner: Arc<dyn ExecutionPlan>,
        schema: SchemaRef,
        opened: Arc<Opened>,
    ) -> Self {
        let parts = inner.properties().output_partitioning().partition_count();
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema.clone()),
            Partitioning::UnknownPartitioning(parts),
            EmissionType::Incremental,
            Boundedness::Bounded,
        )
        .with_scheduling_type(SchedulingType::Cooperative);
        Self { name, inner, schema, properties: Arc::new(properties), opened }
    }
}

impl DisplayAs for Wall {
    fn fmt_as(&self, _: DisplayFormatType, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "Table: {}", self.name)
    }
}

impl ExecutionPlan for Wall {
    fn name(&self) -> &'static str {
        "Table"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    without_children!();

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let (schema, opened) = (self.schema.clone(), self.opened.clone());
        let rows = self.inner.execute(partition, context)?.map(move |batch| {
            let batch = batch?;
            opened.rows.fetch_add(batch.num_rows() as u64, Ordering::Relaxed);
            let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
            Ok(RecordBatch::try_new_with_options(schema.clone(), batch.columns().to_vec(), &rows)?)
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), rows)))
    }
}

/// Lets joins give way (让出): a join can make rows for minutes out of the few that it was handed, and whoever waits for
/// a task to end would wait as long.
#[derive(Debug)]
pub struct JoinsGiveWay;

impl PhysicalOptimizerRule for JoinsGiveWay {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| {
            if node.name().ends_with("JoinExec") {
                return Ok(Transformed::yes(Arc::new(CooperativeExec::new(node))));
            }
            Ok(Transformed::no(node))
        })
        .data()
    }

    fn name(&self) -> &'static str {
        "joins_give_way"
    }

    fn schema_check(&self) -> bool {
        true
    }
}
