use axum::extract::State;
use http_kit::{AppState, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Page, PageQuery};

use super::{MetricDetail, MetricReplay, MetricRow, MetricSample, ReplayLimits, SampleFilter, service};
use crate::permissions::{METRIC_MEASURE, METRIC_READ};
use crate::run::{EvidenceRow, RowFilter};

/// Lists the metrics with their newest values and where they stand against their limits.
#[utoipa::path(get, path = "/api/v1/rulebook/metrics", operation_id = "list_metrics", tag = "rulebook",
    responses((status = 200, body = Page<MetricRow>)))]
async fn list(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::list(&app, &caller).await?)))
}

/// Shows a metric with its definition, its limits and its history.
#[utoipa::path(get, path = "/api/v1/rulebook/metrics/{metric}", operation_id = "get_metric", tag = "rulebook",
    params(("metric" = String, Path, max_length = 100)), responses((status = 200, body = MetricDetail)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::find(&app, &caller, &id).await?))
}

/// Lists the samples of a metric, newest first.
#[utoipa::path(get, path = "/api/v1/rulebook/metrics/{metric}/samples", operation_id = "list_metric_samples",
    tag = "rulebook", params(("metric" = String, Path, max_length = 100), PageQuery, SampleFilter),
    responses((status = 200, body = Page<MetricSample>)))]
async fn samples(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
    Params(page): Params<PageQuery>,
    Params(filter): Params<SampleFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::samples(&app, &caller, &id, &page, &filter).await?))
}

/// Measures a metric now.
#[utoipa::path(post, path = "/api/v1/rulebook/metrics/{metric}/measure", operation_id = "measure_metric",
    tag = "rulebook", params(("metric" = String, Path, max_length = 100)),
    responses((status = 200, body = MetricDetail)))]
async fn measure(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::measure(&app, &caller, &id).await?))
}

/// Opens the rows behind a metric, as the caller may see them, newest first.
#[utoipa::path(get, path = "/api/v1/rulebook/metrics/{metric}/rows", operation_id = "list_metric_rows",
    tag = "rulebook", params(("metric" = String, Path, max_length = 100), PageQuery, RowFilter),
    responses((status = 200, body = Page<EvidenceRow>)))]
async fn rows(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
    Params(page): Params<PageQuery>,
    Params(filter): Params<RowFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::rows(&app, &caller, &id, &page, &filter).await?))
}

/// Says what other limits would have done on the stored samples.
#[utoipa::path(get, path = "/api/v1/rulebook/metrics/{metric}/replay", operation_id = "replay_metric_limits",
    tag = "rulebook", params(("metric" = String, Path, max_length = 100), ReplayLimits),
    responses((status = 200, body = MetricReplay)))]
async fn replay(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
    Params(limits): Params<ReplayLimits>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::replayed(&app, &caller, &id, &limits).await?))
}

/// Returns the operations of metrics.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(METRIC_READ))
        .add(operations!(get), needs(METRIC_READ))
        .add(operations!(samples), needs(METRIC_READ))
        .add(operations!(measure), needs(METRIC_MEASURE))
        .add(operations!(rows), needs(METRIC_READ))
        .add(operations!(replay), needs(METRIC_READ))
}
