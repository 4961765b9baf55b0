use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, Language, Problem, Result, Timestamp};
use store::{Audit, Tx, args, json};

use super::api::{PackOrigin, PackRow};
use super::diff::{PackDiff, diff};
use super::{Checked, Fault, Folder, PackFault, PackFiles, PackVersion, own, sql};
use crate::book::{BookPack, take_up};
use crate::{Rulebook, acknowledgement, clause, machine, metric, parameter, record, run};

/// Most files of a pack.
const FILES_MAX: usize = 200;
/// Most bytes of all files of a pack.
const BYTES_MAX: usize = 8 * 1024 * 1024;

/// Takes up the company's own packs and brings the packs that run into the database: their versions, parameters and
/// machines, each pack in one change; and the calendar of the company.
pub async fn publish(app: &App) -> Result<()> {
    let rulebook = app.part::<Rulebook>()?;
    let number = edition(app).await?;
    if number != rulebook.number() {
        take_up(app, &own::assemble_running(app).await?, number)?;
    }
    let book = rulebook.snapshot();
    for pack in book.packs() {
        publish_pack(app, pack).await?;
    }
    publish_record_types(app, &book).await?;
    crate::calendar::ensure_built_in(app).await
}

/// Brings the record types into the database: they may name each other, so they come all together.
async fn publish_record_types(app: &App, book: &Rulebook) -> Result<()> {
    let types: Vec<_> = book.record_types().cloned().collect();
    let mut tx = app.store.begin(&Caller::system("rulebook")).await?;
    tx.lock("rulebook.pack", Id::from_digest([0; 16])).await?;
    let metrics = metric::publish(&mut tx, book).await?;
    let owners = clause::publish_owners(&mut tx, book).await?;
    if record::publish(&mut tx, &types).await? || metrics || owners {
        let facts = serde_json::json!({ "types": types.iter().map(|t| &t.spec.id).collect::<Vec<_>>() });
        tx.audit(Audit::without_row("publish", "rulebook.record_type").with(facts)).await?;
        tx.commit().await?;
    }
    record::load_slots(app).await
}

/// Takes up what another node or the command line applied; returns whether there was something.
pub async fn refresh(app: &App) -> Result<bool> {
    let rulebook = app.part::<Rulebook>()?;
    let number = edition(app).await?;
    if number == rulebook.number() {
        return Ok(false);
    }
    take_up(app, &own::assemble_running(app).await?, number)?;
    record::load_slots(app).await?;
    tracing::info!(number, "took up edition {number} of the rulebook");
    Ok(true)
}

async fn edition(app: &App) -> Result<i64> {
    Ok(app.store.find(sql::EDITION, args![]).await?.unwrap_or(0))
}

async fn publish_pack(app: &App, pack: &BookPack) -> Result<()> {
    let (id, hash) = (pack.manifest.id.as_str(), pack.folder.content_hash());
    let mut tx = app.store.begin(&Caller::system("rulebook")).await?;
    // Two nodes that start at once publish one after the other.
    tx.lock("rulebook.pack", Id::from_digest([0; 16])).await?;
    let known: Option<Id> = tx.find(sql::FIND, args![id, &hash]).await?;
    let running: Option<Id> = tx.find(sql::RUNNING, args![id]).await?;
    if known.is_some() && known == running {
        return Ok(());
    }
    bring(&mut tx, pack).await?;
    let facts = serde_json::json!({ "version": pack.manifest.version, "content_hash": hash });
    tx.audit(Audit::new("apply", "rulebook.pack", id).with(facts)).await?;
    tx.commit().await
}

/// Brings one pack into the database and lets it run; returns its version.
async fn bring(tx: &mut Tx, pack: &BookPack) -> Result<Id> {
    let id = pack.manifest.id.as_str();
    let version = keep_version(tx, &pack.folder, &pack.manifest.version).await?;
    for machine in &pack.machines {
        machine::publish(tx, machine).await?;
    }
    parameter::publish(tx, id, &pack.parameters).await?;
    let now = tx.now();
    tx.exec(sql::RUN, args![id, version, now]).await?;
    Ok(version)
}

async fn keep_version(tx: &mut Tx, folder: &Folder, label: &str) -> Result<Id> {
    let hash = folder.content_hash();
    if let Some(known) = tx.find(sql::FIND, args![&folder.name, &hash]).await? {
        return Ok(known);
    }
    let (version, now) = (Id::new(), tx.now());
    tx.exec(sql::INSERT, args![version, &folder.name, label, &hash, json(&folder.files), now]).await?;
    Ok(version)
}

/// Returns the files of a running pack.
pub fn files(app: &App, id: &str) -> Result<PackFiles> {
    let book = app.part::<Rulebook>()?.snapshot();
    let pack = book.pack(id).ok_or_else(|| Problem::not_found("access.not_found"))?;
    let folder = &pack.folder;
    Ok(PackFiles { id: id.to_owned(), content_hash: folder.content_hash(), files: folder.files.clone() })
}

/// Makes a pack of the files that somebody gives, within bounds.
pub fn candidate(id: &str, files: BTreeMap<String, String>) -> Result<Folder> {
    let bytes: usize = files.values().map(String::len).sum();
    let plain = |path: &String| {
        path.len() <= 200 && !path.contains("..") && !path.starts_with('/') && path.ends_with(".yaml")
    };
    if files.len() > FILES_MAX || bytes > BYTES_MAX || !files.keys().all(plain) {
        return Err(Problem::unprocessable("rulebook.pack.files")
            .with("files_max", FILES_MAX)
            .with("bytes_max", BYTES_MAX));
    }
    Ok(Folder { name: id.to_owned(), files })
}

/// Checks a pack as it would run beside the others.
pub async fn check(app: &App, language: Language, folder: &Folder) -> Result<Checked> {
    Ok(match own::assemble(app, Some(folder)).await? {
        Ok(book) => Checked { sound: true, contents: Some(book.contents(&folder.name)), faults: Vec::new() },
        Err(faults) => {
            let faults = faults.iter().map(|fault| said(app, language, fault)).collect();
            Checked { sound: false, contents: None, faults }
        }
    })
}

fn said(app: &App, language: Language, fault: &Fault) -> PackFault {
    let args = fault.args.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    PackFault {
        file: fault.file.clone(),
        line: fault.line,
        code: fault.code.to_owned(),
        message: app.texts.say(language, fault.code, &args),
    }
}

/// Compares a pack with the one that runs.
pub fn compare(app: &App, folder: &Folder) -> Result<PackDiff> {
    let book = app.part::<Rulebook>()?.snapshot();
    let nothing = Folder { name: folder.name.clone(), files: BTreeMap::new() };
    Ok(diff(book.pack(&folder.name).map_or(&nothing, |pack| &pack.folder), folder))
}

/// Applies a company's own version of a pack: from this moment on it runs.
pub async fn apply(app: &App, caller: &Caller, folder: Folder, reason: &str) -> Result<PackRow> {
    if !parameter::reason_fits(reason) {
        return Err(Problem::unprocessable("rulebook.pack.not_applied")
            .with_field("reason", "rulebook.parameter.reason_length"));
    }
    let rulebook = app.part::<Rulebook>()?;
    let book = own::assemble(app, Some(&folder)).await?;
    let book = book.map_err(|faults| refused(app, caller.language, &faults))?;
    let pack = book.pack(&folder.name).ok_or_else(|| Problem::internal("a pack under another name"))?;
    let shipped = rulebook.sources().into_iter().find(|source| source.name == folder.name);
    let mut tx = app.store.begin(caller).await?;
    tx.lock("rulebook.pack", Id::from_digest([0; 16])).await?;
    let version = bring(&mut tx, pack).await?;
    record::publish(&mut tx, &book.record_types().cloned().collect::<Vec<_>>()).await?;
    metric::publish(&mut tx, &book).await?;
    clause::publish_owners(&mut tx, &book).await?;
    if shipped.as_ref().is_some_and(|shipped| shipped.files == folder.files) {
        tx.exec(sql::DROP_OWN, args![&folder.name]).await?;
    } else {
        let base = shipped.as_ref().map(|shipped| json(&shipped.files));
        let (by, name, now) = (caller.find_user_id(), caller.name(), tx.now());
        tx.exec(sql::KEEP_OWN, args![&folder.name, version, base, reason.trim(), by, name, now]).await?;
    }
    let changed = compare(app, &folder)?.changes.len();
    let facts = serde_json::json!({ "version": pack.manifest.version,
        "content_hash": folder.content_hash(), "objects_changed": changed });
    let number = count_edition(&mut tx).await?;
    tx.audit(Audit::new("apply", "rulebook.pack", &folder.name).because(reason.trim()).with(facts)).await?;
    run::after_new_edition(&mut tx).await?;
    acknowledgement::expect_newcomers(&mut tx).await?;
    tx.commit().await?;
    take_up(app, &book, number)?;
    record::load_slots(app).await?;
    find(app, caller.language, &folder.name).await
}

/// Lets the shipped version of a pack run again; an own pack that nobody ships runs no more.
pub async fn restore(app: &App, caller: &Caller, id: &str, reason: &str) -> Result<()> {
    if !parameter::reason_fits(reason) {
        return Err(Problem::unprocessable("rulebook.pack.not_applied")
            .with_field("reason", "rulebook.parameter.reason_length"));
    }
    if own::all(app).await?.iter().all(|own| own.pack_id != id) {
        return Err(Problem::conflict("rulebook.pack.no_own_version"));
    }
    let rulebook = app.part::<Rulebook>()?;
    let mut folders = rulebook.sources();
    for own in own::all(app).await?.into_iter().filter(|own| own.pack_id != id) {
        let standing = own::standing(&own, &folders);
        own::put(&mut folders, standing.folder);
    }
    let book = own::read(app, folders);
    let book = book.map_err(|faults| refused(app, caller.language, &faults))?;
    let mut tx = app.store.begin(caller).await?;
    tx.lock("rulebook.pack", Id::from_digest([0; 16])).await?;
    tx.exec_one(sql::DROP_OWN, args![id]).await?;
    match book.pack(id) {
        Some(pack) => drop(bring(&mut tx, pack).await?),
        None => drop(tx.exec(sql::STOP, args![id]).await?),
    }
    record::publish(&mut tx, &book.record_types().cloned().collect::<Vec<_>>()).await?;
    metric::publish(&mut tx, &book).await?;
    clause::publish_owners(&mut tx, &book).await?;
    let number = count_edition(&mut tx).await?;
    tx.audit(Audit::new("restore", "rulebook.pack", id).because(reason.trim())).await?;
    run::after_new_edition(&mut tx).await?;
    acknowledgement::expect_newcomers(&mut tx).await?;
    tx.commit().await?;
    take_up(app, &book, number)?;
    record::load_slots(app).await
}

async fn count_edition(tx: &mut Tx) -> Result<i64> {
    tx.exec(sql::NEXT_EDITION, args![]).await?;
    tx.get(sql::EDITION, args![]).await
}

fn refused(app: &App, language: Language, faults: &[Fault]) -> Problem {
    let lines: Vec<String> = faults.iter().map(|fault| fault.say(&app.texts, language)).collect();
    Problem::unprocessable("rulebook.pack.faulty").with("count", lines.len()).with("faults", lines.join("\n"))
}

/// Returns one running pack.
pub async fn find(app: &App, language: Language, id: &str) -> Result<PackRow> {
    let found = list(app, language).await?.into_iter().find(|pack| pack.id == id);
    found.ok_or_else(|| Problem::not_found("access.not_found"))
}

/// Returns the packs that run.
pub async fn list(app: &App, language: Language) -> Result<Vec<PackRow>> {
    let rulebook = app.part::<Rulebook>()?;
    let (book, sources) = (rulebook.snapshot(), rulebook.sources());
    let applied: Vec<(String, Timestamp)> = app.store.all(sql::APPLIED, args![]).await?;
    let own = own::all(app).await?;
    let rows = book.packs().iter().map(|pack| {
        let id = pack.manifest.id.as_str();
        let mine = own.iter().find(|own| own.pack_id == id);
        let source = sources.iter().any(|source| source.name == id);
        PackRow {
            id: id.to_owned(),
            title: pack.manifest.texts.title.get(language).to_owned(),
            summary: pack.manifest.texts.summary.get(language).to_owned(),
            label: pack.manifest.version.clone(),
            document: pack.manifest.document.clone(),
            content_hash: pack.folder.content_hash(),
            applied_at: applied.iter().find(|(known, _)| known == id).map(|(_, at)| *at),
            origin: match (mine.is_some(), source) {
                (false, _) => PackOrigin::Shipped,
                (true, true) => PackOrigin::Changed,
                (true, false) => PackOrigin::Own,
            },
            changed_by_name: mine.map(|own| own.applied_by_name.clone()),
            reason: mine.map(|own| own.reason.clone()),
            conflicts: mine.map(|own| own::standing(own, &sources).conflicts).unwrap_or_default(),
        }
    });
    Ok(rows.collect())
}

/// Returns every version of a pack, newest first.
pub async fn versions(app: &App, pack_id: &str) -> Result<Vec<PackVersion>> {
    let book = app.part::<Rulebook>()?;
    if book.packs().iter().all(|pack| pack.manifest.id != pack_id) {
        return Err(Problem::not_found("access.not_found"));
    }
    app.store.all(sql::VERSIONS, args![pack_id]).await
}
