//! What one person did, for whoever asks why they are in a segment.

use std::collections::BTreeSet;

use kernel::{Id, Problem, Result, Timestamp};
use lake::{EventKind, Lake, ReadEvent};
use live_segments::{EventView, evaluate, matches};
use store::{Store, args};

use super::rules::leaf;
use super::service::selection;
use super::sql;
use crate::condition::Condition;

/// Event (行为) of one person, as a condition looks at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// What the source calls it.
    pub message_id: String,
    /// When it happened.
    pub at: Timestamp,
    /// Its kind.
    pub kind: EventKind,
    /// What was done.
    pub name: String,
    /// Where it came from.
    pub source_id: Id,
    /// What it was worth.
    pub value: Option<f64>,
    currency: Option<String>,
    product_id: Option<String>,
    order_id: Option<String>,
    path: Option<String>,
    channel: Option<String>,
}

impl Done {
    pub(super) fn of(event: &ReadEvent<'_>) -> Self {
        Self {
            message_id: event.message_id.to_owned(),
            at: event.happened_at,
            kind: event.kind,
            name: event.name.to_owned(),
            source_id: event.source_id,
            value: event.value,
            currency: event.currency.map(str::to_owned),
            product_id: event.product_id.map(str::to_owned),
            order_id: event.order_id.map(str::to_owned),
            path: event.path.map(str::to_owned),
            channel: event.channel.map(str::to_owned),
        }
    }

    /// Returns the path of the page or what was bought, in this order.
    pub fn about(&self) -> Option<&str> {
        self.path.as_deref().or(self.product_id.as_deref())
    }

    pub(super) fn view(&self) -> EventView<'_> {
        EventView {
            name: &self.name,
            kind: self.kind,
            source_id: self.source_id,
            channel: self.channel.as_deref(),
            path: self.path.as_deref(),
            product_id: self.product_id.as_deref(),
            order_id: self.order_id.as_deref(),
            currency: self.currency.as_deref(),
            value: self.value,
            at: self.at,
        }
    }
}

/// Returns the events of a person that a condition looks at, or all of them, oldest first.
pub async fn done_by(
    store: &Store,
    lake: Option<&Lake>,
    profile: Id,
    condition: Option<&Condition>,
    now: Timestamp,
) -> Result<Vec<Done>> {
    let lake = lake.ok_or_else(|| Problem::unavailable("lake.not_running"))?;
    let nodes: BTreeSet<Id> = store.all(sql::NODES, args![profile]).await?.into_iter().collect();
    let mut wanted = condition.map_or_else(Default::default, |one| selection(std::iter::once(one), now));
    wanted.nodes = Some(nodes);
    wanted.whole = true;
    let mut done = Vec::new();
    lake.read(&wanted, Box::new(|event| done.push(Done::of(event)))).await?;
    let filters = match condition {
        Some(Condition::Did { what, .. }) => std::slice::from_ref(what),
        Some(Condition::DidInOrder { steps, .. }) => steps.as_slice(),
        _ => &[],
    };
    if condition.is_some() {
        done.retain(|one| one.at <= now && filters.iter().any(|filter| matches(filter, &one.view())));
    }
    done.sort_by(|a, b| (a.at, &a.message_id).cmp(&(b.at, &b.message_id)));
    Ok(done)
}

/// Decides a condition from one person's events.
pub fn holds(condition: &Condition, done: &[Done], now: Timestamp) -> bool {
    let Some(leaf) = leaf(condition) else { return false };
    let views: Vec<EventView<'_>> = done.iter().map(Done::view).collect();
    evaluate(&[leaf], &views, now).first().copied().unwrap_or(false)
}
