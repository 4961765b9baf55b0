use axum::extract::State;
use http_kit::{AppState, Reply, Routes, Who, needs, operations};

use super::{Cockpit, service};
use crate::permissions::TASK_READ;

/// Shows all open work of research, brand and campaigns with its light.
#[utoipa::path(get, path = "/api/v1/rulebook/cockpit", operation_id = "get_cockpit", tag = "rulebook",
    responses((status = 200, body = Cockpit)))]
async fn get(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::read(&app, &caller).await?))
}

/// Returns the operations of the cockpit.
pub fn routes() -> Routes {
    Routes::new().add(operations!(get), needs(TASK_READ))
}
