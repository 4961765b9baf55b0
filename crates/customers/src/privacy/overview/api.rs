use axum::extract::State;
use http_kit::{AppState, Reply, Routes, Who, needs, operations};

use super::{PrivacyOverview, service};
use crate::permissions::PRIVACY_READ;

/// Shows how the privacy desk stands.
#[utoipa::path(get, path = "/api/v1/customers/privacy/overview", operation_id = "get_privacy_overview",
    tag = "customers", responses((status = 200, body = PrivacyOverview)))]
async fn get(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller).await?))
}

/// The operation on the overview.
pub fn routes() -> Routes {
    Routes::new().add(operations!(get), needs(PRIVACY_READ))
}
