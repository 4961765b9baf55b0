use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, UNIX_EPOCH};

use http_kit::App;
use kernel::{Caller, DAY_MS, HOUR_MS, Id, Page, PageQuery, Problem, Result, Timestamp};
use rulebook::task::Sentence;
use serde_json::json;
use store::{Audit, JobKind, Query, Tx, args};

use super::jobs::{Take, Verify};
use super::{BackupContents, BackupRun, BackupStanding, BackupState, BegunBy, NewBackup, rules, sql};
use crate::alert::{self, AlertKind};
use crate::archive::key::BackupKey;
use crate::archive::take::{Source, take as take_archive};
use crate::archive::write::Written;
use crate::archive::{Manifest, read};
use crate::place::Place;
use crate::policy::BackupPolicy;
use crate::restore_test::{self, jobs::TestRestore};
use crate::said::Said;

const NOUN: &str = "backup.run";

/// How a backup is to be taken.
#[derive(Clone, Debug)]
pub struct Taking {
    /// What began it.
    pub begun_by: BegunBy,
    /// Who asked for it.
    pub asked_by: Option<Id>,
    /// True: the master key goes in.
    pub master_key: bool,
    /// Where to; the folder of backups and a name by its time when absent.
    pub to: Option<PathBuf>,
}

/// Takes a backup, reads it again from beginning to end, and keeps what came of it.
pub async fn take(app: &App, caller: &Caller, how: &Taking) -> Result<BackupRun> {
    let place = Place::of(app)?;
    let key = BackupKey::read_or_make(&place.key_file)?;
    sweep(&place.folder, app.store.now()).await;
    let (began, started) = (Instant::now(), app.store.now());
    let path = target(place, how.to.as_deref(), started);
    let source = Source {
        store: &app.store,
        blobs: &app.blobs,
        data_dir: &place.data_dir,
        product: env!("CARGO_PKG_VERSION"),
        master_key: how.master_key,
    };
    let taken = match tokio::fs::try_exists(&path).await {
        Ok(true) => Err(Problem::conflict("backup.file_exists").with("file", path.display().to_string())),
        _ => take_archive(&source, &path, &key).await,
    };
    let (manifest, written) = match taken {
        Ok(taken) => taken,
        Err(problem) => {
            failed(app, caller, how, started, ms(began.elapsed()), &problem).await?;
            return Err(problem);
        }
    };
    let took_ms = ms(began.elapsed());
    let reading = Instant::now();
    let verified = verified(&path, &key, &manifest).await;
    let made = Made { path, manifest, written, took_ms, verified, verify_ms: ms(reading.elapsed()) };
    done(app, caller, how, &made).await
}

/// Returns where a backup goes.
fn target(place: &Place, to: Option<&Path>, now: Timestamp) -> PathBuf {
    match to {
        None => place.folder.join(rules::file_name(now)),
        Some(folder) if folder.is_dir() => folder.join(rules::file_name(now)),
        Some(file) => file.to_owned(),
    }
}

/// A backup that is on disk and was read again.
struct Made {
    path: PathBuf,
    manifest: Manifest,
    written: Written,
    took_ms: i64,
    verified: Result<()>,
    verify_ms: i64,
}

/// Reads a backup again and compares it with what was written.
async fn verified(path: &Path, key: &BackupKey, wanted: &Manifest) -> Result<()> {
    let shown = || path.display().to_string();
    let found = read::verify(path, key).await?;
    if found != *wanted {
        return Err(Problem::unprocessable("backup.another").with("file", shown()));
    }
    match found.files.damaged.first() {
        None => Ok(()),
        Some(first) => Err(Problem::unprocessable("backup.original_damaged")
            .with("count", found.files.damaged.len())
            .with("file", first)),
    }
}

async fn done(app: &App, caller: &Caller, how: &Taking, made: &Made) -> Result<BackupRun> {
    let id = Id::new();
    let file = std::path::absolute(&made.path).unwrap_or_else(|_| made.path.clone()).display().to_string();
    let manifest = &made.manifest;
    let problem = made.verified.as_ref().err();
    let mut tx = app.store.begin(caller).await?;
    let args = args![
        id,
        how.begun_by.as_str(),
        BackupState::Done.as_str(),
        manifest.head.taken_at,
        &file,
        count(made.written.bytes),
        &made.written.sha256,
        made.took_ms,
        manifest.rows(),
        manifest.files.count,
        store::json(manifest),
        how.master_key,
        problem.is_none(),
        tx.now(),
        made.verify_ms,
        problem.map(|problem| store::json(&Said::of(problem))),
        tx.now(),
        how.asked_by.or(caller.find_user_id()),
    ];
    tx.exec_one(sql::INSERT, args).await?;
    let facts = json!({ "file": file, "sha256": made.written.sha256, "rows": manifest.rows(),
        "files": manifest.files.count, "verified": problem.is_none(), "master_key": how.master_key });
    tx.audit(Audit::new("create", NOUN, id).with(facts)).await?;
    tell(&mut tx, id, problem, &file).await?;
    let gone = retire(app, &mut tx).await?;
    let run = tx.get(sql::FIND, args![id]).await?;
    tx.commit().await?;
    remove(&gone).await;
    Ok(run)
}

/// Tells IT of a backup that is not sound; a sound one takes back what was told before.
async fn tell(tx: &mut Tx, id: Id, problem: Option<&Problem>, file: &str) -> Result<()> {
    match problem {
        None => alert::service::clear(tx, &[AlertKind::Missed, AlertKind::Failed, AlertKind::Damaged]).await,
        Some(problem) => {
            let title = Sentence::new("backup.task.damaged").with("file", short(file));
            alert::service::raise(tx, AlertKind::Damaged, Some(id), Some(problem), title).await.map(drop)
        }
    }
}

fn short(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

async fn failed(
    app: &App,
    caller: &Caller,
    how: &Taking,
    started: Timestamp,
    took_ms: i64,
    problem: &Problem,
) -> Result<()> {
    let id = Id::new();
    let mut tx = app.store.begin(caller).await?;
    let none = (None::<String>, None::<i64>);
    let args = args![
        id,
        how.begun_by.as_str(),
        BackupState::Failed.as_str(),
        started,
        none.0.clone(),
        none.1,
        none.0.clone(),
        took_ms,
        none.1,
        none.1,
        none.0,
        how.master_key,
        false,
        none.1,
        none.1,
        store::json(&Said::of(problem)),
        tx.now(),
        how.asked_by.or(caller.find_user_id()),
    ];
    tx.exec_one(sql::INSERT, args).await?;
    tx.audit(Audit::new("fail", NOUN, id).with(json!({ "code": problem.code }))).await?;
    let title = Sentence::new("backup.task.failed");
    alert::service::raise(&mut tx, AlertKind::Failed, Some(id), Some(problem), title).await?;
    tx.commit().await
}

/// Marks the backups whose time is up; their files go once that is committed.
async fn retire(app: &App, tx: &mut Tx) -> Result<Vec<PathBuf>> {
    let (place, policy) = (Place::of(app)?, BackupPolicy::of(app).await?);
    let folder = std::path::absolute(&place.folder).unwrap_or_else(|_| place.folder.clone());
    let kept: Vec<(Id, Timestamp, bool, String)> = tx.all(sql::KEPT, args![]).await?;
    // What somebody had put elsewhere is theirs to keep.
    let ours: Vec<_> =
        kept.iter().filter(|(.., file)| Path::new(file).parent() == Some(folder.as_path())).collect();
    let facts: Vec<(Id, Timestamp, bool)> =
        ours.iter().map(|(id, at, verified, _)| (*id, *at, *verified)).collect();
    let mut gone = Vec::new();
    for id in rules::outdated(&policy, &app.settings.time_zone, &facts) {
        tx.exec_one(sql::REMOVED, args![id, tx.now()]).await?;
        tx.audit(Audit::new("remove", NOUN, id)).await?;
        gone.extend(ours.iter().filter(|(kept, ..)| *kept == id).map(|(.., file)| PathBuf::from(file)));
    }
    Ok(gone)
}

async fn remove(files: &[PathBuf]) {
    for file in files {
        if let Err(error) = tokio::fs::remove_file(file).await {
            tracing::warn!("an old backup stays: {}: {error}", file.display());
        }
    }
}

/// Removes what broke off a day ago or earlier.
async fn sweep(folder: &Path, now: Timestamp) {
    let Ok(mut entries) = tokio::fs::read_dir(folder).await else { return };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let part = entry.path().extension().is_some_and(|extension| extension == "part");
        let modified = entry.metadata().await.ok().and_then(|metadata| metadata.modified().ok());
        let age =
            modified.and_then(|at| at.duration_since(UNIX_EPOCH).ok()).map(|since| now.ms() - ms(since));
        if part && age.is_some_and(|age| age > DAY_MS) {
            remove(&[entry.path()]).await;
        }
    }
}

/// Reads a backup again; what it says now replaces what was known.
pub async fn verify(app: &App, caller: &Caller, id: Id) -> Result<BackupRun> {
    let place = Place::of(app)?;
    let run = get(app, id).await?;
    let (file, manifest) = (file_of(&run)?, manifest(app, id).await?);
    let key = BackupKey::read(&place.key_file)?;
    let reading = Instant::now();
    let verified = verified(&file, &key, &manifest).await;
    let problem = verified.as_ref().err();
    let mut tx = app.store.begin(caller).await?;
    let said = problem.map(|problem| store::json(&Said::of(problem)));
    tx.exec_one(sql::VERIFIED, args![id, problem.is_none(), tx.now(), ms(reading.elapsed()), said]).await?;
    tx.audit(Audit::new("verify", NOUN, id).with(json!({ "verified": problem.is_none() }))).await?;
    if let Some(problem) = problem {
        let file = file.display().to_string();
        let title = Sentence::new("backup.task.damaged").with("file", short(&file));
        alert::service::raise(&mut tx, AlertKind::Damaged, Some(id), Some(problem), title).await?;
    }
    let after = tx.get(sql::FIND, args![id]).await?;
    tx.commit().await?;
    Ok(after)
}

/// Asks for a backup now.
pub async fn ask(app: &App, caller: &Caller, new: &NewBackup) -> Result<BackupStanding> {
    let mut tx = app.store.begin(caller).await?;
    let job = Take { begun_by: BegunBy::Person, asked_by: caller.find_user_id(), master_key: new.master_key };
    tx.enqueue_once(&job, Take::KEY).await?;
    tx.audit(Audit::without_row("request", NOUN).with(json!({ "master_key": new.master_key }))).await?;
    tx.commit().await?;
    standing(app, caller).await
}

/// Asks for a backup to be read again.
pub async fn ask_verify(app: &App, caller: &Caller, id: Id) -> Result<BackupRun> {
    let run = get(app, id).await?;
    file_of(&run)?;
    let mut tx = app.store.begin(caller).await?;
    tx.enqueue_once(&Verify { run_id: id }, &format!("{}/{id}", Verify::KIND)).await?;
    tx.audit(Audit::new("request_verify", NOUN, id)).await?;
    tx.commit().await?;
    Ok(run)
}

/// Returns the file of a backup that still has one.
pub(crate) fn file_of(run: &BackupRun) -> Result<PathBuf> {
    let file = run.file.as_ref().filter(|_| run.state == BackupState::Done);
    file.map(PathBuf::from).ok_or_else(|| Problem::conflict("backup.file_gone"))
}

/// Returns backups, newest first.
pub async fn list(app: &App, caller: &Caller, page: &PageQuery) -> Result<Page<BackupRun>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    if let Some((at, id)) = page.after::<(i64, Id)>()? {
        query.push(" AND (taken_at, id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY taken_at DESC, id DESC").limit_overfull(size);
    let mut runs: Vec<BackupRun> = app.store.list(query).await?;
    for run in &mut runs {
        speak(app, caller, run);
    }
    Ok(Page::from_overfull(runs, size, |run| (run.taken_at.ms(), run.id)))
}

fn speak(app: &App, caller: &Caller, run: &mut BackupRun) {
    if let Some(problem) = &mut run.problem {
        problem.say(&app.texts, caller.language);
    }
}

/// Returns one backup.
pub async fn get(app: &App, id: Id) -> Result<BackupRun> {
    app.store.get(sql::FIND, args![id]).await
}

/// Returns what a backup holds.
pub async fn contents(app: &App, id: Id) -> Result<BackupContents> {
    Ok(BackupContents { id, tables: manifest(app, id).await?.tables })
}

pub(crate) async fn manifest(app: &App, id: Id) -> Result<Manifest> {
    let text: String = app.store.get(sql::MANIFEST, args![id]).await?;
    serde_json::from_str(&text).map_err(Problem::internal)
}

/// Returns the newest backup that was verified.
pub async fn newest(app: &App) -> Result<Option<BackupRun>> {
    app.store.find(sql::NEWEST_VERIFIED, args![]).await
}

/// Returns how backups stand.
pub async fn standing(app: &App, caller: &Caller) -> Result<BackupStanding> {
    let (place, policy, now) = (Place::of(app)?, BackupPolicy::of(app).await?, app.store.now());
    let newest = newest(app).await?;
    let at_risk_ms = newest.as_ref().map(|run| now.ms() - run.taken_at.ms());
    let last_test = restore_test::service::last(app, caller).await?;
    Ok(BackupStanding {
        at_risk_ms,
        restore_ms: restore_test::service::last_passed(app).await?.map(|test| test.took_ms),
        next_at: rules::next_slot(&policy, &app.settings.time_zone, now),
        next_test_at: last_test.as_ref().map(|test| test.at.plus_days(policy.restore_test_days - 1)),
        last_test,
        fresh: at_risk_ms.is_some_and(|age| age <= policy.max_age_ms()),
        folder: place.folder.display().to_string(),
        key_file: place.key_file.display().to_string(),
        key_name: BackupKey::read(&place.key_file).ok().map(|key| key.name()),
        taking: busy(app, Take::KIND).await?,
        verifying: busy(app, Verify::KIND).await?,
        testing: busy(app, TestRestore::KIND).await?,
        policy,
        newest,
    })
}

async fn busy(app: &App, kind: &str) -> Result<bool> {
    Ok(app.store.get::<i64>(sql::BUSY, args![kind]).await? > 0)
}

/// Looks whether a backup or a test is due, and whether one is missing; every hour.
pub(crate) async fn check(app: &App) -> Result<()> {
    let (policy, now) = (BackupPolicy::of(app).await?, app.store.now());
    let newest = newest(app).await?;
    let mut tx = app.store.begin_observation(store::Observation::Upkeep).await?;
    if is_due(app, &mut tx, &policy, newest.as_ref()).await? {
        let job = Take { begun_by: BegunBy::Schedule, asked_by: None, master_key: false };
        tx.enqueue_once(&job, Take::KEY).await?;
    }
    if newest.is_some() && restore_test::service::is_due(&mut tx, &policy).await? {
        tx.enqueue_once(&TestRestore { begun_by: BegunBy::Schedule, asked_by: None }, TestRestore::KEY)
            .await?;
    }
    tx.commit().await?;
    let installed: Option<i64> = app.store.get(sql::INSTALLED, args![]).await?;
    let since = newest.as_ref().map_or(installed.unwrap_or(now.ms()), |run| run.taken_at.ms());
    if now.ms() - since <= policy.max_age_ms() {
        return Ok(());
    }
    let mut tx = app.store.begin(&Caller::system("backup")).await?;
    let title = Sentence::new("backup.task.missed").with("hours", (now.ms() - since) / HOUR_MS);
    alert::service::raise(&mut tx, AlertKind::Missed, newest.map(|run| run.id), None, title).await?;
    tx.commit().await
}

/// A backup is due where none is newer than the plan's last time; one that failed is tried again each hour.
async fn is_due(app: &App, tx: &mut Tx, policy: &BackupPolicy, newest: Option<&BackupRun>) -> Result<bool> {
    let slot = rules::last_slot(policy, &app.settings.time_zone, tx.now());
    let tried: Option<Timestamp> = tx.get::<Option<Timestamp>>(sql::LAST_TRY, args![]).await?;
    let rested = tried.is_none_or(|at| at.plus_ms(HOUR_MS / 2) <= tx.now());
    Ok(newest.is_none_or(|run| run.taken_at < slot) && rested)
}

fn ms(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
