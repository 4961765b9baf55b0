//! What can be done with partials.

use http_kit::App;
use kernel::{Caller, Id, LocalText, Page, PageQuery, Result};
use serde::Deserialize;
use store::{Audit, OnDuplicate, Query, ScopeColumns, Tx, args, json};

use super::{
    NewPartial, Partial, PartialFilter, PartialPatch, PartialState, PartialVersion, PartialView, rules, sql,
};
use crate::permissions::{PARTIAL_READ, PARTIAL_WRITE};
use crate::reader::Reader;
use crate::{brand, review};

/// The current words of a partial, as content sees them.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct PartialSource {
    pub id: Id,
    pub key: String,
    pub state: PartialState,
    pub version_id: Id,
    pub sources: LocalText,
    pub digest: String,
}

/// Returns the partials that the caller may see, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &PartialFilter,
) -> Result<Page<Partial>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .scope(&caller.scope(PARTIAL_READ)?, ScopeColumns::USUAL)
        .and_some("brand_id =", filter.brand_id)
        .and_some("state =", filter.state.map(PartialState::as_str))
        .and_some("id <", page.after::<String>()?);
    if let Some(text) = filter.q.as_deref().filter(|q| !q.is_empty()) {
        query.and_contains("title || ' ' || key", text);
    }
    query.push(" ORDER BY id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |partial: &Partial| partial.id))
}

/// Returns one partial with its current words.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<PartialView> {
    let partial = find(app, caller, id).await?;
    view(&mut Reader::Store(&app.store), partial).await
}

/// Returns the versions of a partial, newest first.
pub async fn versions(app: &App, caller: &Caller, id: Id, page: &PageQuery) -> Result<Page<PartialVersion>> {
    let size = page.size()?;
    find(app, caller, id).await?;
    let before = page.after::<i64>()?.unwrap_or(i64::MAX);
    let rows = app.store.all(sql::VERSIONS, args![id, before, i64::from(size) + 1]).await?;
    Ok(Page::from_overfull(rows, size, |version: &PartialVersion| version.number))
}

/// Makes a partial with its first version.
pub async fn create(app: &App, caller: &Caller, new: NewPartial) -> Result<PartialView> {
    rules::check(&new.key, &new.title, &new.sources)?;
    let owner = caller.find_user_id();
    caller.scope(PARTIAL_WRITE)?.require_new(Some(new.brand_id), new.department_id, owner)?;
    let mut tx = app.store.begin(caller).await?;
    brand::service::load_active(&mut Reader::Tx(&mut tx), new.brand_id).await?;
    let (id, version_id) = (Id::new(), Id::new());
    let row = args![
        id,
        new.brand_id,
        new.department_id,
        owner,
        &new.key,
        &new.title,
        PartialState::Active.as_str(),
        version_id,
        owner,
        tx.now(),
    ];
    tx.exec(sql::INSERT, row).await.on_duplicate("brand.partial.key_taken")?;
    insert_version(&mut tx, caller, (id, version_id, 1), &new.sources).await?;
    let partial: Partial = tx.get(sql::FIND, args![id]).await?;
    audit(&mut tx, "create", None, &partial).await?;
    let made = view(&mut Reader::Tx(&mut tx), partial).await?;
    tx.commit().await?;
    Ok(made)
}

/// Changes a partial; other words are a new version and void the approvals of content that holds it.
pub async fn update(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    patch: PartialPatch,
) -> Result<PartialView> {
    let mut tx = app.store.begin(caller).await?;
    let before: Partial = tx.get(sql::FIND, args![id]).await?;
    caller.scope(PARTIAL_WRITE)?.require(Some(before.brand_id), before.department_id, before.owner_id)?;
    let current: PartialVersion = tx.get(sql::VERSION, args![before.version_id]).await?;
    let mut after = before.clone();
    after.title = patch.title.unwrap_or(after.title);
    after.state = patch.state.unwrap_or(after.state);
    let sources = patch.sources.unwrap_or_else(|| current.sources.clone());
    rules::check(&after.key, &after.title, &sources)?;
    if sources != current.sources {
        after.number += 1;
        after.version_id = Id::new();
        insert_version(&mut tx, caller, (id, after.version_id, after.number), &sources).await?;
    }
    let row =
        args![id, version, &after.title, after.state.as_str(), after.number, after.version_id, tx.now(),];
    tx.exec_one(sql::UPDATE, row).await?;
    let after: Partial = tx.get(sql::FIND, args![id]).await?;
    audit(&mut tx, "update", Some(&before), &after).await?;
    review::service::void_touched(&mut tx, app, "brand.partial", id).await?;
    let changed = view(&mut Reader::Tx(&mut tx), after).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Returns the current words of every partial that content of a brand can name.
pub(crate) async fn of_brand(reader: &mut Reader<'_>, brand_id: Id) -> Result<Vec<PartialSource>> {
    reader.all(sql::OF_BRAND, args![brand_id]).await
}

async fn find(app: &App, caller: &Caller, id: Id) -> Result<Partial> {
    let partial: Partial = app.store.get(sql::FIND, args![id]).await?;
    caller.scope(PARTIAL_READ)?.require(Some(partial.brand_id), partial.department_id, partial.owner_id)?;
    Ok(partial)
}

async fn view(reader: &mut Reader<'_>, partial: Partial) -> Result<PartialView> {
    let current = reader.get(sql::VERSION, args![partial.version_id]).await?;
    let approved_uses = reader.get(sql::APPROVED_USES, args![partial.id]).await?;
    Ok(PartialView { partial, current, approved_uses })
}

async fn insert_version(
    tx: &mut Tx,
    caller: &Caller,
    (partial_id, id, number): (Id, Id, i64),
    sources: &LocalText,
) -> Result<()> {
    let row = args![
        id,
        partial_id,
        number,
        json(sources),
        rules::digest(sources),
        caller.find_user_id(),
        tx.now(),
    ];
    tx.exec(sql::INSERT_VERSION, row).await?;
    Ok(())
}

async fn audit(tx: &mut Tx, action: &'static str, before: Option<&Partial>, after: &Partial) -> Result<()> {
    let entry =
        Audit::new(action, "brand.partial", after.id).within(Some(after.brand_id), after.department_id);
    tx.audit(entry.change(before, Some(after))).await
}
