use http_kit::App;
use kernel::{Caller, Id, Problem, Result, Timestamp};
use store::{Audit, Tx, args};

use super::{Occasion, SecrecyReminder, SecrecyRule, SessionSecrecy, rules, sql};
use crate::policy;
use crate::session::{Client, Session, service::current};

/// Shows a reminder: its rules, and that it was shown, once per session and occasion.
pub(crate) async fn remind(
    app: &App,
    caller: &Caller,
    client: &Client,
    occasion: Occasion,
) -> Result<SecrecyReminder> {
    let user_id = caller.user_id()?;
    let session =
        current(app, client).await?.ok_or_else(|| Problem::conflict("identity.screen_lock.no_session"))?;
    let mut tx = app.store.begin(caller).await?;
    let (id, now) = (Id::new(), tx.now());
    let shown = tx.exec(sql::INSERT, args![id, user_id, session.id, occasion.as_str(), now]).await?;
    let found: SecrecyReminder = tx.get(sql::OF_SESSION, args![session.id, occasion.as_str()]).await?;
    if shown > 0 {
        tx.audit(Audit::new("show", "identity.secrecy_reminder", found.id)).await?;
        tx.commit().await?;
    }
    with_rules(app, caller, found)
}

/// Confirms a reminder; a second time changes nothing.
pub(crate) async fn confirm(app: &App, caller: &Caller, id: Id) -> Result<SecrecyReminder> {
    let mut tx = app.store.begin(caller).await?;
    let mine = args![id, caller.user_id()?];
    let before: Option<SecrecyReminder> = tx.find(sql::FIND, mine.clone()).await?;
    before.ok_or_else(|| Problem::not_found("access.not_found"))?;
    let now = tx.now();
    if tx.exec(sql::CONFIRM, args![id, now]).await? > 0 {
        tx.audit(Audit::new("confirm", "identity.secrecy_reminder", id)).await?;
        tx.commit().await?;
    }
    let after: SecrecyReminder = app.store.get(sql::FIND, mine).await?;
    with_rules(app, caller, after)
}

fn with_rules(app: &App, caller: &Caller, reminder: SecrecyReminder) -> Result<SecrecyReminder> {
    let posters = rulebook::poster::list(app, caller.language)?;
    let rule = |poster: rulebook::poster::Poster| SecrecyRule {
        clause_id: poster.id,
        title: poster.title,
        text: poster.text,
    };
    Ok(SecrecyReminder { rules: posters.into_iter().map(rule).collect(), ..reminder })
}

/// Returns what somebody's session owes to secrecy; programs are not reminded.
pub(crate) async fn of_session(app: &App, user_id: Id, session: Option<&Session>) -> Result<SessionSecrecy> {
    let idle_lock_minutes = policy::idle_lock_minutes(app).await?;
    let Some(session) = session else {
        return Ok(SessionSecrecy { reminder_due: false, confirmed: true, idle_lock_minutes });
    };
    let last: Option<Timestamp> = app.store.find(sql::LAST, args![user_id]).await?;
    let confirmed = app.store.find::<Id>(sql::CONFIRMED_IN, args![session.id]).await?.is_some();
    let every = policy::reminder_days(app).await?;
    Ok(SessionSecrecy {
        reminder_due: rules::is_due(last, every, app.store.now()),
        confirmed,
        idle_lock_minutes,
    })
}

/// Notes that somebody of the sample was reminded when they began.
pub(crate) async fn sample(tx: &mut Tx, id: Id, user_id: Id) -> Result<()> {
    let now = tx.now();
    tx.exec(sql::SAMPLE, args![id, user_id, now]).await.map(drop)
}
