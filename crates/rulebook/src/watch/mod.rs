//! Watch (监测): a page or a feed of others that is looked at by itself, and the records that it opens.
//!
//! What stood there once never opens a second record. Whoever cannot be read for some times in a row is reported as a
//! risk, once, until it can be read again.

pub mod api;
pub(crate) mod jobs;
mod look;
mod rules;
mod service;
pub(crate) mod sql;

use std::collections::BTreeMap;

use kernel::ports::WebFaultKind;
use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::{IntoParams, ToSchema};

pub use look::{look_due, look_now};
pub use service::{change, create, find, list, runs, targets};

text_enum! {
    /// Kind (监测对象) of a watch.
    pub enum WatchKind {
        /// A page: whether it answers, its certificate, and what stands on it.
        Page = "page",
        /// A feed: RSS or Atom.
        Feed = "feed",
    }
}

text_enum! {
    /// How many keywords (匹配方式) have to stand in what is found.
    #[derive(Default)]
    pub enum KeywordMatch {
        /// Any of them.
        #[default]
        Any = "any",
        /// All of them.
        All = "all",
    }
}

text_enum! {
    /// State (状态) of a watch.
    pub enum WatchState {
        /// Nothing was read yet.
        New = "new",
        /// The last look read something.
        Ok = "ok",
        /// The last look read nothing.
        Failing = "failing",
    }
}

text_enum! {
    /// Outcome (结果) of a look.
    pub enum WatchOutcome {
        /// The first that read something.
        First = "first",
        /// Everything stands there as before.
        Unchanged = "unchanged",
        /// Something new stands there.
        Changed = "changed",
        /// Nothing could be read.
        Failed = "failed",
    }
}

/// Watch (监测).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Watch {
    /// Its id.
    pub id: Id,
    /// What people call it.
    pub name: String,
    /// What it looks at.
    pub kind: WatchKind,
    /// Where.
    pub url: String,
    /// Of a page: only what this CSS selector chooses, such as a price.
    pub selector: Option<String>,
    /// What has to stand in what is found; anything does when there are none.
    pub keywords: Vec<String>,
    /// How many of them.
    pub keyword_match: KeywordMatch,
    /// Minutes between two looks; as the policy parameter says when absent.
    pub interval_minutes: Option<i64>,
    /// Type of the record that something new opens; absent: only availability and certificate are watched.
    pub opens: Option<String>,
    /// Further values of that record.
    #[schema(value_type = Object)]
    pub opens_values: Map<String, Json>,
    /// True where what stands there at the first look opens records too.
    pub from_start: bool,
    /// Whose it is, and whose what it opens is.
    pub owner_id: Id,
    /// Department of what it opens.
    pub department_id: Option<Id>,
    /// The competitor whom it is about.
    pub competitor_id: Option<Id>,
    /// False: it does not look.
    pub active: bool,
    /// Where it stands.
    pub state: WatchState,
    /// Looks in a row that read nothing.
    pub failures: i64,
    /// Why the last one read nothing.
    pub fault: Option<WebFaultKind>,
    /// In whose words.
    pub detail: Option<String>,
    /// HTTP status of the last look.
    pub status: Option<i64>,
    /// Milliseconds that the last look took.
    pub latency_ms: Option<i64>,
    /// Until when the certificate is valid.
    pub certificate_until: Option<Timestamp>,
    /// The last look.
    pub looked_at: Option<Timestamp>,
    /// The next look.
    pub next_at: Timestamp,
    /// The risk that was reported because it cannot be read.
    pub risk_id: Option<Id>,
    /// Names of the people and things that it names, by id.
    #[serde(default)]
    pub names: BTreeMap<String, String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes; for `If-Match`.
    pub version: i64,
    /// Digest of what stood there last.
    #[serde(default, skip_serializing)]
    #[schema(ignore)]
    pub digest: Option<String>,
    /// The words of a page that stood there last.
    #[serde(default, skip_serializing)]
    #[schema(ignore)]
    pub words: Option<String>,
}

impl Labelled for Watch {
    const NOUN: &'static str = "rulebook.watch";
}

/// A watch that is to be kept.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWatch {
    /// What people call it.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// What it looks at.
    pub kind: WatchKind,
    /// Where.
    #[schema(min_length = 8, max_length = 1000)]
    pub url: String,
    /// Of a page: only what this CSS selector chooses, such as a price.
    #[serde(default)]
    #[schema(max_length = 300)]
    pub selector: Option<String>,
    /// What has to stand in what is found; anything does when there are none.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub keywords: Vec<String>,
    /// How many of them.
    #[serde(default)]
    pub keyword_match: KeywordMatch,
    /// Minutes between two looks; as the policy parameter says when absent.
    #[serde(default)]
    #[schema(minimum = 5, maximum = 10_080)]
    pub interval_minutes: Option<i64>,
    /// Type of the record that something new opens; absent: only availability and certificate are watched.
    #[serde(default)]
    #[schema(max_length = 60)]
    pub opens: Option<String>,
    /// Further values of that record.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub opens_values: Map<String, Json>,
    /// True where what stands there at the first look opens records too.
    #[serde(default)]
    pub from_start: bool,
    /// Whose it is; the caller's when absent.
    #[serde(default)]
    pub owner_id: Option<Id>,
    /// The competitor whom it is about.
    #[serde(default)]
    pub competitor_id: Option<Id>,
    /// False: it does not look.
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

/// Look (监测记录) of a watch.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WatchRun {
    /// Its id.
    pub id: Id,
    /// Whose.
    pub watch_id: Id,
    /// When.
    pub at: Timestamp,
    /// What came of it.
    pub outcome: WatchOutcome,
    /// Why nothing could be read.
    pub fault: Option<WebFaultKind>,
    /// In whose words; also why a record could not be opened.
    pub detail: Option<String>,
    /// HTTP status.
    pub status: Option<i64>,
    /// Milliseconds that it took.
    pub latency_ms: i64,
    /// Until when the certificate is valid.
    pub certificate_until: Option<Timestamp>,
    /// Digest of what stood there.
    pub digest: Option<String>,
    /// Entries, or pages, that stood there.
    pub found: i64,
    /// Records that it opened.
    pub opened: i64,
}

impl Labelled for WatchRun {
    const NOUN: &'static str = "rulebook.watch_run";
}

/// Type of record (可生成的记录) that a watch can open.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WatchTarget {
    /// Its id.
    pub id: String,
    /// Its name, in the caller's language.
    pub title: String,
}

impl Labelled for WatchTarget {
    const NOUN: &'static str = "rulebook.watch_target";
}

/// Which watches to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WatchFilter {
    /// Only in this state.
    #[param(inline)]
    pub state: Option<WatchState>,
    /// Only of this kind.
    #[param(inline)]
    pub kind: Option<WatchKind>,
    /// Words that stand in the name or the address.
    #[param(max_length = 200)]
    pub q: Option<String>,
}
