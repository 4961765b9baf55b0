use std::collections::BTreeMap;
use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, Id, Language, Result};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use store::{Query, Tx, args};

use super::rules::{self, Read};
use super::{RELEASE, sql};
use crate::Rulebook;
use crate::book::BookPack;
use crate::record::{self, ActionInput, Draft};
use crate::record_type::RecordType;

/// The digest of the pack that a release is about.
const DIGEST: &str = "pack_digest";
/// What a new release takes over from the one before: whom it is for.
const TAKEN_OVER: [&str; 3] = ["bound", "bound_department", "audience"];

/// A version of a pack as it is kept.
#[derive(Deserialize)]
struct Version {
    label: String,
    files: BTreeMap<String, String>,
}

/// Releases the documents whose text is another one than when they were last released; returns how many were.
///
/// The first release of a document puts it in force and is somebody's act; every version after that comes by itself,
/// to whom the last one went.
pub async fn release_new(app: &App) -> Result<usize> {
    let book = app.part::<Rulebook>()?.snapshot();
    let Some(releases) = book.record_type(RELEASE) else { return Ok(0) };
    let mut count = 0;
    for pack in book.packs() {
        if let Some(document) = &pack.manifest.document {
            count += usize::from(of_document(app, &releases, pack, document).await?);
        }
    }
    Ok(count)
}

async fn of_document(app: &App, releases: &Arc<RecordType>, pack: &BookPack, document: &str) -> Result<bool> {
    let mut tx = app.store.begin(&Caller::system("rulebook")).await?;
    // Two nodes that look at once release one after the other.
    tx.lock("rulebook.pack", Id::from_digest([0; 16])).await?;
    let standing = standing(&mut tx, releases, document).await?;
    let Some(last) = standing.first() else { return Ok(false) };
    let row: record::Row = tx.get(record::FIND, args![last]).await?;
    let digest = pack.folder.content_hash();
    let known = row.document.get(DIGEST).and_then(Json::as_str).map(str::to_owned);
    if known.as_deref() == Some(&digest) {
        return Ok(false);
    }
    let before: Option<Version> = match &known {
        Some(known) => tx.find(sql::VERSION, args![&pack.manifest.id, known]).await?,
        None => None,
    };
    let now = Read { label: &pack.manifest.version, files: &pack.folder.files };
    let is_new =
        before.as_ref().is_some_and(|b| rules::is_new(Read { label: &b.label, files: &b.files }, now));
    let edition = rules::edition(now.label, &digest, &editions(&mut tx, releases, document).await?);
    let (Some(before), Some(edition), true) = (before, edition, is_new) else {
        // What runs is what was released, or only what nobody reads is another.
        let given = Map::from_iter([(DIGEST.to_owned(), json!(digest))]);
        record::note(&mut tx, app, releases, row.id, given, "note_edition").await?;
        tx.commit().await?;
        return Ok(false);
    };
    let changed = rules::changed_clauses(&pack.manifest.id, &before.files, now.files);
    let draft = draft(app, pack, &row, (document, &edition, &digest), &changed);
    let id = record::make(&mut tx, app, &Caller::system("rulebook"), releases, draft).await?;
    publish(&mut tx, app, releases, id).await?;
    replace(&mut tx, app, releases, &standing, &edition).await?;
    tx.commit().await?;
    tracing::info!(document, edition, "released edition {edition} of {document}");
    Ok(true)
}

/// Returns the releases of a document that stand, newest first.
async fn standing(tx: &mut Tx, releases: &RecordType, document: &str) -> Result<Vec<Id>> {
    let mut query = Query::new(sql::IDS, args![]);
    query.push(releases.view.name).push(" WHERE state IN ('published', 'complete')");
    query.and("document =", document).push(" ORDER BY id DESC LIMIT 200");
    tx.list(query).await
}

async fn editions(tx: &mut Tx, releases: &RecordType, document: &str) -> Result<Vec<String>> {
    let mut query = Query::new(sql::EDITIONS, args![]);
    query.push(releases.view.name).push(" WHERE TRUE");
    tx.list(query.and("document =", document).clone()).await
}

fn draft(
    app: &App,
    pack: &BookPack,
    last: &record::Row,
    (document, edition, digest): (&str, &str, &str),
    changed: &[String],
) -> Draft {
    let say = |word: &str, args: &[(&str, Json)]| {
        let args = args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        app.texts.say(Language::default(), &format!("rulebook.acknowledgement.{word}"), &args)
    };
    let title = pack.manifest.texts.title.get(Language::default());
    let named =
        [("title", json!(title)), ("edition", json!(edition)), ("clauses", json!(changed.join("、")))];
    let changes = if changed.is_empty() { say("new_version", &named) } else { say("changed", &named) };
    let mut values = Map::from_iter([
        ("name".to_owned(), json!(say("release", &named))),
        ("document".to_owned(), json!(document)),
        ("edition".to_owned(), json!(edition)),
        ("changes".to_owned(), json!(changes)),
        (DIGEST.to_owned(), json!(digest)),
    ]);
    values.extend(
        TAKEN_OVER.into_iter().filter_map(|key| Some((key.to_owned(), last.document.get(key)?.clone()))),
    );
    Draft {
        values,
        owner_id: last.owner_id,
        department_id: last.department_id,
        brand_id: last.brand_id,
        reason: Some(last.number.clone()),
    }
}

async fn publish(tx: &mut Tx, app: &App, releases: &Arc<RecordType>, id: Id) -> Result<()> {
    record::act_by_product(tx, app, releases, id, "publish", ActionInput::default()).await
}

/// Whoever did not acknowledge the older edition has the new one to read instead.
async fn replace(
    tx: &mut Tx,
    app: &App,
    releases: &Arc<RecordType>,
    older: &[Id],
    edition: &str,
) -> Result<()> {
    let args = BTreeMap::from([("edition".to_owned(), json!(edition))]);
    let reason = app.texts.say(Language::default(), "rulebook.acknowledgement.replaced", &args);
    for id in older {
        let input = ActionInput { reason: Some(reason.clone()), ..ActionInput::default() };
        record::act_by_product(tx, app, releases, *id, "replace", input).await?;
    }
    Ok(())
}
