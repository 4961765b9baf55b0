//! Where the product keeps its data and its backups; `server` knows, and puts it among the parts.

use std::path::PathBuf;
use std::sync::Arc;

use http_kit::App;
use kernel::Result;
use store::{Config, Migration};

/// Places (存放位置) of this installation.
#[derive(Clone, Debug)]
pub struct Place(Arc<Places>);

/// What a [`Place`] holds.
#[derive(Debug)]
pub struct Places {
    /// The data directory.
    pub data_dir: PathBuf,
    /// Where backups go.
    pub folder: PathBuf,
    /// The file with the key that seals them.
    pub key_file: PathBuf,
    /// The records.
    pub database: Config,
    /// Every migration of this program, the store's own aside.
    pub migrations: Vec<Migration>,
}

impl Place {
    /// Puts the places together.
    pub fn new(places: Places) -> Self {
        Self(Arc::new(places))
    }

    /// Returns the places of the running product.
    pub fn of(app: &App) -> Result<&Self> {
        app.part::<Self>()
    }
}

impl std::ops::Deref for Place {
    type Target = Places;

    fn deref(&self) -> &Places {
        &self.0
    }
}
