use async_trait::async_trait;
use http_kit::App;
use kernel::{Caller, Timestamp};
use lake::Lake;
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobError, JobKind, Lease};

use crate::plan;

/// Policy parameter: months for which events are kept.
const MONTHS: &str = "event.retention_months";

/// Drops events that were kept long enough.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Retire {}

impl JobKind for Retire {
    const KIND: &'static str = "customers.event.retire";
}

#[async_trait]
impl Job<App> for Retire {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let months = rulebook::parameter::get(&app.store, MONTHS).await?.integer()?;
        let before = months_before(app.store.now(), months);
        let dropped = app.part::<Lake>()?.drop_before(&Caller::system("retention"), before, MONTHS).await?;
        plan::keep_days(&app.store).await?;
        tracing::info!(dropped, "dropped events that were kept long enough");
        Ok(())
    }
}

/// Returns the same day so many months before, by UTC as files are divided.
fn months_before(now: Timestamp, months: i64) -> Timestamp {
    let now = now.instant().to_zoned(jiff::tz::TimeZone::UTC);
    let before = now.saturating_sub(jiff::Span::new().months(months));
    Timestamp::from_ms(before.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_counted_by_the_calendar() {
        let at = |text: &str| {
            Timestamp::from_ms(text.parse::<jiff::Timestamp>().expect("a time").as_millisecond())
        };
        assert_eq!(months_before(at("2026-03-31T10:00:00Z"), 1), at("2026-02-28T10:00:00Z"));
        assert_eq!(months_before(at("2026-11-29T00:00:00Z"), 37), at("2023-10-29T00:00:00Z"));
    }
}
