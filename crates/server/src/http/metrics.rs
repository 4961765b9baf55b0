use std::sync::LazyLock;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http_kit::{Peer, Refusal};
use kernel::Problem;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// One recorder for the process; tests start several servers in one.
static RECORDER: LazyLock<Option<PrometheusHandle>> =
    LazyLock::new(|| PrometheusBuilder::new().install_recorder().ok());

/// Shows the counters as Prometheus reads them; only to this machine.
pub(super) async fn show(peer: Option<axum::Extension<Peer>>) -> Result<String, Refusal> {
    match peer {
        Some(axum::Extension(Peer(address))) if address.is_loopback() => {
            Ok(RECORDER.as_ref().map(PrometheusHandle::render).unwrap_or_default())
        }
        _ => Err(Refusal(Problem::not_found("http.no_such_page"))),
    }
}

/// Counts requests and their time by route, method and status.
pub(super) async fn count(request: Request, next: Next) -> Response {
    LazyLock::force(&RECORDER);
    let route = request.extensions().get::<MatchedPath>().map_or("other".to_owned(), |p| p.as_str().to_owned());
    let method = request.method().to_string();
    let started = Instant::now();
    let response = next.run(request).await;
    let labels =
        [("route", route), ("method", method), ("status", response.status().as_u16().to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_seconds", &labels).record(started.elapsed().as_secs_f64());
    response
}
