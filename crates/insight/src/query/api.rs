use std::collections::BTreeMap;

use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};
use serde::Deserialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::{NewQuery, QueryFilter, SavedQuery, service};
use crate::permissions::{QUERY_MANAGE, QUERY_READ, QUERY_RUN};
use crate::workbench::SqlResult;

/// What a saved query is asked with.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct RunQuery {
    /// Most rows, 1 to 10000; 10000 when absent.
    #[schema(minimum = 1, maximum = 10000)]
    limit: Option<u32>,
    /// What stands for its parameters; their defaults where absent.
    #[schema(value_type = Object)]
    values: BTreeMap<String, Json>,
}

/// Lists saved queries that are the caller's or shared with them, newest first.
#[utoipa::path(get, path = "/api/v1/insight/queries", operation_id = "list_queries", tag = "insight",
    params(PageQuery, QueryFilter), responses((status = 200, body = Page<SavedQuery>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<QueryFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Saves a query.
#[utoipa::path(post, path = "/api/v1/insight/queries", operation_id = "create_query", tag = "insight",
    request_body = NewQuery, responses((status = 201, body = SavedQuery)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &new).await?))
}

/// Shows one saved query.
#[utoipa::path(get, path = "/api/v1/insight/queries/{id}", operation_id = "get_query", tag = "insight",
    params(("id" = Id, Path)), responses((status = 200, body = SavedQuery)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Changes a saved query; only its owner does.
#[utoipa::path(put, path = "/api/v1/insight/queries/{id}", operation_id = "update_query", tag = "insight",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = NewQuery, responses((status = 200, body = SavedQuery)))]
async fn update(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(new): Body<NewQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::update(&app, &caller, id, version, &new).await?))
}

/// Puts a saved query away; only its owner does.
#[utoipa::path(post, path = "/api/v1/insight/queries/{id}/archive", operation_id = "archive_query", tag = "insight",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 200, body = SavedQuery)))]
async fn archive(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::archive(&app, &caller, id, version).await?))
}

/// Answers a saved query, with the rights of whoever asks.
#[utoipa::path(post, path = "/api/v1/insight/queries/{id}/run", operation_id = "run_query", tag = "insight",
    params(("id" = Id, Path)), request_body = RunQuery, responses((status = 200, body = SqlResult)))]
async fn run(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(with): Body<RunQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::run(&app, &caller, id, with.limit, &with.values).await?))
}

/// The operations on saved queries.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(QUERY_READ))
        .add(operations!(create), needs(QUERY_MANAGE))
        .add(operations!(get), needs(QUERY_READ))
        .add(operations!(update), needs(QUERY_MANAGE))
        .add(operations!(archive), needs(QUERY_MANAGE))
        .add(operations!(run), needs(QUERY_RUN))
}
