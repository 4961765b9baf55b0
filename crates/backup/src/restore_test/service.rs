use std::path::Path;
use std::time::Instant;

use http_kit::App;
use kernel::{Caller, DAY_MS, Id, Page, PageQuery, Problem, Result};
use rulebook::task::Sentence;
use serde_json::json;
use store::{Audit, Config, Query, Store, Tx, args};

use super::jobs::TestRestore;
use super::{RestoreTest, sql};
use crate::alert::{self, AlertKind};
use crate::archive::key::BackupKey;
use crate::archive::restore::{DATABASE_FILE, Restored, Target, restore};
use crate::place::Place;
use crate::policy::BackupPolicy;
use crate::run::{BackupRun, BackupStanding, BegunBy};
use crate::said::Said;

const NOUN: &str = "backup.restore_test";

/// Restores the newest verified backup into a directory of its own, compares everything, and removes it.
///
/// Always into SQLite: the format is the same for both databases, and no test needs rights on a server.
pub async fn test(
    app: &App,
    caller: &Caller,
    begun_by: BegunBy,
    asked_by: Option<Id>,
) -> Result<RestoreTest> {
    let place = Place::of(app)?;
    let newest = crate::run::service::newest(app).await?;
    let run = newest.ok_or_else(|| Problem::conflict("backup.none_verified"))?;
    let dir = tempfile::Builder::new().prefix("restore-test-").tempdir_in(&place.data_dir);
    let dir = dir.map_err(Problem::internal)?;
    let began = Instant::now();
    let made = bring_back(app, place, &run, dir.path()).await;
    let took_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
    let facts = match &made {
        Ok(restored) => Facts {
            took_ms: restored.took_ms,
            rows: Some(restored.rows),
            files: Some(restored.files),
            differences: restored.differences.clone(),
            problem: None,
        },
        Err(problem) => Facts { took_ms, problem: Some(problem), ..Facts::default() },
    };
    keep(app, caller, &run, begun_by, asked_by, &facts).await
}

#[derive(Default)]
struct Facts<'p> {
    took_ms: i64,
    rows: Option<i64>,
    files: Option<i64>,
    differences: Vec<String>,
    problem: Option<&'p Problem>,
}

/// Restores, and checks the audit log of what came back with the key of this installation.
async fn bring_back(app: &App, place: &Place, run: &BackupRun, dir: &Path) -> Result<Restored> {
    let file = crate::run::service::file_of(run)?;
    let key = BackupKey::read(&place.key_file)?;
    let target = Target { dir: dir.join("data"), database_url: None, master_key: None };
    let (_, mut restored) = restore(&file, &key, &target, &place.migrations, app.store.clock()).await?;
    let store =
        Store::open(&Config::Sqlite { file: target.dir.join(DATABASE_FILE) }, app.store.clock()).await?;
    let signed_with = store::audit::public_key(&app.secrets).await?;
    let anchor = target.dir.join("anchors").join("audit.jsonl");
    let anchor = anchor.exists().then_some(anchor);
    let report = store::audit::verify(&store, &signed_with, anchor.as_deref()).await?;
    store.close().await;
    if !report.holds() {
        restored.differences.push("audit_seal".to_owned());
    }
    Ok(restored)
}

async fn keep(
    app: &App,
    caller: &Caller,
    run: &BackupRun,
    begun_by: BegunBy,
    asked_by: Option<Id>,
    facts: &Facts<'_>,
) -> Result<RestoreTest> {
    let (id, passed) = (Id::new(), facts.problem.is_none() && facts.differences.is_empty());
    let mut tx = app.store.begin(caller).await?;
    let args = args![
        id,
        run.id,
        begun_by.as_str(),
        tx.now(),
        passed,
        facts.took_ms,
        facts.rows,
        facts.files,
        store::json(&facts.differences),
        facts.problem.map(|problem| store::json(&Said::of(problem))),
        asked_by.or(caller.find_user_id()),
    ];
    tx.exec_one(sql::INSERT, args).await?;
    let entry = Audit::new("create", NOUN, id);
    tx.audit(entry.with(json!({ "run_id": run.id, "passed": passed, "took_ms": facts.took_ms }))).await?;
    if passed {
        alert::service::clear(&mut tx, &[AlertKind::RestoreFailed]).await?;
    } else {
        let title = Sentence::new("backup.task.restore_failed");
        alert::service::raise(&mut tx, AlertKind::RestoreFailed, Some(run.id), facts.problem, title).await?;
    }
    let test = tx.get(sql::FIND, args![id]).await?;
    tx.commit().await?;
    Ok(test)
}

/// Asks for a restore test now.
pub async fn ask(app: &App, caller: &Caller) -> Result<BackupStanding> {
    if crate::run::service::newest(app).await?.is_none() {
        return Err(Problem::conflict("backup.none_verified"));
    }
    let mut tx = app.store.begin(caller).await?;
    let job = TestRestore { begun_by: BegunBy::Person, asked_by: caller.find_user_id() };
    tx.enqueue_once(&job, TestRestore::KEY).await?;
    tx.audit(Audit::without_row("request", NOUN)).await?;
    tx.commit().await?;
    crate::run::service::standing(app, caller).await
}

/// Returns restore tests, newest first.
pub async fn list(app: &App, caller: &Caller, page: &PageQuery) -> Result<Page<RestoreTest>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    if let Some((at, id)) = page.after::<(i64, Id)>()? {
        query.push(" AND (t.at, t.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY t.at DESC, t.id DESC").limit_overfull(size);
    let mut tests: Vec<RestoreTest> = app.store.list(query).await?;
    tests.iter_mut().for_each(|test| speak(app, caller, test));
    Ok(Page::from_overfull(tests, size, |test| (test.at.ms(), test.id)))
}

fn speak(app: &App, caller: &Caller, test: &mut RestoreTest) {
    if let Some(problem) = &mut test.problem {
        problem.say(&app.texts, caller.language);
    }
}

/// Returns the last restore test.
pub async fn last(app: &App, caller: &Caller) -> Result<Option<RestoreTest>> {
    let mut last: Option<RestoreTest> = app.store.find(sql::LAST, args![]).await?;
    last.iter_mut().for_each(|test| speak(app, caller, test));
    Ok(last)
}

/// Returns the last one that passed.
pub async fn last_passed(app: &App) -> Result<Option<RestoreTest>> {
    app.store.find(sql::LAST_PASSED, args![]).await
}

/// A test is due a day before its time is up; one that failed is tried again the next day.
pub(crate) async fn is_due(tx: &mut Tx, policy: &BackupPolicy) -> Result<bool> {
    let now = tx.now();
    let last: Option<RestoreTest> = tx.find(sql::LAST, args![]).await?;
    let passed: Option<RestoreTest> = tx.find(sql::LAST_PASSED, args![]).await?;
    let due = passed.is_none_or(|test| test.at.plus_days((policy.restore_test_days - 1).max(1)) <= now);
    Ok(due && last.is_none_or(|test| test.at.plus_ms(DAY_MS) <= now))
}
