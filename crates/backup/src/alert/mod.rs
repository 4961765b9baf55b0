//! Backup alert (备份预警): IT is told once, until all is well again.

pub(crate) mod service;
pub(crate) mod sql;

use kernel::text_enum;

text_enum! {
    /// What is wrong (预警类型).
    pub enum AlertKind {
        /// The newest sound backup is too old, or there is none.
        Missed = "missed",
        /// A backup could not be taken.
        Failed = "failed",
        /// A backup does not hold what it should.
        Damaged = "damaged",
        /// A restore did not bring back what is in the backup.
        RestoreFailed = "restore_failed",
    }
}
