//! Backup (备份): one that was taken, or tried.

pub mod api;
pub mod jobs;
pub mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::archive::TableCount;
use crate::policy::BackupPolicy;
use crate::restore_test::RestoreTest;
use crate::said::Said;

text_enum! {
    /// What began it (发起方式).
    pub enum BegunBy {
        /// The plan.
        Schedule = "schedule",
        /// A person on the page.
        Person = "person",
        /// The command line.
        Command = "command",
    }
}

text_enum! {
    /// State (状态) of a backup.
    pub enum BackupState {
        /// It is on disk.
        Done = "done",
        /// It did not come about.
        Failed = "failed",
        /// Its time was up, and its file is gone.
        Removed = "removed",
    }
}

/// Backup (备份) as a list shows it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BackupRun {
    /// Its id.
    pub id: Id,
    /// What began it.
    pub begun_by: BegunBy,
    /// Where it stands.
    pub state: BackupState,
    /// The moment that it shows.
    pub taken_at: Timestamp,
    /// Its file.
    pub file: Option<String>,
    /// Size of the file.
    pub size_bytes: Option<i64>,
    /// SHA-256 of the file.
    pub sha256: Option<String>,
    /// How long it took.
    pub took_ms: i64,
    /// Rows in it.
    pub row_count: Option<i64>,
    /// Files in it.
    pub file_count: Option<i64>,
    /// True where the master key is in it.
    pub master_key: bool,
    /// True where it was read again from beginning to end and is whole.
    pub verified: bool,
    /// When it was last read again.
    pub verified_at: Option<Timestamp>,
    /// How long that took.
    pub verify_ms: Option<i64>,
    /// Why it failed, or what is wrong with it.
    pub problem: Option<Said>,
    /// When its file was removed.
    pub removed_at: Option<Timestamp>,
    /// Who asked for it.
    pub created_by: Option<Id>,
}

impl Labelled for BackupRun {
    const NOUN: &'static str = "backup.run";
}

/// What a backup holds, table by table.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BackupContents {
    /// Its id.
    pub id: Id,
    /// Its tables.
    pub tables: Vec<TableCount>,
}

impl Labelled for BackupContents {
    const NOUN: &'static str = "backup.contents";
}

/// How backups stand (备份状况).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BackupStanding {
    /// The newest one that was verified.
    pub newest: Option<BackupRun>,
    /// Data at risk: milliseconds since the moment that it shows (RPO).
    pub at_risk_ms: Option<i64>,
    /// Measured time to restore, of the last test that passed (RTO).
    pub restore_ms: Option<i64>,
    /// The last restore test.
    pub last_test: Option<RestoreTest>,
    /// When the plan takes the next one.
    pub next_at: Timestamp,
    /// When the next restore test falls due.
    pub next_test_at: Option<Timestamp>,
    /// What was decided.
    pub policy: BackupPolicy,
    /// True where the newest verified one is younger than `max_age_hours`.
    pub fresh: bool,
    /// Where backups go.
    pub folder: String,
    /// Where the key is that opens them.
    pub key_file: String,
    /// Public half of the key, to tell it from others.
    pub key_name: Option<String>,
    /// True where one is being taken or waits its turn.
    pub taking: bool,
    /// True where one is being read again.
    pub verifying: bool,
    /// True where one is being restored as a test.
    pub testing: bool,
}

impl Labelled for BackupStanding {
    const NOUN: &'static str = "backup.standing";
}

/// What somebody wants to have backed up.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBackup {
    /// True: the master key goes in. Whoever then has the backup and its key has all secrets.
    #[serde(default)]
    pub master_key: bool,
}
