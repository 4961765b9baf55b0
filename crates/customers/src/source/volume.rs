//! Volume (来源量级): whether a day brought about as much as the same weekday of the weeks before.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use http_kit::App;
use kernel::{DAY_MS, Id, Result, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobError, JobKind, Lease};
use store::{Observation, args};
use utoipa::ToSchema;

use super::sql;

/// Weeks that are looked back on.
const WEEKS: i64 = 4;
/// Weeks with events that it takes to know what is usual.
const WEEKS_MIN: usize = 2;
/// Fewer events than this a day are too few to be held against anything.
const EVENTS_MIN: i64 = 50;
/// Low: less than half of the usual. High: more than double.
const FACTOR: i64 = 2;

text_enum! {
    /// Volume (量级) of a source on its last whole day.
    #[schema(as = SourceVolume)]
    pub enum Volume {
        /// About as much as usual.
        Usual = "usual",
        /// Less than half of it.
        Low = "low",
        /// More than double.
        High = "high",
        /// It is too young, or brings too little, to say.
        Unknown = "unknown",
    }
}

/// Figures behind a volume (量级依据), by day of arrival (UTC).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct VolumeFigures {
    /// The day.
    pub day: String,
    /// Events of that day.
    pub events: i64,
    /// Median of the same weekday in the four weeks before.
    pub expected: Option<i64>,
}

/// Days for which what was judged is kept.
const KEPT_DAYS: i64 = 400;

#[derive(Deserialize)]
struct Latest {
    source_id: Id,
    day: String,
    events: i64,
    expected: Option<i64>,
    state: Volume,
}

/// Returns what was judged last of each source.
pub(super) async fn latest(app: &App) -> Result<HashMap<Id, (Volume, VolumeFigures)>> {
    let rows: Vec<Latest> = app.store.all(sql::LATEST_VOLUMES, args![]).await?;
    let figures = |row: Latest| {
        let figures = VolumeFigures { day: row.day, events: row.events, expected: row.expected };
        (row.source_id, (row.state, figures))
    };
    Ok(rows.into_iter().map(figures).collect())
}

/// Returns what is usual, and how a day stands beside it.
fn judge(events: i64, before: &[i64]) -> (Volume, Option<i64>) {
    let mut weeks: Vec<i64> = before.iter().copied().filter(|events| *events > 0).collect();
    if weeks.len() < WEEKS_MIN {
        return (Volume::Unknown, None);
    }
    weeks.sort_unstable();
    let (low, high) = (weeks[(weeks.len() - 1) / 2], weeks[weeks.len() / 2]);
    let usual = i64::midpoint(low, high);
    let volume = match usual {
        usual if usual.max(events) < EVENTS_MIN => Volume::Unknown,
        usual if events * FACTOR < usual => Volume::Low,
        usual if events > usual * FACTOR => Volume::High,
        _ => Volume::Usual,
    };
    (volume, Some(usual))
}

/// Judges the last whole day of every source.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JudgeVolume {}

impl JobKind for JudgeVolume {
    const KIND: &'static str = "customers.source.volume";
}

#[derive(Deserialize)]
struct Brought {
    id: Id,
    stored: i64,
    day: String,
}

#[async_trait]
impl Job<App> for JudgeVolume {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        run(app).await.map_err(JobError::from)
    }
}

async fn run(app: &App) -> Result<()> {
    let today = Timestamp::from_ms(app.store.now().ms().div_euclid(DAY_MS) * DAY_MS);
    let starts_at = today.plus_days(-1);
    let day = |weeks: i64| starts_at.plus_days(-7 * weeks).utc_day().to_string();
    let days: Vec<String> = (0..=WEEKS).map(day).collect();
    let mut tx = app.store.begin_observation(Observation::Ingest).await?;
    let mut brought: HashMap<Id, BTreeMap<String, i64>> = HashMap::new();
    let rows: Vec<Brought> =
        tx.all(sql::BROUGHT, args![&days[0], &days[1], &days[2], &days[3], &days[4]]).await?;
    for row in rows {
        brought.entry(row.id).or_default().insert(row.day, row.stored);
    }
    let sources: Vec<Id> = tx.all(sql::JUDGED_SOURCES, args![starts_at]).await?;
    for source in sources {
        let of = |day: &String| brought.get(&source).and_then(|days| days.get(day)).copied().unwrap_or(0);
        let before: Vec<i64> = days[1..].iter().map(of).collect();
        let events = of(&days[0]);
        let (volume, expected) = judge(events, &before);
        let row = args![source, &days[0], starts_at, events, expected, volume.as_str()];
        tx.exec(sql::KEEP_VOLUME, row).await?;
    }
    tx.exec(sql::FORGET_VOLUMES, args![today.plus_days(-KEPT_DAYS)]).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_held_against_the_median_of_its_weekday() {
        assert_eq!(judge(1_000, &[900, 1_100, 5_000, 1_000]), (Volume::Usual, Some(1_050)));
        assert_eq!(judge(524, &[900, 1_100, 5_000, 1_000]), (Volume::Low, Some(1_050)));
        assert_eq!(judge(2_101, &[900, 1_100, 5_000, 1_000]), (Volume::High, Some(1_050)));
        assert_eq!(judge(0, &[60, 80, 0, 0]), (Volume::Low, Some(70)));
    }

    #[test]
    fn nothing_is_said_about_the_young_and_the_small() {
        assert_eq!(judge(1_000, &[0, 0, 0, 900]), (Volume::Unknown, None));
        assert_eq!(judge(3, &[20, 30, 20, 20]), (Volume::Unknown, Some(20)));
    }
}
