use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use serde_json::Value as Json;
use store::{Audit, Query, Tx, args};

use super::{Done, Handover, Owned, rules, sql};
use crate::check::{Check, REASON_MAX};
use crate::notice;
use crate::permissions::USER_MANAGE;
use crate::user::User;

/// Opens the hand-over of a leaver and puts it on the manager's list, in the caller's transaction.
pub(crate) async fn open(tx: &mut Tx, user: &User) -> Result<()> {
    let keeper: Option<Option<Id>> =
        tx.find(sql::KEEPER, args![user.manager_id, user.department_id, user.id]).await?;
    let (keeper, by) = (keeper.flatten(), tx.caller().find_user_id());
    let args = args![Id::new(), user.id, user.department_id, keeper, tx.now(), by];
    let id: Id = tx.get(sql::OPEN, args).await?;
    tx.audit(Audit::new("open", "identity.handover", id).within(None, user.department_id)).await?;
    notice::handover(tx, id, &user.name, keeper, user.department_id).await
}

/// Returns the hand-overs that the caller sees to: all for those who manage users, else one's own.
pub async fn list(app: &App, caller: &Caller, page: &PageQuery) -> Result<Page<Handover>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    if !caller.may(USER_MANAGE) {
        query.and("h.manager_id =", caller.user_id()?);
    }
    query.and_some("h.id <", page.after::<Id>()?).push(" ORDER BY h.id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |row: &Handover| row.id))
}

/// Returns one hand-over with what the leaver still owns.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<Handover> {
    let mut handover: Handover = app.store.get(sql::FIND, args![id]).await?;
    require_keeper(caller, &handover)?;
    handover.owned = owned(app, handover.user_id).await?;
    Ok(handover)
}

fn require_keeper(caller: &Caller, handover: &Handover) -> Result<()> {
    let keeps = handover.manager_id.is_some() && caller.find_user_id() == handover.manager_id;
    let manages = caller.may(USER_MANAGE)
        && caller.scope(USER_MANAGE)?.covers(None, handover.department_id, Some(handover.user_id));
    if keeps || manages { Ok(()) } else { Err(Problem::not_found("access.not_found")) }
}

/// Returns what a user owns, by every published view whose rows have an owner.
pub async fn owned(app: &App, user_id: Id) -> Result<Vec<Owned>> {
    let mut found = Vec::new();
    for view in app.views.all().iter().filter(|view| rules::is_owned(view)) {
        let count: Vec<i64> = app.store.list(sql::count(view, user_id)).await?;
        let count = count.first().copied().unwrap_or_default();
        if count == 0 {
            continue;
        }
        let query = sql::rows(view, &rules::link_columns(view), user_id);
        let rows: Vec<BTreeMap<String, Json>> = app.store.list(query).await?;
        let links = rows.iter().map(|row| rules::link(view, row)).collect();
        found.push(Owned { view: view.name.to_owned(), count, links });
    }
    Ok(found)
}

/// The keeper says that everything went to somebody else.
pub async fn done(app: &App, caller: &Caller, id: Id, version: i64, input: &Done) -> Result<Handover> {
    Check::new().text("note", &input.note, 2, REASON_MAX).finish()?;
    let mut tx = app.store.begin(caller).await?;
    let before: Handover = tx.get(sql::FIND, args![id]).await?;
    require_keeper(caller, &before)?;
    let args = args![id, version, input.note.trim(), tx.now(), caller.find_user_id()];
    tx.exec_one(sql::DONE, args).await?;
    let after: Handover = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("complete", "identity.handover", id).within(None, before.department_id);
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    notice::handed_over(&mut tx, id).await?;
    tx.commit().await?;
    Ok(after)
}
