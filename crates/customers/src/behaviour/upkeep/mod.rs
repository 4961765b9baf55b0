//! Upkeep (实时维护): keeps conditions on events, and who is in the segments that ask for them, true event by event.
//!
//! One process does this, the one whose lake takes events. It reads what is in files once and follows what is told
//! afterwards; the numbers of told events say which of them a read has seen ([`lake::Cut`]). What is kept belongs to
//! people: to a profile, or to an identifier as long as that is nobody's. Where identifiers move, so does what they did.
//!
//! Architecture invariants: each event counts once, for whoever its identifier belongs to in [`people::People`]; a
//! condition that is kept here is written by nobody else as long as this process says that it is there; whatever goes
//! wrong ends in reading everything anew, never in going on with something doubtful.

mod aside;
mod inbox;
mod keeper;
mod load;
mod members;
mod people;
mod plan;
mod sql;
mod write;

use std::sync::Arc;
use std::time::Duration;

use http_kit::App;
use kernel::{DomainEvent, Id, MINUTE_MS};
use lake::Lake;
use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use inbox::Inbox;
use keeper::Keeper;

pub(crate) use sql::{AS_OF, FORGET_CHANGES, LIVE};

/// How often it looks for what no event tells: time, people who moved, segments that changed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long after it was last heard of others take over.
pub(crate) const LIVE_FOR_MS: i64 = MINUTE_MS;

/// People entered or left a segment that is kept live (人群成员变化).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentChanged {
    /// The segment.
    pub segment_id: Id,
    /// Who is in it since.
    pub entered: Vec<Id>,
    /// Who is not in it any more.
    pub left: Vec<Id>,
}

impl DomainEvent for SegmentChanged {
    const KIND: &'static str = "customers.segment.changed";
}

/// Begins to keep conditions true, until `stop`. Call it before the lake begins to take events: then nothing waits for
/// the first file.
pub fn begin(app: Arc<App>, stop: CancellationToken) -> JoinHandle<()> {
    let inbox = Arc::new(Inbox::default());
    let first = app.part::<Lake>().ok().map(|lake| lake.follow(inbox.clone()));
    tokio::spawn(async move {
        if let Some(first) = first {
            run(Keeper::new(app, inbox, first), stop).await;
        }
    })
}

async fn run(mut keeper: Keeper, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let looks = tokio::select! {
            () = stop.cancelled() => break,
            _ = ticks.tick() => true,
            () = keeper.rung() => false,
        };
        if let Err(problem) = keeper.round(looks).await {
            tracing::warn!(source = ?problem.source, "conditions on events are read anew: {problem}");
            keeper.begin_anew();
        }
    }
    keeper.end().await;
}
