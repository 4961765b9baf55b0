use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result, Timestamp};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::{Observation, Query, args};

use super::prove::{Metric, Source};
use super::{
    Found, Inputs, Limits, MetricAlert, MetricDetail, MetricLimit, MetricLimits, MetricReplay, MetricRow,
    MetricSample, MetricSeries, MetricSight, MetricState, ReplayLimits, SampleFilter, Standing, alert, bound,
    compute, jump, limits, rules, series, sight, sql,
};
use crate::Rulebook;
use crate::parameter;
use crate::run::sql as run_sql;
use crate::run::{EvidenceRow, RowFilter, RowSet, service as run};

/// How far back a replay and a detail page look.
const HISTORY_DAYS: i64 = 731;

/// Where one series stands, as it is kept.
#[derive(Clone, Debug, Deserialize)]
pub struct StateRow {
    pub metric_id: String,
    pub series: String,
    pub state: MetricState,
    pub near_run: u32,
    pub over_run: u32,
    pub value: Option<f64>,
    pub value_before: Option<f64>,
    pub row_count: i64,
    pub measured_at: Timestamp,
    pub changed_at: Timestamp,
    pub alert_id: Option<Id>,
    pub alert_level: Option<MetricState>,
}

/// Returns the id under which a metric is locked.
pub fn lock_id(metric_id: &str) -> Id {
    let mut first = [0; 16];
    first.copy_from_slice(&Sha256::digest(metric_id)[..16]);
    Id::from_digest(first)
}

/// Returns a metric, or that it is not there.
pub fn metric(app: &App, id: &str) -> Result<Arc<Metric>> {
    app.part::<Rulebook>()?.metric(id).ok_or_else(|| Problem::not_found("access.not_found"))
}

/// Measures a metric now, keeps what was found, warns and fills records; says whether it could be measured.
pub async fn measure_one(app: &App, metric: &Metric) -> Result<bool> {
    let book = app.part::<Rulebook>()?.snapshot();
    let inputs = parameter::inputs(&app.store).await?;
    let Some(mut found) = compute::evaluate(app, &book, metric, &inputs).await? else { return Ok(false) };
    found.extend(gone(app, metric, &found).await?);
    let limits = rules::limits(&metric.spec, &inputs);
    let at = keep(app, metric, limits.as_ref(), &found).await?;
    if let (Some(limits), Some(declared)) = (&limits, &metric.spec.limits) {
        for sample in found.iter().filter(|sample| rules::judged(declared, &sample.series)) {
            alert::reconcile(app, metric, limits, &sample.series).await?;
        }
    }
    jump::reconcile(app, metric, &inputs, &found).await?;
    bound::fill(app, metric, &found, at).await?;
    Ok(true)
}

/// Returns the series that had a value and have no rows any more: a count of them is nothing, all else has no value.
async fn gone(app: &App, metric: &Metric, found: &[Found]) -> Result<Vec<Found>> {
    if metric.by().is_none() {
        return Ok(Vec::new());
    }
    let of_nothing = metric.spec.figure.as_ref().is_some_and(|figure| figure.least_rows() == 0);
    let states: Vec<StateRow> = app.store.all(sql::STATES_OF, args![&metric.spec.id]).await?;
    let had_some = |state: &StateRow| state.value.is_some_and(|value| !of_nothing || value != 0.0);
    let lost = |state: &StateRow| had_some(state) && found.iter().all(|known| known.series != state.series);
    let lost = states.into_iter().filter(lost);
    Ok(lost.map(|state| Found { series: state.series, value: of_nothing.then_some(0.0), rows: 0 }).collect())
}

/// Keeps what was measured, and where it leaves each series.
async fn keep(app: &App, metric: &Metric, limits: Option<&Limits>, found: &[Found]) -> Result<Timestamp> {
    let mut tx = app.store.begin_observation(Observation::Measurement).await?;
    tx.lock("rulebook.metric", lock_id(&metric.spec.id)).await?;
    let now = tx.now();
    let states: Vec<StateRow> = tx.all(sql::STATES_OF, args![&metric.spec.id]).await?;
    for sample in found {
        let before = states.iter().find(|state| state.series == sample.series);
        let judged = metric.spec.limits.as_ref().is_some_and(|limits| rules::judged(limits, &sample.series));
        let standing = stand(limits.filter(|_| judged), before, sample.value);
        let said = if sample.value.is_none() { MetricState::Unknown } else { standing.state };
        let (id, version) = (&metric.spec.id, metric.spec.version);
        let kept =
            args![Id::new(), id, &sample.series, version, now, sample.value, sample.rows, said.as_str()];
        tx.exec_one(sql::INSERT_SAMPLE, kept).await?;
        let moved = before.is_none_or(|before| before.state != standing.state);
        let changed_at = before.filter(|_| !moved).map_or(now, |before| before.changed_at);
        let args = args![
            id,
            &sample.series,
            version,
            standing.state.as_str(),
            i64::from(standing.near_run),
            i64::from(standing.over_run),
            sample.value,
            before.and_then(|before| before.value),
            sample.rows,
            now,
            changed_at,
        ];
        tx.exec_one(sql::STAND, args).await?;
    }
    tx.commit().await?;
    Ok(now)
}

fn stand(limits: Option<&Limits>, before: Option<&StateRow>, value: Option<f64>) -> Standing {
    let known = before.map_or_else(Standing::default, |before| Standing {
        state: before.state,
        near_run: before.near_run,
        over_run: before.over_run,
    });
    match (limits, value) {
        (Some(limits), _) => limits::step(limits, known, value),
        // Without limits there is nothing to be near to.
        (None, Some(_)) => Standing { state: MetricState::Ok, ..Standing::default() },
        (None, None) => Standing { near_run: 0, over_run: 0, ..known },
    }
}

/// Lists the metrics with their newest values, as far as the caller sees them.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<MetricRow>> {
    let book = app.part::<Rulebook>()?.snapshot();
    let inputs = parameter::inputs(&app.store).await?;
    let states: Vec<StateRow> = app.store.all(sql::STATES, args![]).await?;
    let mut rows = Vec::new();
    for metric in book.metrics() {
        rows.push(shown(app, &book, caller, metric, &states, &inputs).await?);
    }
    Ok(rows)
}

async fn shown(
    app: &App,
    book: &Rulebook,
    caller: &Caller,
    metric: &Metric,
    states: &[StateRow],
    inputs: &Inputs,
) -> Result<MetricRow> {
    let seen = sight::sight(app, book, caller, metric);
    // Whoever may not see all rows is not shown what was measured over all of them.
    let own = states.iter().filter(|state| state.metric_id == metric.spec.id && seen == MetricSight::All);
    let (whole, parts): (Vec<&StateRow>, Vec<&StateRow>) = own.partition(|state| state.series.is_empty());
    let newest = whole.first();
    let keys: Vec<&str> = parts.iter().map(|state| state.series.as_str()).collect();
    let titles = series::titles(app, caller.language, metric, &keys).await?;
    let measured = newest.map(|state| state.measured_at);
    let series = parts.iter().filter(|state| Some(state.measured_at) == measured).map(|state| MetricSeries {
        key: state.series.clone(),
        title: titles.get(&state.series).cloned().unwrap_or_else(|| state.series.clone()),
        value: state.value,
        row_count: state.row_count,
        state: state.state,
    });
    let alert_type = metric.spec.limits.as_ref().map(|limits| limits.opens.record.clone());
    let alert = newest.and_then(|state| Some(MetricAlert { type_id: alert_type?, id: state.alert_id? }));
    Ok(MetricRow {
        value: newest.and_then(|state| state.value),
        value_before: newest.and_then(|state| state.value_before),
        changed: newest.and_then(|state| Some(state.value? - state.value_before?)),
        row_count: newest.map_or(0, |state| state.row_count),
        state: newest.map_or(MetricState::Unknown, |state| state.state),
        measured_at: newest.map(|state| state.measured_at),
        changed_at: newest.map(|state| state.changed_at),
        series: series.collect(),
        alert,
        ..blank(book, caller, metric, seen, inputs)
    })
}

/// Returns what a pack says of a metric, without any value.
fn blank(book: &Rulebook, caller: &Caller, metric: &Metric, seen: MetricSight, inputs: &Inputs) -> MetricRow {
    let spec = &metric.spec;
    let reads = |metric: &Metric| !matches!(metric.source, Source::Rows { measure: None, .. });
    MetricRow {
        id: spec.id.clone(),
        title: spec.title.get(caller.language).to_owned(),
        version: spec.version,
        unit: spec.unit,
        better: spec.better,
        every: spec.every,
        key_metric: spec.key,
        clauses: spec.clauses.clone(),
        sight: seen,
        connected: reads(metric) && metric.needs().iter().filter_map(|id| book.metric(id)).all(|m| reads(&m)),
        value: None,
        value_before: None,
        changed: None,
        row_count: 0,
        state: MetricState::Unknown,
        measured_at: None,
        changed_at: None,
        limits: shown_limits(metric, inputs),
        alert: None,
        series: Vec::new(),
    }
}

fn shown_limits(metric: &Metric, inputs: &Inputs) -> Option<MetricLimits> {
    let declared = metric.spec.limits.as_ref()?;
    let one = |limit: &Option<super::LimitSpec>| {
        let limit = limit.as_ref()?;
        let (op, value) = rules::resolved(limit, metric.spec.unit, inputs)?;
        Some(MetricLimit { op, value, parameter: limit.parameter.clone() })
    };
    Some(MetricLimits {
        near: one(&declared.near),
        over: one(&declared.over),
        clears_by: declared.clears_by,
        for_samples: declared.for_samples,
    })
}

/// Returns a metric with its history; over the caller's own rows where they do not see all.
pub async fn find(app: &App, caller: &Caller, id: &str) -> Result<MetricDetail> {
    let metric = metric(app, id)?;
    let row = shown_tile(app, caller, &metric).await?;
    let samples = match row.sight {
        MetricSight::All => rules::thinned(&history(app, id, "").await?, rules::SAMPLES_SHOWN),
        _ => Vec::new(),
    };
    let of = |pick: fn(&crate::control::Measure) -> &str| {
        metric.measure().map(pick).unwrap_or_default().to_owned()
    };
    let metrics = match &metric.source {
        Source::Formula { names, .. } => names.values().cloned().collect(),
        Source::Rows { .. } => Vec::new(),
    };
    Ok(MetricDetail {
        metric: row,
        view: metric.spec.figure.as_ref().map(|figure| figure.view.clone()).unwrap_or_default(),
        definition: metric.spec.formula.clone().unwrap_or_else(|| of(|measure| measure.filter.source())),
        counted: of(|measure| measure.counted.source()),
        metrics,
        parameters: metric.parameters().into_iter().map(str::to_owned).collect(),
        samples,
    })
}

/// Returns a metric as a tile shows it: measured now over the caller's own rows where they do not see all.
pub async fn shown_tile(app: &App, caller: &Caller, metric: &Metric) -> Result<MetricRow> {
    let book = app.part::<Rulebook>()?.snapshot();
    let inputs = parameter::inputs(&app.store).await?;
    let states: Vec<StateRow> = app.store.all(sql::STATES_OF, args![&metric.spec.id]).await?;
    let mut row = shown(app, &book, caller, metric, &states, &inputs).await?;
    if row.sight != MetricSight::Part {
        return Ok(row);
    }
    let scopes = |measure: &crate::control::Measure| sight::scope(app, caller, measure);
    let Some(found) = compute::scoped(app, &book, metric, &inputs, scopes).await? else { return Ok(row) };
    let keys: Vec<&str> = found.iter().map(|one| one.series.as_str()).filter(|key| !key.is_empty()).collect();
    let titles = series::titles(app, caller.language, metric, &keys).await?;
    for one in found {
        if one.series.is_empty() {
            (row.value, row.row_count, row.measured_at) = (one.value, one.rows, Some(app.store.now()));
        } else {
            row.series.push(MetricSeries {
                title: titles.get(&one.series).cloned().unwrap_or_else(|| one.series.clone()),
                key: one.series,
                value: one.value,
                row_count: one.rows,
                state: MetricState::Unknown,
            });
        }
    }
    Ok(row)
}

/// Returns the samples of a series, oldest first.
pub async fn history(app: &App, id: &str, series: &str) -> Result<Vec<MetricSample>> {
    let since = app.store.now().plus_days(-HISTORY_DAYS);
    app.store.all(sql::HISTORY, args![id, series, since]).await
}

/// Refuses whoever does not see all rows of a metric: its history was measured over all of them.
fn require_whole(app: &App, caller: &Caller, metric: &Metric) -> Result<()> {
    let book = app.part::<Rulebook>()?.snapshot();
    match sight::sight(app, &book, caller, metric) {
        MetricSight::All => Ok(()),
        _ => Err(Problem::forbidden("rulebook.metric.not_all_rows").with("metric", &metric.spec.id)),
    }
}

/// Lists the samples of a series, newest first.
pub async fn samples(
    app: &App,
    caller: &Caller,
    id: &str,
    page: &PageQuery,
    filter: &SampleFilter,
) -> Result<Page<MetricSample>> {
    let metric = metric(app, id)?;
    require_whole(app, caller, &metric)?;
    let size = page.size()?;
    let mut query = Query::new(sql::SAMPLES, args![id, filter.series.as_deref().unwrap_or_default()]);
    if let Some((at, last)) = page.after::<(i64, Id)>()? {
        query.push(" AND (at, id) < (").bind(at).push(", ").bind(last).push(")");
    }
    query.push(" ORDER BY at DESC, id DESC").limit_overfull(size);
    let found: Vec<MetricSample> = app.store.list(query).await?;
    Ok(Page::from_overfull(found, size, |sample| (sample.at.ms(), sample.id)))
}

/// Measures a metric now.
pub async fn measure(app: &App, caller: &Caller, id: &str) -> Result<MetricDetail> {
    let metric = metric(app, id)?;
    if !measure_one(app, &metric).await? {
        let view = metric.spec.figure.as_ref().map(|figure| figure.view.clone()).unwrap_or_default();
        return Err(Problem::unavailable("rulebook.control.not_connected").with("view", view));
    }
    find(app, caller, id).await
}

/// Opens the rows behind a metric as the caller may see them, newest first.
pub async fn rows(
    app: &App,
    caller: &Caller,
    id: &str,
    page: &PageQuery,
    filter: &RowFilter,
) -> Result<Page<EvidenceRow>> {
    let metric = metric(app, id)?;
    let size = page.size()?;
    let Some(measure) = metric.measure() else {
        return Err(Problem::conflict("rulebook.metric.no_rows").with("metric", id));
    };
    let scope = caller.scope(run::permission_of(app, &measure.view)?)?;
    let inputs = parameter::inputs(&app.store).await?;
    let setting = compute::setting_of(app, measure, &inputs, app.store.now())?;
    let set = filter.set.unwrap_or(RowSet::All);
    let mut query = run_sql::rows(measure, &setting, set, &scope)?;
    if let Some((at, last)) = page.after::<(i64, String)>()? {
        run_sql::after(&mut query, &measure.view, at, &last);
    }
    run_sql::newest_first(&mut query, &measure.view);
    query.limit_overfull(size);
    let found: Vec<Vec<Option<String>>> = app.store.list(query).await?;
    let found = found.into_iter().map(|cells| run::row(&measure.view, caller, cells)).collect();
    Ok(Page::from_overfull(found, size, |row: &EvidenceRow| {
        (row.at.map_or(0, Timestamp::ms), row.id.clone())
    }))
}

/// Says what other limits would have done on the stored samples.
pub async fn replayed(app: &App, caller: &Caller, id: &str, wanted: &ReplayLimits) -> Result<MetricReplay> {
    let metric = metric(app, id)?;
    require_whole(app, caller, &metric)?;
    let inputs = parameter::inputs(&app.store).await?;
    let today = rules::limits(&metric.spec, &inputs);
    let limits = rules::proposed(&metric.spec, today, wanted)
        .ok_or_else(|| Problem::unprocessable("rulebook.metric.no_limits").with("metric", id))?;
    let samples = history(app, id, wanted.series.as_deref().unwrap_or_default()).await?;
    let values: Vec<_> = samples.iter().map(|sample| (sample.at, sample.value)).collect();
    Ok(limits::replay(&limits, &values))
}
