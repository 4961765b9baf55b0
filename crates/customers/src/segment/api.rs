use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{
    Membership, NewSegment, Preview, Segment, SegmentDetail, SegmentFilter, SegmentHistory, SegmentHooks,
    SegmentOfProfile, SegmentPatch, SegmentVersion, SetSegmentHooks, TryCondition, membership, service,
};
use crate::audience::{self, NewSnapshot, Snapshot};
use crate::permissions::{PROFILE_READ, SEGMENT_EDIT, SEGMENT_READ};
use crate::profile::Profile;

/// Lists segments, newest first.
#[utoipa::path(get, path = "/api/v1/customers/segments", operation_id = "list_segments", tag = "customers",
    params(PageQuery, SegmentFilter), responses((status = 200, body = Page<Segment>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<SegmentFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Makes a segment.
#[utoipa::path(post, path = "/api/v1/customers/segments", operation_id = "create_segment", tag = "customers",
    request_body = NewSegment, responses((status = 201, body = SegmentDetail)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewSegment>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &new).await?))
}

/// Shows one segment with its condition in words.
#[utoipa::path(get, path = "/api/v1/customers/segments/{id}", operation_id = "get_segment", tag = "customers",
    params(("id" = Id, Path)), responses((status = 200, body = SegmentDetail)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Changes a segment; another condition becomes a new version.
#[utoipa::path(patch, path = "/api/v1/customers/segments/{id}", operation_id = "update_segment", tag = "customers",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = SegmentPatch, responses((status = 200, body = SegmentDetail)))]
async fn update(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(patch): Body<SegmentPatch>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::update(&app, &caller, id, version, &patch).await?))
}

/// Puts a segment away.
#[utoipa::path(post, path = "/api/v1/customers/segments/{id}/archive", operation_id = "archive_segment",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 200, body = SegmentDetail)))]
async fn archive(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::archive(&app, &caller, id, version).await?))
}

/// Lists the versions of a segment's condition, latest first.
#[utoipa::path(get, path = "/api/v1/customers/segments/{id}/versions", operation_id = "list_segment_versions",
    tag = "customers", params(("id" = Id, Path)), responses((status = 200, body = Page<SegmentVersion>)))]
async fn versions(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::versions(&app, &caller, id).await?)))
}

/// Shows how large a segment was, day by day, and who entered and left it.
#[utoipa::path(get, path = "/api/v1/customers/segments/{id}/history", operation_id = "show_segment_history",
    tag = "customers", params(("id" = Id, Path)), responses((status = 200, body = SegmentHistory)))]
async fn history(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::history(&app, &caller, id).await?))
}

/// Shows which programs are told who enters and leaves a segment.
#[utoipa::path(get, path = "/api/v1/customers/segments/{id}/hooks", operation_id = "show_segment_hooks",
    tag = "customers", params(("id" = Id, Path)), responses((status = 200, body = SegmentHooks)))]
async fn hooks(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::hooks(&app, &caller, id).await?))
}

/// Sets which programs are told who enters and leaves a segment.
#[utoipa::path(put, path = "/api/v1/customers/segments/{id}/hooks", operation_id = "set_segment_hooks",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = SetSegmentHooks,
    responses((status = 200, body = SegmentHooks)))]
async fn set_hooks(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(wish): Body<SetSegmentHooks>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::set_hooks(&app, &caller, id, version, &wish).await?))
}

/// Lists the snapshots of a segment, latest first.
#[utoipa::path(get, path = "/api/v1/customers/segments/{id}/snapshots", operation_id = "list_segment_snapshots",
    tag = "customers", params(("id" = Id, Path), PageQuery), responses((status = 200, body = Page<Snapshot>)))]
async fn snapshots(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &audience::list(&app, &caller, id, &page).await?))
}

/// Freezes who is in a segment now; who was frozen is listed among the profiles by `snapshot_id`.
#[utoipa::path(post, path = "/api/v1/customers/segments/{id}/snapshots", operation_id = "freeze_segment",
    tag = "customers", params(("id" = Id, Path)), request_body = NewSnapshot, responses((status = 201, body = Snapshot)))]
async fn freeze(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(wish): Body<NewSnapshot>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &audience::freeze_by_hand(&app, &caller, id, &wish).await?))
}

/// Counts the people of a segment now.
#[utoipa::path(post, path = "/api/v1/customers/segments/{id}/count", operation_id = "count_segment",
    tag = "customers", params(("id" = Id, Path)), responses((status = 200, body = Segment)))]
async fn count(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &membership::count(&app, &caller, id).await?))
}

/// Tries a condition out: how many people meet it, and how many each of its parts.
#[utoipa::path(post, path = "/api/v1/customers/segments/preview", operation_id = "preview_segment",
    tag = "customers", request_body = TryCondition, responses((status = 200, body = Preview)))]
async fn preview(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(tried): Body<TryCondition>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &membership::preview(&app, &caller, tried).await?))
}

/// Shows twenty people who meet a condition.
#[utoipa::path(post, path = "/api/v1/customers/segments/sample", operation_id = "sample_segment",
    tag = "customers", request_body = TryCondition, responses((status = 200, body = Page<Profile>)))]
async fn sample(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(tried): Body<TryCondition>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &membership::sample(&app, &caller, tried).await?))
}

/// Says why one person is in a segment or not.
#[utoipa::path(get, path = "/api/v1/customers/segments/{id}/members/{profile_id}", operation_id = "explain_segment",
    tag = "customers", params(("id" = Id, Path), ("profile_id" = Id, Path)),
    responses((status = 200, body = Membership)))]
async fn explain(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((id, profile_id)): PathOf<(Id, Id)>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &membership::explain_member(&app, &caller, id, profile_id).await?))
}

/// Says why one person meets a condition that is being tried out, or not.
#[utoipa::path(post, path = "/api/v1/customers/profiles/{id}/explain", operation_id = "explain_condition",
    tag = "customers", params(("id" = Id, Path)), request_body = TryCondition,
    responses((status = 200, body = Membership)))]
async fn explain_tried(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(tried): Body<TryCondition>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &membership::explain_definition(&app, &caller, tried, id).await?))
}

/// Lists the segments in use that one person is in.
#[utoipa::path(get, path = "/api/v1/customers/profiles/{id}/segments", operation_id = "list_profile_segments",
    tag = "customers", params(("id" = Id, Path)), responses((status = 200, body = Page<SegmentOfProfile>)))]
async fn of_profile(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(membership::of_profile(&app, &caller, id).await?)))
}

/// The operations on segments.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(SEGMENT_READ))
        .add(operations!(create), needs(SEGMENT_EDIT))
        .add(operations!(get), needs(SEGMENT_READ))
        .add(operations!(update), needs(SEGMENT_EDIT))
        .add(operations!(archive), needs(SEGMENT_EDIT))
        .add(operations!(versions), needs(SEGMENT_READ))
        .add(operations!(history), needs(SEGMENT_READ))
        .add(operations!(hooks), needs(SEGMENT_READ))
        .add(operations!(set_hooks), needs(SEGMENT_EDIT))
        .add(operations!(snapshots), needs(SEGMENT_READ))
        .add(operations!(freeze), needs(SEGMENT_EDIT))
        .add(operations!(count), needs(SEGMENT_READ))
        .add(operations!(preview), needs(SEGMENT_READ))
        .add(operations!(sample), needs(SEGMENT_READ))
        .add(operations!(explain), needs(SEGMENT_READ))
        .add(operations!(explain_tried), needs(SEGMENT_READ))
        .add(operations!(of_profile), needs(PROFILE_READ))
}
