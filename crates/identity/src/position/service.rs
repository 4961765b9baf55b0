use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use store::{Audit, Query, Tx, args, json};

use super::{NewPosition, Position, PositionChange, PositionFilter, sql};
use crate::check::Check;
use crate::department;

/// Returns the positions, in order of their making.
pub async fn list(app: &App, page: &PageQuery, filter: &PositionFilter) -> Result<Page<Position>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .push(" AND p.archived_at IS NULL")
        .and_some("p.department_id =", filter.department_id)
        .and_some("p.id >", page.after::<Id>()?)
        .push(" ORDER BY p.id")
        .limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |row: &Position| row.id))
}

/// Makes a position.
pub async fn create(app: &App, caller: &Caller, new: &NewPosition) -> Result<Position> {
    let department = department::service::get(app, new.department_id).await?;
    if department.archived_at.is_some() {
        return Err(Problem::conflict("identity.department.closed"));
    }
    let mut tx = app.store.begin(caller).await?;
    let position = insert(&mut tx, Id::new(), new).await?;
    tx.commit().await?;
    Ok(position)
}

pub(crate) async fn insert(tx: &mut Tx, id: Id, new: &NewPosition) -> Result<Position> {
    Check::new().names("names", &new.names).finish()?;
    let by = tx.caller().find_user_id();
    tx.exec_one(sql::INSERT, args![id, new.department_id, json(&new.names), tx.now(), by]).await?;
    let after: Position = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("create", "identity.position", id).within(None, Some(new.department_id));
    tx.audit(entry.change(None, Some(&after))).await?;
    Ok(after)
}

/// Changes a position's name.
pub async fn update(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    change: &PositionChange,
) -> Result<Position> {
    Check::new().names("names", &change.names).finish()?;
    let mut tx = app.store.begin(caller).await?;
    let before: Position = tx.get(sql::FIND, args![id]).await?;
    tx.exec_one(sql::UPDATE, args![id, version, json(&change.names), tx.now()]).await?;
    let after: Position = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("update", "identity.position", id).within(None, Some(after.department_id));
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    tx.commit().await?;
    Ok(after)
}

/// Closes a position that nobody holds.
pub async fn archive(app: &App, caller: &Caller, id: Id, version: i64) -> Result<()> {
    let mut tx = app.store.begin(caller).await?;
    let before: Position = tx.get(sql::FIND, args![id]).await?;
    if before.people > 0 {
        return Err(Problem::conflict("identity.position.held").with("people", before.people));
    }
    tx.exec_one(sql::ARCHIVE, args![id, version, tx.now()]).await?;
    let entry = Audit::new("archive", "identity.position", id).within(None, Some(before.department_id));
    tx.audit(entry).await?;
    tx.commit().await
}
