use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use kernel::{Caller, Language, SystemClock};
use server::{Built, Config};

/// Returns the command line as somebody who acts: whoever may run it on this machine may do everything.
pub fn operator() -> Caller {
    Caller { language: Language::En, ..Caller::system("command line") }
}

/// Where the product keeps its data; on every command that needs it.
#[derive(Args, Debug, Clone)]
pub struct Place {
    /// Directory for the database, files, keys and backups.
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data_dir: PathBuf,
    /// Configuration file; `brandwright.toml` in the data directory when it is there.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// PostgreSQL instead of SQLite: `postgres://user:password@host/database`.
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
}

impl Place {
    /// Reads the configuration.
    pub fn config(&self) -> anyhow::Result<Config> {
        let loaded = Config::load(self.config.as_deref(), Some(&self.data_dir));
        let mut config = loaded.map_err(|error| crate::output::unusable(format!("{error:#}")))?;
        if let Some(url) = &self.database_url {
            config.database_url = Some(url.clone());
        }
        Ok(config)
    }

    /// Opens the product for one command, beside a running server or without one.
    pub async fn open(&self) -> anyhow::Result<(Config, Built)> {
        server::log_fallback();
        let config = self.config()?;
        let built = self.open_with(&config).await?;
        Ok((config, built))
    }

    /// Opens the product with a configuration that was changed by arguments.
    pub async fn open_with(&self, config: &Config) -> anyhow::Result<Built> {
        let store = server::open_store(config, Arc::new(SystemClock)).await.map_err(crate::output::spoken)?;
        server::build(config, store).await.map_err(crate::output::spoken)
    }
}
