use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use http_kit::AppState;
use serde::Serialize;
use store::jobs::Pulse;

/// Seconds without a sign of life after which the background work counts as stuck.
const SILENT_MAX_SECONDS: i64 = 30;

/// What a node does in the background, as far as health goes.
#[derive(Clone, Debug)]
pub(super) struct Background {
    /// When it last looked for work.
    pub pulse: Pulse,
    /// False on a node that only answers requests.
    pub expected: bool,
}

/// Whether this node can serve, part by part.
#[derive(Debug, Serialize)]
pub(super) struct Readiness {
    ready: bool,
    database: &'static str,
    schema: &'static str,
    worker: &'static str,
}

/// Answers as long as the process does.
pub(super) async fn alive() -> StatusCode {
    StatusCode::OK
}

/// Answers 200 when requests can be served: the database answers, its schema is complete, the worker lives.
pub(super) async fn ready(
    State(app): State<AppState>,
    Extension(background): Extension<Background>,
) -> (StatusCode, Json<Readiness>) {
    let missing = app.store.missing_migrations(&crate::migrations()).await;
    let database = if missing.is_ok() { "ok" } else { "not answering" };
    let schema = match &missing {
        Ok(missing) if missing.is_empty() => "ok",
        Ok(_) => "incomplete",
        Err(_) => "unknown",
    };
    let worker = worker(&app, &background);
    let ready = database == "ok" && schema == "ok" && matches!(worker, "ok" | "elsewhere");
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, database, schema, worker }))
}

fn worker(app: &AppState, background: &Background) -> &'static str {
    if !background.expected {
        return "elsewhere";
    }
    match background.pulse.last() {
        None => "not started",
        Some(last) if app.store.now().ms() - last.ms() > SILENT_MAX_SECONDS * 1_000 => "silent",
        Some(_) => "ok",
    }
}
