use axum::extract::State;
use http_kit::{AppState, Reply, Routes, Who, needs, operations};

use super::{TraceMap, service};
use crate::permissions::CLAUSE_READ;

/// Shows how content, campaigns, plans, strategies and goals hang together, and what leads to no goal.
#[utoipa::path(get, path = "/api/v1/rulebook/trace", operation_id = "get_trace", tag = "rulebook",
    responses((status = 200, body = TraceMap)))]
async fn get(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::read(&app, &caller).await?))
}

/// Returns the operations of the map.
pub fn routes() -> Routes {
    Routes::new().add(operations!(get), needs(CLAUSE_READ))
}
