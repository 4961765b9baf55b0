//! The list of erased people outside the database: every restore obeys it before anybody sees what came back.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use http_kit::App;
use kernel::{Caller, Id, Problem, Result, Timestamp};
use lake::Lake;
use serde::{Deserialize, Serialize};
use store::{Store, args};

use super::steps::{Wish, erase, late};
use super::{Cause, Keys, sql};
use crate::node::NodeKind;

/// Why somebody is erased again.
const REASON: &str = "erasure list";
/// Ids in one question to the database.
const CHUNK: usize = 1_000;

/// Where the list is kept (删除名单): beside the data and beside the backups.
#[derive(Clone, Debug)]
pub struct ErasureLists(pub Vec<PathBuf>);

/// One erasure in the list: nothing personal, but for digests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    erasure_id: Id,
    profile_id: Id,
    erased_at: Timestamp,
    identifiers: Vec<Listed>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Listed {
    node_id: Id,
    kind: NodeKind,
    digest: String,
}

impl ErasureLists {
    /// Writes what the database knows into every list; what a list knows and the database does not stays in it.
    pub async fn write(&self, store: &Store) -> Result<()> {
        #[derive(Deserialize)]
        struct Row {
            erasure_id: Id,
            profile_id: Id,
            node_id: Id,
            kind: NodeKind,
            digest: String,
            erased_at: Timestamp,
        }
        let rows: Vec<Row> = store.all(sql::LISTED, args![]).await?;
        let mut entries: BTreeMap<Id, Entry> = BTreeMap::new();
        for row in rows {
            let Row { erasure_id, profile_id, node_id, kind, digest, erased_at } = row;
            let entry = entries.entry(erasure_id);
            let entry =
                entry.or_insert_with(|| Entry { erasure_id, profile_id, erased_at, identifiers: Vec::new() });
            entry.identifiers.push(Listed { node_id, kind, digest });
        }
        let gone: BTreeSet<Id> = store.all::<Id>(sql::READMITTED, args![]).await?.into_iter().collect();
        for entry in self.read()? {
            if !gone.contains(&entry.erasure_id) {
                entries.entry(entry.erasure_id).or_insert(entry);
            }
        }
        for path in &self.0 {
            put(path, entries.values()).map_err(|error| unusable(path, &error))?;
        }
        Ok(())
    }

    fn read(&self) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for path in &self.0 {
            let text = match std::fs::read_to_string(path) {
                Ok(text) => text,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(unusable(path, &error)),
            };
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                let entry: Entry = serde_json::from_str(line)
                    .map_err(|error| unusable(path, &io::Error::new(io::ErrorKind::InvalidData, error)))?;
                if !entries.iter().any(|known: &Entry| known.erasure_id == entry.erasure_id) {
                    entries.push(entry);
                }
            }
        }
        Ok(entries)
    }
}

/// Writes a list anew, durable before it takes the old one's name.
fn put<'e>(path: &Path, entries: impl Iterator<Item = &'e Entry>) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let part = path.with_extension("part");
    let mut file =
        std::fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&part)?;
    for entry in entries {
        writeln!(file, "{}", serde_json::to_string(entry)?)?;
    }
    file.sync_all()?;
    std::fs::rename(&part, path)?;
    std::fs::File::open(folder)?.sync_all()
}

fn unusable(path: &Path, error: &io::Error) -> Problem {
    Problem::unavailable("customers.privacy.list_unusable")
        .with("file", path.display().to_string())
        .with("reason", error.to_string())
}

/// Erases everybody who is in the list and not erased in this database, as after a restore; returns how many erasures.
///
/// Called before anybody can ask for anything. What is in the lake's files goes here, too; the proof follows in the
/// background.
pub async fn apply(app: &App) -> Result<usize> {
    let lists = app.part::<ErasureLists>()?;
    let mut missing = Vec::new();
    for entry in lists.read()? {
        if app.store.find::<Id>(sql::KNOWN, args![entry.erasure_id]).await?.is_none() {
            missing.push(entry);
        }
    }
    if missing.is_empty() {
        return Ok(0);
    }
    let caller = Caller::system("customers.privacy");
    let keys = Keys::open(app).await?;
    let mut nodes = BTreeSet::new();
    for entry in &missing {
        nodes.extend(entry.identifiers.iter().map(|listed| listed.node_id));
        again(app, &caller, &keys, entry).await?;
    }
    app.part::<Lake>()?.erase(&caller, &nodes, REASON).await?;
    lists.write(&app.store).await?;
    tracing::warn!(erasures = missing.len(), "erased again whom a restored backup had brought back");
    Ok(missing.len())
}

/// Erases whoever the identifiers of an entry belong to, in one transaction.
async fn again(app: &App, caller: &Caller, keys: &Keys, entry: &Entry) -> Result<()> {
    let ids: Vec<Id> = entry.identifiers.iter().map(|listed| listed.node_id).collect();
    let mut tx = app.store.begin(caller).await?;
    let mut people = BTreeSet::new();
    for chunk in ids.chunks(CHUNK) {
        people.extend(tx.list::<(Id, Id)>(sql::alive(chunk)).await?.into_iter().map(|(_, profile)| profile));
    }
    let mut wish = Wish {
        id: entry.erasure_id,
        profile: entry.profile_id,
        cause: Cause::Restore,
        request: None,
        reason: REASON,
        keeps_figures: false,
    };
    for profile in people {
        // Who was one person when they were erased may be several in an older backup; the first bears the entry's id.
        erase(&mut tx, keys, Wish { profile, ..wish }).await?;
        wish.id = Id::new();
    }
    if wish.id == entry.erasure_id {
        let nodes: Vec<(Id, NodeKind, String)> =
            entry.identifiers.iter().map(|of| (of.node_id, of.kind, of.digest.clone())).collect();
        late(&mut tx, wish, &nodes).await?;
    }
    tx.commit().await
}
