use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, Labelled, Page, PageQuery, Problem, Result, Timestamp};
use serde_json::Value as Json;
use store::{Audit, Tx, args, json};

use super::{NewQuery, QueryFilter, SavedQuery, Sharing, rules, sql};
use crate::permissions::{QUERY_MANAGE, QUERY_READ, QUERY_RUN};
use crate::workbench::{self, RunSql, SqlResult};

/// Returns queries that are the caller's or shared with them, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &QueryFilter,
) -> Result<Page<SavedQuery>> {
    caller.require(QUERY_READ)?;
    let size = page.size()?;
    let mut query = sql::list();
    query.push(" AND q.archived_at IS NULL");
    if let Some(user) = caller.find_user_id() {
        sql::seen_by(&mut query, user);
    }
    if let Some(text) = filter.q.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        query.and_contains("q.name", text);
    }
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (q.created_at, q.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY q.created_at DESC, q.id DESC").limit_overfull(size);
    let rows = app.store.list(query).await?;
    Ok(Page::from_overfull(rows, size, |query: &SavedQuery| (query.created_at, query.id)))
}

/// Returns one that the caller may see.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<SavedQuery> {
    caller.require(QUERY_READ)?;
    let found: Vec<SavedQuery> = app.store.list(sql::one(id)).await?;
    seen(found, caller)
}

fn seen(found: Vec<SavedQuery>, caller: &Caller) -> Result<SavedQuery> {
    let query = found.into_iter().next().filter(|query| rules::may_see(query, caller.find_user_id()));
    query.ok_or_else(|| Problem::not_found("access.not_found"))
}

/// Keeps a query.
pub async fn create(app: &App, caller: &Caller, new: &NewQuery) -> Result<SavedQuery> {
    caller.require(QUERY_MANAGE)?;
    rules::check(new)?;
    let owner = caller.user_id()?;
    let mut tx = app.store.begin(caller).await?;
    let (id, now) = (Id::new(), tx.now());
    let (name, description, text) = (new.name.trim(), new.description.trim(), new.sql.trim());
    let row = args![
        id,
        name,
        description,
        text,
        json(&new.chart),
        json(&new.parameters),
        new.sharing.as_str(),
        json(&new.people),
        owner,
        now,
    ];
    tx.exec_one(sql::INSERT, row).await?;
    share(&mut tx, id, new).await?;
    let after = load_in(&mut tx, caller, id).await?;
    audit(&mut tx, "create", None, &after).await?;
    tx.commit().await?;
    Ok(after)
}

/// Changes a query of the caller's own.
pub async fn update(app: &App, caller: &Caller, id: Id, version: i64, new: &NewQuery) -> Result<SavedQuery> {
    caller.require(QUERY_MANAGE)?;
    rules::check(new)?;
    let mut tx = app.store.begin(caller).await?;
    let before = own(&mut tx, caller, id).await?;
    let now = tx.now();
    let (name, description, text) = (new.name.trim(), new.description.trim(), new.sql.trim());
    let row = args![
        id,
        version,
        name,
        description,
        text,
        json(&new.chart),
        json(&new.parameters),
        new.sharing.as_str(),
        json(&new.people),
        now,
    ];
    tx.exec_one(sql::UPDATE, row).await?;
    tx.exec(sql::FORGET_READERS, args![id]).await?;
    share(&mut tx, id, new).await?;
    let after = load_in(&mut tx, caller, id).await?;
    audit(&mut tx, "update", Some(&before), &after).await?;
    tx.commit().await?;
    Ok(after)
}

/// Puts a query of the caller's own away.
pub async fn archive(app: &App, caller: &Caller, id: Id, version: i64) -> Result<SavedQuery> {
    caller.require(QUERY_MANAGE)?;
    let mut tx = app.store.begin(caller).await?;
    let before = own(&mut tx, caller, id).await?;
    let now = tx.now();
    tx.exec_one(sql::ARCHIVE, args![id, version, now]).await?;
    let after = load_in(&mut tx, caller, id).await?;
    audit(&mut tx, "archive", Some(&before), &after).await?;
    tx.commit().await?;
    Ok(after)
}

/// Answers a saved query, with the rights of whoever asks now.
pub async fn run(
    app: &App,
    caller: &Caller,
    id: Id,
    limit: Option<u32>,
    given: &BTreeMap<String, Json>,
) -> Result<SqlResult> {
    caller.require(QUERY_RUN)?;
    let query = get(app, caller, id).await?;
    let values = rules::values(&query.parameters, given)?;
    workbench::run(app, caller, &RunSql { sql: query.sql, limit, values }).await
}

async fn own(tx: &mut Tx, caller: &Caller, id: Id) -> Result<SavedQuery> {
    let query = load_in(tx, caller, id).await?;
    if caller.find_user_id().is_some_and(|user| user != query.owner_id) {
        return Err(Problem::forbidden("insight.query.not_owner"));
    }
    Ok(query)
}

async fn load_in(tx: &mut Tx, caller: &Caller, id: Id) -> Result<SavedQuery> {
    seen(tx.list(sql::one(id)).await?, caller)
}

async fn share(tx: &mut Tx, id: Id, new: &NewQuery) -> Result<()> {
    if new.sharing == Sharing::People {
        for user in &new.people {
            tx.exec(sql::ADD_READER, args![id, *user]).await?;
        }
    }
    Ok(())
}

async fn audit(
    tx: &mut Tx,
    action: &'static str,
    before: Option<&SavedQuery>,
    after: &SavedQuery,
) -> Result<()> {
    tx.audit(Audit::new(action, SavedQuery::NOUN, after.id).change(before, Some(after))).await
}
