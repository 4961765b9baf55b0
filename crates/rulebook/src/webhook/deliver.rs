use std::collections::BTreeMap;

use http_kit::App;
use kernel::ports::WebhookOutcome;
use kernel::{Id, Language, Result, Timestamp};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use store::{Observation, Tx, args};

use super::{WebhookFormat, rules, service, sql};
use crate::notification::deliver::{Outcome, settle};
use crate::notification::{DeliveryState, NoticeKind, sql as ledger};
use crate::permissions::WEBHOOK_MANAGE;
use crate::task::{self, Assignee, NewTask, Sentence};

/// Kind of the task that says that an endpoint does not answer.
const SILENT: &str = "rulebook.webhook";

/// A delivery that is due, with what it says.
#[derive(Clone, Debug, Deserialize)]
struct Due {
    id: Id,
    endpoint_id: Id,
    attempts: i64,
    created_at: Timestamp,
    active: bool,
    url: String,
    format: WebhookFormat,
    language: Language,
    name: String,
    kind: Option<NoticeKind>,
    link: Option<String>,
    title_code: Option<String>,
    title_args: Option<BTreeMap<String, Json>>,
    subject_noun: Option<String>,
    subject_id: Option<Id>,
    event_type: Option<String>,
    event_data: Option<Json>,
}

/// Sends what is due; returns how many were tried.
pub(crate) async fn deliver(app: &App) -> Result<usize> {
    let Ok(port) = app.ports.webhook.get() else { return Ok(0) };
    let due: Vec<Id> = app.store.all(sql::DUE, args![app.store.now()]).await?;
    let mut tried = 0;
    for id in due {
        let Some((claim, due)) = claim(app, id).await? else { continue };
        tried += 1;
        let (headers, body) = write(app, &due).await?;
        let outcome = match port.post(&due.url, &headers, body).await {
            WebhookOutcome::Answered { status, body } => match rules::refusal(due.format, status, &body) {
                None => Outcome::Sent(status.to_string()),
                Some(words) => Outcome::Later(words),
            },
            WebhookOutcome::NotSent { reason } => Outcome::Later(reason),
            WebhookOutcome::Unknown { reason } => Outcome::Unknown(reason),
        };
        let mut tx = app.store.begin_observation(Observation::SendStep).await?;
        let state = settle(&mut tx, claim, due.attempts + 1, &outcome).await?;
        tell(&mut tx, &due, state).await?;
        tx.commit().await?;
    }
    Ok(tried)
}

/// Takes one delivery; after this it may be on the wire.
async fn claim(app: &App, id: Id) -> Result<Option<(Id, Due)>> {
    let mut tx = app.store.begin_observation(Observation::SendStep).await?;
    tx.lock("rulebook.webhook_delivery", id).await?;
    // Another worker may have been faster.
    let Some(due) = tx.find::<Due>(sql::DUE_ONE, args![id]).await? else { return Ok(None) };
    let (claim, now) = (Id::new(), tx.now());
    if due.active {
        tx.exec_one(ledger::CLAIM, args![id, claim, now, id.to_string()]).await?;
    } else {
        tx.exec_one(ledger::SUPPRESS, args![id, "the endpoint is switched off", now]).await?;
    }
    tx.commit().await?;
    Ok(due.active.then_some((claim, due)))
}

/// Writes the body, and the headers that go with it.
async fn write(app: &App, due: &Due) -> Result<(Vec<(String, String)>, String)> {
    let none = BTreeMap::new();
    let code = due.title_code.as_deref().unwrap_or("rulebook.webhook.test");
    let args = due.title_args.as_ref().unwrap_or(&none);
    let say = |language| app.texts.say(language, code, args);
    let address = app.settings.admin_url.trim_end_matches('/');
    let url = format!("{address}{}", due.link.as_deref().unwrap_or("/system/webhooks"));
    if due.format != WebhookFormat::Json {
        let body = rules::chat(due.format, &format!("{}\n{url}", say(due.language)));
        return Ok((Vec::new(), body.to_string()));
    }
    let body = fact(due, &say(due.language), &url).to_string();
    let secret = service::secret(app, due.endpoint_id).await?;
    let seconds = app.store.now().ms().div_euclid(1_000);
    Ok((rules::sign(&secret, &due.id.to_string(), seconds, &body), body))
}

/// What a program is told, as Standard Webhooks has it.
fn fact(due: &Due, text: &str, url: &str) -> Json {
    if let (Some(event_type), Some(data)) = (&due.event_type, &due.event_data) {
        let mut data = data.clone();
        data["id"] = json!(due.id);
        data["text"] = json!(text);
        data["url"] = json!(url);
        return json!({ "type": event_type, "timestamp": due.created_at, "data": data });
    }
    json!({
        "type": due.kind.map_or("notification.test".to_owned(), |kind| format!("notification.{kind}")),
        "timestamp": due.created_at,
        "data": {
            "id": due.id, "kind": due.kind, "text": text, "url": url,
            "subject_noun": due.subject_noun, "subject_id": due.subject_id,
        },
    })
}

/// Tells those who look after endpoints that one does not answer; takes it back when it does.
async fn tell(tx: &mut Tx, due: &Due, state: DeliveryState) -> Result<()> {
    let (noun, id) = (service::NOUN, due.endpoint_id);
    match state {
        DeliveryState::Sent => task::complete(tx, noun, id, SILENT, None).await.map(drop),
        DeliveryState::Failed | DeliveryState::Unknown => {
            if tx.get::<i64>(sql::TOLD, args![noun, id, SILENT]).await? > 0 {
                return Ok(());
            }
            let task = NewTask {
                kind: SILENT,
                subject_noun: noun,
                subject_id: id,
                link: format!("/system/webhooks?endpoint={id}"),
                title: Sentence::new("rulebook.webhook.silent").with("name", due.name.as_str()),
                assignee: Assignee::Permission {
                    code: WEBHOOK_MANAGE.code,
                    brand_id: None,
                    department_id: None,
                },
                not_for: Vec::new(),
                due_at: None,
                actions: Vec::new(),
            };
            task::open(tx, task).await.map(drop)
        }
        DeliveryState::Intent | DeliveryState::Attempting | DeliveryState::Suppressed => Ok(()),
    }
}
