use std::collections::BTreeSet;

use blob::Hash;
use http_kit::App;
use kernel::{Caller, Id, Labelled, Page, PageQuery, Problem, Result, Timestamp};
use lake::Lake;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use store::secrets::Cipher;
use store::{Audit, Store, Tx, args};

use super::{Erasure, ErasureLists, Readmit, Step, Verification, proof, sql};
use crate::merge::check_reason;
use crate::node::NodeKind;
use crate::permissions::{PRIVACY_ERASE, PRIVACY_READ};
use crate::privacy::subject_request;

/// Names of the keys among the installation's secrets.
const SEAL: &str = "customers.erasure.seal";
const DIGEST: &str = "customers.erasure.digest";

/// What seals the values that are still looked for, and tells addresses apart that must not come back.
///
/// Opened before a transaction begins: a key that is not there yet is made in one of its own.
pub struct Keys {
    seal: Cipher,
    digest: [u8; 32],
}

impl Keys {
    /// Opens the keys.
    pub async fn open(app: &App) -> Result<Self> {
        Ok(Self { seal: app.secrets.cipher(SEAL).await?, digest: app.secrets.get_or_create(DIGEST).await? })
    }

    pub(super) fn seal(&self, erasure: Id, values: &[String]) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(values).map_err(Problem::internal)?;
        Ok(self.seal.encrypt(&erasure.to_string(), &plain))
    }

    fn unseal(&self, erasure: Id, sealed: &[u8]) -> Result<Vec<String>> {
        let plain = self.seal.decrypt(&erasure.to_string(), sealed)?;
        serde_json::from_slice(&plain).map_err(Problem::internal)
    }

    /// Returns the keyed digest of an identifier.
    pub(super) fn digest(&self, kind: NodeKind, value: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(self.digest);
        hash.update(kind.as_str());
        hash.update([0]);
        hash.update(value);
        hex::encode(hash.finalize())
    }
}

/// Returns erasures, newest first.
pub async fn list(app: &App, caller: &Caller, page: &PageQuery) -> Result<Page<Erasure>> {
    caller.require(PRIVACY_READ)?;
    let size = page.size()?;
    let mut query = sql::list();
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (e.erased_at, e.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY e.erased_at DESC, e.id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |row: &Erasure| (row.erased_at, row.id)))
}

async fn load(store: &Store, id: Id) -> Result<Erasure> {
    let mut query = sql::list();
    query.and("e.id =", id);
    store.list(query).await?.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))
}

/// Returns the erasure that a request asked for.
pub async fn of_request(store: &Store, request: Id) -> Result<Id> {
    let found = store.find::<Id>(sql::OF_REQUEST, args![request]).await?;
    found.ok_or_else(|| Problem::conflict("customers.privacy.not_erased"))
}

/// Does what lies outside the database, and searches everything: again and again until nothing is found.
pub async fn finish(app: &App, caller: &Caller, id: Id) -> Result<Verification> {
    let erasure = load(&app.store, id).await?;
    let keys = Keys::open(app).await?;
    let sealed: Option<Option<Vec<u8>>> = app.store.find(sql::SOUGHT, args![id]).await?;
    let sought = match sealed.flatten() {
        Some(sealed) => keys.unseal(id, &sealed)?,
        None => Vec::new(),
    };
    let nodes: BTreeSet<Id> = app.store.all::<Id>(sql::NODES, args![id]).await?.into_iter().collect();
    // The list comes first: from here on no restore brings them back.
    app.part::<ErasureLists>()?.write(&app.store).await?;
    let gone = app.part::<Lake>()?.erase(caller, &nodes, &erasure.reason).await?;
    remove_files(app, &erasure.proof).await?;
    let found = proof::search(app, &nodes, &sought).await?;
    note(app, caller, &erasure, &keys, (&sought, gone), &found).await?;
    Ok(found)
}

async fn remove_files(app: &App, proof: &Json) -> Result<()> {
    for file in proof["files"].as_array().into_iter().flatten() {
        if let Some(hash) = file.as_str().and_then(|text| text.parse::<Hash>().ok())
            && app.blobs.contains(&hash).await
        {
            app.blobs.remove(&hash).await?;
        }
    }
    Ok(())
}

async fn note(
    app: &App,
    caller: &Caller,
    erasure: &Erasure,
    keys: &Keys,
    (sought, gone): (&[String], i64),
    found: &Verification,
) -> Result<()> {
    let step = match (found.hits, erasure.step) {
        (0, _) => Step::Verified,
        (_, Step::Accepted) => Step::Accepted,
        _ => Step::HitsLeft,
    };
    let events = erasure.lake_events + gone;
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    let mut proof = erasure.proof.clone();
    proof["verification"] = json!(found);
    proof["lake_events"] = json!(events);
    let (finished, sealed) = match step {
        Step::HitsLeft => (None, Some(keys.seal(erasure.id, sought)?)),
        // Nothing has to be looked for any more: what was looked for goes as well.
        _ => (Some(now), None),
    };
    tx.exec_one(sql::NOTE, args![erasure.id, step.as_str(), finished, events, proof.to_string(), sealed])
        .await?;
    if let Some(request) = erasure.request_id {
        let result = result(&proof, step, erasure.erased_at, finished);
        match finished {
            Some(_) => subject_request::finish_erasure(&mut tx, request, erasure.erased_by, &result).await?,
            None => {
                let args = args![request, result.to_string(), None::<String>];
                tx.exec_one(subject_request::sql::NOTE_RESULT, args).await?;
            }
        }
    }
    let facts = json!({ "step": step, "hits": found.hits, "tables": found.tables, "files": found.files,
        "events": events });
    tx.audit(Audit::new("verify", Erasure::NOUN, erasure.id).with(facts)).await?;
    tx.commit().await
}

/// What stands with the request.
fn result(proof: &Json, step: Step, erased_at: Timestamp, finished_at: Option<Timestamp>) -> Json {
    let mut result = proof.clone();
    if let Some(result) = result.as_object_mut() {
        result.remove("files");
    }
    result["step"] = json!(step);
    result["erased_at"] = json!(erased_at);
    result["finished_at"] = json!(finished_at);
    result
}

/// Ends an erasure although something was found, inside the caller's transaction; the audit row is written here.
pub async fn accept(tx: &mut Tx, id: Id, reason: &str) -> Result<()> {
    let mut query = sql::list();
    query.and("e.id =", id);
    let erasure: Erasure =
        tx.list(query).await?.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))?;
    if erasure.step != Step::HitsLeft {
        return Err(Problem::conflict("customers.privacy.nothing_left"));
    }
    let (now, by) = (tx.now(), tx.caller().find_user_id());
    let mut proof = erasure.proof.clone();
    proof["accepted_because"] = json!(reason);
    let (step, none) = (Step::Accepted, None::<Vec<u8>>);
    let args = args![id, step.as_str(), Some(now), erasure.lake_events, proof.to_string(), none];
    tx.exec_one(sql::NOTE, args).await?;
    if let Some(request) = erasure.request_id {
        let result = result(&proof, step, erasure.erased_at, Some(now));
        subject_request::finish_erasure(tx, request, by, &result).await?;
    }
    tx.audit(Audit::new("accept", Erasure::NOUN, id).because(reason)).await
}

/// Lets somebody in again who came back of their own will.
pub async fn readmit(app: &App, caller: &Caller, id: Id, version: i64, wish: &Readmit) -> Result<Erasure> {
    caller.require(PRIVACY_ERASE)?;
    let (reason, shown) = (check_reason(&wish.reason)?, check_reason(&wish.proof)?);
    let erasure = load(&app.store, id).await?;
    let nodes: BTreeSet<Id> = app.store.all::<Id>(sql::NODES, args![id]).await?.into_iter().collect();
    let mut tx = app.store.begin(caller).await?;
    let (now, by) = (tx.now(), caller.find_user_id());
    let because = format!("{reason} ({shown})");
    tx.exec_one(sql::READMIT, args![id, version, now, by, because]).await?;
    tx.exec_one(sql::READMIT_PROFILE, args![erasure.profile_id, now]).await?;
    tx.exec(sql::READMIT_IDENTIFIERS, args![id]).await?;
    let audit = Audit::new("readmit", Erasure::NOUN, id).because(reason).with(json!({ "proof": shown }));
    tx.audit(audit).await?;
    tx.commit().await?;
    app.part::<Lake>()?.readmit(&nodes).await?;
    app.part::<ErasureLists>()?.write(&app.store).await?;
    load(&app.store, id).await
}
