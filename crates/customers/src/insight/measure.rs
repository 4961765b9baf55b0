//! The repeat-purchase rate of the people concerned, before and after.

use http_kit::App;
use kernel::{Id, Result, Timestamp};
use serde::Deserialize;
use store::{Observation, Store, Tx, args};

use super::rules::{WINDOWS, rate};
use super::{InsightMeasurement, InsightMoment, sql};

/// People who bought, and who bought again.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Bought {
    buyers: i64,
    repeat_buyers: i64,
}

/// Measures what came before, and notes what is to be measured later.
pub(super) async fn begin(tx: &mut Tx, insight: Id, at: Timestamp) -> Result<()> {
    for days in WINDOWS {
        let (from, until) = (at.plus_days(-days), at.plus_days(days));
        let group: Bought = tx.get(sql::OF_GROUP, args![insight, from, at]).await?;
        let all: Bought = tx.get(sql::OF_ALL, args![from, at]).await?;
        let before = args![
            insight,
            InsightMoment::Before.as_str(),
            days,
            from,
            at,
            at,
            group.buyers,
            group.repeat_buyers,
            all.buyers,
            all.repeat_buyers,
        ];
        tx.exec_one(sql::INSERT_MEASUREMENT, before).await?;
        let (time, count) = (None::<Timestamp>, None::<i64>);
        let after = InsightMoment::After.as_str();
        let later = args![insight, after, days, at, until, time, count, count, count, count];
        tx.exec_one(sql::INSERT_MEASUREMENT, later).await?;
    }
    Ok(())
}

/// Measures every window that has ended; returns how many.
pub async fn measure(app: &App) -> Result<usize> {
    #[derive(Deserialize)]
    struct Due {
        insight_id: Id,
        moment: InsightMoment,
        days: i64,
        window_from: Timestamp,
        window_until: Timestamp,
    }
    let now = app.store.now();
    let due: Vec<Due> = app.store.all(sql::TO_MEASURE, args![now]).await?;
    for one in &due {
        let mut tx = app.store.begin_observation(Observation::Measurement).await?;
        let window = (one.window_from, one.window_until);
        let group: Bought = tx.get(sql::OF_GROUP, args![one.insight_id, window.0, window.1]).await?;
        let all: Bought = tx.get(sql::OF_ALL, args![window.0, window.1]).await?;
        let found = (group.buyers, group.repeat_buyers, all.buyers, all.repeat_buyers);
        let row =
            args![one.insight_id, one.moment.as_str(), one.days, now, found.0, found.1, found.2, found.3];
        tx.exec(sql::MEASURED, row).await?;
        tx.commit().await?;
    }
    Ok(due.len())
}

#[derive(Deserialize)]
struct Row {
    moment: InsightMoment,
    days: i64,
    window_from: Timestamp,
    window_until: Timestamp,
    measured_at: Option<Timestamp>,
    buyers: Option<i64>,
    repeat_buyers: Option<i64>,
    all_buyers: Option<i64>,
    all_repeat_buyers: Option<i64>,
}

/// Returns the measurements of an insight, the shorter windows first.
pub(super) async fn of(store: &Store, insight: Id) -> Result<Vec<InsightMeasurement>> {
    let rows: Vec<Row> = store.all(sql::MEASUREMENTS, args![insight]).await?;
    let shown = |row: Row| InsightMeasurement {
        moment: row.moment,
        days: row.days,
        window_from: row.window_from,
        window_until: row.window_until,
        measured_at: row.measured_at,
        buyers: row.buyers,
        repeat_buyers: row.repeat_buyers,
        rate: rate(row.buyers, row.repeat_buyers),
        all_buyers: row.all_buyers,
        all_repeat_buyers: row.all_repeat_buyers,
        all_rate: rate(row.all_buyers, row.all_repeat_buyers),
    };
    Ok(rows.into_iter().map(shown).collect())
}
