use axum::extract::State;
use http_kit::{AppState, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Labelled, Page, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{PackVersion, service};
use crate::permissions::PACK_READ;

/// A pack that runs (制度包).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PackRow {
    /// Its id.
    pub id: String,
    /// Its name, in the caller's language.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// The version that it states of itself.
    pub label: String,
    /// Code of the management document that it holds.
    pub document: Option<String>,
    /// SHA-256 over the names and contents of its files.
    pub content_hash: String,
    /// Since when this version runs.
    pub applied_at: Option<Timestamp>,
}

impl Labelled for PackRow {
    const NOUN: &'static str = "rulebook.pack";
}

/// Lists the packs that run.
#[utoipa::path(get, path = "/api/v1/rulebook/packs", operation_id = "list_packs", tag = "rulebook",
    responses((status = 200, body = Page<PackRow>)))]
async fn list(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::list(&app, caller.language).await?)))
}

/// Lists every version of a pack that ever ran, newest first.
#[utoipa::path(get, path = "/api/v1/rulebook/packs/{id}/versions", operation_id = "list_pack_versions",
    tag = "rulebook", params(("id" = String, Path, max_length = 100)),
    responses((status = 200, body = Page<PackVersion>)))]
async fn versions(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::versions(&app, &id).await?)))
}

/// Returns the operations of packs.
pub fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(PACK_READ)).add(operations!(versions), needs(PACK_READ))
}
