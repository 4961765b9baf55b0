use std::collections::BTreeMap;

use blob::Hash;
use http_kit::App;
use kernel::{Caller, Id, Labelled, Page, PageQuery, Problem, Result, Timestamp};
use serde_json::{Value as Json, json};
use store::{Audit, Observation, args};

use super::{ProfileExport, sql};
use crate::permissions::PRIVACY_READ;
use crate::profile::ProfileFilter;

/// Bytes of an id in the file that says who was in an export.
const ID_BYTES: usize = 16;

/// Returns the lists of people that left, newest first.
pub async fn list(app: &App, caller: &Caller, page: &PageQuery) -> Result<Page<ProfileExport>> {
    caller.require(PRIVACY_READ)?;
    let size = page.size()?;
    let mut query = sql::list();
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (x.at, x.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY x.at DESC, x.id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |row: &ProfileExport| (row.at, row.id)))
}

/// Notes who was in a list that leaves.
pub(crate) async fn note(
    app: &App,
    caller: &Caller,
    filter: &ProfileFilter,
    format: &str,
    people: &[Id],
) -> Result<()> {
    let bytes: Vec<u8> = people.iter().flat_map(|id| id.bytes()).collect();
    let hash = app.blobs.put(&bytes).await?;
    let decoys: BTreeMap<Id, Id> =
        app.store.all::<(Id, Id)>(sql::DECOYS, args![]).await?.into_iter().collect();
    let id = Id::new();
    // The audit row of the export itself is written by whoever writes the file.
    let mut tx = app.store.begin_observation(Observation::Measurement).await?;
    let now = tx.now();
    let row = args![
        id,
        now,
        caller.find_user_id(),
        caller.name(),
        format,
        words(filter).to_string(),
        people.len() as i64,
        hash.as_str(),
    ];
    tx.exec_one(sql::INSERT, row).await?;
    let held: Vec<_> =
        people.iter().filter_map(|one| decoys.get(one)).map(|decoy| args![id, *decoy]).collect();
    if !held.is_empty() {
        tx.insert_many(sql::INSERT_DECOYS, held, "").await?;
    }
    tx.commit().await
}

/// What was asked for; what somebody searched for may be a name, so only that they searched.
fn words(filter: &ProfileFilter) -> Json {
    json!({ "searched": filter.q.as_deref().is_some_and(|text| !text.trim().is_empty()), "tier": filter.tier,
        "city": filter.city, "consent": filter.consent, "consent_channel": filter.consent_channel,
        "consent_purpose": filter.consent_purpose, "consent_brand_id": filter.consent_brand_id,
        "segment_id": filter.segment_id })
}

/// Returns who was in an export.
pub(crate) async fn people(app: &App, id: Id) -> Result<Vec<Id>> {
    let hash: Option<String> = app.store.get(sql::PEOPLE, args![id]).await?;
    let hash = hash.ok_or_else(|| Problem::conflict("customers.privacy.export_forgotten"))?;
    let bytes = app.blobs.get(&hash.parse::<Hash>().map_err(Problem::internal)?).await?;
    let id = |piece: &[u8]| -> Option<Id> { piece.try_into().ok().map(Id::from_bytes) };
    Ok(bytes.chunks_exact(ID_BYTES).filter_map(id).collect())
}

/// Forgets who was in exports before a time; returns of how many.
pub async fn forget(app: &App, caller: &Caller, before: Timestamp) -> Result<i64> {
    let mut forgotten = 0;
    loop {
        let old: Vec<(Id, String)> = app.store.all(sql::OLD, args![before]).await?;
        if old.is_empty() {
            return Ok(forgotten);
        }
        let mut tx = app.store.begin(caller).await?;
        for (id, _) in &old {
            tx.exec_one(sql::FORGET, args![*id]).await?;
        }
        tx.audit(Audit::without_row("forget", ProfileExport::NOUN).covering(old.len() as u64)).await?;
        tx.commit().await?;
        for (_, hash) in &old {
            // The same people may have left twice.
            if app.store.get::<i64>(sql::USED, args![hash]).await? == 0 {
                app.blobs.remove(&hash.parse::<Hash>().map_err(Problem::internal)?).await?;
            }
        }
        forgotten += old.len() as i64;
    }
}

/// Returns how many exports lie before a time of which it is known who was in them.
pub(in crate::privacy) async fn old(app: &App, before: Timestamp) -> Result<i64> {
    app.store.get(sql::COUNT_OLD, args![before]).await
}
