use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{NewPersonaSet, PersonaName, PersonaSet, service};
use crate::permissions::{SEGMENT_EDIT, SEGMENT_READ};

/// Lists ways of grouping people, newest first.
#[utoipa::path(get, path = "/api/v1/customers/personas", operation_id = "list_persona_sets", tag = "customers",
    params(PageQuery), responses((status = 200, body = Page<PersonaSet>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page).await?))
}

/// Makes a way of grouping people; the groups are found in the background.
#[utoipa::path(post, path = "/api/v1/customers/personas", operation_id = "create_persona_set", tag = "customers",
    request_body = NewPersonaSet, responses((status = 201, body = PersonaSet)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewPersonaSet>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &new).await?))
}

/// Shows the groups of a set, what tells them apart, and how stable they are.
#[utoipa::path(get, path = "/api/v1/customers/personas/{id}", operation_id = "get_persona_set", tag = "customers",
    params(("id" = Id, Path)), responses((status = 200, body = PersonaSet)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Calls a group something.
#[utoipa::path(put, path = "/api/v1/customers/personas/{id}/names/{persona_id}", operation_id = "name_persona",
    tag = "customers", params(("id" = Id, Path), ("persona_id" = Id, Path), ("If-Match" = String, Header)),
    request_body = PersonaName, responses((status = 200, body = PersonaSet)))]
async fn name(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((id, persona)): PathOf<(Id, Id)>,
    IfMatch(version): IfMatch,
    Body(called): Body<PersonaName>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::name(&app, &caller, id, version, persona, &called).await?))
}

/// Has the groups of a set found anew in the background.
#[utoipa::path(post, path = "/api/v1/customers/personas/{id}/recompute", operation_id = "recompute_persona_set",
    tag = "customers", params(("id" = Id, Path)), responses((status = 202, body = PersonaSet)))]
async fn recompute(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::accepted(&caller, &service::request(&app, &caller, id).await?))
}

/// Puts a set away.
#[utoipa::path(post, path = "/api/v1/customers/personas/{id}/archive", operation_id = "archive_persona_set",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = PersonaSet)))]
async fn archive(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::archive(&app, &caller, id, version).await?))
}

/// The operations on personas.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(SEGMENT_READ))
        .add(operations!(create), needs(SEGMENT_EDIT))
        .add(operations!(get), needs(SEGMENT_READ))
        .add(operations!(name), needs(SEGMENT_EDIT))
        .add(operations!(recompute), needs(SEGMENT_EDIT))
        .add(operations!(archive), needs(SEGMENT_EDIT))
}
