use http_kit::App;
use kernel::{Caller, Id, Language, Problem, Result, Timestamp};
use store::{Audit, args, json};

use super::api::PackRow;
use super::{PackVersion, sql};
use crate::book::BookPack;
use crate::{Rulebook, machine, parameter, record};

/// Brings the packs that run into the database: their versions, parameters and machines, in one change.
pub async fn publish(app: &App) -> Result<()> {
    let book = app.part::<Rulebook>()?;
    for pack in book.packs() {
        publish_pack(app, pack).await?;
    }
    publish_record_types(app, book).await
}

/// Brings the record types into the database: they may name each other, so they come all together.
async fn publish_record_types(app: &App, book: &Rulebook) -> Result<()> {
    let types: Vec<_> = book.record_types().cloned().collect();
    let mut tx = app.store.begin(&Caller::system("rulebook")).await?;
    tx.lock("rulebook.pack", Id::from_digest([0; 16])).await?;
    if record::publish(&mut tx, &types).await? {
        let facts = serde_json::json!({ "types": types.iter().map(|t| &t.spec.id).collect::<Vec<_>>() });
        tx.audit(Audit::without_row("publish", "rulebook.record_type").with(facts)).await?;
        tx.commit().await?;
    }
    record::load_slots(app).await
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
    let version = match known {
        Some(version) => version,
        None => {
            let (version, now) = (Id::new(), tx.now());
            let args = args![version, id, &pack.manifest.version, &hash, json(&pack.folder.files), now];
            tx.exec(sql::INSERT, args).await?;
            version
        }
    };
    for machine in &pack.machines {
        machine::publish(&mut tx, machine).await?;
    }
    parameter::publish(&mut tx, id, &pack.parameters).await?;
    let now = tx.now();
    tx.exec(sql::RUN, args![id, version, now]).await?;
    let facts = serde_json::json!({ "version": pack.manifest.version, "content_hash": hash });
    tx.audit(Audit::new("apply", "rulebook.pack", id).with(facts)).await?;
    tx.commit().await
}

/// Returns the packs that run.
pub async fn list(app: &App, language: Language) -> Result<Vec<PackRow>> {
    let book = app.part::<Rulebook>()?;
    let applied: Vec<(String, Timestamp)> = app.store.all(sql::APPLIED, args![]).await?;
    let rows = book.packs().iter().map(|pack| PackRow {
        id: pack.manifest.id.clone(),
        title: pack.manifest.texts.title.get(language).to_owned(),
        summary: pack.manifest.texts.summary.get(language).to_owned(),
        label: pack.manifest.version.clone(),
        document: pack.manifest.document.clone(),
        content_hash: pack.folder.content_hash(),
        applied_at: applied.iter().find(|(id, _)| *id == pack.manifest.id).map(|(_, at)| *at),
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
