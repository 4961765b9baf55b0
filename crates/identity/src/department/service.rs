use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use store::{Audit, OnDuplicate, Query, Tx, args, json};

use super::{Department, DepartmentChange, NewDepartment, rules, sql};
use crate::check::Check;
use crate::role::rules::check_code;

/// Returns the departments, in order of their making; the whole tree fits on a page or two.
pub async fn list(app: &App, page: &PageQuery) -> Result<Page<Department>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .push(" AND d.archived_at IS NULL")
        .and_some("d.id >", page.after::<Id>()?)
        .push(" ORDER BY d.id")
        .limit_overfull(size);
    let mut page = Page::from_overfull(app.store.list(query).await?, size, |row: &Department| row.id);
    for department in &mut page.items {
        department.gaps = rules::gaps(department);
    }
    Ok(page)
}

/// Returns one department.
pub async fn get(app: &App, id: Id) -> Result<Department> {
    let department: Department = app.store.get(sql::FIND, args![id]).await?;
    Ok(Department { gaps: rules::gaps(&department), ..department })
}

/// Makes a department.
pub async fn create(app: &App, caller: &Caller, new: &NewDepartment) -> Result<Department> {
    check_code(&new.code)?;
    let mut tx = app.store.begin(caller).await?;
    let department = insert(&mut tx, Id::new(), new).await.on_duplicate("identity.department.code_taken")?;
    tx.commit().await?;
    get(app, department.id).await
}

pub(crate) async fn insert(tx: &mut Tx, id: Id, new: &NewDepartment) -> Result<Department> {
    check(tx, id, new.parent_id, new.head_id, &new.names).await?;
    let by = tx.caller().find_user_id();
    let (in_scope, now) = (new.in_scope.unwrap_or(true), tx.now());
    let args = args![id, &new.code, json(&new.names), new.parent_id, new.head_id, in_scope, now, by];
    tx.exec_one(sql::INSERT, args).await?;
    let after: Department = tx.get(sql::FIND, args![id]).await?;
    let entry =
        Audit::new("create", "identity.department", id).within(None, Some(id)).change(None, Some(&after));
    tx.audit(entry).await?;
    Ok(after)
}

/// Changes name, place in the tree and head of a department.
pub async fn update(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    change: &DepartmentChange,
) -> Result<Department> {
    let mut tx = app.store.begin(caller).await?;
    let before: Department = tx.get(sql::FIND, args![id]).await?;
    check(&mut tx, id, change.parent_id, change.head_id, &change.names).await?;
    let (in_scope, now) = (change.in_scope.unwrap_or(before.in_scope), tx.now());
    let args = args![id, version, json(&change.names), change.parent_id, change.head_id, now, in_scope];
    tx.exec_one(sql::UPDATE, args).await?;
    let after: Department = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("update", "identity.department", id).within(None, Some(id));
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    tx.commit().await?;
    get(app, id).await
}

async fn check(
    tx: &mut Tx,
    id: Id,
    parent: Option<Id>,
    head: Option<Id>,
    names: &kernel::LocalText,
) -> Result<()> {
    // Two moves at once could close a circle that neither sees.
    tx.lock("identity.department", Id::from_digest([0; 16])).await?;
    let parents: Vec<(Id, Option<Id>)> = tx.all(sql::PARENTS, args![]).await?;
    let parent_known = parent.is_none_or(|parent| parents.iter().any(|(id, _)| *id == parent));
    let no_circle = parent.is_none_or(|parent| rules::may_stand_below(&parents, id, parent));
    let head_known = match head {
        Some(head) => tx.find::<Id>(crate::user::sql::ENABLED, args![head]).await?.is_some(),
        None => true,
    };
    Check::new()
        .names("names", names)
        .that(parent_known, "parent_id", "identity.department.unknown")
        .that(no_circle, "parent_id", "identity.department.circle")
        .that(head_known, "head_id", "identity.user.unknown")
        .finish()
}

/// Closes a department in which nobody is left.
pub async fn archive(app: &App, caller: &Caller, id: Id, version: i64) -> Result<()> {
    let mut tx = app.store.begin(caller).await?;
    tx.lock("identity.department", Id::from_digest([0; 16])).await?;
    let in_use: i64 = tx.get(sql::IN_USE, args![id]).await?;
    if in_use > 0 {
        return Err(Problem::conflict("identity.department.in_use").with("count", in_use));
    }
    tx.exec_one(sql::ARCHIVE, args![id, version, tx.now()]).await?;
    tx.audit(Audit::new("archive", "identity.department", id).within(None, Some(id))).await?;
    tx.commit().await
}

/// Makes somebody the head of a department, in the caller's transaction.
pub(crate) async fn set_head(tx: &mut Tx, id: Id, head: Id) -> Result<()> {
    tx.exec_one(sql::SET_HEAD, args![id, head, tx.now()]).await?;
    let facts = serde_json::json!({ "head_id": head });
    tx.audit(Audit::new("update", "identity.department", id).within(None, Some(id)).with(facts)).await
}
