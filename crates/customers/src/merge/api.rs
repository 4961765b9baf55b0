use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page};

use super::{MergeProfile, ProfileMerge, UndoMerge, Undone, service};
use crate::permissions::{MATCH_DECIDE, PROFILE_READ};
use crate::profile::Profile;

/// Lists the merges into one person, newest first.
#[utoipa::path(get, path = "/api/v1/customers/profiles/{id}/merges", operation_id = "list_profile_merges",
    tag = "customers", params(("id" = Id, Path)), responses((status = 200, body = Page<ProfileMerge>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::of_profile(&app, &caller, id).await?))
}

/// Joins two people who are one; the older one stays.
#[utoipa::path(post, path = "/api/v1/customers/profiles/{id}/merge", operation_id = "merge_profile", tag = "customers",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = MergeProfile, responses((status = 200, body = Profile)))]
async fn merge(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(wish): Body<MergeProfile>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::merge(&app, &caller, id, version, &wish).await?))
}

/// Undoes a merge: every identifier and fact goes back, and the two are not joined again by any rule.
#[utoipa::path(post, path = "/api/v1/customers/merges/{id}/undo", operation_id = "undo_merge", tag = "customers",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = UndoMerge, responses((status = 200, body = Undone)))]
async fn undo(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(wish): Body<UndoMerge>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::undo(&app, &caller, id, version, &wish).await?))
}

/// The operations on merges.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(PROFILE_READ))
        .add(operations!(merge), needs(MATCH_DECIDE))
        .add(operations!(undo), needs(MATCH_DECIDE))
}
