use std::sync::{Arc, Mutex, PoisonError};

use lake::{Follower, ReadEvent};

use crate::promoted::Promoted;
use crate::row::Row;

/// Those who are told of events as they arrive (跟随者).
#[derive(Debug, Default)]
pub struct Followers(Mutex<Told>);

#[derive(Debug, Default)]
struct Told {
    followers: Vec<Arc<dyn Follower>>,
    /// Number of the event that is told next.
    next: u64,
}

/// What of the told events is in files (已入文件).
#[derive(Clone, Copy, Debug, Default)]
pub struct Filed {
    /// Number of the first that is not.
    pub until: u64,
    /// How often events are told once more.
    pub again: u64,
}

impl Followers {
    /// Adds somebody; returns the number of the first event that they are told.
    pub fn add(&self, follower: Arc<dyn Follower>) -> u64 {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.followers.push(follower);
        told.next
    }

    /// Returns the number of the event that is told next.
    pub fn next(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).next
    }

    /// Tells everybody what was taken from the log.
    pub fn tell(&self, rows: &[Row]) {
        // One number and those who hear it belong together: whoever is added meanwhile hears the next ones.
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = told.next;
        told.next += rows.len() as u64;
        let followers = told.followers.clone();
        drop(told);
        if followers.is_empty() || rows.is_empty() {
            return;
        }
        let promoted: Vec<Promoted> = rows.iter().map(|row| Promoted::of(&row.event)).collect();
        let events: Vec<ReadEvent<'_>> = rows.iter().zip(&promoted).map(|(row, of)| seen(row, of)).collect();
        followers.iter().for_each(|follower| follower.took(first, &events));
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
