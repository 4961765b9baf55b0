//! Coverage (采集覆盖): which source brings which kind of data, and which is missing.

use std::collections::HashMap;

use http_kit::App;
use kernel::{HOUR_MS, Id, Labelled, Page, Result, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{SourceKind, service, sql};
use crate::plan::{DataKind, EventTally, PlanMode};

/// Hours after which data counts as delayed where the source does not say.
const DELAYED_HOURS: i64 = 48;

text_enum! {
    /// State (覆盖状态) of a kind of data at a source.
    pub enum CellState {
        /// It comes.
        Live = "live",
        /// It came in the last seven days, and not as lately as it should have.
        Delayed = "delayed",
        /// It is to come, and did not in the last seven days.
        Missing = "missing",
        /// It comes, and nobody said that it would.
        Unexpected = "unexpected",
        /// It neither comes nor is to.
        None = "none",
    }
}

/// Kind of data (数据类别) at a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CoverageCell {
    /// The kind.
    pub data: DataKind,
    /// True where it is to come.
    pub expected: bool,
    /// Whether it does.
    pub state: CellState,
    /// When the last of it arrived, in the last five weeks.
    pub last_at: Option<Timestamp>,
    /// Events of the last seven days.
    pub events_7d: i64,
}

/// Coverage (采集覆盖) of a source: its six kinds of data, always in the same order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourceCoverage {
    /// The source.
    pub source_id: Id,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: SourceKind,
    /// The brand that it belongs to.
    pub brand_id: Option<Id>,
    /// How strictly its events are held to the tracking plan.
    pub plan: PlanMode,
    /// The kinds of data.
    pub cells: Vec<CoverageCell>,
}

impl Labelled for SourceCoverage {
    const NOUN: &'static str = "customers.source_coverage";
}

#[derive(Deserialize)]
struct Seen {
    source_id: Id,
    data: DataKind,
    events: i64,
    last_at: Timestamp,
}

/// Returns the coverage of all sources, by name.
pub async fn coverage(app: &App) -> Result<Page<SourceCoverage>> {
    app.part::<EventTally>()?.flush(app).await?;
    let now = app.store.now();
    let rows: Vec<Seen> = app.store.list(sql::seen_data(&sql::week_before(now))).await?;
    let seen: HashMap<(Id, DataKind), Seen> =
        rows.into_iter().map(|row| ((row.source_id, row.data), row)).collect();
    let sources = service::list(app).await?.items;
    let covered = sources.into_iter().map(|source| {
        let hours = source.silent_after_hours.unwrap_or(DELAYED_HOURS);
        let cell = |data: &DataKind| {
            let seen = seen.get(&(source.id, *data));
            cell(*data, source.expected.contains(data), seen, hours, now)
        };
        SourceCoverage {
            cells: DataKind::ALL.iter().map(cell).collect(),
            source_id: source.id,
            name: source.name,
            kind: source.kind,
            brand_id: source.brand_id,
            plan: source.plan,
        }
    });
    Ok(Page::whole(covered.collect()))
}

fn cell(data: DataKind, expected: bool, seen: Option<&Seen>, hours: i64, now: Timestamp) -> CoverageCell {
    let events_7d = seen.map_or(0, |seen| seen.events);
    let last_at = seen.map(|seen| seen.last_at);
    let late = last_at.is_none_or(|at| now.ms() - at.ms() > hours * HOUR_MS);
    let state = match (expected, events_7d > 0, late) {
        (true, true, false) => CellState::Live,
        (true, true, true) => CellState::Delayed,
        (true, false, _) => CellState::Missing,
        (false, true, _) => CellState::Unexpected,
        (false, false, _) => CellState::None,
    };
    CoverageCell { data, expected, state, last_at, events_7d }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_that_is_to_come_is_live_late_or_missing() {
        let now = Timestamp::from_ms(1_795_910_400_000);
        let seen = |hours: i64, events| Seen {
            source_id: Id::new(),
            data: DataKind::Sales,
            events,
            last_at: now.plus_ms(-hours * HOUR_MS),
        };
        let state =
            |expected, seen: Option<Seen>| cell(DataKind::Sales, expected, seen.as_ref(), 48, now).state;
        assert_eq!(state(true, Some(seen(48, 9))), CellState::Live);
        assert_eq!(state(true, Some(seen(49, 9))), CellState::Delayed);
        assert_eq!(state(true, Some(seen(400, 0))), CellState::Missing);
        assert_eq!(state(true, None), CellState::Missing);
        assert_eq!(state(false, Some(seen(1, 9))), CellState::Unexpected);
        assert_eq!(state(false, None), CellState::None);
    }
}
