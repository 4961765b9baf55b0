//! Files (文件表): a table over a fixed list of Parquet files, nothing of which is hidden yet.

use std::path::PathBuf;
use std::sync::Arc;

use arrow_schema::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::Result;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;

use super::events::EventScan;
use super::exec::Opened;
use super::searched;
use super::table::times;

/// Where the lake's directory is for DataFusion: the one place that it can read.
pub const PLACE: &str = "lake://lake";

/// A file of a table.
#[derive(Clone, Debug)]
pub struct TableFile {
    /// Below the lake's directory.
    pub path: String,
    pub bytes: u64,
    /// The earliest and the latest time of its events, where it holds events.
    pub span: Option<(i64, i64)>,
}

/// Table over files (文件表).
#[derive(Debug)]
pub struct Files {
    /// The lake's directory.
    pub dir: PathBuf,
    pub schema: SchemaRef,
    pub files: Vec<TableFile>,
    pub opened: Arc<Opened>,
}

impl Files {
    /// Returns the files of each part with their times, where all of them hold events.
    fn events(&self, files: &[&TableFile], parts: usize) -> Option<Vec<Vec<(PathBuf, i64, i64)>>> {
        let mut groups = vec![Vec::new(); parts];
        for (place, file) in files.iter().enumerate() {
            let (first, last) = file.span?;
            groups[place % parts].push((self.dir.join(&file.path), first, last));
        }
        Some(groups)
    }
}

#[async_trait]
impl TableProvider for Files {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        // Whatever is not read here is sure not to fit; the rest is looked at again.
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let (from, to) = times(filters);
        let overlaps = |file: &&TableFile| file.span.is_none_or(|(first, last)| last >= from && first <= to);
        let files: Vec<&TableFile> = self.files.iter().filter(overlaps).collect();
        if files.is_empty() {
            let schema = match projection {
                Some(places) => Arc::new(self.schema.project(places)?),
                None => self.schema.clone(),
            };
            return Ok(Arc::new(EmptyExec::new(schema)));
        }
        self.opened.files(files.len() as u64, files.iter().map(|file| file.bytes).sum());
        let parts = state.config().target_partitions().clamp(1, files.len());
        let schema = match projection {
            Some(places) => Arc::new(self.schema.project(places)?),
            None => self.schema.clone(),
        };
        if let Some(events) = self.events(&files, parts) {
            return Ok(Arc::new(EventScan::new(events, searched::leaf(filters), schema)));
        }
        let mut groups = vec![Vec::new(); parts];
        for (place, file) in files.into_iter().enumerate() {
            groups[place % parts].push(PartitionedFile::new(file.path.clone(), file.bytes));
        }
        let source = ParquetSource::new(self.schema.clone())
            .with_pushdown_filters(true)
            .with_reorder_filters(true)
            .with_enable_page_index(true);
        let config = FileScanConfigBuilder::new(ObjectStoreUrl::parse(PLACE)?, Arc::new(source))
            .with_file_groups(groups.into_iter().map(FileGroup::new).collect())
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(config))
    }
}
