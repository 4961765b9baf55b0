use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, Problem, Result};
use serde_json::{Value as Json, json};
use store::{Audit, Tx, args};

use super::rules::{self, Past};
use super::{Alert, Answer, SignInFacts, sql};
use crate::link::jobs::MailLink;
use crate::link::service::acting_as;
use crate::link::{self, Purpose};
use crate::user::service::Account;
use crate::{notice, security_case, session, user};

/// Looks at a sign-in and raises an alert where it is strange, in the transaction that begins the session.
pub(crate) async fn watch(tx: &mut Tx, account: &Account, sign_in: &SignInFacts) -> Result<()> {
    let past: Vec<Past> = tx.all(session::sql::RECENT, args![account.id]).await?;
    let (device, family) = (&sign_in.device_digest, &sign_in.agent_family);
    let reasons = rules::reasons(&past, device, family, &sign_in.network, tx.now());
    if reasons.is_empty() {
        return Ok(());
    }
    let id = Id::new();
    let args = args![
        id,
        account.id,
        sign_in.session_id,
        store::json(&reasons),
        &sign_in.device_name,
        &sign_in.address,
        tx.now(),
    ];
    tx.exec_one(sql::INSERT, args).await?;
    tx.audit(Audit::new("raise", "identity.alert", id).with(json!({ "reasons": reasons }))).await?;
    notice::alert(tx, id, account.id, &sign_in.device_name, &sign_in.address).await?;
    tx.enqueue(&MailLink { user_id: account.id, purpose: Purpose::NotMe, about_id: Some(id) }).await
}

/// Returns what a mail says about an alert.
pub(crate) async fn facts(app: &App, id: Id) -> Result<BTreeMap<String, Json>> {
    let alert: Alert = app.store.get(sql::FIND, args![id]).await?;
    let at = alert.created_at.instant().to_zoned(app.settings.time_zone.clone());
    Ok(BTreeMap::from([
        ("device".to_owned(), json!(alert.device_name)),
        ("from".to_owned(), json!(alert.address)),
        ("at".to_owned(), json!(at.strftime("%Y-%m-%d %H:%M").to_string())),
    ]))
}

/// Returns the alerts about the caller's account, the latest first.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Alert>> {
    app.store.all(sql::MINE, args![caller.user_id()?]).await
}

/// The owner says that it was they.
pub async fn me(app: &App, caller: &Caller, id: Id) -> Result<()> {
    let user_id = caller.user_id()?;
    let mut tx = app.store.begin(caller).await?;
    own(&mut tx, id, user_id).await?;
    if tx.exec(sql::ANSWER, args![id, Answer::Me.as_str(), tx.now()]).await? == 0 {
        return Err(Problem::conflict("identity.alert.answered"));
    }
    notice::alert_answered(&mut tx, id, user_id).await?;
    tx.audit(Audit::new("confirm", "identity.alert", id)).await?;
    tx.commit().await
}

async fn own(tx: &mut Tx, id: Id, user_id: Id) -> Result<Alert> {
    let alert: Alert = tx.get(sql::FIND, args![id]).await?;
    if alert.user_id == user_id { Ok(alert) } else { Err(Problem::not_found("access.not_found")) }
}

/// The owner says that it was somebody else: all sessions end, the account is locked, IT gets a ticket.
pub async fn not_me(app: &App, caller: &Caller, id: Id) -> Result<()> {
    let user_id = caller.user_id()?;
    let mut tx = app.store.begin(caller).await?;
    own(&mut tx, id, user_id).await?;
    lock(&mut tx, user_id, Some(id)).await?;
    tx.commit().await
}

/// The same, by the link of the mail: whoever took the account cannot keep its owner from saying so.
pub async fn not_me_by_link(app: &App, stranger: &Caller, secret: &str) -> Result<()> {
    let link = link::service::peek(&app.store, secret, Purpose::NotMe).await?;
    let user_id = link.user_id.ok_or_else(|| Problem::internal("a link about nobody"))?;
    let account = user::service::account(&app.store, user_id).await?;
    let mut tx = app.store.begin(&acting_as(stranger, user_id, &account.name)).await?;
    link::service::take(&mut tx, secret, Purpose::NotMe).await?;
    lock(&mut tx, user_id, link.about_id).await?;
    tx.commit().await
}

async fn lock(tx: &mut Tx, user_id: Id, alert_id: Option<Id>) -> Result<()> {
    if let Some(id) = alert_id {
        tx.exec(sql::ANSWER_ALL, args![id, tx.now()]).await?;
        notice::alert_answered(tx, id, user_id).await?;
    }
    security_case::service::open(tx, user_id, alert_id).await
}
