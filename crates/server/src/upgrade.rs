//! Upgrade (升级): data that are there are backed up before their schema changes, and tried afterwards.

use std::path::PathBuf;

use backup::archive::key::BackupKey;
use backup::archive::read::verify;
use backup::archive::take::{Source, take};
use blob::Blobs;
use kernel::{Problem, Result};
use store::Store;

use crate::Config;

/// Brings the schema up to date. Where there are data, a backup is taken and read again before the first step; where a
/// step fails, or the database refuses a statement afterwards, the answer says how the data come back.
pub(crate) async fn upgrade(config: &Config, store: &Store) -> Result<()> {
    let steps = crate::migrations();
    let Some(missing) = missing(store).await else { return store.migrate(&steps).await.map(drop) };
    if missing == 0 {
        // A program that is older than its data is refused here.
        return store.migrate(&steps).await.map(drop);
    }
    let file = back_up(config, store).await?;
    tracing::info!(file = %file.display(), "the data are backed up before {missing} changes of the schema");
    let failed = |code: &'static str, problem: &Problem| {
        Problem::unavailable(code)
            .with("reason", problem.source.as_ref().map_or_else(|| problem.to_string(), ToString::to_string))
            .with("file", file.display().to_string())
            .with("key_file", crate::ports::place(config).key_file.display().to_string())
    };
    // All steps are one transaction: where one fails, all are taken back.
    store.migrate(&steps).await.map_err(|problem| failed("server.upgrade_failed", &problem))?;
    self_test(store).await.map_err(|problem| failed("server.self_test_failed", &problem))
}

/// Returns how many steps the data have not seen; nothing where there are no data.
async fn missing(store: &Store) -> Option<usize> {
    // A database without a history of steps, or with an empty one, is a new one.
    let missing = store.missing_migrations(&crate::migrations()).await.ok()?;
    (missing.len() <= crate::migrations().len()).then_some(missing.len())
}

async fn back_up(config: &Config, store: &Store) -> Result<PathBuf> {
    let place = crate::ports::place(config);
    let key = BackupKey::read_or_make(&place.key_file)?;
    let path = place.folder.join(format!("before-upgrade-{}", backup::run::rules::file_name(store.now())));
    let blobs = Blobs::open(&config.data_dir.join("blobs")).await?;
    let source = Source {
        store,
        blobs: &blobs,
        data_dir: &config.data_dir,
        product: env!("CARGO_PKG_VERSION"),
        master_key: false,
    };
    take(&source, &path, &key).await?;
    verify(&path, &key).await?;
    Ok(path)
}

/// Tries whether the database takes every statement of the product.
async fn self_test(store: &Store) -> Result<()> {
    match store.check_statements().await.first() {
        None => Ok(()),
        Some((name, reason)) => Err(Problem::internal(format!("{name}: {reason}"))),
    }
}
