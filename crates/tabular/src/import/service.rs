use std::sync::Arc;

use blob::Hash;
use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Result};
use store::{Audit, Query, ScopeColumns, args, json};

use super::jobs::{RunImport, UndoImport};
use super::{Import, ImportFilter, ImportPatch, rules, sql, upload};
use crate::file::{self, Detected};
use crate::mapping;
use crate::permissions::{IMPORT_READ, IMPORT_RUN};
use crate::target::{self, Target};

const SCOPE: ScopeColumns =
    ScopeColumns { brand: Some("brand_id"), department: None, owner: Some("created_by") };

/// Returns imports, newest first.
pub(crate) async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &ImportFilter,
) -> Result<Page<Import>> {
    let (scope, size) = (caller.scope(IMPORT_READ)?, page.size()?);
    let mut query = Query::new(sql::LIST, args![]);
    query
        .and_some("noun =", filter.noun.as_deref())
        .and_some("state =", filter.state.map(|state| state.as_str()))
        .and_some("id <", page.after::<Id>()?)
        .scope(&scope, SCOPE);
    query.push(" ORDER BY id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |import: &Import| import.id))
}

/// Returns one import.
pub(crate) async fn get(app: &App, caller: &Caller, id: Id) -> Result<Import> {
    let scope = caller.scope(IMPORT_READ)?;
    let import = load(app, id).await?;
    scope.require(import.brand_id, None, import.created_by)?;
    Ok(import)
}

/// Returns one import without asking who wants it; for the importer itself.
pub(crate) async fn load(app: &App, id: Id) -> Result<Import> {
    app.store.get(sql::GET, args![id]).await
}

/// Returns imports of one file into one noun, newest first.
pub(crate) async fn of_file(app: &App, hash: &Hash, noun: &str) -> Result<Vec<Import>> {
    app.store.all(sql::OF_FILE, args![hash.as_str(), noun]).await
}

/// Returns one import that this caller may run, with its target.
pub(crate) async fn get_to_run(app: &App, caller: &Caller, id: Id) -> Result<(Import, Arc<dyn Target>)> {
    let import = load(app, id).await?;
    caller.scope(IMPORT_RUN)?.require(import.brand_id, None, import.created_by)?;
    let target = target::target(app, &import.noun)?;
    target.authorise(app, caller, import.brand_id).await?;
    Ok((import, target))
}

/// Corrects layout, mapping or source before the start.
pub(crate) async fn correct(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    patch: ImportPatch,
) -> Result<Import> {
    let (before, target) = get_to_run(app, caller, id).await?;
    rules::check_correctable(&before)?;
    let mut after = before.clone();
    after.brand_id = patch.brand_id.or(before.brand_id);
    upload::authorise(app, caller, target.as_ref(), after.brand_id).await?;
    after.source = patch.source.unwrap_or(after.source);
    rules::check_source(&after.source)?;
    after.currency = patch.currency.unwrap_or(after.currency);
    let relaid = patch.layout.is_some();
    after.layout = patch.layout.unwrap_or(after.layout);
    let detected = look(app, &after).await?;
    after.titles = detected.titles.clone();
    match patch.columns {
        Some(columns) => after.columns = columns,
        None if relaid => after.columns = mapping::rules::propose(target.fields(), &after.titles),
        None => {}
    }
    mapping::rules::check(target.fields(), &after.columns)?;
    after.notes = upload::notes(app, &target, &mut after, &detected).await?;
    let mut tx = app.store.begin(caller).await?;
    let args = args![
        id,
        version,
        &after.source,
        after.brand_id,
        after.currency.as_str(),
        json(&after.layout),
        json(&detected.sheets),
        json(&after.titles),
        json(&after.columns),
        json(&after.notes),
        tx.now(),
    ];
    tx.exec_one(sql::CORRECT, args).await?;
    let entry = Audit::new("correct", "tabular.import", id).within(after.brand_id, None);
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    tx.commit().await?;
    load(app, id).await
}

async fn look(app: &App, import: &Import) -> Result<Detected> {
    let (path, name, layout) =
        (app.blobs.path(&import.file_hash), import.file_name.clone(), import.layout.clone());
    file::blocking(move || Detected::by_layout(&path, &name, layout)).await
}

/// Starts an import, or goes on with one that stopped; the rows are stored in the background.
pub(crate) async fn start(app: &App, caller: &Caller, id: Id, version: i64) -> Result<Import> {
    mark_started(app, caller, id, version, true).await
}

/// Starts an import whose rows the caller itself will store.
pub(crate) async fn start_here(app: &App, caller: &Caller, id: Id, version: i64) -> Result<Import> {
    mark_started(app, caller, id, version, false).await
}

async fn mark_started(app: &App, caller: &Caller, id: Id, version: i64, background: bool) -> Result<Import> {
    let (import, target) = get_to_run(app, caller, id).await?;
    rules::check_startable(&import)?;
    mapping::rules::check_complete(target.fields(), &import.columns)?;
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    tx.exec_one(sql::START, args![id, version, now]).await?;
    let facts =
        serde_json::json!({ "noun": import.noun, "source": import.source, "from_row": import.read_count });
    tx.audit(Audit::new("start", "tabular.import", id).within(import.brand_id, None).with(facts)).await?;
    if background {
        tx.enqueue_once(&RunImport { import_id: id }, &format!("tabular.import/{id}")).await?;
    }
    tx.commit().await?;
    load(app, id).await
}

/// Takes back, in the background, everything that an import stored; one that still runs stops.
pub(crate) async fn undo(app: &App, caller: &Caller, id: Id, version: i64) -> Result<Import> {
    let (import, _) = get_to_run(app, caller, id).await?;
    rules::check_undoable(&import)?;
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    tx.exec_one(sql::UNDO, args![id, version, now]).await?;
    let entry = Audit::new("undo", "tabular.import", id).within(import.brand_id, None);
    tx.audit(entry.with(serde_json::json!({ "stored": import.stored_count }))).await?;
    tx.enqueue_once(&UndoImport { import_id: id }, &format!("tabular.import.undo/{id}")).await?;
    tx.commit().await?;
    load(app, id).await
}
