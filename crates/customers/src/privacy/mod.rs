//! Privacy (个人信息保护): what people ask about their own data, what is erased and when, what leaked, and who looks.

pub mod access_alert;
pub mod consent_text;
pub mod decoy;
pub mod erasure;
pub mod flag;
pub mod hold;
pub mod leak;
mod notice;
pub mod overview;
pub mod profile_export;
pub mod retention_rule;
pub mod subject_request;

use http_kit::{App, Routes};
use kernel::{Result, Timestamp, text_enum};
use serde::Deserialize;
use store::Store;
use store::jobs::{Every, Registry};
use utoipa::ToSchema;

/// Days before its end from which a clock counts as nearly over.
const DUE_SOON_DAYS: &str = "privacy.due_soon_days";

text_enum! {
    /// Urgency (紧急程度) of something that has to be done by a time.
    #[schema(as = PrivacyUrgency)]
    pub enum Urgency {
        /// There is time, or nothing is left to do.
        None = "none",
        /// The end is near.
        DueSoon = "due_soon",
        /// The end has passed.
        Overdue = "overdue",
    }
}

impl Urgency {
    /// Returns how urgent something is at a time.
    pub fn at(due_at: Timestamp, now: Timestamp, soon_days: i64) -> Self {
        match due_at {
            due if due <= now => Self::Overdue,
            due if due <= now.plus_days(soon_days) => Self::DueSoon,
            _ => Self::None,
        }
    }
}

/// Why something is done.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PrivacyReason)]
pub struct Because {
    /// The reason, for the audit log.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
}

/// Returns the days before its end from which a clock counts as nearly over.
async fn due_soon_days(store: &Store) -> Result<i64> {
    rulebook::parameter::get(store, DUE_SOON_DAYS).await?.integer()
}

/// The operations of the privacy desk.
pub fn routes() -> Routes {
    Routes::new()
        .merge(overview::routes())
        .merge(subject_request::routes())
        .merge(flag::routes())
        .merge(hold::routes())
        .merge(erasure::routes())
        .merge(consent_text::routes())
        .merge(retention_rule::routes())
        .merge(leak::routes())
        .merge(profile_export::routes())
        .merge(decoy::routes())
        .merge(access_alert::routes())
}

/// The background work of the privacy desk.
pub fn jobs(registry: &mut Registry<App>) {
    registry
        .job::<subject_request::Remind>()
        .job::<erasure::Finish>()
        .job::<retention_rule::Keep>()
        .job::<access_alert::Watch>()
        .schedule("customers.privacy.reminders", Every::hours(1), || subject_request::Remind {})
        .schedule("customers.privacy.access", Every::hours(1), || access_alert::Watch {})
        .schedule("customers.privacy.nightly", Every::daily_at(2, crate::company_zone()), || {
            retention_rule::Keep {}
        });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_warns_before_it_is_over() {
        let due = Timestamp::from_ms(1_795_334_400_000);
        assert_eq!(Urgency::at(due, due.plus_days(-4), 3), Urgency::None);
        assert_eq!(Urgency::at(due, due.plus_days(-3), 3), Urgency::DueSoon);
        assert_eq!(Urgency::at(due, due, 3), Urgency::Overdue);
    }
}
