use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{Decoy, DecoyHit, HitFilter, NewDecoy, NewDecoyHit, service};
use crate::permissions::PRIVACY_MANAGE;
use crate::privacy::Because;

/// Lists decoys, newest first.
#[utoipa::path(get, path = "/api/v1/customers/privacy/decoys", operation_id = "list_decoys", tag = "customers",
    params(PageQuery), responses((status = 200, body = Page<Decoy>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page).await?))
}

/// Plants a decoy among the people.
#[utoipa::path(post, path = "/api/v1/customers/privacy/decoys", operation_id = "create_decoy", tag = "customers",
    request_body = NewDecoy, responses((status = 201, body = Decoy)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewDecoy>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &new).await?))
}

/// Takes a decoy out of the people.
#[utoipa::path(post, path = "/api/v1/customers/privacy/decoys/{id}/retire", operation_id = "retire_decoy",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = Because,
    responses((status = 200, body = Decoy)))]
async fn retire(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<Because>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::retire(&app, &caller, id, version, &why.reason).await?))
}

/// Lists what came to decoys, newest first.
#[utoipa::path(get, path = "/api/v1/customers/privacy/decoy-hits", operation_id = "list_decoy_hits", tag = "customers",
    params(PageQuery, HitFilter), responses((status = 200, body = Page<DecoyHit>)))]
async fn hits(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<HitFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::hits(&app, &caller, &page, &filter).await?))
}

/// Notes that somebody used a decoy; names the exports that it was in.
#[utoipa::path(post, path = "/api/v1/customers/privacy/decoy-hits", operation_id = "create_decoy_hit", tag = "customers",
    request_body = NewDecoyHit, responses((status = 201, body = DecoyHit)))]
async fn hit(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewDecoyHit>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::hit(&app, &caller, &new).await?))
}

/// The operations on decoys. Only who works on the desk sees them: a decoy that everybody knows is none.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(PRIVACY_MANAGE))
        .add(operations!(create), needs(PRIVACY_MANAGE))
        .add(operations!(retire), needs(PRIVACY_MANAGE))
        .add(operations!(hits), needs(PRIVACY_MANAGE))
        .add(operations!(hit), needs(PRIVACY_MANAGE))
}
