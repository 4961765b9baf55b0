use std::collections::BTreeMap;

use http_kit::App;
use kernel::Result;
use serde::Deserialize;
use store::args;

use super::diff::ObjectChange;
use super::merge::merge;
use super::{Fault, Folder, sql};
use crate::Rulebook;

/// A company's own version of a pack, as it was applied.
#[derive(Clone, Debug, Deserialize)]
pub struct OwnPack {
    pub pack_id: String,
    pub files: BTreeMap<String, String>,
    /// The shipped files that it was made from; absent for a pack that nobody ships.
    pub base_files: Option<BTreeMap<String, String>>,
    pub applied_by_name: String,
    pub reason: String,
}

/// How an own pack stands to the shipped one.
#[derive(Clone, Debug)]
pub struct Standing {
    /// What runs: the own version with what the product changed elsewhere.
    pub folder: Folder,
    /// Objects that both changed.
    pub conflicts: Vec<ObjectChange>,
}

/// Returns the company's own packs.
pub async fn all(app: &App) -> Result<Vec<OwnPack>> {
    app.store.all(sql::OWN, args![]).await
}

/// Puts an own pack and the shipped one of now together.
pub fn standing(own: &OwnPack, sources: &[Folder]) -> Standing {
    let folder = Folder { name: own.pack_id.clone(), files: own.files.clone() };
    let shipped = sources.iter().find(|source| source.name == own.pack_id);
    match (shipped, &own.base_files) {
        (Some(shipped), Some(base)) if shipped.files != *base => {
            let base = Folder { name: own.pack_id.clone(), files: base.clone() };
            let merged = merge(&base, shipped, &folder);
            Standing { folder: merged.folder, conflicts: merged.conflicts }
        }
        _ => Standing { folder, conflicts: Vec::new() },
    }
}

/// Puts a pack in its place among others.
pub fn put(folders: &mut Vec<Folder>, folder: Folder) {
    match folders.iter_mut().find(|known| known.name == folder.name) {
        Some(known) => *known = folder,
        None => folders.push(folder),
    }
}

/// Reads and checks what would run: what the product brings, the company's own packs, and `candidate` above both.
pub async fn assemble(
    app: &App,
    candidate: Option<&Folder>,
) -> Result<std::result::Result<Rulebook, Vec<Fault>>> {
    let mut folders = app.part::<Rulebook>()?.sources();
    for own in all(app).await? {
        let standing = standing(&own, &folders);
        put(&mut folders, standing.folder);
    }
    if let Some(candidate) = candidate {
        put(&mut folders, candidate.clone());
    }
    Ok(read(app, folders))
}

/// Reads and checks packs beside what the domains publish; what record types bring comes from the packs themselves.
pub fn read(app: &App, folders: Vec<Folder>) -> std::result::Result<Rulebook, Vec<Fault>> {
    Rulebook::from_folders(folders, app.views.fixed(), app.permissions.fixed())
}

/// Reads what runs. Where the product changed so much that an own pack no longer fits, that pack as it was applied is
/// tried, and then what the product brings: a company can always start, and the log says what it runs without.
pub async fn assemble_running(app: &App) -> Result<Rulebook> {
    let faults = match assemble(app, None).await? {
        Ok(book) => return Ok(book),
        Err(faults) => faults,
    };
    log(app, "with what the product changed", &faults);
    let sources = app.part::<Rulebook>()?.sources();
    let mut folders = sources.clone();
    for own in all(app).await? {
        put(&mut folders, Folder { name: own.pack_id, files: own.files });
    }
    match read(app, folders) {
        Ok(book) => Ok(book),
        Err(faults) => {
            log(app, "as they were applied", &faults);
            let book = read(app, sources);
            book.map_err(|faults| crate::refusal(&faults, &app.texts, kernel::Language::En))
        }
    }
}

fn log(app: &App, how: &str, faults: &[Fault]) {
    for fault in faults {
        let fault = fault.say(&app.texts, kernel::Language::En);
        tracing::error!(fault, "the company's own packs do not fit {how}: {fault}");
    }
}
