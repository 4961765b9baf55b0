use axum::extract::State;
use http_kit::{AppState, Body, NoContent, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Labelled, Page, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Candidate, Checked, DryRun, NewPackVersion, ObjectChange, PackDiff, PackFiles, PackVersion, RestorePack,
    dry_run, service,
};
use crate::permissions::{PACK_APPLY, PACK_READ};

text_enum! {
    /// Where a running pack comes from.
    pub enum PackOrigin {
        /// The product or its configuration brings it.
        Shipped = "shipped",
        /// The product brings it and the company changed it.
        Changed = "changed",
        /// The company made it.
        Own = "own",
    }
}

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
    /// Where it comes from.
    pub origin: PackOrigin,
    /// Who applied the company's own version.
    pub changed_by_name: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Objects that both the company and an upgrade changed: the company's stays until somebody applies a version again.
    pub conflicts: Vec<ObjectChange>,
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

/// Shows the files of a running pack.
#[utoipa::path(get, path = "/api/v1/rulebook/packs/{id}/files", operation_id = "get_pack_files", tag = "rulebook",
    params(("id" = String, Path, max_length = 100)), responses((status = 200, body = PackFiles)))]
async fn files(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::files(&app, &id)?))
}

/// Checks files as they would run in this pack's place; every fault has its file and line.
#[utoipa::path(post, path = "/api/v1/rulebook/packs/{id}/check", operation_id = "check_pack", tag = "rulebook",
    params(("id" = String, Path, max_length = 100)), request_body = Candidate,
    responses((status = 200, body = Checked)))]
async fn check(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
    Body(input): Body<Candidate>,
) -> http_kit::Result<Reply> {
    let folder = service::candidate(&id, input.files)?;
    Ok(Reply::row(&caller, &service::check(&app, caller.language, &folder).await?))
}

/// Compares files with the pack that runs, object by object.
#[utoipa::path(post, path = "/api/v1/rulebook/packs/{id}/diff", operation_id = "diff_pack", tag = "rulebook",
    params(("id" = String, Path, max_length = 100)), request_body = Candidate,
    responses((status = 200, body = PackDiff)))]
async fn diff(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
    Body(input): Body<Candidate>,
) -> http_kit::Result<Reply> {
    let folder = service::candidate(&id, input.files)?;
    Ok(Reply::row(&caller, &service::compare(&app, &folder)?))
}

/// Tries files on today's data and says what would change; nothing is kept.
#[utoipa::path(post, path = "/api/v1/rulebook/packs/{id}/dry-run", operation_id = "dry_run_pack", tag = "rulebook",
    params(("id" = String, Path, max_length = 100)), request_body = Candidate,
    responses((status = 200, body = DryRun)))]
async fn try_out(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
    Body(input): Body<Candidate>,
) -> http_kit::Result<Reply> {
    let folder = service::candidate(&id, input.files)?;
    Ok(Reply::row(&caller, &dry_run(&app, caller.language, &folder).await?))
}

/// Applies files as the company's own version of this pack: from this moment on it runs.
#[utoipa::path(post, path = "/api/v1/rulebook/packs/{id}/apply", operation_id = "apply_pack", tag = "rulebook",
    params(("id" = String, Path, max_length = 100)), request_body = NewPackVersion,
    responses((status = 200, body = PackRow)))]
async fn apply(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
    Body(input): Body<NewPackVersion>,
) -> http_kit::Result<Reply> {
    let folder = service::candidate(&id, input.files)?;
    Ok(Reply::row(&caller, &service::apply(&app, &caller, folder, &input.reason).await?))
}

/// Lets the shipped version of a pack run again.
#[utoipa::path(post, path = "/api/v1/rulebook/packs/{id}/restore", operation_id = "restore_pack", tag = "rulebook",
    params(("id" = String, Path, max_length = 100)), request_body = RestorePack,
    responses((status = 204)))]
async fn restore(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
    Body(input): Body<RestorePack>,
) -> http_kit::Result<NoContent> {
    service::restore(&app, &caller, &id, &input.reason).await?;
    Ok(NoContent)
}

/// Returns the operations of packs.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(PACK_READ))
        .add(operations!(versions), needs(PACK_READ))
        .add(operations!(files), needs(PACK_READ))
        .add(operations!(check), needs(PACK_READ))
        .add(operations!(diff), needs(PACK_READ))
        .add(operations!(try_out), needs(PACK_APPLY))
        .add(operations!(apply), needs(PACK_APPLY))
        .add(operations!(restore), needs(PACK_APPLY))
}
