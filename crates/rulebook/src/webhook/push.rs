use kernel::{Id, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::{Store, Tx, args, json};
use utoipa::ToSchema;

use super::sql;
use crate::notification::jobs::Deliver;
use crate::task::Sentence;

/// Something that happened, for one program (事件推送).
#[derive(Clone, Debug)]
pub struct Push<'a> {
    /// Who is told.
    pub endpoint_id: Id,
    /// What happened, such as `customers.segment.entered`.
    pub event_type: &'static str,
    /// The facts, without anything that names a person.
    pub data: &'a Json,
    /// The same in a sentence, for chat programs.
    pub title: Sentence,
    /// Where it is looked at.
    pub link: String,
}

/// Endpoint that something can be sent to (可选推送地址).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EndpointName {
    /// Its id.
    pub id: Id,
    /// What people call it.
    pub name: String,
    /// False: it is told nothing.
    pub active: bool,
}

/// Tells a program what happened, with the transaction that made it happen. What was switched off is told nothing.
pub async fn push(tx: &mut Tx, push: &Push<'_>) -> Result<()> {
    let (id, now) = (Id::new(), tx.now());
    let row = args![
        id,
        push.endpoint_id,
        format!("push/{id}"),
        now,
        push.event_type,
        push.data.to_string(),
        &push.link,
        push.title.code,
        json(&push.title.args),
    ];
    if tx.exec(sql::INTEND_PUSH, row).await? > 0 {
        tx.enqueue_once(&Deliver {}, Deliver::KEY).await?;
    }
    Ok(())
}

/// Returns the endpoints by name, for whoever chooses one.
pub async fn endpoints(store: &Store) -> Result<Vec<EndpointName>> {
    store.all(sql::NAMES, args![]).await
}
