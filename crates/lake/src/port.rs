use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

use async_trait::async_trait;
use kernel::{Caller, Id, Label, Labelled, Result, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Answer, Batch, Cut, Each, Event, EventKind, Follower, Question, Selection};

/// Keeps events; implemented by `lake-engine`.
#[async_trait]
pub trait EventLake: Send + Sync + std::fmt::Debug {
    /// Keeps a batch. Returns once it is on disk: what is acknowledged survives a power cut.
    ///
    /// Refuses with 429 `lake.overloaded` and `retry_after_seconds` where more waits than can be kept in time.
    async fn append(&self, batch: Batch) -> Result<()>;

    /// Returns true while this node takes events.
    fn takes_events(&self) -> bool;

    /// Returns what arrived last from a source (from all where none is named), newest first; at most a few hundred, of
    /// this node, since it started.
    fn recent(&self, source_id: Option<Id>) -> Vec<RecentEvent>;

    /// Answers questions about the events that are in files, all in one pass, in the order in which they are asked.
    ///
    /// Refuses with 422 `lake.query.invalid` what makes no sense, `lake.query.too_many_groups` and
    /// `lake.query.too_many_values` what would take too much memory, and with 503 `lake.query.too_slow` what takes too
    /// long.
    async fn ask(&self, questions: &[Question]) -> Result<Vec<Answer>>;

    /// Shows the events of a selection that are in files, in no order; returns until when every event that arrived is among
    /// them.
    async fn read(&self, selection: &Selection, each: Each<'_>) -> Result<Option<Timestamp>> {
        Ok(self.read_cut(selection, each).await?.watermark)
    }

    /// The same, and returns where exactly the files ended that were read.
    async fn read_cut(&self, selection: &Selection, each: Each<'_>) -> Result<Cut>;

    /// Returns where the files end now.
    async fn cut(&self) -> Result<Cut>;

    /// Tells somebody of every event that is taken at this node from now on; returns the number of the first.
    fn follow(&self, follower: Arc<dyn Follower>) -> u64;

    /// Drops the months that end before the month of `at`, whole files at a time; returns how many events went.
    async fn drop_before(&self, caller: &Caller, at: Timestamp, reason: &str) -> Result<i64>;

    /// Returns how many events lie in the months that [`EventLake::drop_before`] would drop.
    async fn count_before(&self, at: Timestamp) -> Result<i64>;

    /// Takes some people's events out for good: of the files, which are written anew, of the log, and of what is in sight.
    /// What arrives about them afterwards is not taken any more; it is counted. Returns how many events went.
    ///
    /// Refuses with 503 `lake.not_running` where what lies in the log cannot be moved into files now.
    async fn erase(&self, caller: &Caller, nodes: &BTreeSet<Id>, reason: &str) -> Result<i64>;

    /// Takes events of these nodes again, from now on.
    async fn readmit(&self, nodes: &BTreeSet<Id>) -> Result<()>;

    /// Looks through every file on the disk, the log and what is in sight for these nodes, and for texts that hold one of
    /// these values, whatever their case.
    async fn search(&self, nodes: &BTreeSet<Id>, values: &[String]) -> Result<LakeSearch>;

    /// Returns what these nodes did, oldest first, at most so many events.
    async fn events_of(&self, nodes: &BTreeSet<Id>, most: usize) -> Result<Vec<Event>>;

    /// Returns how many events arrived about people who were erased, and were not taken.
    async fn refused(&self) -> Result<i64>;

    /// Returns what is in the lake now.
    async fn stats(&self) -> Result<LakeStats>;
}

/// The event lake, among the parts of the running product.
#[derive(Clone, Debug)]
pub struct Lake(pub Arc<dyn EventLake>);

impl Deref for Lake {
    type Target = dyn EventLake;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

/// What a search through the lake found (事件湖检索).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LakeSearch {
    /// Files and segments of the log that were read.
    pub files: i64,
    /// Events in them.
    pub events: i64,
    /// Where something was found, and how many events.
    pub found: Vec<(String, i64)>,
}

/// What is in the lake (事件湖统计).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LakeStats {
    /// Events in files.
    pub events: i64,
    /// Files.
    pub files: i64,
    /// Bytes of the files.
    pub bytes: i64,
    /// Events that were sent again and not counted again.
    pub duplicates: i64,
    /// Bytes of the log that are not in files yet.
    pub log_bytes: i64,
    /// Until when every event that arrived is in files; absent before the first.
    pub watermark: Option<Timestamp>,
}

impl Labelled for LakeStats {
    const NOUN: &'static str = "lake.stats";
}

/// An event that arrived (最近事件), as the live view shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecentEvent {
    /// Where it came from.
    pub source_id: Id,
    /// What the source calls it.
    pub message_id: String,
    /// When it arrived.
    pub received_at: Timestamp,
    /// When it happened.
    pub happened_at: Timestamp,
    /// Its kind.
    pub kind: EventKind,
    /// What was done.
    pub name: String,
    /// The identifier node of whoever did it.
    pub node: Id,
    /// What the source says about it, a JSON object.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub properties: String,
}

impl Labelled for RecentEvent {
    const NOUN: &'static str = "lake.event";
    const FIELDS: &'static [(&'static str, Label)] = &[("properties", Label::Personal)];
}
