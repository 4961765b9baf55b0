use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use serde_json::json;
use store::{Audit, Query, Tx, args};

use super::{
    NewWebhookEndpoint, WebhookDelivery, WebhookDeliveryFilter, WebhookEndpoint, WebhookEndpointPatch, rules,
    sql,
};
use crate::notification::NoticeKind;
use crate::notification::jobs::Deliver;

pub(crate) const NOUN: &str = "rulebook.webhook_endpoint";
/// Name of the key under which the endpoints' own keys are sealed.
const CIPHER: &str = "rulebook.webhook";

/// Returns the endpoints that are told of a kind of notice about a thing.
pub(crate) async fn listening(tx: &mut Tx, kind: NoticeKind, subject: Id) -> Result<Vec<Id>> {
    #[derive(serde::Deserialize)]
    struct Row {
        id: Id,
        kinds: Vec<NoticeKind>,
        record_id: Option<Id>,
    }
    let rows: Vec<Row> = tx.all(sql::LISTENING, args![]).await?;
    let mut listening = Vec::new();
    for row in rows.into_iter().filter(|row| row.kinds.is_empty() || row.kinds.contains(&kind)) {
        let concerned = match row.record_id {
            None => true,
            Some(record) => concerns(tx, subject, record).await?,
        };
        if concerned {
            listening.push(row.id);
        }
    }
    Ok(listening)
}

/// Returns whether a thing is a record, or a record that refers to it.
async fn concerns(tx: &mut Tx, subject: Id, record: Id) -> Result<bool> {
    let named = format!("%\"{record}\"%");
    Ok(tx.find::<Id>(sql::CONCERNS, args![subject, record, named]).await?.is_some())
}

/// Returns all endpoints.
pub async fn list(app: &App) -> Result<Page<WebhookEndpoint>> {
    Ok(Page::whole(app.store.all(sql::LIST, args![]).await?))
}

/// Keeps an endpoint; the answer alone shows its key.
pub async fn create(app: &App, caller: &Caller, new: &NewWebhookEndpoint) -> Result<WebhookEndpoint> {
    rules::check(new)?;
    let (id, secret) = (Id::new(), store::random::bytes::<32>());
    let sealed = app.secrets.cipher(CIPHER).await?.encrypt(&id.to_string(), &secret);
    let mut tx = app.store.begin(caller).await?;
    let args = args![
        id,
        new.name.trim(),
        &new.url,
        new.format.as_str(),
        store::json(&new.kinds),
        new.language.as_str(),
        sealed,
        tx.now(),
        caller.find_user_id(),
        new.record_id,
    ];
    tx.exec_one(sql::INSERT, args).await?;
    let mut made: WebhookEndpoint = tx.get(sql::FIND, args![id]).await?;
    tx.audit(Audit::new("create", NOUN, id).with(facts(&made))).await?;
    tx.commit().await?;
    made.secret = Some(rules::secret_text(&secret));
    Ok(made)
}

/// What the audit log keeps; addresses of chat robots hold their key and stay out of it.
fn facts(endpoint: &WebhookEndpoint) -> serde_json::Value {
    json!({ "name": endpoint.name, "format": endpoint.format, "kinds": endpoint.kinds, "record_id": endpoint.record_id,
        "language": endpoint.language, "active": endpoint.active })
}

/// Returns the key that signs what an endpoint gets.
pub(super) async fn secret(app: &App, id: Id) -> Result<Vec<u8>> {
    #[derive(serde::Deserialize)]
    struct Row {
        secret: Vec<u8>,
    }
    let row: Row = app.store.get(sql::SECRET, args![id]).await?;
    app.secrets.cipher(CIPHER).await?.decrypt(&id.to_string(), &row.secret)
}

/// Changes an endpoint.
pub async fn change(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    patch: &WebhookEndpointPatch,
) -> Result<WebhookEndpoint> {
    let mut tx = app.store.begin(caller).await?;
    let before: WebhookEndpoint = tx.get(sql::FIND, args![id]).await?;
    let new = NewWebhookEndpoint {
        name: patch.name.clone().unwrap_or_else(|| before.name.clone()),
        url: patch.url.clone().unwrap_or_else(|| before.url.clone()),
        format: before.format,
        kinds: patch.kinds.clone().unwrap_or_else(|| before.kinds.clone()),
        record_id: before.record_id,
        language: patch.language.unwrap_or(before.language),
    };
    rules::check(&new)?;
    let active = patch.active.unwrap_or(before.active);
    let (kinds, now) = (store::json(&new.kinds), tx.now());
    let args = args![id, version, new.name.trim(), &new.url, kinds, new.language.as_str(), active, now];
    tx.exec_one(sql::CHANGE, args).await?;
    let after: WebhookEndpoint = tx.get(sql::FIND, args![id]).await?;
    let mut change = facts(&after);
    change["address_changed"] = json!(before.url != after.url);
    tx.audit(Audit::new("change", NOUN, id).with(change)).await?;
    tx.commit().await?;
    Ok(after)
}

/// Sends an endpoint a test.
pub async fn test(app: &App, caller: &Caller, id: Id) -> Result<WebhookDelivery> {
    let endpoint: WebhookEndpoint = app.store.get(sql::FIND, args![id]).await?;
    if !endpoint.active {
        return Err(Problem::conflict("rulebook.webhook.not_active"));
    }
    let mut tx = app.store.begin(caller).await?;
    let (delivery, now) = (Id::new(), tx.now());
    tx.exec_one(sql::INTEND_TEST, args![delivery, id, format!("webhook/{id}/test/{delivery}"), now]).await?;
    tx.audit(Audit::new("test", NOUN, id).with(json!({ "delivery_id": delivery }))).await?;
    tx.enqueue_once(&Deliver {}, Deliver::KEY).await?;
    let made = tx.get(sql::DELIVERY, args![delivery]).await?;
    tx.commit().await?;
    Ok(made)
}

/// Tries by hand what failed, or what nobody knows of; the receiver sees the same id.
pub async fn redeliver(app: &App, caller: &Caller, id: Id) -> Result<WebhookDelivery> {
    let mut tx = app.store.begin(caller).await?;
    let before: WebhookDelivery = tx.get(sql::DELIVERY, args![id]).await?;
    let now = tx.now();
    if tx.exec(sql::REDELIVER, args![id, now]).await? == 0 {
        return Err(Problem::conflict("rulebook.webhook.not_given_up").with("state", before.state));
    }
    let after: WebhookDelivery = tx.get(sql::DELIVERY, args![id]).await?;
    let entry = Audit::new("redeliver", NOUN, before.endpoint_id);
    tx.audit(entry.with(json!({ "delivery_id": id, "state": before.state }))).await?;
    tx.enqueue_once(&Deliver {}, Deliver::KEY).await?;
    tx.commit().await?;
    Ok(after)
}

/// Returns deliveries, newest first.
pub async fn deliveries(
    app: &App,
    page: &PageQuery,
    filter: &WebhookDeliveryFilter,
) -> Result<Page<WebhookDelivery>> {
    let size = page.size()?;
    let mut query = Query::new(sql::DELIVERIES, args![]);
    query
        .and_some("d.endpoint_id =", filter.endpoint_id)
        .and_some("d.state =", filter.state.map(|state| state.as_str()))
        .and_some("d.id <", page.after::<Id>()?)
        .push(" ORDER BY d.id DESC")
        .limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |one: &WebhookDelivery| one.id))
}
