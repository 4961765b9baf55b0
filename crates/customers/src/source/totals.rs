//! Control totals (对账总数): what the sending side says that it sent on a day, beside what arrived.

use http_kit::App;
use kernel::{Caller, DAY_MS, Id, Labelled, Page, Problem, Result, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Audit, args};
use utoipa::ToSchema;

use super::days::{DaysWanted, first_day};
use super::{service, sql};

/// Most events of a day that somebody may say: more than that is a slip.
const EVENTS_MAX: i64 = 1_000_000_000_000;

/// Control total (对账总数) of a source for a day (UTC).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SourceTotal {
    /// The source.
    pub source_id: Id,
    /// The day.
    pub day: String,
    /// Events that the sending side says that it sent.
    pub events: i64,
    /// Events of that day that count.
    pub stored: i64,
    /// Events that were sent again and not counted again.
    pub duplicates: i64,
    /// Events that went to quarantine, whatever became of them.
    pub quarantined: i64,
    /// What arrived less what was sent; negative: some are missing.
    pub difference: i64,
    /// When it was said.
    pub said_at: Timestamp,
    /// By whom.
    pub said_by: Option<Id>,
}

impl Labelled for SourceTotal {
    const NOUN: &'static str = "customers.source_total";
}

/// What the sending side says about a day.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSourceTotal {
    /// The day (UTC), not after today.
    #[schema(min_length = 10, max_length = 10, examples("2026-11-29"))]
    pub day: String,
    /// Events that it sent.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub events: i64,
}

/// Writes down what the sending side says about a day, for the first time or anew.
pub async fn say(app: &App, caller: &Caller, id: Id, said: &NewSourceTotal) -> Result<SourceTotal> {
    service::exists(app, id).await?;
    let starts_at = check(said, app.store.now())?;
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    tx.exec_one(sql::SAY_TOTAL, args![id, &said.day, starts_at, said.events, now, caller.find_user_id()])
        .await?;
    let facts = json!({ "day": said.day, "events": said.events });
    tx.audit(Audit::new("say_total", "customers.source", id).with(facts)).await?;
    tx.commit().await?;
    let mut query = sql::totals(id);
    query.and("v.day =", said.day.as_str());
    let rows: Vec<SourceTotal> = app.store.list(query).await?;
    rows.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))
}

/// Returns when the day begins; refuses what is no day, or none that was.
fn check(said: &NewSourceTotal, now: Timestamp) -> Result<Timestamp> {
    let mut refusal = Problem::unprocessable("customers.total.invalid");
    let day: Option<jiff::civil::Date> = said.day.parse().ok().filter(|_| said.day.len() == 10);
    let starts_at = day
        .and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC).ok())
        .map(|zoned| Timestamp::from_ms(zoned.timestamp().as_millisecond()));
    match starts_at {
        None => refusal = refusal.with_field("day", "customers.total.no_day"),
        Some(at) if at > now || at.ms() < now.ms() - 400 * DAY_MS => {
            refusal = refusal.with_field("day", "customers.total.day_range");
        }
        Some(_) => {}
    }
    if !(0..=EVENTS_MAX).contains(&said.events) {
        refusal = refusal.with_field("events", "customers.total.events_range");
    }
    match (refusal.fields.is_empty(), starts_at) {
        (true, Some(at)) => Ok(at),
        _ => Err(refusal),
    }
}

/// Returns the control totals of a source, newest day first.
pub async fn list(app: &App, id: Id, wanted: &DaysWanted) -> Result<Page<SourceTotal>> {
    service::exists(app, id).await?;
    let mut query = sql::totals(id);
    query.and("v.day >=", first_day(app.store.now(), wanted));
    query.push(" ORDER BY v.day DESC");
    Ok(Page::whole(app.store.list(query).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_is_about_a_day_that_was() {
        let now = Timestamp::from_ms(1_795_910_400_000); // 2026-11-29T00:00:00Z
        let fields = |day: &str, events| {
            let said = NewSourceTotal { day: day.to_owned(), events };
            let refusal = check(&said, now).expect_err("it is refused");
            refusal.fields.into_iter().map(|field| field.code).collect::<Vec<_>>()
        };
        let today = NewSourceTotal { day: now.utc_day().to_string(), events: 0 };
        assert!(check(&today, now).is_ok());
        assert_eq!(fields("yesterday", 1), ["customers.total.no_day"]);
        assert_eq!(fields("2026-13-01", 1), ["customers.total.no_day"]);
        assert_eq!(fields(&now.plus_days(1).utc_day().to_string(), 1), ["customers.total.day_range"]);
        assert_eq!(fields("2020-01-01", -1), ["customers.total.day_range", "customers.total.events_range"]);
    }
}
