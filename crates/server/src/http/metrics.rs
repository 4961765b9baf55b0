use std::fmt::Write;
use std::sync::LazyLock;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_kit::{AppState, Peer, Refusal};
use kernel::{Problem, Result};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use store::args;

use super::sql::{self, SendCount};
use crate::service_figure::Traffic;

/// Upper ends of the classes of the latency histogram, in seconds.
const LATENCIES: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// One recorder for the process; tests start several servers in one.
static RECORDER: LazyLock<Option<PrometheusHandle>> =
    LazyLock::new(|| PrometheusBuilder::new().set_buckets(LATENCIES).ok()?.install_recorder().ok());

/// Shows counters and gauges as Prometheus reads them; only to this machine.
pub(super) async fn show(
    State(app): State<AppState>,
    peer: Option<axum::Extension<Peer>>,
) -> Result<Response, Refusal> {
    match peer {
        Some(axum::Extension(Peer(address))) if address.is_loopback() => {}
        _ => return Err(Refusal(Problem::not_found("http.no_such_page"))),
    }
    let mut text = RECORDER.as_ref().map(PrometheusHandle::render).unwrap_or_default();
    text.push_str(&gauges(&app).await?);
    let mut response = text.into_response();
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

/// Writes what the database knows at this moment; a state that nothing is in any more has no line.
async fn gauges(app: &AppState) -> Result<String> {
    let (stored, now) = (app.store.gauges().await?, app.store.now());
    let sends: Vec<SendCount> = app.store.all(sql::SENDS, args![]).await?;
    let mut text = String::new();
    let version = env!("CARGO_PKG_VERSION");
    head(&mut text, "brandwright_info", "What runs here.");
    line(&mut text, "brandwright_info", &[("version", version)], 1.0);
    head(&mut text, "brandwright_jobs", "Background work by kind and state.");
    for job in &stored.jobs {
        line(&mut text, "brandwright_jobs", &[("kind", &job.kind), ("state", &job.state)], job.count as f64);
    }
    head(&mut text, "brandwright_sends", "Messages of campaigns by state.");
    for sends in &sends {
        line(&mut text, "brandwright_sends", &[("state", &sends.state)], sends.count as f64);
    }
    for (name, help, value) in [
        ("brandwright_outbox_waiting", "Events that no handler got yet.", stored.outbox.count as f64),
        ("brandwright_outbox_lag_seconds", "Age of the oldest of them.", stored.outbox.lag_seconds(now)),
        ("brandwright_audit_unsealed", "Audit entries before the sealer.", stored.unsealed.count as f64),
        (
            "brandwright_audit_seal_lag_seconds",
            "Age of the oldest of them.",
            stored.unsealed.lag_seconds(now),
        ),
        (
            "brandwright_database_connections",
            "Open connections to the database.",
            f64::from(stored.connections),
        ),
        (
            "brandwright_database_connections_idle",
            "Those that nobody uses.",
            f64::from(stored.connections_idle),
        ),
    ] {
        head(&mut text, name, help);
        line(&mut text, name, &[], value);
    }
    Ok(text)
}

fn head(text: &mut String, name: &str, help: &str) {
    // Writing into a String cannot fail.
    let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n");
}

fn line(text: &mut String, name: &str, labels: &[(&str, &str)], value: f64) {
    let labels: Vec<String> =
        labels.iter().map(|(key, value)| format!("{key}=\"{}\"", escaped(value))).collect();
    let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
    let _ = writeln!(text, "{name}{labels} {value}");
}

fn escaped(value: &str) -> String {
    value.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n")
}

/// Counts requests by route, method and status, and measures how long they take.
pub(super) async fn count(State(traffic): State<Traffic>, request: Request, next: Next) -> Response {
    LazyLock::force(&RECORDER);
    let route =
        request.extensions().get::<MatchedPath>().map_or("other".to_owned(), |p| p.as_str().to_owned());
    let method = method(request.method());
    let started = Instant::now();
    let response = next.run(request).await;
    let took = started.elapsed();
    traffic.note(took, response.status().is_server_error());
    let status = response.status().as_u16().to_string();
    metrics::counter!("http_requests_total", "route" => route.clone(), "method" => method, "status" => status)
        .increment(1);
    metrics::histogram!("http_request_seconds", "route" => route, "method" => method)
        .record(took.as_secs_f64());
    response
}

/// Callers make up methods as they like; each new one would be a series for ever.
fn method(method: &axum::http::Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}
