use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use kernel::Id;
use lake::RecentEvent;

use crate::row::Row;

/// How many events are kept in sight.
const KEPT: usize = 500;

/// What arrived last (最近事件), for people who look whether their site's events arrive.
#[derive(Debug, Default)]
pub struct Recent(Mutex<VecDeque<RecentEvent>>);

impl Recent {
    /// Takes what arrived, oldest first.
    pub fn add<'a>(&self, rows: impl DoubleEndedIterator<Item = &'a Row>) {
        let newest: Vec<RecentEvent> = rows.rev().take(KEPT).map(shown).collect();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for event in newest.into_iter().rev() {
            kept.push_front(event);
        }
        kept.truncate(KEPT);
    }

    /// Returns what arrived last, newest first.
    pub fn of(&self, source_id: Option<Id>) -> Vec<RecentEvent> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().filter(|event| source_id.is_none_or(|id| event.source_id == id)).cloned().collect()
    }

    /// Forgets what people did who are to be forgotten.
    pub fn forget(&self, nodes: &std::collections::BTreeSet<Id>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|event| !nodes.contains(&event.node));
    }
}

fn shown(row: &Row) -> RecentEvent {
    let event = &row.event;
    RecentEvent {
        source_id: row.source_id,
        message_id: event.message_id.clone(),
        received_at: row.received_at,
        happened_at: event.happened_at,
        kind: event.kind,
        name: event.name.clone(),
        node: event.node,
        properties: event.properties.clone(),
    }
}
