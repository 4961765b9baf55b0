use std::collections::HashMap;

use http_kit::App;
use kernel::{Caller, Id, Page, Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::json;
use store::secrets::Cipher;
use store::{Audit, Tx, args};

use super::keys::digest;
use super::volume::{self, Volume, VolumeFigures};
use super::{NewSource, Source, SourceKeys, SourceKind, WriteKey, rules, sql};
use crate::plan::{DataKind, PlanMode};

const NOUN: &str = "customers.source";
const CIPHER: &str = "customers.write_key";

/// A source as the database has it.
#[derive(Deserialize)]
struct Row {
    id: Id,
    name: String,
    kind: SourceKind,
    purpose: String,
    brand_id: Option<Id>,
    active: bool,
    silent_after_hours: Option<i64>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
    last_event_at: Option<Timestamp>,
    events_7d: i64,
    duplicates_7d: i64,
    bots_7d: i64,
    quarantined: i64,
    plan: PlanMode,
}

/// A write key as the database has it.
#[derive(Deserialize)]
struct Sealed {
    key_sealed: Vec<u8>,
}

/// What stands in tables of its own about sources.
#[derive(Default)]
struct Beside {
    expected: HashMap<Id, Vec<DataKind>>,
    volumes: HashMap<Id, (Volume, VolumeFigures)>,
}

#[derive(Deserialize)]
struct Expected {
    source_id: Id,
    data: DataKind,
}

async fn beside(app: &App) -> Result<Beside> {
    let mut beside = Beside { volumes: volume::latest(app).await?, ..Beside::default() };
    for row in app.store.all::<Expected>(sql::EXPECTED, args![]).await? {
        beside.expected.entry(row.source_id).or_default().push(row.data);
    }
    Ok(beside)
}

fn shown(row: Row, beside: &mut Beside, now: Timestamp) -> Source {
    let volume = beside.volumes.remove(&row.id);
    Source {
        // Nobody sends for the product, so its key is switched off; it is no less alive.
        health: rules::health(
            row.active || row.kind == SourceKind::Internal,
            row.last_event_at,
            row.silent_after_hours,
            now,
        ),
        id: row.id,
        name: row.name,
        kind: row.kind,
        purpose: row.purpose,
        brand_id: row.brand_id,
        active: row.active,
        silent_after_hours: row.silent_after_hours,
        last_event_at: row.last_event_at,
        events_7d: row.events_7d,
        duplicates_7d: row.duplicates_7d,
        bots_7d: row.bots_7d,
        quarantined: row.quarantined,
        plan: row.plan,
        expected: beside.expected.remove(&row.id).unwrap_or_default(),
        volume: volume.as_ref().map_or(Volume::Unknown, |(volume, _)| *volume),
        volume_figures: volume.map(|(_, figures)| figures),
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    }
}

/// Returns all sources, by name.
pub async fn list(app: &App) -> Result<Page<Source>> {
    let now = app.store.now();
    let mut query = sql::sources(&sql::week_before(now));
    query.push(" ORDER BY s.name, s.id");
    let rows: Vec<Row> = app.store.list(query).await?;
    let mut beside = beside(app).await?;
    Ok(Page::whole(rows.into_iter().map(|row| shown(row, &mut beside, now)).collect()))
}

/// Returns a source.
pub async fn find(app: &App, id: Id) -> Result<Source> {
    let now = app.store.now();
    let mut query = sql::sources(&sql::week_before(now));
    query.and("s.id =", id);
    let rows: Vec<Row> = app.store.list(query).await?;
    let row = rows.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))?;
    Ok(shown(row, &mut beside(app).await?, now))
}

/// Refuses an id that no source has.
pub async fn exists(app: &App, id: Id) -> Result<()> {
    app.store.get::<Id>(sql::EXISTS, args![id]).await.map(drop)
}

/// Makes a source with a key of its own.
pub async fn create(app: &App, caller: &Caller, new: &NewSource) -> Result<Source> {
    let (id, key) = (Id::new(), new_key());
    let cipher = cipher(app).await?;
    let mut tx = app.store.begin(caller).await?;
    check(&mut tx, new, None).await?;
    let now = tx.now();
    let args = args![
        id,
        new.name.trim(),
        new.kind.as_str(),
        new.purpose.trim(),
        new.brand_id,
        digest(&key),
        cipher.encrypt(&id.to_string(), key.as_bytes()),
        new.active,
        new.silent_after_hours,
        now,
        caller.find_user_id(),
        new.plan.as_str(),
    ];
    tx.exec_one(sql::INSERT, args).await?;
    expect(&mut tx, id, &new.expected).await?;
    tx.audit(Audit::new("create", NOUN, id).with(facts(new))).await?;
    tx.commit().await?;
    find(app, id).await
}

/// Changes a source.
pub async fn change(app: &App, caller: &Caller, id: Id, version: i64, new: &NewSource) -> Result<Source> {
    exists(app, id).await?;
    let mut tx = app.store.begin(caller).await?;
    check(&mut tx, new, Some(id)).await?;
    let now = tx.now();
    let args = args![
        id,
        version,
        new.name.trim(),
        new.kind.as_str(),
        new.purpose.trim(),
        new.brand_id,
        new.active,
        new.silent_after_hours,
        now,
        new.plan.as_str(),
    ];
    tx.exec_one(sql::CHANGE, args).await?;
    expect(&mut tx, id, &new.expected).await?;
    tx.audit(Audit::new("change", NOUN, id).with(facts(new))).await?;
    tx.commit().await?;
    app.part::<SourceKeys>()?.forget();
    find(app, id).await
}

fn facts(new: &NewSource) -> serde_json::Value {
    json!({ "name": new.name, "kind": new.kind, "purpose": new.purpose, "active": new.active, "plan": new.plan,
        "expected": new.expected,
        "silent_after_hours": new.silent_after_hours })
}

/// Says which kinds of data a source is to bring; since when stays where it was said before.
async fn expect(tx: &mut Tx, id: Id, expected: &[DataKind]) -> Result<()> {
    let now = tx.now();
    for kind in DataKind::ALL {
        if expected.contains(kind) {
            tx.exec(sql::EXPECT, args![id, kind.as_str(), now]).await?;
        } else {
            tx.exec(sql::EXPECT_NO_MORE, args![id, kind.as_str()]).await?;
        }
    }
    Ok(())
}

async fn check(tx: &mut Tx, new: &NewSource, own: Option<Id>) -> Result<()> {
    let mut refusal = Problem::unprocessable("customers.source.invalid");
    let fits = |text: &str, max: usize| !text.trim().is_empty() && text.chars().count() <= max;
    if !fits(&new.name, 80) {
        refusal = refusal.with_field("name", "customers.source.name_length");
    } else if tx.find::<Id>(sql::NAMED, args![new.name.trim()]).await?.is_some_and(|id| Some(id) != own) {
        refusal = refusal.with_field("name", "customers.source.name_taken");
    }
    if new.kind == SourceKind::Internal {
        refusal = refusal.with_field("kind", "customers.source.kind_internal");
    }
    if !fits(&new.purpose, 300) {
        refusal = refusal.with_field("purpose", "customers.source.purpose_length");
    }
    if new.silent_after_hours.is_some_and(|hours| !(1..=8760).contains(&hours)) {
        refusal = refusal.with_field("silent_after_hours", "customers.source.hours_range");
    }
    if refusal.fields.is_empty() { Ok(()) } else { Err(refusal) }
}

/// Returns the key of a source, for those who install it; the look is logged.
pub async fn write_key(app: &App, caller: &Caller, id: Id) -> Result<WriteKey> {
    let Sealed { key_sealed } = app.store.get(sql::SEALED, args![id]).await?;
    let key = cipher(app).await?.decrypt(&id.to_string(), &key_sealed)?;
    let key = String::from_utf8(key).map_err(Problem::internal)?;
    let mut tx = app.store.begin(caller).await?;
    tx.audit(Audit::new("show_key", NOUN, id)).await?;
    tx.commit().await?;
    Ok(handed_out(app, id, key))
}

/// Puts a new key in the place of the old one, which opens nothing any more.
pub async fn renew_key(app: &App, caller: &Caller, id: Id, version: i64) -> Result<WriteKey> {
    exists(app, id).await?;
    let key = new_key();
    let sealed = cipher(app).await?.encrypt(&id.to_string(), key.as_bytes());
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    tx.exec_one(sql::CHANGE_KEY, args![id, version, digest(&key), sealed, now]).await?;
    tx.audit(Audit::new("renew_key", NOUN, id)).await?;
    tx.commit().await?;
    app.part::<SourceKeys>()?.forget();
    Ok(handed_out(app, id, key))
}

fn handed_out(app: &App, id: Id, write_key: String) -> WriteKey {
    WriteKey { id, write_key, endpoint: app.settings.public_url.clone() }
}

pub(super) fn new_key() -> String {
    store::random::token()
}

pub(super) async fn cipher(app: &App) -> Result<Cipher> {
    app.secrets.cipher(CIPHER).await
}
