use axum::extract::State;
use http_kit::{AppState, Body, Reply, Routes, Who, needs, operations, signed_in};

use super::{ConfidentialAreas, service};
use crate::permissions::DEVICE_MANAGE;

/// Shows which areas are confidential.
#[utoipa::path(get, path = "/api/v1/identity/confidential-areas", operation_id = "get_confidential_areas",
    tag = "identity", responses((status = 200, body = ConfidentialAreas)))]
async fn get(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app).await?))
}

/// Says anew which areas are confidential.
#[utoipa::path(put, path = "/api/v1/identity/confidential-areas", operation_id = "put_confidential_areas",
    tag = "identity", request_body = ConfidentialAreas, responses((status = 200, body = ConfidentialAreas)))]
async fn put(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(areas): Body<ConfidentialAreas>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::put(&app, &caller, areas).await?))
}

/// The operations on confidential areas.
pub fn routes() -> Routes {
    Routes::new().add(operations!(get), signed_in()).add(operations!(put), needs(DEVICE_MANAGE))
}
