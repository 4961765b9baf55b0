//! Retention rule (保留规则): how long what is kept, and what becomes of it afterwards.

mod api;
mod jobs;
pub mod rules;
mod service;
mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use api::routes;
pub use jobs::Keep;
pub use service::{create, keep_all, list, patch, preview, run, runs};

text_enum! {
    /// What (适用对象) a rule is about.
    #[schema(as = RetentionSubject)]
    pub enum What {
        /// People of whom nothing was heard: no order, no statement, no change.
        InactiveProfiles = "inactive_profiles",
        /// What people did: whole months of events.
        Events = "events",
        /// Events that could not be counted.
        Quarantine = "quarantine",
        /// Who was in lists that left as files.
        Exports = "exports",
    }
}

text_enum! {
    /// What becomes (处理方式) of it.
    #[schema(as = RetentionAction)]
    pub enum Action {
        /// It goes.
        Erase = "erase",
        /// Who it was goes; city, bands and household stay for figures.
        Anonymise = "anonymise",
    }
}

text_enum! {
    /// Cause (触发方式) of a run.
    #[schema(as = RetentionCause)]
    pub enum RunCause {
        /// The night.
        Nightly = "nightly",
        /// A member of staff.
        Staff = "staff",
    }
}

/// Retention rule (保留规则).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RetentionRule {
    /// Its id.
    pub id: Id,
    /// What it is called.
    pub name: String,
    /// What it is about.
    pub what: What,
    /// After how many days.
    pub after_days: i64,
    /// What becomes of it then.
    pub action: Action,
    /// True: it runs every night.
    pub active: bool,
    /// When it ran last.
    pub last_run_at: Option<Timestamp>,
    /// How much it was about then.
    pub last_count: Option<i64>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it changed last.
    pub updated_at: Timestamp,
    /// Counts its changes; for `If-Match`.
    pub version: i64,
}

impl Labelled for RetentionRule {
    const NOUN: &'static str = "customers.retention_rule";
}

/// A rule that is made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRetentionRule {
    /// What it is called.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What it is about.
    pub what: What,
    /// After how many days.
    #[schema(minimum = 1, maximum = 36500)]
    pub after_days: i64,
    /// What becomes of it then.
    pub action: Action,
    /// True: it runs every night.
    pub active: bool,
}

/// A rule that changes; an absent field stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionPatch {
    /// What it is called.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub name: Option<String>,
    /// After how many days.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 36500)]
    pub after_days: Option<i64>,
    /// What becomes of it then.
    #[serde(default)]
    pub action: Option<Action>,
    /// True: it runs every night.
    #[serde(default)]
    pub active: Option<bool>,
    /// Why.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
}

/// What a rule would do now (试算); nothing changes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RetentionPreview {
    /// The rule.
    pub rule_id: Id,
    /// How much it would be about.
    pub count: i64,
    /// How much of that has to stay, because of a hold.
    pub held: i64,
    /// Before which time.
    pub before: Timestamp,
    /// Some of the people, where it is about people.
    pub sample: Vec<Id>,
}

impl Labelled for RetentionPreview {
    const NOUN: &'static str = "customers.retention_preview";
}

/// Run (执行记录) of a rule.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RetentionRun {
    /// Its id.
    pub id: Id,
    /// The rule.
    pub rule_id: Id,
    /// Its name.
    pub rule_name: String,
    /// What it was about.
    pub what: What,
    /// What became of it.
    pub action: Action,
    /// Who let it run.
    pub cause: RunCause,
    /// Before which time.
    pub before: Timestamp,
    /// How much.
    pub count: i64,
    /// How much stayed, because of a hold.
    pub held: i64,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was over.
    pub finished_at: Option<Timestamp>,
}

impl Labelled for RetentionRun {
    const NOUN: &'static str = "customers.retention_run";
}

/// Which runs are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RunFilter {
    /// Only of this rule.
    pub rule_id: Option<Id>,
}
