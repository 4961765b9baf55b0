use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Result};
use store::{Query, Tx, args, json};

use super::{RejectRow, RejectRun, sql};
use crate::import;

/// Keeps the rejected rows of one chunk.
pub(crate) async fn store(tx: &mut Tx, import_id: Id, rejects: Vec<RejectRun>) -> Result<()> {
    let rows = rejects.into_iter().map(|run| {
        let RejectRun { first_row, last_row, reason } = run;
        args![import_id, first_row, last_row, reason.code, reason.field, json(&reason.args)]
    });
    tx.insert_many(sql::INSERT, rows.collect(), "").await.map(drop)
}

/// Returns rejected rows in the order of the file.
pub(super) async fn list(
    app: &App,
    caller: &Caller,
    import_id: Id,
    page: &PageQuery,
) -> Result<Page<RejectRow>> {
    let size = page.size()?;
    import::service::get(app, caller, import_id).await?;
    let mut rows = after(app, import_id, page.after()?, size).await?;
    for row in &mut rows {
        row.text = app.texts.say(caller.language, &row.code, &row.args);
    }
    Ok(Page::from_overfull(rows, size, |row| row.first_row))
}

/// Returns the rejected rows behind a place, one more than asked for.
pub(super) async fn after(app: &App, import_id: Id, after: Option<i64>, size: u32) -> Result<Vec<RejectRow>> {
    let mut query = Query::new(sql::LIST, args![import_id]);
    query.and_some("first_row >", after).push(" ORDER BY first_row").limit_overfull(size);
    app.store.list(query).await
}
