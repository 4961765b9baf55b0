//! Versions of content: saved, compared, restored; never changed.

use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use serde_json::json;
use store::{Audit, Tx, args};

use super::diff::{self, VersionDiff};
use super::service::{advance, finish, load_for_change, require, take_part};
use super::{Content, ContentState, ContentVersion, ContentView, NewVersion, Variant, rules, sql};
use crate::permissions::CONTENT_READ;
use crate::review;

/// A version that is about to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewRow<'a> {
    pub id: Id,
    pub content_id: Id,
    pub number: i64,
    pub note: &'a str,
    pub restored_from: Option<i64>,
}

/// Returns the versions of an item, newest first.
pub async fn list(app: &App, caller: &Caller, id: Id, page: &PageQuery) -> Result<Page<ContentVersion>> {
    let size = page.size()?;
    find_content(app, caller, id).await?;
    let before = page.after::<i64>()?.unwrap_or(i64::MAX);
    let rows = app.store.all(sql::VERSIONS, args![id, before, i64::from(size) + 1]).await?;
    Ok(Page::from_overfull(rows, size, |version: &ContentVersion| version.number))
}

/// Returns one version.
pub async fn get(app: &App, caller: &Caller, id: Id, number: i64) -> Result<ContentVersion> {
    find_content(app, caller, id).await?;
    app.store.get(sql::VERSION_BY_NUMBER, args![id, number]).await
}

/// Compares two versions of an item.
pub async fn compare(app: &App, caller: &Caller, id: Id, from: i64, to: i64) -> Result<VersionDiff> {
    find_content(app, caller, id).await?;
    let from: ContentVersion = app.store.get(sql::VERSION_BY_NUMBER, args![id, from]).await?;
    let to: ContentVersion = app.store.get(sql::VERSION_BY_NUMBER, args![id, to]).await?;
    Ok(diff::compare(&from, &to))
}

/// Saves new words; the same words again are no new version. An open review ends, an approval is void.
pub async fn save(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    new: NewVersion,
) -> Result<(ContentView, bool)> {
    rules::check_variants(&new.variants)?;
    crate::check::Faults::default().remark(&new.note, crate::check::REMARK_MAX, "note").end()?;
    let mut tx = app.store.begin(caller).await?;
    let content = load_for_change(&mut tx, caller, id, version).await?;
    let variants = rules::in_order(new.variants);
    let current: ContentVersion = tx.get(sql::VERSION, args![content.version_id]).await?;
    if current.digest == rules::digest(&variants) {
        drop(tx);
        return Ok((super::service::get(app, caller, id).await?, false));
    }
    put(&mut tx, app, caller, &content, &variants, &new.note, None).await?;
    Ok((finish(app, caller, tx, id).await?, true))
}

/// Repeats the words of an older version as a new one, which needs a new approval like any other.
pub async fn restore(app: &App, caller: &Caller, id: Id, version: i64, number: i64) -> Result<ContentView> {
    let mut tx = app.store.begin(caller).await?;
    let content = load_for_change(&mut tx, caller, id, version).await?;
    if number == content.number {
        return Err(Problem::conflict("brand.content.restore_current").with("number", number));
    }
    let old: ContentVersion = tx.get(sql::VERSION_BY_NUMBER, args![id, number]).await?;
    put(&mut tx, app, caller, &content, &old.variants, "", Some(number)).await?;
    finish(app, caller, tx, id).await
}

/// Writes a version and makes it the current one; whatever was decided about the one before is over.
async fn put(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    content: &Content,
    variants: &[Variant],
    note: &str,
    restored_from: Option<i64>,
) -> Result<()> {
    if content.state == ContentState::Archived {
        return Err(Problem::conflict("brand.content.archived"));
    }
    let row =
        NewRow { id: Id::new(), content_id: content.id, number: content.number + 1, note, restored_from };
    insert_version(tx, caller, row, variants).await?;
    tx.exec_one(sql::SET_CURRENT, args![content.id, content.version, row.number, row.id, tx.now()]).await?;
    take_part(tx, caller, content.instance_id).await?;
    if content.state != ContentState::Draft {
        advance(tx, app, caller, content, "edit", &json!({})).await?;
        review::service::end_unfinished(tx, content.id, "brand.approval.void_edited").await?;
    }
    let action = if restored_from.is_some() { "restore" } else { "save_version" };
    let entry = Audit::new(action, "brand.content", content.id);
    let facts =
        json!({ "number": row.number, "restored_from": restored_from, "digest": rules::digest(variants) });
    tx.audit(entry.within(Some(content.brand_id), content.department_id).with(facts)).await
}

pub(crate) async fn insert_version(
    tx: &mut Tx,
    caller: &Caller,
    row: NewRow<'_>,
    variants: &[Variant],
) -> Result<()> {
    let values = args![
        row.id,
        row.content_id,
        row.number,
        store::json(&variants),
        rules::digest(variants),
        row.note,
        row.restored_from,
        caller.find_user_id(),
        tx.now(),
    ];
    tx.exec(sql::INSERT_VERSION, values).await.map(drop)
}

async fn find_content(app: &App, caller: &Caller, id: Id) -> Result<()> {
    let content: Content = app.store.get(sql::FIND, args![id]).await?;
    require(caller, &content, CONTENT_READ)
}
