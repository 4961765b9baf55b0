use axum::extract::State;
use axum::response::Response;
use http_kit::{AppState, Params, Routes, Who, needs, operations};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{ExportFormat, download, service};
use crate::permissions::CLAUSE_READ;

/// What to export.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// The format.
    #[param(inline)]
    format: ExportFormat,
}

/// Exports the rulebook with its evidence, in the caller's language.
#[utoipa::path(get, path = "/api/v1/rulebook/export", operation_id = "export_rulebook", tag = "rulebook",
    params(Wanted), responses((status = 200, content(
        (serde_json::Value = "application/json"), (Vec<u8> = "application/pdf"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
async fn export(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(wanted): Params<Wanted>,
) -> http_kit::Result<Response> {
    let bytes = service::export(&app, &caller, wanted.format).await?;
    Ok(download(wanted.format.file_name(), wanted.format.content_type(), bytes)?)
}

/// Returns the operations of exports.
pub fn routes() -> Routes {
    Routes::new().add(operations!(export), needs(CLAUSE_READ))
}
