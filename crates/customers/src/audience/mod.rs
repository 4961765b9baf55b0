//! Audience (人群快照): the members of a segment at the moment when somebody needed them.

mod service;
mod snapshot;
mod sql;

use kernel::{Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use service::Audiences;
pub(crate) use snapshot::narrow;
pub use snapshot::{freeze_by_hand, list};

/// Snapshot (人群快照) of a segment: who was in it, for good.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Snapshot {
    /// Its id.
    pub id: Id,
    /// The segment.
    pub segment_id: Id,
    /// The number of the definition that they met.
    pub version_number: i64,
    /// How many.
    pub count: i64,
    /// Up to which moment it was computed.
    pub watermark: Timestamp,
    /// What it was frozen for, such as a send; itself where somebody froze it by hand.
    pub used_by: Id,
    /// Why somebody froze it by hand.
    pub reason: Option<String>,
    /// When it was frozen.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<Id>,
}

impl Labelled for Snapshot {
    const NOUN: &'static str = "customers.audience";
}

/// A segment to be frozen.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSnapshot {
    /// Why.
    #[schema(min_length = 2, max_length = 300)]
    pub reason: String,
}
