use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use store::{Audit, Query, args, json};

use super::{ColumnUse, Mapping, NewMapping, rules, sql};
use crate::import;
use crate::permissions::{IMPORT_READ, IMPORT_RUN};

/// Saved mappings that are looked through for one that fits.
const CANDIDATES_MAX: u32 = 200;
/// Characters of a name.
const NAME_MAX: usize = 100;

/// Returns saved mappings, newest first.
pub(crate) async fn list(
    app: &App,
    caller: &Caller,
    noun: Option<&str>,
    page: &PageQuery,
) -> Result<Page<Mapping>> {
    caller.require(IMPORT_READ)?;
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query.and_some("noun =", noun).and_some("id <", page.after::<Id>()?);
    query.push(" ORDER BY id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |mapping: &Mapping| mapping.id))
}

/// Saves the mapping of an import.
pub(crate) async fn create(app: &App, caller: &Caller, new: NewMapping) -> Result<Mapping> {
    caller.require(IMPORT_RUN)?;
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX {
        return Err(
            Problem::unprocessable("tabular.mapping.invalid").with_field("name", "tabular.mapping.name")
        );
    }
    let import = import::service::get(app, caller, new.import_id).await?;
    let id = Id::new();
    let mut tx = app.store.begin(caller).await?;
    let (now, user) = (tx.now(), caller.find_user_id());
    let args = args![id, &import.noun, name, &import.source, json(&import.columns), user, now];
    tx.exec(sql::INSERT, args).await?;
    let mapping: Mapping = tx.get(sql::GET, args![id]).await?;
    tx.audit(Audit::new("create", "tabular.mapping", id).change(None, Some(&mapping))).await?;
    tx.commit().await?;
    Ok(mapping)
}

/// Puts a mapping away: it is proposed no more.
pub(crate) async fn archive(app: &App, caller: &Caller, id: Id, version: i64) -> Result<()> {
    // A mapping is the company's: whoever may import for one brand only puts away their own.
    let scope = caller.scope(IMPORT_RUN)?;
    let mut tx = app.store.begin(caller).await?;
    let before: Mapping = tx.get(sql::GET, args![id]).await?;
    if !scope.everything && before.created_by != caller.find_user_id() {
        return Err(Problem::not_found("access.not_found"));
    }
    let now = tx.now();
    tx.exec_one(sql::ARCHIVE, args![id, version, now]).await?;
    tx.audit(Audit::new("archive", "tabular.mapping", before.id).with(&before.name)).await?;
    tx.commit().await
}

/// Returns the newest saved mapping whose titles are all in the file, fitted to it, with its source.
pub(crate) async fn find_fitting(
    app: &App,
    noun: &str,
    titles: &[String],
) -> Result<Option<(Vec<ColumnUse>, String)>> {
    let mut query = Query::new(sql::LIST, args![]);
    query.and("noun =", noun).push(" ORDER BY id DESC").limit_overfull(CANDIDATES_MAX);
    let saved: Vec<Mapping> = app.store.list(query).await?;
    Ok(saved.into_iter().find_map(|mapping| Some((rules::fit(&mapping.columns, titles)?, mapping.source))))
}
