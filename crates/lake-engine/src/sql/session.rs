//! Session (会话): what DataFusion is given for one question, and nothing else.

use std::path::Path;
use std::sync::Arc;

use datafusion::common::DataFusionError;
use datafusion::common::exec_err;
use datafusion::error::Result as Found;
use datafusion::execution::SessionStateDefaults;
use datafusion::execution::context::SessionContext;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::object_store::ObjectStoreRegistry;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::object_store::ObjectStore;
use datafusion::object_store::local::LocalFileSystem;
use datafusion::prelude::SessionConfig;
use kernel::{Problem, Result};
use lake::sql::{Asked, Filled, Origin, PROFILES, Rows, Seen, Table};
use url::Url;

use super::exec::JoinsGiveWay;
use super::fault;
use super::files::{Files, PLACE, TableFile};
use super::functions::{self, PersonOf};
use super::table::{self, Sight};
use super::workshop::Ground;
use crate::copy;
use crate::row::SCHEMA;

/// Rows that operators hand to each other at a time.
const BATCH_ROWS: usize = 4_096;
/// Parts of a question that are worked on side by side.
const PARTS: usize = 2;

/// Makes the session of a question about these tables.
pub fn make(ground: &Ground, asked: &Asked, names: &[String]) -> Result<SessionContext> {
    let failed = |error: DataFusionError| fault::of(error, ground);
    let state = SessionStateBuilder::new()
        .with_config(config())
        .with_runtime_env(runtime(ground).map_err(failed)?)
        .with_expr_planners(SessionStateDefaults::default_expr_planners())
        .with_scalar_functions(functions::offered())
        .with_aggregate_functions(SessionStateDefaults::default_aggregate_functions())
        .with_window_functions(SessionStateDefaults::default_window_functions())
        .with_physical_optimizer_rule(Arc::new(JoinsGiveWay))
        .build();
    let context = SessionContext::new_with_state(state);
    for seen in asked.tables.iter().filter(|seen| names.iter().any(|name| name == seen.table.name)) {
        let sight = sight(ground, asked, seen)?;
        context.register_table(seen.table.name, Arc::new(sight)).map_err(failed)?;
    }
    Ok(context)
}

fn config() -> SessionConfig {
    let mut config = SessionConfig::new()
        .with_target_partitions(PARTS)
        .with_batch_size(BATCH_ROWS)
        .with_information_schema(false);
    let options = config.options_mut();
    options.execution.enable_recursive_ctes = false;
    options.execution.parquet.pushdown_filters = true;
    options.sql_parser.collect_spans = true;
    options.sql_parser.map_string_types_to_utf8view = false;
    config
}

fn runtime(ground: &Ground) -> Found<Arc<RuntimeEnv>> {
    let limits = ground.settings.sql;
    let spill = ground.settings.copies().join("spill");
    std::fs::create_dir_all(&spill)?;
    let disk = DiskManagerBuilder::default()
        .with_mode(DiskManagerMode::Directories(vec![spill]))
        .with_max_temp_directory_size(limits.spill_bytes);
    RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(FairSpillPool::new(limits.bytes)))
        .with_disk_manager_builder(disk)
        .with_object_store_registry(Arc::new(OnePlace::new(&ground.settings.dir)?))
        .build_arc()
}

/// The one place that can be read (唯一位置): the lake's directory. There are no other addresses, and none can be added.
#[derive(Debug)]
struct OnePlace(Arc<dyn ObjectStore>);

impl OnePlace {
    fn new(dir: &Path) -> Found<Self> {
        let store = LocalFileSystem::new_with_prefix(dir)
            .map_err(|error| DataFusionError::ObjectStore(Box::new(error)))?;
        Ok(Self(Arc::new(store)))
    }
}

impl ObjectStoreRegistry for OnePlace {
    fn register_store(&self, _: &Url, _: Arc<dyn ObjectStore>) -> Option<Arc<dyn ObjectStore>> {
        None
    }

    fn get_store(&self, url: &Url) -> Found<Arc<dyn ObjectStore>> {
        if url.as_str().trim_end_matches('/') != PLACE {
            return exec_err!("there are no files at this address");
        }
        Ok(self.0.clone())
    }
}

fn sight(ground: &Ground, asked: &Asked, seen: &Seen) -> Result<Sight> {
    let table = &seen.table;
    let base = files(ground, table)?;
    let wants_people = table.columns.iter().any(|column| matches!(column.filled, Filled::Person(_)));
    let person_of = match (&ground.people, wants_people) {
        (Some(people), true) => Some(Arc::new(PersonOf::function(people.clone()))),
        (None, true) => return Err(not_copied(table)),
        (_, false) => None,
    };
    let people = match seen.rows {
        Rows::OfPeople(_) => {
            let profiles = asked.tables.iter().find(|seen| seen.table.name == PROFILES);
            let profiles = profiles.ok_or_else(|| not_copied(table))?.table;
            Some((profiles, files(ground, &profiles)?))
        }
        Rows::All | Rows::Within(_) => None,
    };
    let (schema, opened) = (table::schema(table), ground.opened.clone());
    Ok(Sight { seen: seen.clone(), base, people, person_of, schema, opened })
}

fn files(ground: &Ground, table: &Table) -> Result<Arc<Files>> {
    let (dir, opened) = (ground.settings.dir.clone(), ground.opened.clone());
    if table.origin == Origin::Events {
        let file = |file: &crate::manifest::LakeFile| TableFile {
            path: format!("files/{}", file.name),
            bytes: file.bytes as u64,
            span: Some((file.from_at.ms(), file.to_at.ms())),
        };
        let files = ground.events.iter().map(file).collect();
        return Ok(Arc::new(Files { dir, schema: SCHEMA.clone(), files, opened }));
    }
    let copy = ground.copies.iter().find(|copy| copy.table_name == table.name);
    let copy = copy.ok_or_else(|| not_copied(table))?;
    let path = format!("copies/{}", copy.file);
    let files = vec![TableFile { path, bytes: copy.bytes as u64, span: None }];
    Ok(Arc::new(Files { dir, schema: copy::schema(table), files, opened }))
}

fn not_copied(table: &Table) -> Problem {
    Problem::unavailable("insight.query.not_copied").with("table", table.name)
}
