use axum::extract::State;
use axum::http::StatusCode;
use http_kit::{AppState, Result};

/// Answers as long as the process does.
pub(super) async fn alive() -> StatusCode {
    StatusCode::OK
}

/// Answers 200 when requests can be served: the database answers.
pub(super) async fn ready(State(app): State<AppState>) -> Result<StatusCode> {
    app.store.ping().await?;
    Ok(StatusCode::OK)
}
