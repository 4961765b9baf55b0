use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use arrow_array::cast::AsArray;
use datafusion::error::{DataFusionError, Result};
use kernel::Id;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// Whose each identifier node is (归属表), ordered by node: 32 bytes a node.
#[derive(Debug, Default)]
pub struct People {
    by_node: Vec<(u128, u128)>,
}

/// The same, read when it is first needed.
#[derive(Debug)]
pub struct LazyPeople {
    path: PathBuf,
    file: String,
    read: OnceLock<Arc<People>>,
}

impl LazyPeople {
    /// Names the copy that it is in.
    pub fn new(folder: &Path, file: &str) -> Self {
        Self { path: folder.join(file), file: file.to_owned(), read: OnceLock::new() }
    }

    /// Returns the name of that copy.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns it.
    pub fn get(&self) -> Result<Arc<People>> {
        if let Some(people) = self.read.get() {
            return Ok(people.clone());
        }
        let people = Arc::new(People::read(&self.path)?);
        Ok(self.read.get_or_init(|| people).clone())
    }
}

impl People {
    fn read(path: &Path) -> Result<Self> {
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?.build()?;
        let mut by_node = Vec::new();
        for batch in reader {
            let batch = batch?;
            let (nodes, people) = (batch.column(0).as_string::<i32>(), batch.column(1).as_string::<i32>());
            for (node, person) in nodes.iter().zip(people) {
                let (Some(node), Some(person)) = (node.and_then(number), person.and_then(number)) else {
                    return Err(DataFusionError::Internal("a node or its person is no id".to_owned()));
                };
                by_node.push((node, person));
            }
        }
        by_node.sort_unstable();
        Ok(Self { by_node })
    }

    /// Returns whose a node is.
    pub fn of(&self, node: u128) -> Option<u128> {
        let place = self.by_node.binary_search_by_key(&node, |(node, _)| *node).ok()?;
        Some(self.by_node[place].1)
    }
}

/// Reads an id.
pub fn number(text: &str) -> Option<u128> {
    text.parse::<Id>().ok().map(|id| u128::from_be_bytes(id.bytes()))
}

/// Spells an id.
pub fn spelled(id: u128) -> String {
    Id::from_bytes(id.to_be_bytes()).to_string()
}
