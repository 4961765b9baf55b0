use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, PathOf, Reply, Routes, Who, needs, operations};
use kernel::Page;

use super::{NewValue, Parameter, ParameterChange, service};
use crate::permissions::{PARAMETER_CHANGE, PARAMETER_READ};

/// Lists all policy parameters.
#[utoipa::path(get, path = "/api/v1/rulebook/parameters", operation_id = "list_parameters", tag = "rulebook",
    responses((status = 200, body = Page<Parameter>)))]
async fn list(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::list(&app, caller.language).await?)))
}

/// Shows one policy parameter.
#[utoipa::path(get, path = "/api/v1/rulebook/parameters/{key}", operation_id = "get_parameter", tag = "rulebook",
    params(("key" = String, Path, max_length = 200)), responses((status = 200, body = Parameter)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(key): PathOf<String>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::find(&app, caller.language, &key).await?))
}

/// Shows every value that a policy parameter had, newest first.
#[utoipa::path(get, path = "/api/v1/rulebook/parameters/{key}/history", operation_id = "list_parameter_changes",
    tag = "rulebook", params(("key" = String, Path, max_length = 200)),
    responses((status = 200, body = Page<ParameterChange>)))]
async fn history(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(key): PathOf<String>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::history(&app, &key).await?)))
}

/// Changes a policy parameter, with a reason.
#[utoipa::path(put, path = "/api/v1/rulebook/parameters/{key}", operation_id = "change_parameter", tag = "rulebook",
    params(("key" = String, Path, max_length = 200), ("If-Match" = String, Header)), request_body = NewValue,
    responses((status = 200, body = Parameter)))]
async fn change(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(key): PathOf<String>,
    IfMatch(version): IfMatch,
    Body(input): Body<NewValue>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::change(&app, &caller, &key, version, input).await?))
}

/// Returns the operations of policy parameters.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(PARAMETER_READ))
        .add(operations!(get), needs(PARAMETER_READ))
        .add(operations!(history), needs(PARAMETER_READ))
        .add(operations!(change), needs(PARAMETER_CHANGE))
}
