use axum::body::Bytes;
use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page};
use lake::{Lake, LakeStats, RecentEvent};

use super::days::{DaysWanted, days as source_days};
use super::{
    LogAccount, NewSource, NewSourceTotal, Source, SourceCoverage, SourceDay, SourceQuality, SourceTotal,
    WriteKey, coverage, log_file, quality, service, totals,
};
use crate::permissions::{SOURCE_MANAGE, SOURCE_READ};

/// Lists sources, by name.
#[utoipa::path(get, path = "/api/v1/customers/sources", operation_id = "list_sources", tag = "customers",
    responses((status = 200, body = Page<Source>)))]
async fn list(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app).await?))
}

/// Makes a source with a write key of its own.
#[utoipa::path(post, path = "/api/v1/customers/sources", operation_id = "create_source", tag = "customers",
    request_body = NewSource, responses((status = 201, body = Source)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewSource>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &new).await?))
}

/// Shows a source.
#[utoipa::path(get, path = "/api/v1/customers/sources/{id}", operation_id = "get_source", tag = "customers",
    params(("id" = Id, Path)), responses((status = 200, body = Source)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::find(&app, id).await?))
}

/// Changes a source.
#[utoipa::path(put, path = "/api/v1/customers/sources/{id}", operation_id = "change_source", tag = "customers",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = NewSource,
    responses((status = 200, body = Source)))]
async fn change(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(new): Body<NewSource>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::change(&app, &caller, id, version, &new).await?))
}

/// Shows the write key of a source, to whoever installs it; the look is logged.
#[utoipa::path(post, path = "/api/v1/customers/sources/{id}/write-key/show", operation_id = "show_write_key",
    tag = "customers", params(("id" = Id, Path)), responses((status = 200, body = WriteKey)))]
async fn show_key(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::write_key(&app, &caller, id).await?))
}

/// Puts a new write key in the place of the old one, which opens nothing any more.
#[utoipa::path(post, path = "/api/v1/customers/sources/{id}/write-key", operation_id = "renew_write_key",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = WriteKey)))]
async fn renew_key(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::renew_key(&app, &caller, id, version).await?))
}

/// Shows what a source brought, day by day.
#[utoipa::path(get, path = "/api/v1/customers/sources/{id}/days", operation_id = "list_source_days", tag = "customers",
    params(("id" = Id, Path), DaysWanted), responses((status = 200, body = Page<SourceDay>)))]
async fn days(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(wanted): Params<DaysWanted>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &source_days(&app, id, &wanted).await?))
}

/// Shows what arrived last from a source, newest first: at most 500 events, of this node, since it started.
#[utoipa::path(get, path = "/api/v1/customers/sources/{id}/events", operation_id = "list_recent_events",
    tag = "customers", params(("id" = Id, Path)), responses((status = 200, body = Page<RecentEvent>)))]
async fn events(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    service::exists(&app, id).await?;
    Ok(Reply::page(&caller, &Page::whole(app.part::<Lake>()?.recent(Some(id)))))
}

/// Brings the pages of a web server's access log into the lake: combined format or JSON lines, plain or gzip.
#[utoipa::path(post, path = "/api/v1/customers/sources/{id}/log", operation_id = "import_access_log",
    tag = "customers", params(("id" = Id, Path)), request_body(content((String = "text/plain"))),
    responses((status = 200, body = LogAccount)))]
async fn import_log(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    body: Bytes,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &log_file::import_log(&app, &caller, id, &body[..]).await?))
}

/// Shows which source brings which kind of data, and which is missing.
#[utoipa::path(get, path = "/api/v1/customers/sources/coverage", operation_id = "list_source_coverage",
    tag = "customers", responses((status = 200, body = Page<SourceCoverage>)))]
async fn coverage(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &coverage::coverage(&app).await?))
}

/// Writes down how many events the sending side says that it sent on a day, for the first time or anew.
#[utoipa::path(post, path = "/api/v1/customers/sources/{id}/totals", operation_id = "say_source_total",
    tag = "customers", params(("id" = Id, Path)), request_body = NewSourceTotal,
    responses((status = 201, body = SourceTotal)))]
async fn say_total(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(said): Body<NewSourceTotal>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &totals::say(&app, &caller, id, &said).await?))
}

/// Shows what the sending side says beside what arrived, newest day first.
#[utoipa::path(get, path = "/api/v1/customers/sources/{id}/totals", operation_id = "list_source_totals",
    tag = "customers", params(("id" = Id, Path), DaysWanted), responses((status = 200, body = Page<SourceTotal>)))]
async fn list_totals(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(wanted): Params<DaysWanted>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &totals::list(&app, id, &wanted).await?))
}

/// Shows how well what a source brought in the last seven days keeps to the tracking plan.
#[utoipa::path(get, path = "/api/v1/customers/sources/{id}/quality", operation_id = "get_source_quality",
    tag = "customers", params(("id" = Id, Path)), responses((status = 200, body = SourceQuality)))]
async fn quality(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &quality::quality(&app, id).await?))
}

/// Shows what is in the event lake.
#[utoipa::path(get, path = "/api/v1/customers/lake", operation_id = "get_lake", tag = "customers",
    responses((status = 200, body = LakeStats)))]
async fn lake(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &app.part::<Lake>()?.stats().await?))
}

/// The operations on sources.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(SOURCE_READ))
        .add(operations!(create), needs(SOURCE_MANAGE))
        .add(operations!(get), needs(SOURCE_READ))
        .add(operations!(change), needs(SOURCE_MANAGE))
        .add(operations!(show_key), needs(SOURCE_MANAGE))
        .add(operations!(renew_key), needs(SOURCE_MANAGE))
        .add(operations!(days), needs(SOURCE_READ))
        .add(operations!(events), needs(SOURCE_READ))
        .add(operations!(import_log), needs(SOURCE_MANAGE))
        .add(operations!(coverage), needs(SOURCE_READ))
        .add(operations!(say_total), needs(SOURCE_MANAGE))
        .add(operations!(list_totals), needs(SOURCE_READ))
        .add(operations!(quality), needs(SOURCE_READ))
        .add(operations!(lake), needs(SOURCE_READ))
}
