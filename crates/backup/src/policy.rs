//! Policy parameters (政策参数) of backups; the rulebook has them, with their clauses.

use http_kit::App;
use kernel::{HOUR_MS, Result};
use rulebook::parameter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What was decided about backups (备份政策).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BackupPolicy {
    /// Hour of the day of the nightly one, in the company's time zone.
    pub at_hour: i64,
    /// Hours between two.
    pub every_hours: i64,
    /// Age of the newest verified one beyond which IT is told.
    pub max_age_hours: i64,
    /// Loss of data that is tolerable.
    pub rpo_hours: i64,
    /// Time to restore that is tolerable.
    pub rto_hours: i64,
    /// Days between two restore tests.
    pub restore_test_days: i64,
    /// Days of which one is kept.
    pub keep_daily: i64,
    /// Weeks of which one is kept.
    pub keep_weekly: i64,
    /// Months of which one is kept.
    pub keep_monthly: i64,
}

impl BackupPolicy {
    /// Reads the present values.
    pub async fn of(app: &App) -> Result<Self> {
        let integer = async |key: &'static str| parameter::get(&app.store, key).await?.integer();
        Ok(Self {
            at_hour: integer("backup.at_hour").await?,
            every_hours: integer("backup.every_hours").await?,
            max_age_hours: integer("backup.max_age_hours").await?,
            rpo_hours: integer("backup.rpo_hours").await?,
            rto_hours: integer("backup.rto_hours").await?,
            restore_test_days: parameter::get(&app.store, "backup.restore_test_days").await?.days()?,
            keep_daily: integer("backup.keep_daily").await?,
            keep_weekly: integer("backup.keep_weekly").await?,
            keep_monthly: integer("backup.keep_monthly").await?,
        })
    }

    /// Returns the age that alarms, in milliseconds.
    pub fn max_age_ms(&self) -> i64 {
        self.max_age_hours.saturating_mul(HOUR_MS)
    }
}
