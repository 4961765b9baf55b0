use http_kit::App;
use kernel::{Id, Labelled, Page, Result, Timestamp};
use serde::{Deserialize, Serialize};
use store::args;
use utoipa::{IntoParams, ToSchema};

use super::{service, sql};

/// Most days that are shown at a time.
const DAYS_MAX: i64 = 366;

/// What a source brought on a day (来源日报), by the day of arrival (UTC).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SourceDay {
    /// The day.
    pub day: String,
    /// Events that count.
    pub stored: i64,
    /// Events that were sent again.
    pub duplicates: i64,
    /// Visits of programs.
    pub bots: i64,
    /// When the last event arrived; absent where only programs came.
    pub last_at: Option<Timestamp>,
}

impl Labelled for SourceDay {
    const NOUN: &'static str = "customers.source_day";
}

/// Which days are wanted.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DaysWanted {
    /// How many days back; 30 when absent.
    #[param(minimum = 1, maximum = 366)]
    pub days: Option<i64>,
}

/// Returns the first of the days that are wanted.
pub(super) fn first_day(now: Timestamp, wanted: &DaysWanted) -> String {
    let back = wanted.days.unwrap_or(30).clamp(1, DAYS_MAX) - 1;
    now.plus_days(-back).utc_day().to_string()
}

/// Returns what a source brought, day by day.
pub async fn days(app: &App, id: Id, wanted: &DaysWanted) -> Result<Page<SourceDay>> {
    service::exists(app, id).await?;
    let since = first_day(app.store.now(), wanted);
    Ok(Page::whole(app.store.all(sql::DAYS, args![id, since]).await?))
}
