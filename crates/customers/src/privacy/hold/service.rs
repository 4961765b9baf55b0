use http_kit::App;
use kernel::{Caller, Id, Labelled, Page, PageQuery, Problem, Result, Timestamp};
use store::{Audit, Tx, args};

use super::{HoldFilter, LegalHold, NewHold, sql};
use crate::merge::check_reason;
use crate::permissions::{PRIVACY_MANAGE, PRIVACY_READ};
use crate::profile;

/// Returns holds, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &HoldFilter,
) -> Result<Page<LegalHold>> {
    caller.require(PRIVACY_READ)?;
    let size = page.size()?;
    let mut query = sql::list();
    query.and_some("h.profile_id =", filter.profile_id);
    if filter.active == Some(true) {
        query
            .push(" AND h.lifted_at IS NULL AND (h.until IS NULL OR h.until > ")
            .bind(app.store.now())
            .push(")");
    }
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (h.created_at, h.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY h.created_at DESC, h.id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |hold: &LegalHold| (hold.created_at, hold.id)))
}

/// Says that somebody's data stay for now.
pub async fn create(app: &App, caller: &Caller, new: &NewHold) -> Result<LegalHold> {
    caller.require(PRIVACY_MANAGE)?;
    let reason = check_reason(&new.reason)?;
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    if new.until.is_some_and(|until| until <= now) {
        let refusal = Problem::unprocessable("customers.privacy.in_the_past");
        return Err(refusal.with_field("until", "customers.privacy.in_the_past"));
    }
    let profile = profile::load_in(&mut tx, new.profile_id).await?.id;
    let id = Id::new();
    tx.exec_one(sql::INSERT, args![id, profile, reason, new.until, now, caller.find_user_id()]).await?;
    tx.audit(Audit::new("create", LegalHold::NOUN, id).because(reason)).await?;
    let hold = load(&mut tx, id).await?;
    tx.commit().await?;
    Ok(hold)
}

/// Lifts a hold.
pub async fn lift(app: &App, caller: &Caller, id: Id, version: i64, reason: &str) -> Result<LegalHold> {
    caller.require(PRIVACY_MANAGE)?;
    let reason = check_reason(reason)?;
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    tx.exec_one(sql::LIFT, args![id, version, now, caller.find_user_id(), reason]).await?;
    tx.audit(Audit::new("lift", LegalHold::NOUN, id).because(reason)).await?;
    let hold = load(&mut tx, id).await?;
    tx.commit().await?;
    Ok(hold)
}

async fn load(tx: &mut Tx, id: Id) -> Result<LegalHold> {
    let mut query = sql::list();
    query.and("h.id =", id);
    tx.list(query).await?.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))
}

/// Returns true where somebody's data have to stay.
pub(crate) async fn is_held(tx: &mut Tx, profile: Id) -> Result<bool> {
    let now = tx.now();
    Ok(tx.find::<Id>(sql::IN_FORCE, args![profile, now]).await?.is_some())
}
