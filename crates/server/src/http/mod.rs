//! The HTTP side: layers around the operations, the document, health, metrics, the embedded UI.

mod health;
mod layers;
mod metrics;
mod openapi;
mod sql;
mod ui;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_kit::{Refusal, render_problems};
use kernel::Problem;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

pub use openapi::openapi;

use crate::Built;
use crate::config::Http;
use crate::service_figure::Traffic;

/// Returns the routers of both origins: staff's and receivers'.
pub fn router(built: &Built, http: &Http) -> (Router, Router) {
    let background = health::Background { pulse: built.pulse.clone(), expected: built.workers > 0 };
    let app = built.app.clone();
    let traffic = app.part::<Traffic>().cloned().unwrap_or_default();
    let document = serde_json::to_string(&built.openapi).expect("the document is plain data");
    let timeout = std::time::Duration::from_secs(http.timeout_seconds);
    let api = Router::new()
        .merge(built.routes.clone())
        .route("/api/openapi.json", get(move || json(document.clone())))
        .route("/api/{*rest}", axum::routing::any(no_such_page));
    let staff = Router::new()
        .merge(api)
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready).layer(axum::Extension(background)))
        .route("/metrics", get(metrics::show))
        .fallback(ui::page)
        .layer(from_fn_with_state(app.clone(), http_kit::once))
        .layer(DefaultBodyLimit::max(http.body_max_bytes))
        .layer(from_fn_with_state(app.clone(), layers::identify))
        .with_state(app.clone());
    let public = built
        .public
        .clone()
        .route("/healthz", get(health::alive))
        .route("/tag.js", get(ui::tag))
        .fallback(no_such_page)
        .layer(DefaultBodyLimit::max(64 * 1024))
        .layer(from_fn_with_state(app.clone(), layers::anonymous))
        .with_state(app.clone());
    let around = |router: Router, headers: layers::Headers| {
        router
            .layer(from_fn(layers::bounded))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::REQUEST_TIMEOUT, timeout))
            .layer(from_fn_with_state(app.clone(), render_problems))
            .layer(CompressionLayer::new())
            .layer(from_fn_with_state(headers, layers::headers))
            .layer(from_fn_with_state(traffic.clone(), metrics::count))
            .layer(from_fn(layers::trace))
    };
    (around(staff, layers::Headers::Staff), around(public, layers::Headers::Public))
}

async fn json(text: String) -> Response {
    ([(axum::http::header::CONTENT_TYPE, "application/json")], text).into_response()
}

async fn no_such_page() -> Refusal {
    Refusal(Problem::not_found("http.no_such_page"))
}

fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let words = panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
    Refusal(Problem::internal(words.unwrap_or_else(|| "a handler panicked".to_owned()))).into_response()
}
