//! Loss of data (数据丢失): from the notice over the restore to the superior's acknowledgement.
//!
//! Clause: BA-4.3.2.

pub mod api;
pub mod jobs;
mod notice;
pub mod preview;
pub mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::archive::restore::Restored;
use crate::said::Said;

text_enum! {
    /// State (状态) of a loss.
    pub enum LossState {
        /// It was noticed; nothing is restored yet.
        Open = "open",
        /// A backup is being restored beside the live data.
        Restoring = "restoring",
        /// The restored data are there.
        Restored = "restored",
        /// The superior has the report.
        Reported = "reported",
        /// The superior took note.
        Acknowledged = "acknowledged",
    }
}

/// Loss of data (数据丢失) with everything that was done about it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Loss {
    /// Its id.
    pub id: Id,
    /// Where it stands.
    pub state: LossState,
    /// What is lost or damaged.
    pub what: String,
    /// What caused it, as far as is known.
    pub cause: Option<String>,
    /// When it was noticed.
    pub noticed_at: Timestamp,
    /// By whom.
    pub noticed_by: String,
    /// Department of the person who opened it.
    pub department_id: Option<Id>,
    /// The backup that was chosen.
    pub run_id: Option<Id>,
    /// The moment that it shows: what changed since is lost.
    pub taken_at: Option<Timestamp>,
    /// What came back, measured and compared.
    pub restored: Option<Beside>,
    /// Why the restore failed.
    pub problem: Option<Said>,
    /// Who gets the report.
    pub superior_id: Option<Id>,
    /// Their name.
    pub superior_name: Option<String>,
    /// What else the report says: what stays lost, what is done against it.
    pub findings: Option<String>,
    /// The facts of the report, as they were when it was sent.
    pub report: Option<LossReport>,
    /// When it was sent.
    pub reported_at: Option<Timestamp>,
    /// When the superior took note.
    pub acknowledged_at: Option<Timestamp>,
    /// Who took note.
    pub acknowledged_by: Option<Id>,
    /// What they said.
    pub acknowledgement: Option<String>,
    /// Who opened it.
    pub created_by: Option<Id>,
    /// Their name.
    pub created_by_name: Option<String>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
}

impl Labelled for Loss {
    const NOUN: &'static str = "backup.loss";
}

/// Data that were restored beside the live ones (旁路恢复).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Beside {
    /// What came back.
    pub result: Restored,
    /// Name of the new database, where it is PostgreSQL.
    pub database: Option<String>,
    /// The one command that switches over to it, once the running server was stopped.
    pub command: String,
}

/// Report to the superior (上报报告): the facts, said in the reader's language by the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LossReport {
    /// The moment that the backup shows.
    pub taken_at: Option<Timestamp>,
    /// Minutes of data before the notice that no backup holds.
    pub at_risk_minutes: Option<i64>,
    /// Audited changes since the backup, which the restored data lack.
    pub changes_since: Option<i64>,
    /// Rows that came back.
    pub rows: Option<i64>,
    /// Files that came back.
    pub files: Option<i64>,
    /// Milliseconds that the restore took.
    pub restore_ms: Option<i64>,
    /// True where everything came back as the backup has it.
    pub sound: Option<bool>,
    /// Minutes from the notice to the report.
    pub reported_after_minutes: i64,
}

/// A loss that somebody noticed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLoss {
    /// What is lost or damaged.
    #[schema(min_length = 5, max_length = 2000)]
    pub what: String,
    /// What caused it, as far as is known.
    #[schema(max_length = 1000)]
    #[serde(default)]
    pub cause: Option<String>,
    /// When it was noticed.
    pub noticed_at: Timestamp,
    /// By whom.
    #[schema(min_length = 1, max_length = 120)]
    pub noticed_by: String,
}

/// Which backup to restore.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BackupChoice {
    /// The backup.
    pub run_id: Id,
}

/// What the report says beside the facts.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLossReport {
    /// Who gets it; the head of the department of whoever opened the case when absent.
    #[serde(default)]
    pub superior_id: Option<Id>,
    /// What stays lost, and what is done so that it does not happen again.
    #[schema(min_length = 5, max_length = 2000)]
    pub findings: String,
}

/// What the superior says.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// A remark or an order.
    #[schema(max_length = 1000)]
    #[serde(default)]
    pub note: Option<String>,
}

/// What would be lost by going back to a backup (回退预览).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RestorePreview {
    /// The backup.
    pub run_id: Id,
    /// The moment that it shows.
    pub taken_at: Timestamp,
    /// Records by kind, now and in the backup.
    pub kinds: Vec<KindCount>,
    /// Audited changes since that moment.
    pub changes: i64,
    /// The same by what was done to what, most frequent first.
    pub acts: Vec<ActCount>,
}

impl Labelled for RestorePreview {
    const NOUN: &'static str = "backup.preview";
}

/// Records of one kind, now and in the backup (记录对比).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KindCount {
    /// The kind, such as `profile`; `other` for everything that people do not know by name.
    pub kind: String,
    /// How many there are now.
    pub now: i64,
    /// How many are in the backup.
    pub then: i64,
}

/// How often something was done since (变更统计).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ActCount {
    /// To what, such as `brand.content`.
    pub noun: String,
    /// What, such as `approve`.
    pub action: String,
    /// How often.
    pub count: i64,
}

/// Who usually gets the report.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Superior {
    /// The head of the caller's department; else whom the caller reports to.
    pub user_id: Option<Id>,
    /// Their name.
    pub name: Option<String>,
}

impl Labelled for Superior {
    const NOUN: &'static str = "backup.superior";
}
