use std::sync::{Arc, PoisonError, RwLock};

use lake::{Follower, ReadEvent};

use crate::promoted::Promoted;
use crate::row::Row;

/// Those who are told of events as they arrive (跟随者).
#[derive(Debug, Default)]
pub struct Followers(RwLock<Vec<Arc<dyn Follower>>>);

impl Followers {
    /// Adds somebody.
    pub fn add(&self, follower: Arc<dyn Follower>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).push(follower);
    }

    /// Tells everybody what was taken from the log.
    pub fn tell(&self, rows: &[Row]) {
        let followers = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        if followers.is_empty() || rows.is_empty() {
            return;
        }
        let promoted: Vec<Promoted> = rows.iter().map(|row| Promoted::of(&row.event)).collect();
        let events: Vec<ReadEvent<'_>> = rows.iter().zip(&promoted).map(|(row, of)| seen(row, of)).collect();
        followers.iter().for_each(|follower| follower.took(&events));
    }
}

fn seen<'a>(row: &'a Row, promoted: &'a Promoted) -> ReadEvent<'a> {
    let event = &row.event;
    ReadEvent {
        node: event.node,
        happened_at: event.happened_at,
        received_at: row.received_at,
        source_id: row.source_id,
        message_id: &event.message_id,
        user_id: event.user_id.as_deref(),
        anonymous_id: event.anonymous_id.as_deref(),
        kind: event.kind,
        name: &event.name,
        value: promoted.value,
        currency: promoted.currency.as_deref(),
        product_id: promoted.product_id.as_deref(),
        order_id: promoted.order_id.as_deref(),
        path: promoted.path.as_deref(),
        channel: event.channel.as_deref(),
        properties: &event.properties,
    }
}
