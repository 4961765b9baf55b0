//! Own events (本系统事件): orders and what happened to messages flow into the same lake as everybody else's events.
//!
//! They are read from published views behind a watermark. What was read twice, because a node died in between, counts
//! once: its message id is that of its row.

use async_trait::async_trait;
use http_kit::App;
use kernel::{Id, MINUTE_MS, Result, Timestamp};
use lake::{Batch, Event, EventKind, Lake};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::jobs::{Job, JobError, JobKind, Lease};
use store::{Observation, Tx, args};

use super::keys::digest;
use super::{SourceKind, service, sql};
use crate::plan::{EventTally, Noted, PlanMode};

/// Rows that are read at a time.
const ROWS: i64 = 2_000;
/// How long ago a row was written before it is read: one that commits late must not be passed over.
const SETTLED_MS: i64 = MINUTE_MS;
/// Name of the source, as people see it; the UI says it in their language.
const NAME: &str = "Brandwright";

/// Brings what is new into the lake.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Project {}

impl JobKind for Project {
    const KIND: &'static str = "customers.event.project";
}

#[async_trait]
impl Job<App> for Project {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        // A node that takes no events leaves it to one that does.
        if !app.part::<Lake>()?.takes_events() {
            return Ok(());
        }
        let source = own_source(app).await?;
        for stream in [Stream::Orders, Stream::Deliveries] {
            while project(app, source, stream).await? {}
        }
        Ok(())
    }
}

#[derive(Clone, Copy, Debug)]
enum Stream {
    Orders,
    Deliveries,
}

impl Stream {
    const fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Deliveries => "deliveries",
        }
    }
}

/// Where reading goes on.
#[derive(Debug, Default, Deserialize)]
struct Watermark {
    after_at: i64,
    after_id: String,
}

/// Brings the next rows of a stream into the lake; false where there are no more.
async fn project(app: &App, source: Id, stream: Stream) -> Result<bool> {
    let mut tx = app.store.begin_observation(Observation::Ingest).await?;
    // One node at a time: each knows only what it took itself.
    tx.lock("customers.event_projection", source).await?;
    let before: Watermark = tx.find(sql::WATERMARK, args![stream.name()]).await?.unwrap_or_default();
    let until = tx.now().plus_ms(-SETTLED_MS);
    let (events, after) = match stream {
        Stream::Orders => orders(&mut tx, &before, until).await?,
        Stream::Deliveries => deliveries(&mut tx, &before, until).await?,
    };
    let Some(after) = after else { return Ok(false) };
    let (noted, now) = (Noted::seen(&events), tx.now());
    app.part::<Lake>()?.append(Batch { source_id: source, received_at: now, events }).await?;
    tx.exec(sql::SET_WATERMARK, args![stream.name(), after.after_at, after.after_id, now]).await?;
    tx.commit().await?;
    // After the commit: counting may write, too, and one writer waits for the other.
    app.part::<EventTally>()?.add(app, source, now, noted).await;
    Ok(true)
}

#[derive(Deserialize)]
struct Order {
    id: Id,
    customer_node_id: Option<Id>,
    happened_at: Timestamp,
    recorded_at: i64,
    total_minor: i64,
    currency: String,
    number: String,
    kind: String,
}

async fn orders(tx: &mut Tx, after: &Watermark, until: Timestamp) -> Result<(Vec<Event>, Option<Watermark>)> {
    let rows: Vec<Order> = tx.list(sql::orders(after.after_at, &after.after_id, until, ROWS)).await?;
    let last = rows.last().map(|row| Watermark { after_at: row.recorded_at, after_id: row.id.to_string() });
    Ok((rows.into_iter().filter_map(order_event).collect(), last))
}

fn order_event(order: Order) -> Option<Event> {
    let name = if order.kind == "cancellation" { "Order Cancelled" } else { "Order Completed" };
    let revenue = order.total_minor as f64 / 100.0;
    Some(own_event(
        format!("order/{}", order.id),
        name,
        order.customer_node_id?,
        order.happened_at,
        &json!({ "order_id": order.number, "revenue": revenue, "currency": order.currency }),
    ))
}

#[derive(Deserialize)]
struct Delivery {
    id: Id,
    node_id: Id,
    campaign_id: Id,
    channel: String,
    kind: String,
    at: Timestamp,
    likelihood: String,
}

async fn deliveries(
    tx: &mut Tx,
    after: &Watermark,
    until: Timestamp,
) -> Result<(Vec<Event>, Option<Watermark>)> {
    let rows: Vec<Delivery> = tx.list(sql::deliveries(&after.after_id, until, ROWS)).await?;
    let last = rows.last().map(|row| Watermark { after_at: row.at.ms(), after_id: row.id.to_string() });
    Ok((rows.into_iter().map(delivery_event).collect(), last))
}

/// Names as the Segment specification of e-mail events has them.
fn delivery_event(row: Delivery) -> Event {
    let name = match row.kind.as_str() {
        "accepted" => "Email Delivered",
        "bounced" => "Email Bounced",
        "opened" => "Email Opened",
        "clicked" => "Email Link Clicked",
        "unsubscribed" => "Unsubscribed",
        "complained" => "Email Marked as Spam",
        _ => "Email Event",
    };
    let said =
        json!({ "campaign_id": row.campaign_id, "channel": row.channel, "likelihood": row.likelihood });
    own_event(format!("delivery/{}", row.id), name, row.node_id, row.at, &said)
}

fn own_event(
    message_id: String,
    name: &str,
    node: Id,
    at: Timestamp,
    properties: &serde_json::Value,
) -> Event {
    Event {
        message_id,
        kind: EventKind::Track,
        name: name.to_owned(),
        node,
        user_id: None,
        anonymous_id: None,
        happened_at: at,
        channel: None,
        properties: properties.to_string(),
        context: "{}".to_owned(),
    }
}

/// Returns the product's own source, making it the first time.
async fn own_source(app: &App) -> Result<Id> {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hex::decode(&digest(NAME)[..32]).unwrap_or_default());
    let id = Id::from_digest(bytes);
    if service::exists(app, id).await.is_ok() {
        return Ok(id);
    }
    let key = service::new_key();
    let sealed = service::cipher(app).await?.encrypt(&id.to_string(), key.as_bytes());
    let mut tx = app.store.begin_observation(Observation::Ingest).await?;
    let now = tx.now();
    let args = args![
        id,
        NAME,
        SourceKind::Internal.as_str(),
        "orders and messages",
        Option::<Id>::None,
        digest(&key),
        sealed,
        // Nobody sends for the product.
        false,
        Option::<i64>::None,
        now,
        Option::<Id>::None,
        PlanMode::Off.as_str(),
    ];
    tx.exec(sql::INSERT, args).await?;
    tx.commit().await?;
    Ok(id)
}
