use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};
use tabular::export::{ExportQuery, Exported};

use super::{
    AffectedPerson, Leak, LeakFilter, LeakInformed, LeakPatch, LeakReport, LeakStep, NewAffected, NewLeak,
    NewLeakStep, affected as people, service,
};
use crate::permissions::{PRIVACY_MANAGE, PRIVACY_READ};
use crate::privacy::Because;

/// Lists leaks, newest first.
#[utoipa::path(get, path = "/api/v1/customers/privacy/leaks", operation_id = "list_leaks", tag = "customers",
    params(PageQuery, LeakFilter), responses((status = 200, body = Page<Leak>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<LeakFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Shows one leak.
#[utoipa::path(get, path = "/api/v1/customers/privacy/leaks/{id}", operation_id = "get_leak", tag = "customers",
    params(("id" = Id, Path)), responses((status = 200, body = Leak)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Writes down a leak; the clock of the authority runs from when it was found.
#[utoipa::path(post, path = "/api/v1/customers/privacy/leaks", operation_id = "create_leak", tag = "customers",
    request_body = NewLeak, responses((status = 201, body = Leak)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewLeak>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &new).await?))
}

/// Corrects what is known about a leak.
#[utoipa::path(patch, path = "/api/v1/customers/privacy/leaks/{id}", operation_id = "update_leak", tag = "customers",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = LeakPatch,
    responses((status = 200, body = Leak)))]
async fn patch(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(change): Body<LeakPatch>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::patch(&app, &caller, id, version, &change).await?))
}

/// Adds people who are affected; the same person counts once.
#[utoipa::path(post, path = "/api/v1/customers/privacy/leaks/{id}/affected", operation_id = "add_leak_people",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = NewAffected,
    responses((status = 200, body = Leak)))]
async fn add(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(new): Body<NewAffected>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &people::add(&app, &caller, id, version, &new).await?))
}

/// Lists who is affected.
#[utoipa::path(get, path = "/api/v1/customers/privacy/leaks/{id}/affected", operation_id = "list_leak_people",
    tag = "customers", params(("id" = Id, Path), PageQuery), responses((status = 200, body = Page<AffectedPerson>)))]
async fn affected(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &people::affected(&app, &caller, id, &page).await?))
}

/// Returns who is affected as a file, so that they can be told.
#[utoipa::path(get, path = "/api/v1/customers/privacy/leaks/{id}/affected/export", operation_id = "export_leak_people",
    tag = "customers", params(("id" = Id, Path), ExportQuery), responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
async fn export(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(query): Params<ExportQuery>,
) -> http_kit::Result<Exported> {
    Ok(people::export_file(&app, &caller, id, query.format).await?)
}

/// Notes something that was done or learned.
#[utoipa::path(post, path = "/api/v1/customers/privacy/leaks/{id}/steps", operation_id = "add_leak_step",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = NewLeakStep,
    responses((status = 200, body = Leak)))]
async fn step(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(new): Body<NewLeakStep>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::step(&app, &caller, id, version, &new).await?))
}

/// Lists what was done, in order.
#[utoipa::path(get, path = "/api/v1/customers/privacy/leaks/{id}/timeline", operation_id = "list_leak_steps",
    tag = "customers", params(("id" = Id, Path)), responses((status = 200, body = Page<LeakStep>)))]
async fn timeline(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::timeline(&app, &caller, id).await?))
}

/// Notes that the authority was told.
#[utoipa::path(post, path = "/api/v1/customers/privacy/leaks/{id}/report", operation_id = "report_leak",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = LeakReport,
    responses((status = 200, body = Leak)))]
async fn report(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(told): Body<LeakReport>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::report(&app, &caller, id, version, &told).await?))
}

/// Notes that the authority does not have to be told.
#[utoipa::path(post, path = "/api/v1/customers/privacy/leaks/{id}/waive", operation_id = "waive_leak_report",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = Because,
    responses((status = 200, body = Leak)))]
async fn waive(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<Because>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::waive(&app, &caller, id, version, &why.reason).await?))
}

/// Notes that the people were told.
#[utoipa::path(post, path = "/api/v1/customers/privacy/leaks/{id}/inform", operation_id = "inform_leak_people",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = LeakInformed,
    responses((status = 200, body = Leak)))]
async fn inform(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(told): Body<LeakInformed>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::inform(&app, &caller, id, version, &told).await?))
}

/// Closes a leak.
#[utoipa::path(post, path = "/api/v1/customers/privacy/leaks/{id}/close", operation_id = "close_leak",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = Because,
    responses((status = 200, body = Leak)))]
async fn close(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<Because>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::close(&app, &caller, id, version, &why.reason).await?))
}

/// The operations on leaks.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(PRIVACY_READ))
        .add(operations!(get), needs(PRIVACY_READ))
        .add(operations!(create), needs(PRIVACY_MANAGE))
        .add(operations!(patch), needs(PRIVACY_MANAGE))
        .add(operations!(add), needs(PRIVACY_MANAGE))
        .add(operations!(affected), needs(PRIVACY_READ))
        .add(operations!(export), needs(PRIVACY_MANAGE))
        .add(operations!(step), needs(PRIVACY_MANAGE))
        .add(operations!(timeline), needs(PRIVACY_READ))
        .add(operations!(report), needs(PRIVACY_MANAGE))
        .add(operations!(waive), needs(PRIVACY_MANAGE))
        .add(operations!(inform), needs(PRIVACY_MANAGE))
        .add(operations!(close), needs(PRIVACY_MANAGE))
}
