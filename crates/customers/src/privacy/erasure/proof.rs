//! The proof: everything is searched for what was erased.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use futures::TryStreamExt;
use http_kit::App;
use kernel::{Id, Problem, Result, Timestamp};
use lake::Lake;
use serde::{Deserialize, Serialize};
use store::Value;
use utoipa::ToSchema;

use super::rules;

/// Where something was found (检出位置).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ErasurePlace)]
pub struct Place {
    /// The table, or the file.
    pub place: String,
    /// How often.
    pub count: i64,
    /// True where it stays by nature, such as in the log, which is chained.
    pub kept: bool,
}

/// What was searched and found (核验结果).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ErasureVerification)]
pub struct Verification {
    /// When.
    pub at: Option<Timestamp>,
    /// Tables that were read: all there are.
    pub tables: i64,
    /// Rows of them.
    pub rows: i64,
    /// Files that were read: of the lake and those that are kept.
    pub files: i64,
    /// Events in them.
    pub events: i64,
    /// Values that were looked for.
    pub values: i64,
    /// Findings that must not be.
    pub hits: i64,
    /// Where something was found.
    pub places: Vec<Place>,
}

/// Searches every table of the database, every file that is kept, and the lake.
pub(super) async fn search(app: &App, nodes: &BTreeSet<Id>, values: &[String]) -> Result<Verification> {
    let mut found =
        Verification { at: Some(app.store.now()), values: values.len() as i64, ..Verification::default() };
    if !values.is_empty() {
        let patterns = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .build(values)
            .map_err(Problem::internal)?;
        search_tables(app, &patterns, &mut found).await?;
        search_files(app, patterns, &mut found).await?;
    }
    let lake = app.part::<Lake>()?.search(nodes, values).await?;
    found.files += lake.files;
    found.events += lake.events;
    found.places.extend(lake.found.into_iter().map(|(place, count)| Place { place, count, kept: false }));
    found.hits = found.places.iter().filter(|place| !place.kept).map(|place| place.count).sum();
    Ok(found)
}

async fn search_tables(app: &App, patterns: &AhoCorasick, found: &mut Verification) -> Result<()> {
    let (mut snapshot, vault) = (app.store.snapshot().await?, app.store.vault());
    for table in snapshot.tables().await? {
        let mut hits: BTreeMap<String, i64> = BTreeMap::new();
        let mut rows = snapshot.rows(&table);
        while let Some(row) = rows.try_next().await? {
            found.rows += 1;
            for (value, (column, _)) in row.iter().zip(&table.columns) {
                let Value::Text(Some(text)) = value else { continue };
                // What lies sealed is looked into as well: it would be shown to anybody who may see it.
                if patterns.is_match(&*vault.open_text(text)?) {
                    *hits.entry(format!("{}.{column}", table.name)).or_default() += 1;
                }
            }
        }
        drop(rows);
        found.tables += 1;
        let kept = rules::keeps_by_nature(&table.name);
        found.places.extend(hits.into_iter().map(|(place, count)| Place { place, count, kept }));
    }
    Ok(())
}

async fn search_files(app: &App, patterns: AhoCorasick, found: &mut Verification) -> Result<()> {
    let files: Vec<_> =
        app.blobs.list().await?.into_iter().map(|hash| (app.blobs.path(&hash), hash)).collect();
    found.files += files.len() as i64;
    let search = move || -> std::io::Result<Vec<Place>> {
        let mut places = Vec::new();
        for (path, hash) in files {
            let file = match std::fs::File::open(&path) {
                Ok(file) => file,
                // It went meanwhile.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            let mut count = 0;
            for hit in patterns.stream_find_iter(std::io::BufReader::new(file)) {
                hit?;
                count += 1;
            }
            if count > 0 {
                places.push(Place { place: format!("blobs/{hash}"), count, kept: false });
            }
        }
        Ok(places)
    };
    let places =
        tokio::task::spawn_blocking(search).await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    found.places.extend(places);
    Ok(())
}
