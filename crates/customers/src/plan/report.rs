use http_kit::App;
use kernel::{Id, Labelled, Page, Result, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{BreachReason, EventTally, PlannedKind, sql};

/// Rows that are shown.
const ROWS: i64 = 1_000;
/// Sources whose rest is shown beside these.
const SOURCES: i64 = 200;
/// Most days back: counts are not kept longer.
const DAYS_MAX: i64 = 35;

/// Which part of the counts is wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CountsWanted {
    /// Only of this source.
    pub source_id: Option<Id>,
    /// How many days back; 7 when absent.
    #[param(minimum = 1, maximum = 35)]
    pub days: Option<i64>,
}

/// Name of an event that nobody planned (未规划事件).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct UnplannedName {
    /// Where it came from.
    pub source_id: Id,
    /// Name of that source.
    pub source_name: String,
    /// Its name; absent for all that came beyond 1,000 names on a day.
    pub name: Option<String>,
    /// How often it was sent.
    pub events: i64,
    /// When it arrived last.
    pub last_at: Timestamp,
}

impl Labelled for UnplannedName {
    const NOUN: &'static str = "customers.unplanned_name";
}

/// Breach (方案不符) of the plan.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PlanBreach {
    /// Where the events came from.
    pub source_id: Id,
    /// Name of that source.
    pub source_name: String,
    /// Their kind.
    pub kind: PlannedKind,
    /// Their name; absent where nobody planned it.
    pub name: Option<String>,
    /// The field; absent for all that came beyond 1,000 fields on a day.
    pub field: Option<String>,
    /// What is wrong with it.
    pub reason: BreachReason,
    /// The kind that was planned.
    pub expected: Option<String>,
    /// The kind that came.
    pub found: Option<String>,
    /// How often.
    pub events: i64,
    /// When last.
    pub last_at: Timestamp,
}

impl Labelled for PlanBreach {
    const NOUN: &'static str = "customers.plan_breach";
}

async fn since(app: &App, wanted: &CountsWanted) -> Result<String> {
    app.part::<EventTally>()?.flush(app).await?;
    let back = wanted.days.unwrap_or(7).clamp(1, DAYS_MAX) - 1;
    Ok(app.store.now().plus_days(-back).utc_day().to_string())
}

/// Returns the names that nobody planned, those that come most often first and the rest of each source last.
pub async fn unplanned(app: &App, wanted: &CountsWanted) -> Result<Page<UnplannedName>> {
    let mut query = sql::unplanned(&since(app, wanted).await?);
    query.and_some("n.source_id =", wanted.source_id);
    // Beside the names, one row for the rest of each source; of sources there are tens.
    sql::top_unplanned(&mut query, ROWS + SOURCES);
    let rows: Vec<UnplannedName> = app.store.list(query).await?;
    let (named, rest): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.name.is_some());
    Ok(Page::whole(named.into_iter().chain(rest).collect()))
}

/// Returns how events broke the plan, what happens most often first.
pub async fn breaches(app: &App, wanted: &CountsWanted) -> Result<Page<PlanBreach>> {
    let mut query = sql::breaches(&since(app, wanted).await?);
    query.and_some("b.source_id =", wanted.source_id);
    sql::top_breaches(&mut query, ROWS);
    Ok(Page::whole(app.store.list(query).await?))
}
