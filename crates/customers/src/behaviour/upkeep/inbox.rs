use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use kernel::Id;
use lake::{Follower, ReadEvent};
use tokio::sync::Notify;

use crate::behaviour::person::Done;

/// An event that was told (所闻事件).
#[derive(Clone, Debug)]
pub struct Heard {
    /// Its number among those that are told.
    pub number: u64,
    /// The identifier of whoever did it.
    pub node: Id,
    /// What they did.
    pub done: Done,
}

/// What was told and not looked at yet (收件箱).
#[derive(Debug, Default)]
pub struct Inbox {
    heard: Mutex<Vec<Heard>>,
    bell: Notify,
    is_closed: AtomicBool,
}

impl Inbox {
    /// Takes everything out.
    pub fn take(&self) -> Vec<Heard> {
        std::mem::take(&mut *self.heard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until something is told.
    pub async fn rung(&self) {
        self.bell.notified().await;
    }

    /// Takes nothing any more.
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
        self.take();
    }
}

impl Follower for Inbox {
    fn took(&self, first: u64, events: &[ReadEvent<'_>]) {
        if self.is_closed.load(Ordering::Relaxed) {
            return;
        }
        let heard = (first..).zip(events).map(|(number, event)| Heard {
            number,
            node: event.node,
            done: Done::of(event),
        });
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).extend(heard);
        self.bell.notify_one();
    }
}
