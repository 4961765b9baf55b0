use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{
    NewRetentionRule, RetentionPatch, RetentionPreview, RetentionRule, RetentionRun, RunFilter, service,
};
use crate::permissions::{PRIVACY_ERASE, PRIVACY_MANAGE, PRIVACY_READ};

/// Lists how long what is kept.
#[utoipa::path(get, path = "/api/v1/customers/privacy/retention-rules", operation_id = "list_retention_rules",
    tag = "customers", responses((status = 200, body = Page<RetentionRule>)))]
async fn list(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller).await?))
}

/// Makes a rule.
#[utoipa::path(post, path = "/api/v1/customers/privacy/retention-rules", operation_id = "create_retention_rule",
    tag = "customers", request_body = NewRetentionRule, responses((status = 201, body = RetentionRule)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewRetentionRule>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &new).await?))
}

/// Changes a rule.
#[utoipa::path(patch, path = "/api/v1/customers/privacy/retention-rules/{id}", operation_id = "update_retention_rule",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = RetentionPatch,
    responses((status = 200, body = RetentionRule)))]
async fn patch(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(change): Body<RetentionPatch>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::patch(&app, &caller, id, version, &change).await?))
}

/// Says what a rule would do now; nothing changes.
#[utoipa::path(post, path = "/api/v1/customers/privacy/retention-rules/{id}/preview",
    operation_id = "preview_retention_rule", tag = "customers", params(("id" = Id, Path)),
    responses((status = 200, body = RetentionPreview)))]
async fn preview(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::preview(&app, &caller, id).await?))
}

/// Lets a rule run now.
#[utoipa::path(post, path = "/api/v1/customers/privacy/retention-rules/{id}/run", operation_id = "run_retention_rule",
    tag = "customers", params(("id" = Id, Path)), responses((status = 200, body = RetentionRun)))]
async fn run(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::run(&app, &caller, id).await?))
}

/// Lists what rules did, newest first.
#[utoipa::path(get, path = "/api/v1/customers/privacy/retention-runs", operation_id = "list_retention_runs",
    tag = "customers", params(PageQuery, RunFilter), responses((status = 200, body = Page<RetentionRun>)))]
async fn runs(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<RunFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::runs(&app, &caller, &page, &filter).await?))
}

/// The operations on retention rules.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(PRIVACY_READ))
        .add(operations!(create), needs(PRIVACY_MANAGE))
        .add(operations!(patch), needs(PRIVACY_MANAGE))
        .add(operations!(preview), needs(PRIVACY_READ))
        .add(operations!(run), needs(PRIVACY_ERASE))
        .add(operations!(runs), needs(PRIVACY_READ))
}
