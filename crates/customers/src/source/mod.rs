//! Source (数据来源): a site, an app or a program that tells what people do, by a write key of its own.

mod api;
mod cli;
mod coverage;
mod days;
mod ingest;
mod keys;
mod log_file;
mod own;
mod public;
pub(crate) mod quality;
mod retention;
mod rules;
mod service;
pub(crate) mod sql;
mod totals;
pub mod visit;
mod volume;
pub mod wire;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::plan::{DataKind, PlanMode};

pub use api::routes;
pub use cli::{create_by_command, import_log_by_command};
pub use coverage::{CellState, CoverageCell, SourceCoverage};
pub use days::SourceDay;
pub(crate) use ingest::{count_bots, keep};
pub(crate) use keys::KnownKey;
pub use keys::SourceKeys;
pub use log_file::{LogAccount, LogFault};
pub use own::Project;
pub use public::public;
pub use quality::{FieldQuality, NameQuality, SourceQuality};
pub use retention::Retire;
pub use service::{change, create, find, list, renew_key, write_key};
pub use totals::{NewSourceTotal, SourceTotal};
pub use volume::{JudgeVolume, Volume, VolumeFigures};

text_enum! {
    /// Kind (来源类型) of a source.
    pub enum SourceKind {
        /// A site with the web tag: its write key is for all to see, and programs that visit it do not count.
        Website = "website",
        /// An app on people's phones.
        App = "app",
        /// A program of the company or of a partner.
        Server = "server",
        /// This product itself: orders and sends.
        Internal = "internal",
    }
}

text_enum! {
    /// Health (来源状态) of a source.
    pub enum SourceHealth {
        /// Nothing ever came.
        New = "new",
        /// Events come as they should.
        Live = "live",
        /// Nothing came for longer than usual.
        Silent = "silent",
        /// It is switched off.
        Paused = "paused",
    }
}

/// Source (数据来源).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Source {
    /// Its id.
    pub id: Id,
    /// What people call it.
    pub name: String,
    /// Its kind.
    pub kind: SourceKind,
    /// What its events are for, as the people were told.
    pub purpose: String,
    /// The brand that it belongs to.
    pub brand_id: Option<Id>,
    /// False: its events are refused.
    pub active: bool,
    /// Hours without an event after which it counts as silent; absent: nobody waits for it.
    pub silent_after_hours: Option<i64>,
    /// How it stands.
    pub health: SourceHealth,
    /// When its last event arrived.
    pub last_event_at: Option<Timestamp>,
    /// Events of the last seven days.
    pub events_7d: i64,
    /// Of these, sent again and not counted again.
    pub duplicates_7d: i64,
    /// Visits of programs in the last seven days, not counted as events.
    pub bots_7d: i64,
    /// Events that wait in quarantine.
    pub quarantined: i64,
    /// How strictly its events are held to the tracking plan.
    pub plan: PlanMode,
    /// Which kinds of data it is to bring.
    pub expected: Vec<DataKind>,
    /// Whether the last whole day brought about as much as usual.
    pub volume: Volume,
    /// The figures behind that; absent before the first whole day.
    pub volume_figures: Option<VolumeFigures>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes; for `If-Match`.
    pub version: i64,
}

impl Labelled for Source {
    const NOUN: &'static str = "customers.source";
}

/// A source that is to be made, or what one becomes.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSource {
    /// What people call it.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// Its kind.
    pub kind: SourceKind,
    /// What its events are for, as the people were told.
    #[schema(min_length = 1, max_length = 300)]
    pub purpose: String,
    /// The brand that it belongs to.
    #[serde(default)]
    pub brand_id: Option<Id>,
    /// False: its events are refused.
    #[serde(default = "yes")]
    pub active: bool,
    /// Hours without an event after which it counts as silent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 8760)]
    pub silent_after_hours: Option<i64>,
    /// How strictly its events are held to the tracking plan.
    #[serde(default = "off")]
    pub plan: PlanMode,
    /// Which kinds of data it is to bring.
    #[serde(default)]
    #[schema(max_items = 6)]
    pub expected: Vec<DataKind>,
}

const fn off() -> PlanMode {
    PlanMode::Off
}

fn yes() -> bool {
    true
}

/// Write key (写入密钥) of a source: whoever has it can add events and read nothing.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WriteKey {
    /// The source.
    pub id: Id,
    /// The key.
    pub write_key: String,
    /// Address that programs send to; absent where no public address is set.
    pub endpoint: Option<String>,
}

impl Labelled for WriteKey {
    const NOUN: &'static str = "customers.write_key";
}
