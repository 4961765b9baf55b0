use customer_value::Horizon;
use http_kit::App;
use kernel::{Caller, Id, Labelled, Page, PageQuery, Result, Timestamp};
use serde_json::json;
use store::{Audit, Store, Tx, Value, args};

use super::rules::{Buyer, Outcome, Scored};
use super::sql::{OrderRow, Wanted};
use super::{
    ProfileScores, Recompute, RfmCell, ScoreCause, ScoreDistribution, ScoreRequest, ScoreRun, ScoreVerdict,
    rules, sql,
};
use crate::permissions::{PROFILE_READ, TIER_EDIT};
use crate::persona;
use crate::profile::{self, PROFILE_COLUMNS};

/// Policy parameter: days that are learned from.
const WINDOW: &str = "score.window_days";
/// Policy parameter: days that are predicted.
const HORIZON: &str = "score.horizon_days";
/// Policy parameter: by how many percent money of a year later is worth less.
const DISCOUNT: &str = "score.discount";
/// People whose orders are read at once.
const CHUNK: i64 = 5_000;
/// Who computes, as the audit log names it; also what no two computations hold at once.
const NAME: &str = "customers.score";

/// Returns runs, latest first.
pub async fn runs(app: &App, caller: &Caller, page: &PageQuery) -> Result<Page<ScoreRun>> {
    caller.require(PROFILE_READ)?;
    let size = page.size()?;
    let mut query = sql::runs();
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (r.happened_at, r.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY r.happened_at DESC, r.id DESC").limit_overfull(size);
    let runs = app.store.list(query).await?;
    Ok(Page::from_overfull(runs, size, |run: &ScoreRun| (run.happened_at, run.id)))
}

/// Returns one person's scores and personas.
pub async fn of_profile(app: &App, caller: &Caller, profile: Id) -> Result<ProfileScores> {
    let profile = profile::require(&app.store, caller, profile).await?;
    Ok(ProfileScores {
        profile_id: profile.id,
        score: app.store.find(sql::OF_PROFILE, args![profile.id]).await?,
        personas: persona::of_profile(&app.store, caller, profile.id).await?,
    })
}

/// Returns how the people whom the caller may see are spread.
pub async fn distribution(app: &App, caller: &Caller) -> Result<ScoreDistribution> {
    let scope = caller.scope(PROFILE_READ)?;
    let (mut cells, mut segments, mut tiers) = (sql::cells(), sql::segments(), sql::tiers());
    cells.scope(&scope, PROFILE_COLUMNS).push(sql::BY_CELL);
    segments.scope(&scope, PROFILE_COLUMNS).push(sql::BY_SEGMENT);
    tiers.scope(&scope, PROFILE_COLUMNS).push(sql::BY_TIER);
    let cells: Vec<RfmCell> = app.store.list(cells).await?;
    Ok(ScoreDistribution {
        run: runs(app, caller, &PageQuery { page_size: Some(1), cursor: None }).await?.items.pop(),
        customers: cells.iter().map(|cell| cell.count).sum(),
        cells,
        segments: app.store.list(segments).await?,
        tiers: app.store.list(tiers).await?,
    })
}

/// Asks for everybody's scores to be computed soon.
pub async fn request(app: &App, caller: &Caller) -> Result<ScoreRequest> {
    caller.require(TIER_EDIT)?;
    ask(&app.store, caller, ScoreCause::Staff).await
}

/// Puts the job in line, unless one waits.
pub(super) async fn ask(store: &Store, caller: &Caller, cause: ScoreCause) -> Result<ScoreRequest> {
    let mut tx = store.begin(caller).await?;
    tx.enqueue_once(&Recompute { cause }, NAME).await?;
    tx.audit(Audit::without_row("recompute", ScoreRun::NOUN)).await?;
    let requested_at = tx.now();
    tx.commit().await?;
    Ok(ScoreRequest { requested_at })
}

/// Trains the models on the window's orders and gives everybody in it their scores.
pub async fn recompute(app: &App, cause: ScoreCause) -> Result<ScoreRun> {
    let store = &app.store;
    let horizon_days = rulebook::parameter::get(store, HORIZON).await?.days()?;
    let discount_percent = rulebook::parameter::get(store, DISCOUNT).await?.percent()?;
    let window_days = rulebook::parameter::get(store, WINDOW).await?.days()?;
    let (now, currency) = (store.now(), app.settings.currency.as_str());
    let latest: Option<Timestamp> = store.get(sql::LATEST_ORDER, args![now, currency]).await?;
    // Nothing is known about the days after the latest order: counting them as silence would call everybody gone.
    let until = latest.unwrap_or(now);
    let wanted = Wanted { currency, from: until.plus_days(-window_days), until };
    let offset = i64::from(app.settings.time_zone.to_offset(until.instant()).seconds()) * 1000;
    let buyers = read(store, wanted, offset).await?;
    let horizon = Horizon { days: horizon_days as f64, discount: discount_percent / 100.0 };
    let outcome = store::aside(|| rules::score(&buyers, rules::day(until, offset), horizon));
    let run = ScoreRun {
        id: Id::new(),
        cause,
        happened_at: now,
        window_from: wanted.from,
        window_until: until,
        currency: currency.to_owned(),
        horizon_days,
        discount_percent,
        customers: buyers.len() as i64,
        repeat_buyers: outcome.repeat_buyers as i64,
        scored: outcome.scored.len() as i64,
        verdict: if outcome.trained.is_ok() { ScoreVerdict::Usable } else { ScoreVerdict::TooLittleData },
        lacks: outcome.trained.as_ref().err().map(|why| rules::lack(*why)),
        model: outcome.trained.as_ref().ok().map(rules::model),
        error: outcome.trained.as_ref().ok().map(rules::error),
    };
    keep(store, &run, &outcome).await?;
    Ok(run)
}

async fn read(store: &Store, wanted: Wanted<'_>, offset_ms: i64) -> Result<Vec<Buyer>> {
    let (mut buyers, mut after) = (Vec::new(), None);
    loop {
        let last: Option<Id> = store.list(sql::last_of(after, CHUNK)).await?.pop();
        let orders: Vec<OrderRow> = store.list(sql::orders(wanted, after, last)).await?;
        rules::add(&mut buyers, &orders, offset_ms);
        if last.is_none() {
            return Ok(buyers);
        }
        after = last;
    }
}

async fn keep(store: &Store, run: &ScoreRun, outcome: &Outcome) -> Result<()> {
    let mut tx = store.begin(&Caller::system(NAME)).await?;
    tx.lock(NAME, Id::from_digest([0; 16])).await?;
    insert_run(&mut tx, run).await?;
    let rows: Vec<Vec<Value>> = outcome.scored.iter().map(|one| row(run, one)).collect();
    tx.insert_many(sql::UPSERT, rows, sql::REPLACE).await?;
    tx.exec(sql::DROP_OTHERS, args![run.id]).await?;
    let audit = Audit::new("recompute", ScoreRun::NOUN, run.id)
        .with(json!({ "cause": run.cause, "verdict": run.verdict, "customers": run.customers }))
        .covering(outcome.scored.len() as u64);
    tx.audit(audit).await?;
    tx.commit().await.map(drop)
}

async fn insert_run(tx: &mut Tx, run: &ScoreRun) -> Result<()> {
    let (lacks, model, error) = (
        run.lacks.as_ref().map(store::json),
        run.model.as_ref().map(store::json),
        run.error.as_ref().map(store::json),
    );
    let row = args![
        run.id,
        run.cause.as_str(),
        run.happened_at,
        run.window_from,
        run.window_until,
        &run.currency,
        run.horizon_days,
        run.discount_percent,
        run.customers,
        run.repeat_buyers,
        run.scored,
        run.verdict.as_str(),
        lacks,
        model,
        error,
    ];
    tx.exec(sql::INSERT_RUN, row).await.map(drop)
}

fn row(run: &ScoreRun, one: &Scored) -> Vec<Value> {
    let forecast = one.forecast.as_ref().map(|(forecast, _)| forecast);
    args![
        one.profile_id,
        run.id,
        one.activity.recency_days,
        one.activity.orders,
        one.activity.total_minor,
        i64::from(one.digits.recency),
        i64::from(one.digits.frequency),
        i64::from(one.digits.monetary),
        one.segment.as_str(),
        forecast.map(|forecast| forecast.alive),
        forecast.map(|forecast| forecast.orders),
        forecast.map(|forecast| rules::minor(forecast.order_value)),
        forecast.map(|forecast| rules::minor(forecast.value)),
        forecast.and_then(|forecast| rules::next_order(forecast, run.window_until)),
        one.forecast.as_ref().map(|(_, tier)| tier.as_str()),
    ]
}
