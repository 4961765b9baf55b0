//! SQL (即席查询): read-only questions about the events and the copies beside them, by DataFusion.
//!
//! Architecture invariants: a statement is a query or it is refused before anything is planned; a question sees tables
//! only through [`table::Sight`], inside which rows are narrowed and hidden columns are empty before anything of the
//! question is looked at; nothing of a question runs on the threads that answer requests; time, memory, spill and the
//! number at a time are bounded.

mod answer;
mod events;
mod exec;
mod fault;
mod files;
mod functions;
mod leaf;
mod memory;
mod people;
mod rows;
mod searched;
mod session;
mod statement;
mod table;
mod workshop;

use std::fs::File;
use std::io::BufWriter;

use async_trait::async_trait;
use kernel::{Id, Problem, Result};
use lake::sql::{AnswerRows, Asked, Copied, Copying, SqlLake};
use parquet::arrow::ArrowWriter;
use store::aside;

pub use workshop::{Limits, Workshop};

use crate::copy;
use crate::engine::Engine;

#[async_trait]
impl SqlLake for Engine {
    async fn open(&self, asked: Asked) -> Result<Box<dyn AnswerRows>> {
        Ok(Box::new(workshop::begin(self, asked).await?))
    }

    async fn write_parquet(&self, asked: Asked, rows_max: u64, file: File) -> Result<u64> {
        let mut answer = workshop::begin(self, asked).await?;
        let schema = answer.schema().clone();
        let mut writer =
            ArrowWriter::try_new(BufWriter::new(file), schema, None).map_err(Problem::internal)?;
        let mut rows = 0;
        while let Some(batch) = answer.batch().await? {
            rows += batch.num_rows() as u64;
            if rows > rows_max {
                return Err(Problem::unprocessable("tabular.export.too_many_rows").with("rows_max", rows_max));
            }
            aside(|| writer.write(&batch)).map_err(Problem::internal)?;
        }
        aside(|| writer.close()).map_err(Problem::internal)?;
        Ok(rows)
    }

    fn begin_copies(&self, id: Id) -> Result<Box<dyn Copying>> {
        Ok(Box::new(copy::Making::begin(self.store.clone(), &self.settings.copies(), id)?))
    }

    async fn copies(&self) -> Result<Vec<Copied>> {
        copy::listed(&self.store, &self.settings.copies()).await
    }
}
