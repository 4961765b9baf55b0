//! Forgetting: what fields held leaves the record's history, and files that nothing else names leave the store.

use std::collections::BTreeSet;

use async_trait::async_trait;
use http_kit::App;
use kernel::{Id, Problem, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use store::{Job, JobError, JobKind, Lease, Tx, args};

use super::sql;

/// A change as history keeps it.
#[derive(Deserialize)]
struct Kept {
    version: i64,
    changes: Map<String, Json>,
}

/// Takes what fields held out of a record's history, inside the transaction that empties them.
pub async fn forget(tx: &mut Tx, record: Id, fields: &[String]) -> Result<()> {
    let mut files = BTreeSet::new();
    let all: Vec<Kept> = tx.all(sql::KEPT, args![record]).await?;
    let newest = all.iter().map(|kept| kept.version).max();
    for mut kept in all {
        let mut changed = false;
        for field in fields {
            let Some(change) = kept.changes.remove(field) else { continue };
            changed = true;
            // What stands there now, such as a dash, is no secret, and history still leads to it.
            match change.get(1).filter(|now| Some(kept.version) == newest && !now.is_null()) {
                Some(now) => {
                    kept.changes.insert(field.clone(), json!([null, now]));
                    named(change.get(0), &mut files);
                }
                None => named(Some(&change), &mut files),
            }
        }
        if changed {
            tx.exec_one(sql::FORGET, args![record, kept.version, store::json(&kept.changes)]).await?;
        }
    }
    for hash in files {
        let key = format!("{}/{hash}", ForgetFile::KIND);
        tx.enqueue_once(&ForgetFile { hash }, &key).await?;
    }
    Ok(())
}

/// Finds the digests of files in a value.
fn named(value: Option<&Json>, files: &mut BTreeSet<String>) {
    match value {
        Some(Json::Array(items)) => items.iter().for_each(|item| named(Some(item), files)),
        Some(Json::Object(file)) => {
            let hash = file.get("id").and_then(Json::as_str).filter(|hash| hash.len() == 64);
            files.extend(hash.map(str::to_owned));
        }
        _ => {}
    }
}

/// Removes a file that no record names any more.
#[derive(Debug, Serialize, Deserialize)]
pub struct ForgetFile {
    /// Its digest.
    hash: String,
}

impl JobKind for ForgetFile {
    const KIND: &'static str = "rulebook.records.forget_file";
    const MAX_ATTEMPTS: i64 = 10;
}

#[async_trait]
impl Job<App> for ForgetFile {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let words = format!("%{}%", self.hash);
        let names: i64 = app.store.get(sql::NAMES_FILE, args![words]).await?;
        if names == 0 {
            let hash = self.hash.parse().map_err(|_| Problem::internal("a digest that is none"))?;
            app.blobs.remove(&hash).await?;
        }
        Ok(())
    }
}
