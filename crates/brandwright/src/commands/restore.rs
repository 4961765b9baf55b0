use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use backup::archive::Manifest;
use backup::archive::key::BackupKey;
use backup::archive::restore::{Restored, Target, restore};
use clap::Args;
use kernel::SystemClock;
use serde_json::json;

use crate::output::{spinner, spoken};

/// Arguments of `restore`.
#[derive(Args)]
pub struct Restore {
    /// The backup.
    file: PathBuf,
    /// New data directory: absent or empty.
    #[arg(long, value_name = "DIR")]
    data_dir: PathBuf,
    /// An empty PostgreSQL database for the records, wherever the backup came from.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// The backup key; `backup.key` in the working directory when absent.
    #[arg(long, value_name = "FILE", default_value = "backup.key")]
    key_file: PathBuf,
    /// The master key, to be put beside the data; not needed where the backup holds it.
    #[arg(long, value_name = "FILE")]
    master_key: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Restore {
    /// Restores, compares, and says how to start what came back.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        server::log_fallback();
        let key = BackupKey::read(&self.key_file).map_err(spoken)?;
        let target = Target {
            dir: self.data_dir.clone(),
            database_url: self.database_url.clone(),
            master_key: self.master_key.clone(),
        };
        let wait = spinner("restoring and comparing");
        let restored = restore(&self.file, &key, &target, &server::migrations(), Arc::new(SystemClock)).await;
        wait.finish_and_clear();
        let (manifest, restored) = restored.map_err(spoken)?;
        if self.json {
            println!("{}", json!({ "taken_at": manifest.head.taken_at, "restored": restored }));
        } else {
            self.tell(&manifest, &restored);
        }
        Ok(if restored.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }

    fn tell(&self, manifest: &Manifest, restored: &Restored) {
        println!(
            "Restored as of {}: {} rows, {} files, {} ms.",
            manifest.head.taken_at, restored.rows, restored.files, restored.took_ms
        );
        if restored.differences.is_empty() {
            println!("Everything was read again and is as the backup has it.");
        } else {
            println!("NOT as the backup has it: {}", restored.differences.join(", "));
        }
        if !self.data_dir.join(backup::archive::ERASURES).exists() {
            println!(
                "No erasures.jsonl lay beside the backup. If people were erased since it was taken, put that list into {} \
                 before you start: they are erased again then, before anybody sees them.",
                restored.dir
            );
        }
        if !restored.master_key {
            println!(
                "The master key was not in the backup. Put master.key into {} before you start: without it two-step \
                 sign-in, signed links and the seal of the audit log do not open, and the server does not start.",
                restored.dir
            );
        }
        let database = self.database_url.as_deref().map(store::snapshot::without_password);
        let database = database.map(|url| format!(" --database-url {url}")).unwrap_or_default();
        println!("Start it: brandwright serve --data-dir {}{database}", restored.dir);
    }
}
