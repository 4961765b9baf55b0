use kernel::{Id, Result};

use super::registry::Subscription;
use super::sql::{self, Event};
use crate::{Observation, Store, args};

/// Events in one transaction.
const BATCH: i64 = 200;
/// Deliveries go before ordinary jobs: others wait for what they say.
const PRIORITY: i64 = 10;
/// Tries of one delivery before those behind it go on.
const MAX_ATTEMPTS: i64 = 10;

/// Makes one job per event and handler, in the transaction that marks the event; returns the number of events.
pub(super) async fn relay(store: &Store, subscriptions: &[Subscription]) -> Result<usize> {
    if store.find::<i64>(sql::PEEK_EVENT, args![]).await?.is_none() {
        return Ok(0);
    }
    let mut tx = store.begin_observation(Observation::Upkeep).await?;
    // Two relays at once would make every delivery twice.
    tx.lock("store.outbox", Id::from_digest([0; 16])).await?;
    let events: Vec<Event> = tx.all(sql::EVENTS, args![BATCH]).await?;
    let now = tx.now();
    let mut deliveries = Vec::new();
    for event in &events {
        for subscription in subscriptions.iter().filter(|s| s.event == event.kind) {
            deliveries.push(args![
                Id::new(),
                &subscription.lane,
                &event.payload,
                "waiting",
                PRIORITY,
                now,
                MAX_ATTEMPTS,
                &subscription.lane,
                event.position,
                now,
            ]);
        }
        tx.exec(sql::RELAYED, args![event.position, now]).await?;
    }
    tx.insert_many(sql::DELIVERIES, deliveries, "").await?;
    tx.ring_on_commit();
    tx.commit().await?;
    Ok(events.len())
}
